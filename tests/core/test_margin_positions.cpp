// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <array>
#include <cstdint>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "breakwater/core/margin/positions.hpp"
#include "chance.hpp"

namespace breakwater {
namespace {

constexpr std::int64_t usd = 100'000'000;

MarkedContract contract(std::int64_t mark, std::initializer_list<TierBound> bounds) {
    return {.mark = mark, .tiers = *MarginTiers::of(std::vector<TierBound>(bounds))};
}

TEST(Positions, MARGIN_016_one_unit_less_equity_does_not_stand) {
    // Two lots of 100 USD bought at 100, now at 95; 10 %: equity is cash + 190, requirement 19.
    const std::array<MarkedContract, 1> contracts{contract(95 * usd, {{0, 100'000}})};
    const std::array<HeldLots, 1> held{{{.contract = 0, .account = 0, .lots = 2}}};
    const std::int64_t edge = 19 * usd - 190 * usd;
    EXPECT_FALSE(standing_of(edge - 1, held, contracts)->holds());
    EXPECT_TRUE(standing_of(edge, held, contracts)->holds());
    EXPECT_TRUE(standing_of(edge + 1, held, contracts)->holds());
}

TEST(Positions, MARGIN_016_a_short_gains_where_a_long_loses) {
    const std::array<MarkedContract, 1> contracts{contract(95 * usd, {{0, 100'000}})};
    const std::array<HeldLots, 1> held{{{.contract = 0, .account = 0, .lots = -2}}};
    const auto standing = standing_of(200 * usd, held, contracts);
    ASSERT_TRUE(standing);
    EXPECT_TRUE(standing->equity == int128{10 * usd} * ppm_one);
    EXPECT_TRUE(standing->requirement == int128{19 * usd} * ppm_one);
    EXPECT_FALSE(standing->holds());
}

TEST(Positions, MARGIN_016_standings_of_loans_and_positions_add) {
    const Standing loans{.equity = 5, .requirement = 9};
    const Standing perpetuals{.equity = 4, .requirement = 0};
    EXPECT_FALSE(loans.holds());
    EXPECT_TRUE((loans + perpetuals).holds());
}

TEST(Positions, MARGIN_016_figures_out_of_range_have_no_answer) {
    const std::array<MarkedContract, 1> contracts{
        contract(std::numeric_limits<std::int64_t>::max(), {{0, ppm_one}})};
    std::array<HeldLots, 1> held{{{.contract = 0, .account = 0, .lots = std::int64_t{1} << 27U}}};
    EXPECT_TRUE(standing_of(0, held, contracts));
    held[0].lots = (std::int64_t{1} << 27U) + 1;
    EXPECT_FALSE(standing_of(0, held, contracts));
    held[0].lots = std::numeric_limits<std::int64_t>::min();
    EXPECT_FALSE(standing_of(0, held, contracts));
    EXPECT_TRUE(standing_of(cash_max, {}, contracts));
    EXPECT_FALSE(standing_of(cash_max + 1, {}, contracts));
    EXPECT_TRUE(standing_of(-cash_max, {}, contracts));
    EXPECT_FALSE(standing_of(-cash_max - 1, {}, contracts));
    EXPECT_FALSE(standing_of(0, std::vector<HeldLots>(positions_max + 1), contracts));
}

TEST(Positions, MARGIN_016_the_largest_account_in_range_is_exact) {
    const std::array<MarkedContract, 1> contracts{
        contract((std::int64_t{1} << 62U), {{0, ppm_one}})};
    const std::vector<HeldLots> held(
        positions_max, {.contract = 0, .account = 0, .lots = -((std::int64_t{1} << 28U) - 1)});
    const int128 value = (int128{(std::int64_t{1} << 28U) - 1} << 62U) * positions_max;
    const auto standing = standing_of(-cash_max, held, contracts);
    ASSERT_TRUE(standing);
    EXPECT_TRUE(standing->equity == (-cash_max - value) * ppm_one);
    EXPECT_TRUE(standing->requirement == value * ppm_one);
}

TEST(Positions, MARGIN_016_a_naive_sum_agrees) {
    given::SeededChance chance(9);
    std::vector<MarkedContract> contracts;
    for (int c = 0; c < 20; ++c)
        contracts.push_back(contract(static_cast<std::int64_t>(chance.wide(40)),
                                     {{0, 12'500}, {1 + chance.wide(60), 25'000}}));
    for (int i = 0; i < 20'000; ++i) {
        std::vector<HeldLots> held(chance.below(12));
        const int128 cash = static_cast<int128>(chance.wide(70)) - (int128{1} << 69U);
        int128 equity = cash * ppm_one;
        int128 requirement = 0;
        for (HeldLots& p : held) {
            p = {.contract = static_cast<std::uint32_t>(chance.below(20)),
                 .account = 0,
                 .lots = static_cast<std::int64_t>(chance.wide(40)) - (std::int64_t{1} << 39U)};
            const int128 value = int128{p.lots} * contracts[p.contract].mark;
            equity += value * ppm_one;
            requirement += static_cast<int128>(contracts[p.contract].tiers.requirement(
                static_cast<uint128>(value < 0 ? -value : value)));
        }
        const auto standing = standing_of(cash, held, contracts);
        ASSERT_TRUE(standing);
        EXPECT_TRUE(standing->equity == equity) << i;
        EXPECT_TRUE(standing->requirement == requirement) << i;
    }
}

}  // namespace
}  // namespace breakwater
