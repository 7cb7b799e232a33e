// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "breakwater/stress/chain_study.hpp"
#include "breakwater/stress/risk_array.hpp"

namespace breakwater {
namespace {

constexpr std::int64_t month = 30 * 86'400;

/// 80 % at every strike and time up to a year.
VolatilitySurface flat_surface() {
    VolatilitySurface out;
    const Svi svi{.a = 0.64, .b = 0.0, .rho = 0.0, .m = 0.0, .s = 1.0};
    out.smiles = {{.expiry = 365 * 86'400, .years = 1.0, .svi = svi, .fitted = 0}};
    out.stressed_volatility = 1.0;
    return out;
}

OptionContract call_at(double strike) {
    return {
        .id = 7, .kind = OptionKind::call, .strike = strike, .expiry = month, .forward = 60'000.0};
}

TEST(RiskArray, SURFACE_007_profits_are_rounded_down_for_both_sides) {
    const auto surface = flat_surface();
    const RiskGrid grid = own_grid();
    const auto profits = scenario_profits(call_at(65'000.0), surface, grid);
    const auto array =
        risk_array_of(call_at(65'000.0), surface, grid,
                      {.grid = 3, .version = 9, .lot = 0.1, .unit = 0.001, .lifetime = 7'200});
    ASSERT_TRUE(array.has_value());
    ASSERT_EQ(array->long_profits.size(), 35U);
    ASSERT_EQ(array->short_profits.size(), 35U);
    EXPECT_EQ(array->contract, 7U);
    EXPECT_EQ(array->grid, 3U);
    EXPECT_EQ(array->version, 9U);
    EXPECT_EQ(array->expires, 7'200);
    const Option option{.kind = OptionKind::call, .strike = 65'000.0, .years = 30.0 / 365.0};
    const OptionMarket market{.forward = 60'000.0, .volatility = 0.8, .rate = 0.0};
    EXPECT_NEAR(static_cast<double>(array->value_down), 100.0 * black76_price(option, market), 1.0);
    EXPECT_NEAR(static_cast<double>(array->delta),
                100.0 * 60'000.0 * black76_greeks(option, market).delta, 1.0);
    for (std::size_t i = 0; i < profits.size(); ++i) {
        EXPECT_LE(static_cast<double>(array->long_profits[i]), profits[i] * 100.0);
        EXPECT_LE(static_cast<double>(array->short_profits[i]), -profits[i] * 100.0);
        const std::int64_t both = array->long_profits[i] + array->short_profits[i];
        EXPECT_LE(both, 0);
        EXPECT_GE(both, -1);
    }
}

TEST(RiskArray, SURFACE_007_a_value_beyond_63_bits_is_refused) {
    EXPECT_FALSE(risk_array_of(call_at(1.0), flat_surface(), own_grid(),
                               {.grid = 0, .version = 0, .lot = 1.0, .unit = 1e-15, .lifetime = 0})
                     .has_value());
}

TEST(RiskArray, SURFACE_007_nothing_moves_nothing_is_gained) {
    const RiskGrid grid = own_grid();
    const auto profits = scenario_profits(call_at(65'000.0), flat_surface(), grid);
    for (std::size_t i = 0; i < profits.size(); ++i) {
        const RiskScenario& s = grid.scenarios[i];
        if (s.move == 0.0 && s.volatility == 0.0) {
            EXPECT_EQ(profits[i], 0.0);
        }
        if (s.move == 0.0 && s.volatility > 0.0) {
            EXPECT_GT(profits[i], 0.0);
        }
        if (s.move == 0.0 && s.volatility < 0.0) {
            EXPECT_LT(profits[i], 0.0);
        }
    }
}

TEST(RiskArray, SURFACE_007_a_scenario_is_blacks_price_at_its_move_and_volatility) {
    const RiskGrid grid = own_grid();
    const auto profits = scenario_profits(call_at(65'000.0), flat_surface(), grid);
    const Option option{.kind = OptionKind::call, .strike = 65'000.0, .years = 30.0 / 365.0};
    const auto price = [&](double forward, double volatility) {
        return black76_price(option, {.forward = forward, .volatility = volatility, .rate = 0.0});
    };
    // Thirty days: the shock is +50 %, −25 %, whatever the power.
    EXPECT_NEAR(profits.front(), price(60'000.0 * 0.84, 0.6) - price(60'000.0, 0.8), 1e-8);
    EXPECT_NEAR(profits[26], price(60'000.0 * 1.16, 1.2) - price(60'000.0, 0.8), 1e-8);
    EXPECT_NEAR(profits.back(), 0.16 / 5.0 * (price(60'000.0 * 6.0, 1.2) - price(60'000.0, 0.8)),
                1e-8);
}

TEST(RiskArray, SURFACE_008_a_linear_position_loses_no_more_in_an_extended_move) {
    const RiskGrid grid = own_grid(0.16);
    // A call struck at one dollar is the coin itself.
    const auto profits = scenario_profits(call_at(1.0), flat_surface(), grid);
    for (std::size_t i = 27; i < profits.size(); ++i)
        EXPECT_NEAR(std::fabs(profits[i]), 0.16 * 60'000.0, 1e-6) << i;
}

TEST(RiskArray, SURFACE_008_a_short_option_far_out_is_seen_by_the_extended_moves_only) {
    const RiskGrid grid = own_grid();
    const auto profits = scenario_profits(call_at(150'000.0), flat_surface(), grid);
    const auto edge = std::ranges::max_element(profits.begin(), profits.begin() + 27);
    const auto far = std::ranges::max_element(profits.begin() + 27, profits.end());
    EXPECT_GT(*far, 20.0 * *edge);
}

TEST(RiskArray, SURFACE_008_sticky_moneyness_reads_the_smile_where_the_price_went) {
    VolatilitySurface surface = flat_surface();
    surface.smiles[0].svi = {.a = 0.3, .b = 0.5, .rho = -0.5, .m = 0.0, .s = 0.5};
    RiskGrid grid = own_grid();
    const auto strike = scenario_profits(call_at(65'000.0), surface, grid);
    grid.stickiness = Stickiness::moneyness;
    const auto moneyness = scenario_profits(call_at(65'000.0), surface, grid);
    EXPECT_NE(strike.front(), moneyness.front());
    EXPECT_EQ(strike[13], moneyness[13]);  // no move
}

TEST(RiskArray, SURFACE_008_held_and_sold_open_interest_of_a_small_chain) {
    OptionChain chain{.currency = "BTC", .as_of = 0, .index = 60'000.0, .options = {}};
    for (double strike = 45'000.0; strike < 80'000.0; strike += 5'000.0)
        for (const OptionKind kind : {OptionKind::put, OptionKind::call}) {
            const double coins =
                black76_price({.kind = kind, .strike = strike, .years = 30.0 / 365.0},
                              {.forward = 60'000.0, .volatility = 0.8, .rate = 0.0}) /
                60'000.0;
            chain.options.push_back({.instrument = {},
                                     .kind = kind,
                                     .strike = strike,
                                     .expiry = month,
                                     .forward = 60'000.0,
                                     .bid = coins * 0.99,
                                     .ask = coins * 1.01,
                                     .open_interest = 2.5});
        }
    const ChainStudy study = study_chain(chain, nullptr, own_grid());
    EXPECT_EQ(study.quotes.inside, 14U);
    EXPECT_EQ(study.quotes.two_sided, 14U);
    EXPECT_EQ(study.contracts, 14U);
    EXPECT_EQ(study.open_interest, 35.0);
    EXPECT_LE(study.parity_error, 1e-12);
    EXPECT_NEAR(study.held.value, -study.sold.value, 1e-3);
    EXPECT_GT(study.held.requirement, 0.0);
    EXPECT_LT(study.held.requirement, study.held.alone);
    EXPECT_LT(study.held.alone, study.held.value);  // who has paid cannot lose more
    EXPECT_GT(study.sold.requirement, study.held.requirement);
}

}  // namespace
}  // namespace breakwater
