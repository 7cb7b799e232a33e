// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors

/// Figures that venues and books print themselves. Each says where; the tolerance is the print.

#include <gtest/gtest.h>

#include "breakwater/world/math.hpp"
#include "calling.hpp"

namespace breakwater {
namespace {

double number_of(const std::string& name, const std::string& input, const std::string& key) {
    const auto result = test::result_of(name, input);
    return result.contains(key) ? result.at(key).get<double>() : -1e300;
}

TEST(Published, CALC_001_span_requirement_of_a_covered_write_is_6620) {
    // McMillan, Options as a Strategic Investment: S&P future and short December 410 call.
    const auto result = test::result_of(
        "span16_published",
        R"({"future":[0,0,3330,3330,-3330,-3330,6670,6670,-6670,-6670,10000,10000,-10000,-10000,7000,-7000],
            "short_call":[-460,610,-2640,-1730,1270,2340,-5210,-4540,2540,3430,-8060,-7640,3380,3990,-3130,1500]})");
    EXPECT_EQ(result.at("span_requirement"), 6620);
    EXPECT_EQ(result.at("combined").at(12), -6620);
}

TEST(Published, CALC_001_deribit_portfolio_margin_of_the_documentation) {
    // docs.deribit.com, private/pme/simulate.
    const std::string input =
        R"({"positions_base":{"BTC-PERPETUAL":0.314538364,"BTC-28JUN24":-0.001187534},"index":65666.19,
            "price_range":0.16,"buckets_each_side":4,"vol_scenarios":3,"pnl_offset":0.0,
            "min_annualised_move":0.01,"annualised_move_risk":0.075,
            "years_to_28JUN24":0.030136986301369864,"mm_factor":0.8,"mmp_margin":0.06,
            "open_orders_margin":0.000018212,"extended_dampener_usd":100000})";
    EXPECT_NEAR(number_of("deribit_pm", input, "initial_margin"), 0.122861343, 1e-9);
    EXPECT_NEAR(number_of("deribit_pm", input, "maintenance_margin"), 0.050274505, 1e-9);
    EXPECT_NEAR(number_of("deribit_pm", input, "roll_shock"), 0.00315725898, 1e-12);
}

TEST(Published, CALC_001_deribit_portfolio_margin_of_a_live_response) {
    // public pme/simulate, February 2026.
    const std::string input =
        R"({"positions_base":{"ETH-PERPETUAL":-0.999487053},"index":1949.34,"price_range":0.18,
            "pnl_offset":0.6,"min_annualised_move":0.005,"mm_factor":0.8,"extended_dampener_usd":200000})";
    EXPECT_NEAR(number_of("deribit_pm", input, "initial_margin"), 0.157461562, 2e-9);
    EXPECT_NEAR(number_of("deribit_pm", input, "maintenance_margin"), 0.125969249812, 2e-9);
}

TEST(Published, CALC_001_vega_risk_factors_and_bounds_of_its_features) {
    const std::string factors = R"({"risk_aversion":1e-6,"tau_years":0.1,"mu":0,"sigma":1.0})";
    EXPECT_NEAR(number_of("vega_lognormal_rf", factors, "risk_factor_long"), 0.80072822791, 1e-6);
    EXPECT_NEAR(number_of("vega_lognormal_rf", factors, "risk_factor_short"), 3.55690359157934,
                1e-6);
    const auto bounds = [](const char* horizon, const char* probability, const char* key) {
        return number_of("vega_price_bounds",
                         std::string(R"({"ref":100000,"sigma":2,"horizon_s":)") + horizon +
                             R"(,"probability":)" + probability + "}",
                         key);
    };
    EXPECT_NEAR(bounds("60", "0.95", "min"), 99460.57, 0.01);
    EXPECT_NEAR(bounds("60", "0.95", "max"), 100541.59, 0.01);
    EXPECT_NEAR(bounds("120", "0.99", "min"), 98999.69, 0.01);
    EXPECT_NEAR(bounds("120", "0.99", "max"), 101008.88, 0.01);
}

TEST(Published, CALC_001_examples_of_exchanges) {
    // Bybit, bankruptcy price of an inverse long at 50 times.
    EXPECT_NEAR(number_of("bankruptcy_price_inverse",
                          R"({"side":"long","entry":7890.08,"leverage":50})", "bankruptcy_price"),
                7735.372549, 1e-6);
    // Synthetix v3, comment of calculateFillPrice.
    EXPECT_NEAR(
        number_of("synthetix_fill_price",
                  R"({"skew":0,"size":100,"oracle":1200,"skew_scale":1000000})", "fill_price"),
        1200.06, 1e-9);
    // GMX v2, README: a deposit and a withdrawal.
    EXPECT_NEAR(
        number_of("gmx_price_impact",
                  R"({"initial_diff_usd":0,"next_diff_usd":50000,"exponent":2,"factor":2e-7})",
                  "impact_usd"),
        -500.0, 1e-9);
    EXPECT_NEAR(
        number_of("gmx_price_impact",
                  R"({"initial_diff_usd":50000,"next_diff_usd":25000,"exponent":2,"factor":2e-7})",
                  "impact_usd"),
        375.0, 1e-9);
    // Deribit, announcement of 11 January 2022: 100 BTC at 2 % and 0.5 %.
    EXPECT_NEAR(number_of("deribit_sm_future", R"({"currency":"BTC","size_base":100})", "im_base"),
                2.5, 1e-12);
    // Deribit, standard margin of a short call 20 % out of the money: the floor of 10 % and its mark.
    EXPECT_NEAR(number_of("deribit_sm_option",
                          R"({"type":"call","index":50000,"strike":60000,"mark":0.02})", "im_base"),
                0.12, 1e-12);
}

TEST(Published, CALC_001_black_keeps_parity_and_finds_its_volatility_back) {
    for (const double strike : {100.0, 5'000.0, 60'000.0, 61'000.0, 240'000.0})
        for (const double years : {0.001, 0.25, 3.0}) {
            const auto input = [&](int cp, double vol) {
                return R"({"forward":60000,"strike":)" + std::to_string(strike) + R"(,"vol":)" +
                       std::to_string(vol) + R"(,"T":)" + std::to_string(years) +
                       R"(,"r":0.03,"cp":)" + std::to_string(cp) + "}";
            };
            const double call = number_of("black76", input(1, 0.7), "price");
            const double put = number_of("black76", input(-1, 0.7), "price");
            const double forward = exp_(-0.03 * years) * (60'000.0 - strike);
            EXPECT_NEAR(call - put, forward, 1e-12 * 60'000.0) << strike << " " << years;
            const double near = std::abs(strike - 60'000.0) < 2'000.0 ? 1e-12 : 1e-9;
            EXPECT_NEAR(number_of("black76", input(1, 0.7), "implied_vol"),
                        call > 0 && put > 0 ? 0.7 : 0.0, call > 1e-6 && put > 1e-6 ? near : 1.0);
        }
    // Expired or without volatility: the intrinsic value.
    EXPECT_EQ(
        number_of("black76", R"({"forward":110,"strike":100,"vol":0.5,"T":0,"cp":1})", "price"),
        10.0);
    EXPECT_EQ(number_of("black76", R"({"forward":90,"strike":100,"vol":0,"T":1,"cp":1})", "price"),
              0.0);
}

TEST(Published, CALC_001_tests_of_coverage_at_their_edges) {
    EXPECT_NEAR(number_of("kupiec_pof", R"({"n":250,"exceptions":0,"p":0.01})", "LR"),
                -2.0 * 250.0 * log_(0.99), 1e-12);
    EXPECT_EQ(number_of("christoffersen", R"({"n":100,"exception_indices":[],"p":0.01})", "LR_ind"),
              0.0);
    const auto zone = [](int exceptions) {
        return test::value_of("basel_traffic_light",
                              R"({"exceptions_250d_99":)" + std::to_string(exceptions) + "}",
                              "zone");
    };
    EXPECT_EQ(zone(4), test::quoted("green"));
    EXPECT_EQ(zone(5), test::quoted("yellow"));
    EXPECT_EQ(zone(10), test::quoted("red"));
}

}  // namespace
}  // namespace breakwater
