// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <gtest/gtest.h>

#include "calling.hpp"

namespace breakwater {
namespace {

using test::fault_of;
using test::quoted;
using test::value_of;

const std::string no_arithmetic =
    "the input makes the program's checked arithmetic fail; expected numbers that fit its "
    "integers, "
    "and no division by 0";

std::string call(const std::string& name, const std::string& fields, const std::string& key) {
    return value_of("drift_v2." + name, "{" + fields + "}", key);
}

TEST(DriftV2, DRIFT_001_weights_move_with_the_root_of_size) {
    const auto premium = [](const std::string& size, const std::string& weight) {
        return call("calculate_size_premium_liability_weight",
                    R"("size":")" + size + R"(","imf_factor":500,"liability_weight":)" + weight,
                    "liability_weight");
    };
    EXPECT_EQ(premium("1000000000", "1000"), quoted("1000"));        // 800 + 5
    EXPECT_EQ(premium("1000000000000000", "1000"), quoted("5800"));  // 800 + 5000
    EXPECT_EQ(premium("1000000000000000", "1004"), quoted("5804"));  // 1004 − ⌊200.8⌋
    EXPECT_EQ(premium("0", "1000"), quoted("1000"));
    EXPECT_EQ(call("calculate_size_premium_liability_weight",
                   R"("size":"340282366920938463463374607431768211455","imf_factor":0,)"
                   R"("liability_weight":77)",
                   "liability_weight"),
              quoted("77"));
    EXPECT_EQ(fault_of("drift_v2.calculate_size_premium_liability_weight",
                       R"({"size":"340282366920938463463374607431768211455","imf_factor":1,)"
                       R"("liability_weight":77})"),
              no_arithmetic);
    const auto discount = [](const std::string& weight) {
        return call("calculate_size_discount_asset_weight",
                    R"("size":"1000000000000000","imf_factor":500,"asset_weight":)" + weight,
                    "asset_weight");
    };
    EXPECT_EQ(discount("8000"), quoted("7333"));  // 1.1e10 / 1.5e6
    EXPECT_EQ(discount("7000"), quoted("7000"));
}

TEST(DriftV2, DRIFT_002_ratios_by_kind_and_weights_by_deposits) {
    const auto ratio = [](const std::string& type) {
        return call("get_margin_ratio",
                    R"("size":0,"margin_ratio_initial":1000,"margin_ratio_maintenance":501,)"
                    R"("margin_type":")" +
                        type + "\"",
                    "margin_ratio");
    };
    EXPECT_EQ(ratio("Initial"), quoted("1000"));
    EXPECT_EQ(ratio("Fill"), quoted("750"));
    EXPECT_EQ(ratio("Maintenance"), quoted("501"));
    const auto scaled = [](const std::string& value) {
        return call(
            "get_scaled_initial_asset_weight",
            R"("initial_asset_weight":9000,"scale_initial_asset_weight_start":"500000000000",)"
            R"("deposit_value":")" +
                value + "\"",
            "asset_weight");
    };
    EXPECT_EQ(scaled("500000000000"), quoted("9000"));
    EXPECT_EQ(scaled("1000000000000"), quoted("4500"));
    EXPECT_EQ(scaled("1500000000000"), quoted("3000"));
    EXPECT_EQ(scaled("1500000000001"), quoted("2999"));
}

TEST(DriftV2, DRIFT_003_the_worse_side_of_open_orders_counts) {
    const auto worst = [](const std::string& base, const std::string& bids,
                          const std::string& asks) {
        return call("worst_case_base_asset_amount",
                    R"("base_asset_amount":)" + base + R"(,"open_bids":)" + bids +
                        R"(,"open_asks":)" + asks + R"(,"oracle_price":100000000)",
                    "worst_case_base_asset_amount");
    };
    EXPECT_EQ(worst("10000000000", "5000000000", "-20000000000"), quoted("15000000000"));
    EXPECT_EQ(worst("10000000000", "5000000000", "-30000000000"), quoted("-20000000000"));
    EXPECT_EQ(worst("0", "1000000000", "-1000000000"), quoted("-1000000000"));
    EXPECT_EQ(call("calculate_perp_margin_requirement",
                   R"("worst_case_base_asset_amount":"-1500000000","oracle_price":100000001,)"
                   R"("margin_ratio":1000,"open_orders":3)",
                   "margin_requirement"),
              quoted("15030000"));  // ⌊150000001.5⌋ · 0.1 down, and three cents
}

TEST(DriftV2, DRIFT_004_unrealised_profit_counts_with_restraint) {
    const auto weight = [](const std::string& profit, const std::string& type) {
        return call(
            "get_unrealized_asset_weight",
            R"("unrealized_pnl":)" + profit +
                R"(,"net_unsettled_pnl":"30000000","unrealized_pnl_max_imbalance":10000000,)"
                R"("unrealized_pnl_initial_asset_weight":9000,)"
                R"("unrealized_pnl_maintenance_asset_weight":10000,"margin_type":")" +
                type + "\"",
            "asset_weight");
    };
    EXPECT_EQ(weight("5", "Initial"), quoted("3000"));
    EXPECT_EQ(weight("5", "Maintenance"), quoted("10000"));
    EXPECT_EQ(weight("-5", "Initial"), quoted("10000"));
    const auto weighted = [](const std::string& profit, const std::string& w,
                             const std::string& type) {
        return call("weighted_unrealized_pnl",
                    R"("unrealized_pnl":)" + profit + R"(,"asset_weight":)" + w +
                        R"(,"margin_type":")" + type + "\"",
                    "weighted_unrealized_pnl");
    };
    EXPECT_EQ(weighted("300000000", "10000", "Initial"), quoted("100000000"));
    EXPECT_EQ(weighted("300000000", "10000", "Maintenance"), quoted("300000000"));
    EXPECT_EQ(weighted("-7", "5000", "Initial"), quoted("-3"));
}

TEST(DriftV2, DRIFT_005_a_debt_is_worth_more_than_an_asset) {
    const auto value = [](const std::string& amount) {
        return call("get_token_value",
                    R"("token_amount":)" + amount + R"(,"decimals":9,"oracle_price":1)",
                    "token_value");
    };
    EXPECT_EQ(value("1999999999"), quoted("1"));
    EXPECT_EQ(value("-1000000000"), quoted("-1"));
    EXPECT_EQ(value("-1000000001"), quoted("-2"));
    const auto strict = [](const std::string& amount) {
        return call("get_strict_token_value",
                    R"("token_amount":)" + amount +
                        R"(,"decimals":0,"oracle_price":10,"oracle_price_twap_5min":11)",
                    "token_value");
    };
    EXPECT_EQ(strict("2"), quoted("20"));
    EXPECT_EQ(strict("-2"), quoted("-22"));
}

TEST(DriftV2, DRIFT_006_how_much_to_close_solves_for_the_shortage) {
    const auto amount = [](const std::string& rest) {
        return call(
            "calculate_base_asset_amount_to_cover_margin_shortage",
            R"("margin_shortage":10000000,"margin_ratio":1000,"oracle_price":100000000,)" + rest,
            "base_asset_amount");
    };
    EXPECT_EQ(amount(R"("liquidation_fee":10000)"), quoted("1111111111"));
    EXPECT_EQ(amount(R"("liquidation_fee":10000,"if_liquidation_fee":10000)"),
              quoted("1250000000"));
    EXPECT_EQ(amount(R"("liquidation_fee":10000,"quote_oracle_price":500000)"),
              quoted("2222222222"));
    EXPECT_EQ(amount(R"("liquidation_fee":100000)"), quoted("18446744073709551615"));
    EXPECT_EQ(fault_of("drift_v2.calculate_base_asset_amount_to_cover_margin_shortage",
                       R"({"margin_shortage":1,"margin_ratio":1000,"oracle_price":100000000,)"
                       R"("liquidation_fee":10000,"if_liquidation_fee":90001})"),
              no_arithmetic);
}

TEST(DriftV2, DRIFT_007_the_insurance_fee_takes_95_percent_of_what_is_left) {
    const auto fee = [](const std::string& shortage, const std::string& most) {
        return call("calculate_perp_if_fee",
                    R"("margin_shortage":)" + shortage +
                        R"(,"user_base_asset_amount":2000000000,"margin_ratio":1000,)"
                        R"("liquidator_fee":10000,"oracle_price":100000000,)"
                        R"("max_if_liquidation_fee":)" +
                        most,
                    "if_liquidation_fee");
    };
    EXPECT_EQ(fee("10000000", "99999"), quoted("38000"));
    EXPECT_EQ(fee("10000000", "5000"), quoted("5000"));
    EXPECT_EQ(fee("18000000", "99999"), quoted("0"));
    EXPECT_EQ(fee("90000000", "99999"), quoted("0"));
    EXPECT_EQ(call("calculate_spot_if_fee",
                   R"("margin_shortage":10000000,"token_amount":1000000000,"asset_weight":8000,)"
                   R"("asset_liquidation_multiplier":1000000,"liability_weight":12000,)"
                   R"("liability_liquidation_multiplier":1000000,"liability_decimals":9,)"
                   R"("liability_price":100000000,"max_if_fee":900000)",
                   "if_liquidation_fee"),
              quoted("250000"));  // (1.2 − 0.8 − 0.1) / 1.2
}

TEST(DriftV2, DRIFT_008_the_fee_rises_after_ten_idle_minutes) {
    const auto fee = [](const std::string& slot) {
        return call("get_liquidation_fee",
                    R"("base_liquidation_fee":10000,"max_liquidation_fee":50000,)"
                    R"("last_active_user_slot":7,"current_slot":)" +
                        slot,
                    "liquidation_fee");
    };
    EXPECT_EQ(fee("1506"), quoted("10000"));
    EXPECT_EQ(fee("1507"), quoted("11500"));
    EXPECT_EQ(fee("100007"), quoted("50000"));
}

TEST(DriftV2, DRIFT_009_what_may_be_liquidated_grows_with_time) {
    const auto pct = [](const std::string& shortage, const std::string& freed,
                        const std::string& duration) {
        return call("calculate_max_pct_to_liquidate",
                    R"("margin_shortage":)" + shortage + R"(,"liquidation_margin_freed":)" + freed +
                        R"(,"last_active_slot":100,"slot":115,"initial_pct_to_liquidate":1000,)"
                        R"("liquidation_duration":)" +
                        duration,
                    "max_pct_to_liquidate");
    };
    EXPECT_EQ(pct("100000000", "0", "150"), quoted("2000"));
    EXPECT_EQ(pct("100000000", "10000000", "150"), quoted("1200"));
    EXPECT_EQ(pct("100000000", "0", "0"), quoted("10000"));
    EXPECT_EQ(pct("49999999", "0", "150"), quoted("10000"));
    EXPECT_EQ(pct("50000000", "0", "150"), quoted("2000"));
}

TEST(DriftV2, DRIFT_010_swaps_round_against_the_user_or_the_liquidator_as_the_program_does) {
    const auto transfer = [](const std::string& multiplier, const std::string& decimals) {
        return call("calculate_liability_transfer_to_cover_margin_shortage",
                    R"("margin_shortage":10000000,"asset_weight":8000,)"
                    R"("asset_liquidation_multiplier":)" +
                        multiplier +
                        R"(,"liability_weight":12000,"liability_liquidation_multiplier":1000000,)"
                        R"("liability_price":100000000,"liability_decimals":)" +
                        decimals,
                    "liability_transfer");
    };
    EXPECT_EQ(transfer("1000000", "9"), quoted("250000000"));
    EXPECT_EQ(transfer("1000000", "6"), quoted("250000"));
    EXPECT_EQ(transfer("1050000", "9"), quoted("277777777"));
    EXPECT_EQ(transfer("1500000", "9"), quoted("340282366920938463463374607431768211455"));
    const std::string sides =
        R"(,"asset_liquidation_multiplier":1000000,"asset_decimals":9,"asset_price":100000000,)"
        R"("liability_liquidation_multiplier":1000000,"liability_decimals":6,"liability_price":3000000)";
    EXPECT_EQ(call("calculate_liability_transfer_implied_by_asset_amount",
                   R"("asset_amount":1000000000)" + sides, "liability_transfer"),
              quoted("33333334"));
    const auto cost = [&](const std::string& amount) {
        return call("calculate_asset_transfer_for_liability_transfer",
                    R"("liability_amount":33333334,"asset_amount":)" + amount + sides,
                    "asset_transfer");
    };
    EXPECT_EQ(cost("1000000000"), quoted("1000000020"));
    EXPECT_EQ(cost("1000000015"), quoted("1000000015"));  // within the program's dollar
}

TEST(DriftV2, DRIFT_011_losses_are_spread_rounded_up) {
    const auto delta = [](const std::string& loss) {
        return call("calculate_funding_rate_deltas_to_resolve_bankruptcy",
                    R"("base_asset_amount_long":3000000000,"base_asset_amount_short":-4000000000,)"
                    R"("loss":)" +
                        loss,
                    "funding_rate_delta");
    };
    EXPECT_EQ(delta("-1000000"), quoted("142858000"));
    EXPECT_EQ(delta("-7"), quoted("1000"));
    EXPECT_EQ(fault_of("drift_v2.calculate_funding_rate_deltas_to_resolve_bankruptcy",
                       R"({"loss":-1,"base_asset_amount_long":0,"base_asset_amount_short":0})"),
              no_arithmetic);
    const auto interest = [](const std::string& deposits) {
        return call(
            "calculate_cumulative_deposit_interest_delta_to_resolve_bankruptcy",
            R"("cumulative_deposit_interest":10000000000,"borrow":7,"total_deposits":)" + deposits,
            "cumulative_deposit_interest_delta");
    };
    EXPECT_EQ(interest("3"), quoted("23333333334"));
    EXPECT_EQ(interest("0"), quoted("0"));
    const std::string waterfall =
        R"("loss":100,"quote_max_insurance":60,"quote_settled_insurance":20,"insurance_vault":31,)"
        R"("fee_pool":50)";
    EXPECT_EQ(call("resolve_perp_bankruptcy", waterfall, "insurance"), quoted("30"));
    EXPECT_EQ(call("resolve_perp_bankruptcy", waterfall, "fee_pool"), quoted("50"));
    EXPECT_EQ(call("resolve_perp_bankruptcy", waterfall, "socialised"), quoted("20"));
}

TEST(DriftV2, DRIFT_012_the_worst_that_holds_of_a_report_and_who_tolerates_it) {
    const auto validity = [](const std::string& price, const std::string& confidence,
                             const std::string& delay) {
        return call("oracle_validity",
                    R"("last_oracle_price_twap":100,"contract_tier":"C","oracle_price":)" + price +
                        R"(,"oracle_confidence":)" + confidence + R"(,"oracle_delay":)" + delay,
                    "oracle_validity");
    };
    EXPECT_EQ(validity("0", "99", "999"), quoted("NonPositive"));
    EXPECT_EQ(validity("600", "99", "999"), quoted("TooVolatile"));
    EXPECT_EQ(validity("599", "24", "999"), quoted("TooUncertain"));  // 4.006 % above 4 %
    EXPECT_EQ(validity("599", "23", "121"), quoted("StaleForMargin"));
    EXPECT_EQ(validity("599", "23", "11"), quoted("StaleForAMM"));
    EXPECT_EQ(validity("599", "23", "10"), quoted("Valid"));
    const auto is_valid = [](const std::string& what, const std::string& action) {
        return call("is_oracle_valid_for_action",
                    R"("oracle_validity":")" + what + R"(","action":")" + action + "\"",
                    "is_valid");
    };
    EXPECT_EQ(is_valid("TooUncertain", "Liquidate"), "true");
    EXPECT_EQ(is_valid("TooVolatile", "Liquidate"), "false");
    EXPECT_EQ(is_valid("StaleForMargin", "MarginCalc"), "false");
    EXPECT_EQ(is_valid("InsufficientDataPoints", "MarginCalc"), "true");
    EXPECT_EQ(is_valid("StaleForAMM", "FillOrderAmm"), "false");
    const auto divergent = [](const std::string& price) {
        return call("is_oracle_too_divergent_with_twap_5min",
                    R"("oracle_twap_5min":1000,"oracle_price":)" + price, "is_too_divergent");
    };
    EXPECT_EQ(divergent("1499"), "false");
    EXPECT_EQ(divergent("1500"), "true");
    EXPECT_EQ(divergent("500"), "true");
}

TEST(DriftV2, DRIFT_013_good_collateral_serves_safe_tiers_first) {
    const auto is_safe = [](const std::string& tier, const std::string& best,
                            const std::string& asset) {
        return call("is_as_safe_as",
                    R"("contract_tier":")" + tier + R"(","best_contract":")" + best +
                        R"(","best_asset":")" + asset + "\"",
                    "is_as_safe_as");
    };
    EXPECT_EQ(is_safe("B", "A", "Unlisted"), "false");
    EXPECT_EQ(is_safe("A", "A", "Unlisted"), "true");
    EXPECT_EQ(is_safe("Speculative", "Isolated", "Unlisted"), "true");
    EXPECT_EQ(is_safe("C", "C", "Cross"), "true");
    EXPECT_EQ(is_safe("C", "C", "Collateral"), "false");
    EXPECT_EQ(is_safe("Speculative", "Isolated", "Cross"), "false");
}

TEST(DriftV2, DRIFT_014_a_quarter_may_leave_in_a_day) {
    const auto least = [](const std::string& threshold) {
        return call("calculate_min_deposit_token_amount",
                    R"("deposit_token_twap":1000,"withdraw_guard_threshold":)" + threshold,
                    "min_deposit_token_amount");
    };
    EXPECT_EQ(least("100"), quoted("750"));
    EXPECT_EQ(least("400"), quoted("600"));
    EXPECT_EQ(least("5000"), quoted("0"));
    const auto most = [](const std::string& borrows, const std::string& pool) {
        return call("calculate_max_borrow_token_amount",
                    R"("deposit_token_amount":1200,"deposit_token_twap":1000,)"
                    R"("withdraw_guard_threshold":10,"borrow_token_twap":)" +
                        borrows + R"(,"pool_id":)" + pool,
                    "max_borrow_token_amount");
    };
    EXPECT_EQ(most("0", "0"), quoted("166"));
    EXPECT_EQ(most("300", "0"), quoted("400"));
    EXPECT_EQ(most("900", "0"), quoted("800"));
    EXPECT_EQ(most("300", "1"), quoted("633"));
    EXPECT_EQ(call("can_exit_liquidation", R"("total_collateral":101,"margin_requirement":100)",
                   "can_exit_liquidation"),
              "false");
    EXPECT_EQ(call("can_exit_liquidation", R"("total_collateral":102,"margin_requirement":100)",
                   "can_exit_liquidation"),
              "true");
}

}  // namespace
}  // namespace breakwater
