// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <gtest/gtest.h>

#include "calling.hpp"

/// The house's own rules by name, with figures worked out by hand.
namespace breakwater {
namespace {

using test::fault_of;
using test::quoted;
using test::value_of;

/// 1 WETH between 1,900 and 2,100 dollars at 80 %, and what is owed in USDC at 1.
std::string account(const std::string& owed) {
    return R"({"collaterals": [{"amount": "1000000000000000000", "decimals": 18,
                "lo": 190000000000, "point": 200000000000, "hi": 210000000000,
                "liquidation_threshold": 8000}],
               "debts": [{"amount": ")" +
           owed + R"(", "decimals": 6, "lo": 100000000, "point": 100000000, "hi": 100000000}]})";
}

TEST(CalcBreakwater, BREAKWATER_001_health_over_the_band) {
    const std::string at_one = account("1600000000");
    EXPECT_EQ(value_of("breakwater.health", at_one, "health_best"), quoted("1050000000000000000"));
    EXPECT_EQ(value_of("breakwater.health", at_one, "health"), quoted("1000000000000000000"));
    EXPECT_EQ(value_of("breakwater.health", at_one, "health_worst"), quoted("950000000000000000"));
    EXPECT_EQ(value_of("breakwater.health", at_one, "standing"), quoted("contested"));
    EXPECT_EQ(value_of("breakwater.health", account("1520000000"), "standing"), quoted("healthy"));
    EXPECT_EQ(value_of("breakwater.health", account("1680000001"), "standing"),
              quoted("liquidatable"));
    EXPECT_EQ(fault_of("breakwater.health", R"({"collaterals": [], "debts": []})"),
              "the input has 0 legs; expected 1 to 16");
}

std::string sums(const std::string& collateral, const std::string& threshold_sum) {
    return R"({"debt": 10000000000, "liquidation_threshold": 8000, "liquidation_bonus": 11000,
               "collateral": )" +
           collateral + R"(, "threshold_sum": )" + threshold_sum + "}";
}

TEST(CalcBreakwater, BREAKWATER_004_the_bonus_rises_with_the_shortfall_and_ends_at_its_cap) {
    // Health 0.96: the whole 10 %. Repaid: (1.05 · D − S) / (1.05 − 1.1 · 0.8), four units of debt kept back.
    const std::string deep = sums("12000000000", "96000000000000");
    EXPECT_EQ(value_of("breakwater.bonus", deep, "gross"), quoted("1100000000000000000"));
    EXPECT_EQ(value_of("breakwater.bonus", deep, "repay_to_target"), quoted("5294117622"));
    EXPECT_EQ(value_of("breakwater.bonus", deep, "repayable"), quoted("11764705882"));
    // Health 0.99: half way from half the bonus to the whole one.
    EXPECT_EQ(value_of("breakwater.bonus", sums("12375000000", "99000000000000"), "gross"),
              quoted("1075000000000000000"));
    // Collateral 105 for a debt of 100: no more than 5 %.
    EXPECT_EQ(value_of("breakwater.bonus", sums("10500000000", "84000000000000"), "gross"),
              quoted("1050000000000000000"));
}

TEST(CalcBreakwater, BREAKWATER_007_a_loss_begins_where_collateral_cannot_pay_debt_and_keeper) {
    EXPECT_EQ(value_of("breakwater.bonus", sums("10200000000", "81600000000000"), "realises_loss"),
              "false");
    EXPECT_EQ(value_of("breakwater.bonus", sums("10199999999", "81599999992000"), "realises_loss"),
              "true");
}

std::string pair(const std::string& owed, const std::string& rest) {
    return R"({"collateral": {"amount": "1000000000000000000", "decimals": 18,
                "lo": 200000000000, "point": 200000000000, "hi": 200000000000,
                "liquidation_threshold": 8000, "liquidation_bonus": 11000},
               "debt": {"amount": ")" +
           owed + R"(", "decimals": 6, "lo": 100000000, "point": 100000000, "hi": 100000000},
               "leftover_min": 0)" +
           rest + "}";
}

TEST(CalcBreakwater, BREAKWATER_003_a_liquidation_goes_to_the_target_health_or_to_the_depth) {
    const std::string name = "breakwater.liquidation";
    // (1.05 · 1,700 − 1,600) / (1.05 − 0.88) = 1,088.235 dollars, at 10 % on top.
    const auto all = test::result_of(name, pair("1700000000", ""));
    EXPECT_EQ(all["debt_repaid"].get<std::string>().substr(0, 7), "1088235");
    EXPECT_EQ(all["collateral_to_liquidator"].get<std::string>().substr(0, 6), "598529");
    EXPECT_EQ(all["written_off"], "0");
    // 550 dollars of depth are 500 dollars of debt.
    const auto part = test::result_of(name, pair("1700000000", R"(, "depth": 55000000000)"));
    EXPECT_NEAR(std::stod(part["debt_repaid"].get<std::string>()), 500'000'000, 2);
    EXPECT_EQ(value_of(name, pair("1600000000", ""), "refused"),
              quoted("health_factor_not_below_one"));
}

TEST(CalcBreakwater, BREAKWATER_008_a_threshold_falls_over_its_notice) {
    const auto at = [](const std::string& time) {
        return value_of("breakwater.threshold",
                        R"({"from": 8000, "to": 7000, "changed_at": 1000, "at": )" + time + "}",
                        "liquidation_threshold");
    };
    EXPECT_EQ(at("1000"), quoted("8000"));
    EXPECT_EQ(at("1001"), quoted("8000"));  // rounded for the borrower
    EXPECT_EQ(at("303400"), quoted("7500"));
    EXPECT_EQ(at("605799"), quoted("7001"));
    EXPECT_EQ(at("605800"), quoted("7000"));
}

TEST(CalcBreakwater, WATERFALL_006_a_withdrawal_bears_its_part) {
    const std::string name = "breakwater.impaired_withdrawal";
    const std::string part = R"({"amount": 3, "claims": 1000, "deficit": 100})";
    EXPECT_EQ(value_of(name, part, "paid"), quoted("2"));
    EXPECT_EQ(value_of(name, part, "borne"), quoted("1"));
    EXPECT_EQ(value_of(name, R"({"amount": 1000, "claims": 1000, "deficit": 100})", "paid"),
              quoted("900"));
}

TEST(CalcBreakwater, AAVE_035_umbrella_slash) {
    const auto with = [](const std::string& stake, const std::string& key) {
        return value_of("aave_v3.umbrella_slash",
                        R"({"deficit": 5000000000, "offset": 150000000, "pending": 50000000,
                            "fee": 0, "price": 100000000, "stake_price": 240000000000,
                            "decimals": 6, "stake_decimals": 18, "stake": ")" +
                            stake + "\"}",
                        key);
    };
    EXPECT_EQ(with("9000000000000000000", "new_deficit"), quoted("4800000000"));
    EXPECT_EQ(with("9000000000000000000", "slashed"), quoted("2000000000000000000"));
    EXPECT_EQ(with("9000000000000000000", "covered"), quoted("4800000000"));
    EXPECT_EQ(with("1000000000001000000", "slashed"), quoted("1000000000000000000"));
    EXPECT_EQ(with("1000000000001000000", "covered"), quoted("2400000000"));
    EXPECT_EQ(with("1000000", "covered"), quoted("0"));
}

}  // namespace
}  // namespace breakwater
