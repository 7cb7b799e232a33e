// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <algorithm>
#include <cstdint>
#include <random>
#include <vector>

#include "breakwater/core/liquidation/watch.hpp"

/// Random books for the tests of the watch, with an exact assessment of their own: floors and ceilings in 128 bits.
namespace breakwater {

/// Indices here carry 9 digits, so that 128 bits are enough.
inline constexpr uint128 index_one = 1'000'000'000;

struct TestAsset {
    unsigned decimals = 18;
    uint128 price = 1;  // [1e-8 USD per token]
    uint128 supply_index = index_one;
    uint128 debt_index = index_one;
    std::uint32_t threshold = 8000;  // [bps]
};

struct TestLeg {
    std::uint8_t asset = 0;
    uint128 supply = 0;  // scaled
    uint128 debt = 0;    // scaled
};

struct TestAccount {
    std::vector<TestLeg> legs;
    bool asleep = false;
};

inline uint128 ceil_div(uint128 a, uint128 b) {
    return (a + b - 1) / b;
}

inline uint128 tens(unsigned n) {
    uint128 p = 1;
    while (n-- > 0)
        p *= 10;
    return p;
}

/// A book and its exact assessment.
struct TestBook {
    std::vector<TestAsset> assets;
    std::vector<TestAccount> accounts;

    [[nodiscard]] uint128 supply_value(const TestLeg& leg) const {
        const TestAsset& a = assets[leg.asset];
        return leg.supply * a.supply_index / index_one * a.price / tens(a.decimals);
    }
    [[nodiscard]] uint128 debt_value(const TestLeg& leg) const {
        const TestAsset& a = assets[leg.asset];
        return ceil_div(ceil_div(leg.debt * a.debt_index, index_one) * a.price, tens(a.decimals));
    }
    [[nodiscard]] bool unhealthy(AccountId id) const {
        uint128 collateral = 0;
        uint128 debt = 0;
        for (const TestLeg& leg : accounts[index(id)].legs) {
            collateral += supply_value(leg) * assets[leg.asset].threshold;
            debt += debt_value(leg) * bps_one;
        }
        return collateral < debt;
    }

    // What the watch sees: unit = price × index × 10^(18 − decimals), weight = scaled × bps.
    static constexpr uint128 slop = uint128{bps_one} * 1'000'000'000'000'000'000U * index_one;
    [[nodiscard]] uint128 unit(std::size_t asset, Side side) const {
        const TestAsset& a = assets[asset];
        return a.price * (side == Side::debt ? a.debt_index : a.supply_index) *
               tens(18 - a.decimals);
    }
    [[nodiscard]] std::vector<WatchLeg> watch_legs(AccountId id) const {
        std::vector<WatchLeg> legs;
        for (const TestLeg& leg : accounts[index(id)].legs) {
            const AssetId asset{leg.asset};
            const uint128 threshold = assets[leg.asset].threshold;
            if (leg.supply > 0) {
                legs.push_back({asset, Side::collateral, (leg.supply - 1) * threshold});
            }
            if (leg.debt > 0) legs.push_back({asset, Side::debt, (leg.debt + 1) * bps_one});
        }
        return legs;
    }
};

class Dice {
  public:
    explicit Dice(std::uint64_t seed) : engine_(seed) {}
    std::uint64_t below(std::uint64_t n) { return engine_() % n; }
    bool one_in(std::uint64_t n) { return below(n) == 0; }
    /// Bits spread evenly: as many numbers of 3 digits as of 30.
    uint128 wide(unsigned bits_max) {
        const auto bits = static_cast<unsigned>(below(bits_max + 1));
        const uint128 any = (uint128{engine_()} << 64U) | engine_();
        return bits == 0 ? 1 : (any >> (128 - bits)) | 1U;
    }

  private:
    std::mt19937_64 engine_;
};

inline constexpr uint128 highest_price = uint128{1} << 38U;

inline TestLeg random_leg(const TestBook& book, Dice& dice) {
    TestLeg leg{.asset = static_cast<std::uint8_t>(dice.below(book.assets.size()))};
    const unsigned bits = book.assets[leg.asset].decimals == 18 ? 85 : 50;
    leg.supply = dice.one_in(20) ? dice.below(12) : dice.wide(bits);
    return leg;
}

/// One to six legs; mostly debt is set so that health lies between 0.97 and 1.6.
inline std::vector<TestLeg> random_legs(const TestBook& book, Dice& dice) {
    std::vector<TestLeg> legs(1 + dice.below(dice.one_in(3) ? 4 : 2));
    for (TestLeg& leg : legs)
        leg = random_leg(book, dice);
    std::sort(legs.begin(), legs.end(),
              [](const TestLeg& a, const TestLeg& b) { return a.asset < b.asset; });
    legs.erase(std::unique(legs.begin(), legs.end(),
                           [](const TestLeg& a, const TestLeg& b) { return a.asset == b.asset; }),
               legs.end());
    uint128 capacity = 0;
    for (const TestLeg& leg : legs)
        capacity += book.supply_value(leg) * book.assets[leg.asset].threshold;
    const std::uint64_t debts = 1 + dice.below(dice.one_in(3) ? 3 : 1);
    for (std::uint64_t i = 0; i < debts; ++i) {
        const auto asset = static_cast<std::uint8_t>(dice.below(book.assets.size()));
        const TestAsset& a = book.assets[asset];
        const uint128 value = capacity / debts / bps_one * 1000 / (970 + dice.below(630));
        uint128 debt = std::min(value, uint128{1} << 60U) * tens(a.decimals) / a.price;
        if (dice.one_in(12)) debt = dice.below(5);
        if (a.decimals < 18) debt = std::min(debt, uint128{1} << 50U);
        debt = std::min(debt, uint128{1} << 85U);
        const auto at = std::find_if(legs.begin(), legs.end(),
                                     [&](const TestLeg& l) { return l.asset == asset; });
        if (at == legs.end()) {
            legs.push_back({.asset = asset, .debt = debt});
        } else {
            at->debt = debt;
        }
    }
    return legs;
}

inline TestBook random_book(Dice& dice) {
    TestBook book;
    book.assets.resize(1 + dice.below(6));
    constexpr unsigned decimals[] = {2, 6, 8, 18, 18};
    for (TestAsset& asset : book.assets) {
        asset.decimals = decimals[dice.below(5)];
        asset.price = dice.one_in(10) ? dice.wide(36) : 1'000'000 + dice.wide(34);
        asset.supply_index += dice.below(200'000'000);
        asset.debt_index += dice.below(300'000'000);
        asset.threshold = static_cast<std::uint32_t>(dice.one_in(20) ? 0 : 5000 + dice.below(4600));
    }
    book.accounts.resize(5 + dice.below(60));
    for (TestAccount& account : book.accounts)
        account.legs = random_legs(book, dice);
    return book;
}

/// The debt of the last leg that has one, as large as health allows.
inline TestLeg* put_on_edge(TestBook& book, std::uint32_t account) {
    TestLeg* debt = nullptr;
    for (TestLeg& leg : book.accounts[account].legs)
        if (leg.debt > 0) debt = &leg;
    if (debt == nullptr) return nullptr;
    uint128 low = 0;
    uint128 high = uint128{1} << 85U;
    while (low < high) {
        debt->debt = low + (high - low + 1) / 2;
        if (book.unhealthy(AccountId{account})) {
            high = debt->debt - 1;
        } else {
            low = debt->debt;
        }
    }
    debt->debt = low;
    return debt;
}

}  // namespace breakwater
