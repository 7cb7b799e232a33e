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

}  // namespace
}  // namespace breakwater::calc
