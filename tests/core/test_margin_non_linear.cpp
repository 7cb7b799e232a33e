// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <array>
#include <cstdint>
#include <vector>

#include <gtest/gtest.h>

#include "breakwater/core/margin/non_linear.hpp"
#include "breakwater/core/margin/unrealised.hpp"
#include "chance.hpp"

namespace breakwater {
namespace {

constexpr uint128 usd = 100'000'000;
constexpr uint128 million = 1'000'000 * usd;

TEST(NonLinear, MARGIN_011_the_rate_follows_the_square_root_of_size) {
    // 5 %, and a million adds 1 %: 4 % + 1 % · √(n / 1 million), not below 5 %.
    const SizeLaw law{.base = 50'000, .slope = 10'000, .unit = million};
    EXPECT_EQ(size_rate_up(law, 0), 50'000U);
    EXPECT_EQ(size_rate_up(law, million - 1), 50'000U);
    EXPECT_EQ(size_rate_up(law, million), 50'000U);
    EXPECT_EQ(size_rate_up(law, million + 1), 50'001U);
    EXPECT_EQ(size_rate_up(law, 4 * million), 60'000U);
    EXPECT_EQ(size_rate_up(law, 100 * million), 140'000U);
}

TEST(NonLinear, MARGIN_011_the_root_is_the_least_whole_number_that_is_enough) {
    given::SeededChance chance(4);
    for (int i = 0; i < 20'000; ++i) {
        const SizeLaw law{.base = 0,
                          .slope = 1 + static_cast<std::uint32_t>(chance.below(60'000)),
                          .unit = 1 + chance.wide(60)};
        const uint128 n = chance.wide(60);
        const uint128 rate = size_rate_up(law, n);
        // rate ≥ slope·√(n/unit) > rate − 1, squared.
        const uint128 right = uint128{law.slope} * law.slope * n;
        if (rate >= 1U << 31U) continue;  // squares below 2^62, units below 2^61
        EXPECT_TRUE(rate * rate * law.unit >= right) << i;
        if (rate == 0) continue;
        EXPECT_TRUE((rate - 1) * (rate - 1) * law.unit < right) << i;
    }
}

TEST(NonLinear, MARGIN_011_split_over_a_hundred_wallets_it_costs_as_much) {
    const SizeLaw law{.base = 50'000, .slope = 10'000, .unit = million};
    const uint128 whole = 50 * million;
    const uint128 part = whole / 100;
    EXPECT_TRUE(100 * size_requirement(law, part, whole) == size_requirement(law, whole, whole));
    EXPECT_TRUE(100 * size_requirement(law, part, part) < size_requirement(law, whole, whole));
}

TEST(NonLinear, MARGIN_011_tiers_lie_on_or_above_the_law_and_meet_it_at_the_bounds) {
    const SizeLaw law{.base = 50'000, .slope = 10'000, .unit = million};
    const std::array<uint128, 8> bounds{million,      2 * million,  4 * million,  8 * million,
                                        16 * million, 32 * million, 64 * million, 128 * million};
    const auto tiers = tiers_above(law, bounds);
    ASSERT_TRUE(tiers);
    given::SeededChance chance(5);
    for (int i = 0; i < 20'000; ++i) {
        const uint128 n = chance.wide(62) % (128 * million + 1);
        const uint128 exact = size_requirement(law, n, n);
        // The law's own rate is rounded up to whole ppm, which may lift it by n above its curve and so above a chord.
        EXPECT_TRUE(tiers->requirement(n) + n >= exact) << i;
        // A factor of two between bounds: chords of n^1.5 are less than 5 % above.
        EXPECT_TRUE(tiers->requirement(n) <= exact + exact / 20 + 10 * n) << i;
    }
    for (const uint128 n : bounds) {
        const uint128 exact = size_requirement(law, n, n);
        EXPECT_TRUE(tiers->requirement(n) >= exact);
        EXPECT_TRUE(tiers->requirement(n) <= exact + 2 * n);
    }
}

TEST(NonLinear, MARGIN_011_tiers_above_a_law_steeper_than_everything_are_refused) {
    const SizeLaw law{.base = 900'000, .slope = 900'000, .unit = million};
    EXPECT_FALSE(tiers_above(law, std::array<uint128, 1>{4 * million}));
    EXPECT_FALSE(tiers_above(law, std::span<const uint128>{}));
    EXPECT_FALSE(tiers_above({.base = 1}, std::array<uint128, 2>{5, 5}));
    EXPECT_FALSE(tiers_above({.base = 1}, std::array<uint128, 1>{notional_max + 1}));
}

TEST(NonLinear, MARGIN_012_initial_margin_rises_with_open_interest_between_two_bounds) {
    // dYdX's "small" tier: 10 %, from 20 to 50 million.
    const MarginRates small{.initial = 100'000, .maintenance = 50'000};
    const OpenInterestScale scale{.lower = 20 * million, .upper = 50 * million};
    const auto at = [&](uint128 oi) { return scaled_by_open_interest(small, oi, scale).initial; };
    EXPECT_EQ(at(0), 100'000U);
    EXPECT_EQ(at(20 * million), 100'000U);
    EXPECT_EQ(at(20 * million + 1), 100'001U);
    EXPECT_EQ(at(35 * million), 550'000U);
    EXPECT_EQ(at(50 * million - 1), ppm_one);
    EXPECT_EQ(at(50 * million), ppm_one);
    EXPECT_EQ(at(notional_max), ppm_one);
    EXPECT_EQ(scaled_by_open_interest(small, notional_max, {}).initial, 100'000U);
}

TEST(NonLinear, MARGIN_012_open_interest_never_touches_maintenance) {
    given::SeededChance chance(6);
    for (int i = 0; i < 20'000; ++i) {
        const MarginRates rates{
            .initial = static_cast<std::uint32_t>(chance.below(ppm_one + 1)),
            .maintenance = static_cast<std::uint32_t>(chance.below(ppm_one + 1))};
        const uint128 lower = chance.wide(89);
        const OpenInterestScale scale{.lower = lower, .upper = lower + 1 + chance.wide(88)};
        const auto scaled = scaled_by_open_interest(rates, chance.wide(90), scale);
        EXPECT_EQ(scaled.maintenance, rates.maintenance);
        EXPECT_GE(scaled.initial, rates.initial);
        EXPECT_LE(scaled.initial, ppm_one);
    }
}

TEST(NonLinear, MARGIN_013_what_the_market_absorbs_is_free_and_the_rest_costs_its_impact) {
    const MarketDepth depth{.absorbed = million, .impact = 20'000};
    const auto alone = [&](uint128 n) { return concentration_charge(depth, n, n); };
    EXPECT_TRUE(alone(million) == 0);
    EXPECT_TRUE(alone(million + 1) == 20'001);  // one unit at just above 2 %
    EXPECT_TRUE(alone(4 * million) == 3 * million * 40'000);
    EXPECT_TRUE(concentration_charge({}, million, million) == million * ppm_one);
    EXPECT_TRUE(concentration_charge({.absorbed = 1, .impact = ppm_one}, million, million) ==
                (million - 1) * ppm_one);
}

TEST(NonLinear, MARGIN_013_the_charge_never_falls_with_size_and_is_below_the_notional) {
    given::SeededChance chance(7);
    for (int i = 0; i < 20'000; ++i) {
        const MarketDepth depth{.absorbed = chance.wide(70),
                                .impact = static_cast<std::uint32_t>(chance.below(200'000))};
        const uint128 n = chance.wide(89);
        const uint128 m = n + chance.wide(89);
        const uint128 less = concentration_charge(depth, n, n);
        EXPECT_TRUE(less <= concentration_charge(depth, m, m));
        EXPECT_TRUE(less <= n * ppm_one);
    }
}

TEST(NonLinear, MARGIN_014_linked_accounts_are_charged_what_one_account_would_be) {
    given::SeededChance chance(8);
    for (int i = 0; i < 2'000; ++i) {
        const MarketDepth depth{.absorbed = 1 + chance.wide(60), .impact = 30'000};
        std::vector<uint128> longs(1 + chance.below(100));
        Cluster cluster;
        for (uint128& own : longs)
            cluster.longs += own = chance.wide(70);
        cluster.shorts = chance.wide(70);
        uint128 charged = 0;
        for (const uint128 own : longs)
            charged += concentration_charge(depth, own, cluster.notional());
        if (cluster.longs < cluster.shorts) continue;
        const uint128 whole = concentration_charge(depth, cluster.longs, cluster.longs);
        EXPECT_TRUE(charged >= whole && charged - whole <= longs.size());
    }
}

TEST(NonLinear, MARGIN_014_a_linked_short_does_not_shrink_a_long) {
    EXPECT_TRUE((Cluster{.longs = 5, .shorts = 3}.notional() == 5));
    EXPECT_TRUE((Cluster{.longs = 3, .shorts = 5}.notional() == 5));
}

TEST(Unrealised, MARGIN_015_profit_counts_in_part_and_at_the_price_that_is_worse_for_the_holder) {
    // 10 lots bought at 100, mark 150, slow 120: a profit of 200 of which half counts.
    EXPECT_TRUE(profit_for_new_risk(10, 1'000, {.point = 150, .slow = 120}, 500'000) ==
                int128{200} * 500'000);
    // Sold at 100: the mark of 50 has just been pushed down, the slow price says 80.
    EXPECT_TRUE(profit_for_new_risk(-10, -1'000, {.point = 50, .slow = 80}, 500'000) ==
                int128{200} * 500'000);
}

TEST(Unrealised, MARGIN_015_a_loss_counts_in_full) {
    EXPECT_TRUE(profit_for_new_risk(10, 1'000, {.point = 150, .slow = 90}, 500'000) ==
                int128{-100} * ppm_one);
    EXPECT_TRUE(profit_for_new_risk(-10, -1'000, {.point = 110, .slow = 90}, 0) ==
                int128{-100} * ppm_one);
    EXPECT_TRUE(profit_for_new_risk(0, 0, {.point = 1, .slow = 1}, ppm_one) == 0);
}

}  // namespace
}  // namespace breakwater
