// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <source_location>
#include <string>

#include <gtest/gtest.h>

#include "breakwater/core/digest.hpp"
#include "breakwater/core/engine.hpp"
#include "breakwater/core/invariants.hpp"
#include "breakwater/core/rulebooks/maker_auction.hpp"
#include "breakwater/core/rulebooks/maker_invariants.hpp"

/// A small Maker market and its actors, for tests. Every event also runs under a watch: a refused event changes
/// nothing, all promises hold after an accepted one, and undo leads back.
namespace breakwater::given {

inline constexpr AccountId vow{0};
inline constexpr AccountId borrower{1};
inline constexpr AccountId keeper{2};
inline constexpr AccountId buyer{3};
inline constexpr maker::IlkId eth_a{0};
inline constexpr maker::IlkId wbtc_a{1};
inline constexpr AssetId eth{0};
inline constexpr AssetId wbtc{1};
inline constexpr AssetId dai{2};

/// DAI as the vat counts it.
constexpr Uint256 rad(uint128 whole) {
    return mul_wide(whole * wad, ray);
}
/// The next larger number.
constexpr Uint256 one_more(const Uint256& v) {
    Checked math;
    return math.add_wide(v, 1);
}
/// Thousandths of a DAI.
constexpr Uint256 milli_rad(uint128 thousandths) {
    return mul_wide(thousandths * (wad / 1'000), ray);
}

class Makers : public testing::Test {
  protected:
    Makers() : state(one_market()), market(std::get<maker::Market>(state.markets[0])) {
        state.feeds.resize(3);
        state.custody.resize(3);
        state.clock.now = 1'700'000'000;
        market.system.resize(1);
        market.system_parameters = {{.line = rad(1'000'000),
                                     .hole = rad(20'000),
                                     .par = {ray},
                                     .base = {},
                                     .wait = 100,
                                     .accounts = 4,
                                     .vow = vow,
                                     .dai = dai}};
        market.parameters.assign(2, terms());
        market.parameters[1].asset = wbtc;
        market.parameters[1].decimals = 8;
        market.ilks.resize(2);
        for (auto& ilk : market.ilks) {
            ilk.rate = {ray};
            ilk.rho = state.clock.now;
            ilk.chost = rad(113);
        }
        market.accounts.resize(4);
        market.vaults.resize(8);
        now = state.clock.now;
    }

    /// 150 % ratio, 13 % penalty, dust of 100 DAI, auctions from 120 % of the price falling to zero in two hours.
    static maker::IlkParameters terms() {
        return {.line = rad(100'000),
                .dust = rad(100),
                .hole = rad(10'000),
                .tip = rad(5),
                .chip = {wad / 50},
                .chop = {wad / 100 * 113},
                .liquidation_ratio = {ray / 2 * 3},
                .duty = {ray},
                .buf = {ray / 10 * 12},
                .cusp = {ray / 10 * 4},
                .cut = {ray / 100 * 99},
                .tail = 5'000,
                .step = 90,
                .tau = 7'200,
                .curve = maker::Curve::linear,
                .asset = eth,
                .decimals = 18};
    }

    Status when(const maker::Action& action) {
        const std::string before = digest_of(state);
        const auto done = apply(state, {Time{now}, MarketId{0}, action}, planner);
        happened.clear();
        if (!done) {
            EXPECT_EQ(digest_of(state), before) << "a refusal kept something";
            return std::unexpected(done.error());
        }
        happened = (*done)->effects;
        State back = state;
        undo(back, (*done)->changes);
        EXPECT_EQ(digest_of(back), before) << "undo does not lead back";
        const auto broken = check_state(state);
        EXPECT_FALSE(broken) << broken->rule;
        return {};
    }
    void given(const maker::Action& action,
               std::source_location at = std::source_location::current()) {
        const Status done = when(action);
        EXPECT_TRUE(done) << "line " << at.line() << ": " << (done ? "" : name(done.error()));
    }
    void is_refused(const maker::Action& action, Error error,
                    std::source_location at = std::source_location::current()) {
        const Status done = when(action);
        EXPECT_TRUE(!done && done.error() == error)
            << "line " << at.line() << ": " << (done ? "applied" : name(done.error()));
    }

    /// 10 ETH at 100 USD against 600 DAI; the safe price is 66.67.
    void given_vault() {
        price(100);
        given(maker::Join{borrower, eth_a, {10 * wad}});
        given(maker::Adjust{borrower, eth_a, {10 * wad}, {}, {600 * wad}, {}});
    }
    /// The vault's auction at 80 USD: 678 DAI to raise with 10 ETH, from 96 DAI each.
    void given_auction() {
        given_vault();
        price(80);
        given(maker::Bark{eth_a, borrower, keeper});
        given_buyer();
    }
    /// 5,000 DAI, from a vault of its own in the other ilk.
    void given_buyer() {
        given(maker::Poke{wbtc_a, {10'000 * wad}});
        given(maker::Join{buyer, wbtc_a, {1'00000000}});
        given(maker::Adjust{buyer, wbtc_a, {wad}, {}, {5'000 * wad}, {}});
    }
    void price(uint128 dollars) { given(maker::Poke{eth_a, {dollars * wad}}); }
    void later(std::uint64_t seconds) { now += seconds; }

    [[nodiscard]] const maker::Vault& vault(AccountId account) const {
        return market.vaults[market.row(account, eth_a)];
    }
    [[nodiscard]] const maker::Account& account(AccountId id) const {
        return market.accounts[index(id)];
    }
    [[nodiscard]] const maker::Sale& sale(std::uint32_t id) const {
        return market.sales[market.row(id - 1, eth_a)];
    }
    [[nodiscard]] const maker::Ilk& ilk() const { return market.ilks[0]; }
    maker::IlkParameters& parameters() { return market.parameters[0]; }
    template <class E>
    [[nodiscard]] std::vector<E> effects() const {
        std::vector<E> out;
        for (const Effect& effect : happened) {
            if constexpr (requires { std::get_if<E>(&effect); }) {
                if (const auto* e = std::get_if<E>(&effect)) out.push_back(*e);
            } else if (const auto* own = std::get_if<maker::Effect>(&effect)) {
                if (const auto* e = std::get_if<E>(own)) out.push_back(*e);
            }
        }
        return out;
    }

    State state;
    maker::Market& market;
    Planner planner;
    std::vector<Effect> happened;
    std::uint64_t now = 0;

  private:
    static State one_market() {
        State out;
        out.markets.emplace_back(maker::Market{});
        return out;
    }
};

}  // namespace breakwater::given
