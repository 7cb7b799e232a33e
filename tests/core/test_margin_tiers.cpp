// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <array>
#include <cstdint>
#include <vector>

#include <gtest/gtest.h>

#include "breakwater/core/margin/tiers.hpp"
#include "chance.hpp"

namespace breakwater {
namespace {

constexpr uint128 usd = 100'000'000;

/// By marginal rates, tier by tier: what the deduction form abbreviates.
uint128 requirement_piece_by_piece(std::span<const TierBound> bounds, uint128 notional) {
    uint128 out = 0;
    for (std::size_t k = 0; k < bounds.size(); ++k) {
        if (notional <= bounds[k].lower) break;
        const bool is_last = k + 1 == bounds.size();
        const uint128 upper =
            is_last || notional < bounds[k + 1].lower ? notional : bounds[k + 1].lower;
        out += (upper - bounds[k].lower) * bounds[k].rate;
    }
    return out;
}

std::vector<TierBound> random_bounds(given::Chance& chance) {
    std::vector<TierBound> out;
    std::uint32_t rate = 1 + static_cast<std::uint32_t>(chance.below(50'000));
    uint128 lower = 0;
    for (std::uint64_t k = 1 + chance.below(MarginTiers::tiers_max); k-- > 0;) {
        out.push_back({.lower = lower, .rate = rate});
        lower += 1 + chance.wide(80);
        rate = std::min(ppm_one, rate + static_cast<std::uint32_t>(chance.below(100'000)));
    }
    return out;
}

TEST(MarginTiers, MARGIN_010_the_brackets_of_binance_have_their_maintenance_amounts) {
    // CVCUSDT, leverage and margin tiers: at 30,000 USD the rate is 5 % and the amount 75 + 625 = 700 USD.
    const std::array<TierBound, 6> brackets{{{0, 10'000},
                                             {5'000 * usd, 25'000},
                                             {25'000 * usd, 50'000},
                                             {100'000 * usd, 100'000},
                                             {250'000 * usd, 125'000},
                                             {1'000'000 * usd, 500'000}}};
    const auto tiers = MarginTiers::of(brackets);
    ASSERT_TRUE(tiers);
    EXPECT_EQ(requirement_up(tiers->requirement(100 * usd)), 1 * usd);
    EXPECT_EQ(requirement_up(tiers->requirement(30'000 * usd)), (1'500 - 700) * usd);
}

TEST(MarginTiers, MARGIN_010_hyperliquid_halves_the_leverage_above_its_bound) {
    // BTC: 40x to 150 million, then 20x; maintenance is half of initial: 1.25 %, 2.5 %.
    const std::array<TierBound, 2> btc{{{0, 12'500}, {150'000'000 * usd, 25'000}}};
    const auto tiers = MarginTiers::of(btc);
    ASSERT_TRUE(tiers);
    EXPECT_EQ(requirement_up(tiers->requirement(1'000 * usd)), 1'250'000'000U);
    EXPECT_EQ(requirement_up(tiers->requirement(200'000'000 * usd)), (5'000'000 - 1'875'000) * usd);
}

TEST(MarginTiers, MARGIN_010_the_deduction_form_is_the_sum_over_the_tiers) {
    given::SeededChance chance(1);
    for (int i = 0; i < 20'000; ++i) {
        const auto bounds = random_bounds(chance);
        const auto tiers = MarginTiers::of(bounds);
        ASSERT_TRUE(tiers);
        const uint128 n = std::min(chance.wide(90), notional_max);
        EXPECT_TRUE(tiers->requirement(n) == requirement_piece_by_piece(bounds, n)) << i;
    }
}

TEST(MarginTiers, MARGIN_010_no_step_where_a_tier_begins_and_never_less_for_more) {
    given::SeededChance chance(2);
    for (int i = 0; i < 5'000; ++i) {
        const auto bounds = random_bounds(chance);
        const auto tiers = MarginTiers::of(bounds);
        ASSERT_TRUE(tiers);
        for (const TierBound& b : bounds) {
            if (b.lower == 0) continue;
            const uint128 below = tiers->requirement(b.lower - 1);
            const uint128 at = tiers->requirement(b.lower);
            const uint128 above = tiers->requirement(b.lower + 1);
            EXPECT_TRUE(below < at && at - below <= b.rate);
            EXPECT_TRUE(above - at == b.rate);
        }
    }
}

TEST(MarginTiers, MARGIN_010_two_positions_as_one_never_need_less) {
    given::SeededChance chance(3);
    for (int i = 0; i < 20'000; ++i) {
        const auto tiers = MarginTiers::of(random_bounds(chance));
        ASSERT_TRUE(tiers);
        const uint128 a = chance.wide(88);
        const uint128 b = chance.wide(88);
        EXPECT_TRUE(tiers->requirement(a + b) >= tiers->requirement(a) + tiers->requirement(b));
    }
}

TEST(MarginTiers, MARGIN_010_what_is_no_table_of_tiers_is_refused) {
    using Bounds = std::vector<TierBound>;
    EXPECT_TRUE(MarginTiers::of(Bounds{{0, 1}}));
    EXPECT_TRUE(MarginTiers::of(Bounds{{0, 1}, {1, 1}, {notional_max, ppm_one}}));
    EXPECT_FALSE(MarginTiers::of(Bounds{}));
    EXPECT_FALSE(MarginTiers::of(Bounds{{1, 1}}));
    EXPECT_FALSE(MarginTiers::of(Bounds{{0, 0}}));
    EXPECT_FALSE(MarginTiers::of(Bounds{{0, ppm_one + 1}}));
    EXPECT_FALSE(MarginTiers::of(Bounds{{0, 1}, {0, 2}}));
    EXPECT_FALSE(MarginTiers::of(Bounds{{0, 2}, {1, 1}}));
    EXPECT_FALSE(MarginTiers::of(Bounds{{0, 1}, {notional_max + 1, 2}}));
    EXPECT_FALSE(MarginTiers::of(Bounds(MarginTiers::tiers_max + 1)));
    EXPECT_TRUE(MarginTiers().requirement(7) == 7 * ppm_one);
}

}  // namespace
}  // namespace breakwater
