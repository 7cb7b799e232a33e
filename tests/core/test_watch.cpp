// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <algorithm>
#include <array>
#include <cstdint>
#include <random>
#include <span>
#include <vector>

#include <gtest/gtest.h>

#include "breakwater/core/liquidation/watch.hpp"
#include "watch_book.hpp"
#include "rounds.hpp"

/// The watch against a full scan with floors and ceilings of its own (WATCH-001).
///
/// Mutants: BREAKWATER_MUTANT=watch_skips_debt_side forgets the triggers of debt sides; the property test below
/// fails on the first book in which a borrowed asset gets dearer. watch_decides_in_doubt and
/// watch_decides_pair_in_doubt take every shortfall of the form for one of the account; the tests of WATCH-005 fail.
namespace breakwater {
namespace {

constexpr std::uint32_t seeds = 1000;
constexpr int steps = 200;

/// Drives a watch and its book through the same events and compares after each.
class Storm {
  public:
    Storm(TestBook book, Watch& watch, std::uint64_t seed)
        : book_(std::move(book)), watch_(watch), dice_(seed) {
        for (TestAccount& account : book_.accounts)
            account.asleep = true;
        for (std::uint32_t i = 0; i < book_.accounts.size(); ++i) {
            if (!watch_.is_asleep(AccountId{i})) book_.accounts[i].asleep = false;
        }
    }

    /// Whom the watch looked at and found, in order.
    [[nodiscard]] const std::vector<std::uint64_t>& trace() const { return trace_; }
    [[nodiscard]] std::uint64_t crossings() const { return crossings_; }
    [[nodiscard]] std::uint64_t decided() const { return decided_; }

    void step() {
        switch (dice_.below(8)) {
            case 0:
                jump();
                break;
            case 1:
                accrue();
                break;
            case 2:
                change_threshold();
                break;
            case 3:
                change_account();
                break;
            default:
                drift();
                break;
        }
        if (!dice_.one_in(6)) compare();
    }

    void compare() {
        std::vector<std::uint32_t> expected;
        for (std::uint32_t i = 0; i < book_.accounts.size(); ++i) {
            if (book_.accounts[i].asleep && book_.unhealthy(AccountId{i})) expected.push_back(i);
        }
        std::vector<AccountId> found;
        std::uint64_t confirmed = 0;
        watch_.collect(
            [&](AccountId id) {
                EXPECT_TRUE(book_.accounts[index(id)].asleep) << "looked at account " << index(id);
                trace_.push_back(index(id));
                confirmed += static_cast<unsigned>(book_.unhealthy(id));
                return book_.unhealthy(id);
            },
            found);
        std::vector<std::uint32_t> got;
        for (const AccountId id : found) {
            got.push_back(index(id));
            trace_.push_back(std::uint64_t{index(id)} << 32U);
            book_.accounts[index(id)].asleep = false;
            EXPECT_FALSE(watch_.is_asleep(id));
        }
        ASSERT_EQ(got, expected);  // in the order of a full scan
        crossings_ += got.size();
        decided_ += got.size() - confirmed;
    }

  private:
    void set_price(std::size_t asset, uint128 price) {
        book_.assets[asset].price = std::clamp(price, uint128{1}, highest_price);
        tell(asset);
    }
    void tell(std::size_t asset) {
        const AssetId id{static_cast<std::uint8_t>(asset)};
        watch_.set_unit(id, Side::collateral, book_.unit(asset, Side::collateral));
        watch_.set_unit(id, Side::debt, book_.unit(asset, Side::debt));
    }
    void drift() {
        for (std::size_t i = 0; i < book_.assets.size(); ++i) {
            set_price(i, book_.assets[i].price * (997'000 + dice_.below(6'001)) / 1'000'000);
        }
    }
    void jump() {
        const std::size_t asset = dice_.below(book_.assets.size());
        const uint128 price = book_.assets[asset].price;
        switch (dice_.below(8)) {
            case 0:
                return set_price(asset, price / 1000);
            case 1:
                return set_price(asset, price * 1000);
            case 2:
                return set_price(asset, price + 1);
            case 3:
                return set_price(asset, price - 1);
            default:
                return set_price(asset, price * (60 + dice_.below(100)) / 100);
        }
    }
    void accrue() {
        for (std::size_t i = 0; i < book_.assets.size(); ++i) {
            TestAsset& asset = book_.assets[i];
            if (asset.debt_index > 3 * index_one) continue;
            asset.supply_index += dice_.below(1'000);
            asset.debt_index += dice_.below(dice_.one_in(10) ? 10'000'000 : 2'000);
            tell(i);
        }
    }
    void change_threshold() {
        const std::size_t asset = dice_.below(book_.assets.size());
        book_.assets[asset].threshold = static_cast<std::uint32_t>(4000 + dice_.below(5600));
        for (std::uint32_t i = 0; i < book_.accounts.size(); ++i) {
            const TestAccount& account = book_.accounts[i];
            const bool concerned =
                std::any_of(account.legs.begin(), account.legs.end(),
                            [&](const TestLeg& leg) { return leg.asset == asset; });
            if (account.asleep && concerned) sleep(i);
        }
    }
    void change_account() {
        if (dice_.one_in(4)) {
            book_.accounts.push_back({.legs = random_legs(book_, dice_)});
            return sleep(static_cast<std::uint32_t>(book_.accounts.size() - 1));
        }
        const auto i = static_cast<std::uint32_t>(dice_.below(book_.accounts.size()));
        if (dice_.one_in(8)) {
            watch_.wake(AccountId{i});
            book_.accounts[i].asleep = false;
            return;
        }
        if (dice_.one_in(2)) book_.accounts[i].legs = random_legs(book_, dice_);
        sleep(i);
    }
    void sleep(std::uint32_t i) {
        watch_.sleep(AccountId{i}, book_.watch_legs(AccountId{i}));
        book_.accounts[i].asleep = watch_.is_asleep(AccountId{i});
    }

    TestBook book_;
    Watch& watch_;
    Dice dice_;
    std::vector<std::uint64_t> trace_;
    std::uint64_t crossings_ = 0;
    std::uint64_t decided_ = 0;  ///< of these without a look
};

/// Weights here are one share from the truth, units none: any number of bits is a true promise.
Doubt random_doubt(Dice& dice) {
    if (dice.one_in(4)) return {};
    return {.bits = static_cast<unsigned>(12 + dice.below(29)), .weight = bps_one};
}

Watch build_watch(const TestBook& book, Dice& dice) {
    Watch watch(book.assets.size(), TestBook::slop, random_doubt(dice));
    for (std::size_t i = 0; i < book.assets.size(); ++i) {
        const AssetId asset{static_cast<std::uint8_t>(i)};
        watch.set_stride(asset, static_cast<std::uint32_t>(dice.wide(16)));
        watch.set_unit(asset, Side::collateral, book.unit(i, Side::collateral));
        watch.set_unit(asset, Side::debt, book.unit(i, Side::debt));
    }
    watch.build(static_cast<std::uint32_t>(book.accounts.size()),
                [&](AccountId id, std::span<WatchLeg> out) {
                    const auto legs = book.watch_legs(id);
                    std::copy(legs.begin(), legs.end(), out.begin());
                    return legs.size();
                });
    return watch;
}

TEST(Watch, WATCH_001_finds_whom_a_full_scan_finds_and_nobody_later) {
    std::uint64_t crossings = 0;
    std::uint64_t decided = 0;
    for (std::uint32_t seed = 1; seed <= seeds; ++seed) {
        SCOPED_TRACE(testing::Message() << "seed " << seed);
        Dice dice(seed);
        const TestBook book = random_book(dice);
        Watch watch = build_watch(book, dice);
        Storm storm(book, watch, seed);
        for (int i = 0; i < steps; ++i) {
            storm.step();
            if (HasFatalFailure()) FAIL() << "step " << i;
        }
        crossings += storm.crossings();
        decided += storm.decided();
    }
    EXPECT_GT(decided, crossings / 4);
    EXPECT_GT(crossings, 20'000U);  // the storms are no calm
}

/// Every account some shares beyond its edge, or inside, and the units as far from the truth as the doubt says.
class AtTheEdge {
  public:
    explicit AtTheEdge(std::uint64_t seed) : dice_(seed), book_(random_book(dice_)) {
        for (std::uint32_t i = 0; i < book_.accounts.size(); ++i)
            put(i);
        const unsigned bits = static_cast<unsigned>(12 + dice_.below(29));
        Watch watch(book_.assets.size(), TestBook::slop, {.bits = bits, .weight = bps_one});
        for (std::size_t i = 0; i < book_.assets.size(); ++i) {
            const AssetId asset{static_cast<std::uint8_t>(i)};
            const uint128 collateral = book_.unit(i, Side::collateral);
            const uint128 debt = book_.unit(i, Side::debt);
            watch.set_unit(asset, Side::collateral, collateral - off(collateral, bits));
            watch.set_unit(asset, Side::debt, debt + off(debt, bits));
        }
        watch.build(static_cast<std::uint32_t>(book_.accounts.size()),
                    [&](AccountId id, std::span<WatchLeg> out) {
                        const auto legs = book_.watch_legs(id);
                        std::copy(legs.begin(), legs.end(), out.begin());
                        return legs.size();
                    });
        collect(watch);
    }
    std::uint64_t decided = 0;
    std::uint64_t looks = 0;

  private:
    void put(std::uint32_t account) {
        TestLeg* debt = put_on_edge(book_, account);
        if (debt == nullptr) return;
        const uint128 apart =
            dice_.one_in(4) ? uint128{dice_.below(4)} : debt->debt >> dice_.below(36);
        if (dice_.one_in(3)) {
            debt->debt -= std::min(debt->debt, apart);
        } else {
            debt->debt += apart;
        }
    }
    uint128 off(uint128 unit, unsigned bits) {
        const uint128 most = unit >> (bits + 1);
        return dice_.one_in(2) || most == 0 ? most : dice_.wide(126) % most;
    }
    void collect(Watch& watch) {
        std::vector<AccountId> found;
        std::uint64_t confirmed = 0;
        watch.collect(
            [&](AccountId id) {
                ++looks;
                confirmed += static_cast<unsigned>(book_.unhealthy(id));
                return book_.unhealthy(id);
            },
            found);
        std::vector<std::uint32_t> expected;
        for (std::uint32_t i = 0; i < book_.accounts.size(); ++i) {
            if (book_.unhealthy(AccountId{i})) expected.push_back(i);
        }
        std::vector<std::uint32_t> got;
        for (const AccountId id : found)
            got.push_back(index(id));
        EXPECT_EQ(got, expected);
        decided = found.size() - confirmed;
    }

    Dice dice_;
    TestBook book_;
};

TEST(Watch, WATCH_005_decides_nobody_wrongly_at_the_edge_and_many_beyond) {
    std::uint64_t decided = 0;
    std::uint64_t looks = 0;
    for (std::uint64_t seed = 1; seed <= given::rounds(2'000U); ++seed) {
        SCOPED_TRACE(testing::Message() << "seed " << seed);
        const AtTheEdge edge(seed);
        decided += edge.decided;
        looks += edge.looks;
        if (HasFailure()) return;
    }
    EXPECT_GT(decided, given::rounds(3'000U));
    EXPECT_GT(looks, given::rounds(10'000U));
}

TEST(Watch, WATCH_003_comes_back_to_its_built_state_to_the_bit) {
    for (std::uint32_t seed = 1; seed <= given::rounds(60U); ++seed) {
        SCOPED_TRACE(testing::Message() << "seed " << seed);
        Dice dice(seed);
        const TestBook book = random_book(dice);
        Watch watch = build_watch(book, dice);
        std::vector<std::vector<std::uint64_t>> traces;
        for (const std::uint64_t path : {7U, 8U, 7U}) {
            Storm storm(book, watch, path);
            for (int i = 0; i < 60; ++i) {
                storm.step();
                if (HasFatalFailure()) FAIL() << "step " << i;
            }
            traces.push_back(storm.trace());
            watch.rewind();
        }
        EXPECT_EQ(traces[0], traces[2]);
    }
}

/// 1,000 accounts of one WETH-like collateral and one dollar-like debt, crossing at prices 1 to 1,000.
class WatchLadder : public testing::Test {
  protected:
    WatchLadder() {
        watch_.set_unit(AssetId{0}, Side::collateral, 2000);
        watch_.set_unit(AssetId{1}, Side::debt, 1);
        watch_.build(1000, [](AccountId id, std::span<WatchLeg> legs) {
            legs[0] = {AssetId{0}, Side::collateral, 1'000'000};
            legs[1] = {AssetId{1}, Side::debt, uint128{1'000'000} * (1 + index(id))};
            return std::size_t{2};
        });
    }
    /// Accounts found at this price.
    std::size_t found_at(std::uint64_t price) {
        watch_.set_unit(AssetId{0}, Side::collateral, price);
        std::vector<AccountId> found;
        watch_.collect([&](AccountId id) { return price < 1 + index(id); }, found);
        EXPECT_TRUE(std::is_sorted(found.begin(), found.end()));
        return found.size();
    }
    Watch watch_{2, 0};
};

TEST_F(WatchLadder, takes_no_look_before_the_first_threshold_and_one_for_each_crossing) {
    for (std::uint64_t price = 2000; price >= 1000; --price)
        EXPECT_EQ(found_at(price), 0U);
    EXPECT_LE(watch_.counters().looks, 1U);  // at the price 1000 the nearest stands on its edge
    EXPECT_EQ(found_at(999), 1U);
    EXPECT_EQ(found_at(998), 1U);
    EXPECT_EQ(found_at(500), 498U);
    EXPECT_EQ(found_at(1500), 0U);
    EXPECT_EQ(found_at(500), 0U);
    EXPECT_EQ(found_at(400), 100U);
    EXPECT_EQ(found_at(0), 400U);
    EXPECT_LE(watch_.counters().looks, 1007U);  // who stands on its edge may be looked at twice
}

TEST_F(WatchLadder, forgets_what_was_found_when_it_is_rewound) {
    EXPECT_EQ(found_at(700), 300U);
    watch_.rewind();
    EXPECT_EQ(found_at(2000), 0U);
    EXPECT_EQ(found_at(700), 300U);
    EXPECT_EQ(found_at(0), 700U);
}

TEST_F(WatchLadder, watches_nobody_without_debt) {
    watch_.sleep(AccountId{1000}, std::vector<WatchLeg>{{AssetId{0}, Side::collateral, 5}});
    EXPECT_FALSE(watch_.is_asleep(AccountId{1000}));
    watch_.sleep(AccountId{999}, std::vector<WatchLeg>{{AssetId{0}, Side::collateral, 5}});
    EXPECT_FALSE(watch_.is_asleep(AccountId{999}));
    EXPECT_EQ(found_at(999), 0U);
}

/// Two collaterals in every proportion, one debt: no pair order helps, the boxes have to.
TEST(Watch, looks_at_a_mixed_account_hardly_more_than_once_when_everything_halves) {
    constexpr std::uint32_t accounts = 2'000;
    Watch watch(3, 0);
    const std::array<std::uint64_t, 3> start{1U << 30U, 1U << 30U, 1U << 30U};
    std::array<std::uint64_t, 3> unit = start;
    const auto tell = [&] {
        watch.set_unit(AssetId{0}, Side::collateral, unit[0]);
        watch.set_unit(AssetId{1}, Side::collateral, unit[1]);
        watch.set_unit(AssetId{2}, Side::debt, unit[2]);
    };
    const auto weight = [](AccountId id, std::size_t leg) {
        const std::uint64_t share = 1 + index(id) % 97;
        return std::array<std::uint64_t, 3>{share, 98 - share, 40 + index(id) % 58}[leg];
    };
    watch.set_stride(AssetId{2}, 1000);
    watch.set_stride(AssetId{0}, 60'000);
    watch.set_stride(AssetId{1}, 60'000);
    tell();
    watch.build(accounts, [&](AccountId id, std::span<WatchLeg> legs) {
        legs[0] = {AssetId{0}, Side::collateral, weight(id, 0)};
        legs[1] = {AssetId{1}, Side::collateral, weight(id, 1)};
        legs[2] = {AssetId{2}, Side::debt, weight(id, 2)};
        return std::size_t{3};
    });
    Dice dice(5);
    std::vector<AccountId> found;
    for (int i = 0; i < 1000; ++i) {
        for (std::size_t a = 0; a < 2; ++a)
            unit[a] = unit[a] * (9'980 + dice.below(27)) / 10'000;
        unit[2] = start[2] * (9'999 + dice.below(3)) / 10'000;
        tell();
        watch.collect(
            [&](AccountId id) {
                return unit[0] * weight(id, 0) + unit[1] * weight(id, 1) < unit[2] * weight(id, 2);
            },
            found);
    }
    EXPECT_GT(found.size(), accounts / 2);
    EXPECT_LE(watch.counters().looks, found.size() + found.size() / 100);
    EXPECT_LE(watch.counters().visits, 6 * std::size_t{accounts});
}

}  // namespace
}  // namespace breakwater
