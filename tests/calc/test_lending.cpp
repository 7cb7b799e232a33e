// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <gtest/gtest.h>

#include "breakwater/calc/function.hpp"
#include "breakwater/io/error.hpp"

/// Lending protocols by name, with figures worked out by hand. What is read and written is exact: CALC-003.
namespace breakwater::calc {
namespace {

nlohmann::json answer(const std::string& function, const std::string& input) {
    const Function* f = find_function(function);
    if (f == nullptr) return "no such function";
    return call(*f, parse_object(input, "test"), "test");
}

/// The function's answer to `input` is `expected`.
void expect(const std::string& function, const std::string& input, const std::string& expected) {
    EXPECT_EQ(answer(function, input), nlohmann::json::parse(expected)) << function;
}
void expect_refused(const std::string& function, const std::string& input) {
    EXPECT_THROW((void)answer(function, input), InputError) << function << " " << input;
}

TEST(CalcAave, CALC_003_health_factor) {
    expect("aave_v3.health_factor", R"({"debt": "80000000000", "collaterals": [
        {"value": "50000000000", "liquidation_threshold": 8000},
        {"value": "50000000000", "liquidation_threshold": 7000}]})",
           R"({"health_factor": "937500000000000000", "unhealthy": true,
               "collateral": "100000000000", "average_liquidation_threshold": "7500"})");
}

TEST(CalcAave, CALC_003_interest) {
    const std::string year = R"({"rate": "100000000000000000000000000", "seconds": 31536000})";
    expect("aave_v3.linear_interest", year, R"({"factor": "1100000000000000000000000000"})");
    expect("aave_v3.compounded_interest", year, R"({"factor": "1105166666666666666666666667"})");
    expect("aave_v3.interest_rates", R"({"optimal_usage": 9000, "base_rate": 0, "slope1": 400,
        "slope2": 6000, "debt": 450, "cash": 550, "reserve_factor": 1000})",
           R"({"borrow_rate": "20000000000000000000000000",
               "liquidity_rate": "8100000000000000000000000"})");
    expect_refused("aave_v3.interest_rates", R"({"optimal_usage": 0, "base_rate": 0, "slope1": 0,
        "slope2": 0, "debt": 0, "cash": 0, "reserve_factor": 0})");
}

/// 10 ETH at 1,900 USD against 16,000 USDC.
const std::string position = R"("collateral_balance": "10000000000000000000",
    "debt_balance": "16000000000", "collateral_price": "190000000000", "debt_price": "100000000",
    "collateral_decimals": 18, "debt_decimals": 6)";

TEST(CalcAave, CALC_003_close_factor_and_liquidation) {
    expect("aave_v3.close_factor",
           "{" + position +
               R"(, "threshold_sum": "15675000000000000", "total_debt": "1600000000000"})",
           R"({"liquidatable_debt": "8000000000", "health_factor": "979687500000000000"})");
    expect("aave_v3.liquidation",
           "{" + position + R"(, "liquidation_bonus": 10500, "liquidation_protocol_fee": 1000,
               "debt_to_cover": "8000000000"})",
           R"({"debt_repaid": "8000000000", "collateral_to_liquidator": "4399999999999999999",
               "protocol_fee": "21052631578947369", "leaves_dust": false})");
    expect_refused("aave_v3.liquidation", "{" + position + R"(, "liquidation_bonus": 10500,
                       "liquidation_protocol_fee": 0, "debt_to_cover": "16000000001"})");
}

TEST(CalcMaker, CALC_003_rates_and_prices) {
    expect("maker.rpow", R"({"x": "333333333333333333333333333", "n": 2})",
           R"({"z": "111111111111111111111111111"})");
    expect_refused("maker.rpow", R"({"x": "2000000000000000000000000000", "n": 64})");
    expect("maker.rate", R"({"duty": "1010000000000000000000000000", "seconds": 2,
        "rate": "1000000000000000000000000000"})",
           R"({"rate": "1020100000000000000000000000"})");
    expect("maker.spot",
           R"({"price": "100000000000000000000", "mat": "1500000000000000000000000000"})",
           R"({"feed_price": "100000000000000000000000000000",
               "spot": "66666666666666666666666666666"})");
    expect("maker.auction_price", R"({"curve": "linear", "top": "96000000000000000000000000000",
        "age": 1800, "tau": 7200, "tail": 5000, "cusp": "400000000000000000000000000"})",
           R"({"price": "72000000000000000000000000000", "needs_redo": false})");
    expect("maker.auction_price", R"({"curve": "stairstep", "top": "96000000000000000000000000000",
        "age": 179, "step": 90, "cut": "990000000000000000000000000"})",
           R"({"price": "95040000000000000000000000000"})");
    expect("maker.auction_price",
           R"({"curve": "exponential", "top": "96000000000000000000000000000",
        "age": 2, "cut": "990000000000000000000000000"})",
           R"({"price": "94089600000000000000000000000"})");
    expect_refused("maker.auction_price", R"({"curve": "stairstep", "top": "1", "age": 179,
        "step": 0, "cut": "990000000000000000000000000"})");
}

TEST(CalcMaker, CALC_003_auction_sizes) {
    const std::string rad_678 = "678000000000000000000000000000000000000000000000";
    const std::string rad_113 = "113000000000000000000000000000000000000000000000";
    expect("maker.chost", R"({"dust": "100000000000000000000000000000000000000000000000",
        "chop": "1130000000000000000"})",
           R"({"chost": ")" + rad_113 + "\"}");
    expect("maker.incentive",
           R"({"tab": ")" + rad_678 + R"(", "tip": 0, "chip": "20000000000000000"})",
           R"({"coin": "13560000000000000000000000000000000000000000000"})");
    expect("maker.bark", R"({"ink": "10000000000000000000", "art": "600000000000000000000",
        "rate": "1000000000000000000000000000", "spot": "53333333333333333333333333333",
        "dust": "100000000000000000000000000000000000000000000000", "chop": "1130000000000000000",
        "room": "339000000000000000000000000000000000000000000000"})",
           R"({"dink": "5000000000000000000", "dart": "300000000000000000000",
               "due": "300000000000000000000000000000000000000000000000",
               "tab": "339000000000000000000000000000000000000000000000"})");
    const std::string take = R"("lot": "10000000000000000000", "amt": "9000000000000000000",
        "price": "72000000000000000000000000000", "chost": ")" +
                             rad_113 + "\"";
    expect("maker.take", "{" + take + R"(, "tab": ")" + rad_678 + "\"}",
           R"({"slice": "7847222222222222222", "lot": "2152777777777777778", "ends": false,
               "owe": "565000000000000000000000000000000000000000000000", "tab": ")" +
               rad_113 + "\"}");
    EXPECT_EQ(answer("maker.take", R"({"lot": 10, "amt": 9, "price": 1, "chost": 100, "tab": 100})")
                  .at("refused"),
              "partial_purchase_refused");
}

TEST(CalcMorpho, CALC_003_shares_health_and_liquidation) {
    // min(1.15, 1 / (1 − 0.3 · 0.14))
    expect("morpho_blue.liquidation_incentive", R"({"lltv": "860000000000000000"})",
           R"({"liquidation_incentive_factor": "1043841336116910229"})");
    expect("morpho_blue.liquidation_incentive", R"({"lltv": 0})",
           R"({"liquidation_incentive_factor": "1150000000000000000"})");
    expect("morpho_blue.to_shares",
           R"({"assets": 10, "total_assets": 2, "total_shares": 1, "rounding": "down"})",
           R"({"shares": "3333336"})");
    expect("morpho_blue.to_shares",
           R"({"assets": 10, "total_assets": 2, "total_shares": 1, "rounding": "up"})",
           R"({"shares": "3333337"})");
    expect("morpho_blue.to_assets",
           R"({"shares": "3333336", "total_assets": 2, "total_shares": 1, "rounding": "down"})",
           R"({"assets": "9"})");
    expect("morpho_blue.to_assets",
           R"({"shares": "3333336", "total_assets": 2, "total_shares": 1, "rounding": "up"})",
           R"({"assets": "10"})");
    const std::string market = R"("lltv": "800000000000000000", "total_borrow_assets": 999,
        "total_borrow_shares": 999000000, "price": "2000000000000000000000000000000000000")";
    expect("morpho_blue.health",
           "{" + market + R"(, "borrow_shares": 160000000, "collateral": 100})",
           R"({"healthy": true, "borrowed": "160", "max_borrow": "160"})");
    expect("morpho_blue.health",
           "{" + market + R"(, "borrow_shares": 160000001, "collateral": 100})",
           R"({"healthy": false, "borrowed": "161", "max_borrow": "160"})");
    // 100 seized are 200 of debt; 200 / 1.0638… is 188 and a little, because the factor is floored.
    expect("morpho_blue.liquidation", "{" + market + R"(, "seized_assets": 100})",
           R"({"seized_assets": "100", "repaid_shares": "189000000", "repaid_assets": "189"})");
    expect_refused("morpho_blue.liquidation", "{" + market + "}");
}

TEST(CalcMorpho, CALC_003_rates) {
    // x = 0.1: 0.1 + 0.005 + 0.000166…
    expect("morpho_blue.taylor_compounded", R"({"rate": "100000000000000000", "seconds": 1})",
           R"({"growth": "105166666666666666"})");
    expect("morpho_blue.exponential", R"({"x": 0})", R"({"y": "1000000000000000000"})");
    expect("morpho_blue.exponential", R"({"x": "-50000000000000000000"})", R"({"y": "0"})");
    // At the target the rate is the rate at target: 4 % a year at first.
    expect("morpho_blue.adaptive_curve_rate",
           R"({"total_supply_assets": 100, "total_borrow_assets": 90, "seconds": 10})",
           R"({"borrow_rate": "1268391679", "rate_at_target": "1268391679"})");
    // Full: four times as much.
    expect("morpho_blue.adaptive_curve_rate",
           R"({"total_supply_assets": 100, "total_borrow_assets": 100, "seconds": 10})",
           R"({"borrow_rate": "5073566716", "rate_at_target": "1268391679"})");
    expect_refused("morpho_blue.adaptive_curve_rate",
                   R"({"total_supply_assets": 100, "total_borrow_assets": 101, "seconds": 10})");
}

TEST(CalcCompound, CALC_003_rates_balances_and_the_storefront) {
    const std::string at =
        R"("supply_index": "1100000000000000", "borrow_index": "1200000000000000")";
    expect("compound_v3.utilization", "{" + at + R"(, "total_supply": 1000, "total_borrow": 500})",
           R"({"utilization": "545454545454545454"})");
    const std::string curve = R"("kink": "800000000000000000", "base": 100, "slope_low": 1000,
        "slope_high": 10000)";
    expect("compound_v3.rate", "{" + curve + R"(, "utilization": "500000000000000000"})",
           R"({"rate": "600", "rate_per_year": "18921600000"})");
    expect("compound_v3.rate", "{" + curve + R"(, "utilization": "900000000000000000"})",
           R"({"rate": "1900", "rate_per_year": "59918400000"})");
    expect("compound_v3.present_value", "{" + at + R"(, "principal": "-999"})",
           R"({"present_value": "-1198"})");
    expect("compound_v3.present_value", "{" + at + R"(, "principal": "999"})",
           R"({"present_value": "1098"})");
    expect("compound_v3.principal_value", "{" + at + R"(, "present_value": "-1199"})",
           R"({"principal": "-1000"})");
    expect("compound_v3.reserves",
           "{" + at + R"(, "total_supply": 1000, "total_borrow": 500, "cash": 400})",
           R"({"reserves": "-100"})");
    // Half of a penalty of 10 %: 1,900 USD a token.
    expect("compound_v3.quote_collateral",
           R"({"base_amount": "3800000000", "base_price": "100000000",
        "base_decimals": 6, "price": "200000000000", "decimals": 18,
        "store_front_price_factor": "500000000000000000",
        "liquidation_factor": "900000000000000000"})",
           R"({"collateral": "2000000000000000000"})");
    expect("compound_v3.accrue", "{" + at + R"(, "total_supply": 1000, "total_borrow": 0,
        "seconds": 1000, "supply_curve": {"kink": 0, "base": "1000000000000", "slope_low": 0,
        "slope_high": 0}, "borrow_curve": {"kink": 0, "base": "2000000000000", "slope_low": 0,
        "slope_high": 0}})",
           R"({"supply_index": "1101100000000000", "borrow_index": "1202400000000000"})");
}

}  // namespace
}  // namespace breakwater::calc
