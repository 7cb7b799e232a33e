// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <gtest/gtest.h>

#include "calling.hpp"

namespace breakwater {
namespace {

using test::quoted;
using test::value_of;

/// 1e-10 BTC at 50 000 USD: 5e9 · 1e-5.
const std::string btc = R"("atomic_resolution":-10,"price":"5000000000","exponent":-5)";
/// One quote quantum per base quantum.
const std::string par = R"("atomic_resolution":-6,"price":1,"exponent":0)";

TEST(DydxV4, DYDX_001_a_notional_is_signed_and_rounds_toward_zero) {
    const auto notional = [](const std::string& base, const std::string& conversion) {
        return value_of("dydx_v4.notional",
                        R"({"base_quantums":")" + base + "\"," + conversion + "}", "notional");
    };
    EXPECT_EQ(notional("1000000000", btc), quoted("5000000000"));
    EXPECT_EQ(notional("-1000000000", btc), quoted("-5000000000"));
    const std::string tenth = R"("atomic_resolution":-7,"price":1,"exponent":0)";
    EXPECT_EQ(notional("-9", tenth), quoted("0"));
    EXPECT_EQ(notional("-19", tenth), quoted("-1"));
    EXPECT_EQ(notional("19", tenth), quoted("1"));
    // 2^255 − 1 at 2^64 − 1 needs 319 bits.
    EXPECT_EQ(
        notional("57896044618658097711785492504343953926634992332820282019728792003956564819967",
                 R"("atomic_resolution":-6,"price":"18446744073709551615","exponent":0)"),
        quoted("1067993517960455041139614808466117959589566768673982431046885811578289580870573036"
               "263450769096705"));
}

TEST(DydxV4, DYDX_001_a_value_becomes_a_size_toward_zero) {
    const auto size = [](const std::string& quote, const std::string& conversion) {
        return value_of("dydx_v4.base_quantums",
                        R"({"quote_quantums":")" + quote + "\"," + conversion + "}",
                        "base_quantums");
    };
    EXPECT_EQ(size("5000000000", btc), quoted("1000000000"));
    EXPECT_EQ(size("-7", R"("atomic_resolution":-6,"price":2,"exponent":0)"), quoted("-3"));
    EXPECT_EQ(size("-7", R"("atomic_resolution":-7,"price":2,"exponent":0)"), quoted("-35"));
    EXPECT_EQ(size("79", R"("atomic_resolution":-5,"price":4,"exponent":0)"), quoted("1"));
}

TEST(DydxV4, DYDX_002_open_interest_scales_the_initial_fraction_between_the_caps) {
    const auto fraction = [](const std::string& open, const std::string& upper) {
        return value_of(
            "dydx_v4.initial_margin_fraction",
            R"({"initial_margin_ppm":100000,"open_interest_lower_cap":"20000000000000",)"
            R"("open_interest_upper_cap":")" +
                upper + R"(","open_notional":")" + open + "\"}",
            "initial_margin_fraction_ppm");
    };
    const std::string upper = "50000000000000";
    EXPECT_EQ(fraction("20000000000000", upper), quoted("100000"));
    EXPECT_EQ(fraction("20000033333333", upper), quoted("100000"));
    EXPECT_EQ(fraction("20000033333334", upper), quoted("100001"));
    EXPECT_EQ(fraction("35000000000000", upper), quoted("550000"));
    EXPECT_EQ(fraction("49999999999999", upper), quoted("999999"));
    EXPECT_EQ(fraction("50000000000000", upper), quoted("1000000"));
    EXPECT_EQ(value_of("dydx_v4.initial_margin_fraction",
                       R"({"initial_margin_ppm":100000,"open_notional":"99999999999999"})",
                       "initial_margin_fraction_ppm"),
              quoted("100000"));
}

TEST(DydxV4, DYDX_003_requirements_round_up_and_only_the_initial_one_knows_open_interest) {
    EXPECT_EQ(value_of("dydx_v4.initial_margin",
                       R"({"notional":"-1000001","initial_margin_ppm":50000})", "initial_margin"),
              quoted("50001"));
    EXPECT_EQ(
        value_of("dydx_v4.initial_margin",
                 R"({"notional":"1000001","initial_margin_ppm":50000,"custom_imf_ppm":200000})",
                 "initial_margin"),
        quoted("200001"));
    // ⌈50000.05⌉ = 50001, ⌈50001 · 0.6⌉ = ⌈30000.6⌉: rounded up twice.
    EXPECT_EQ(value_of("dydx_v4.maintenance_margin",
                       R"({"notional":"-1000001","initial_margin_ppm":50000,)"
                       R"("maintenance_fraction_ppm":600000})",
                       "maintenance_margin"),
              quoted("30001"));
    const std::string account =
        R"({"quote_balance":"-40000","positions":[{"base_quantums":"50000","open_interest":"35",)" +
        par +
        R"(,"initial_margin_ppm":100000,"maintenance_fraction_ppm":500000,)"
        R"("open_interest_lower_cap":20,"open_interest_upper_cap":50}]})";
    EXPECT_EQ(value_of("dydx_v4.subaccount_risk", account, "net_collateral"), quoted("10000"));
    EXPECT_EQ(value_of("dydx_v4.subaccount_risk", account, "initial_margin"), quoted("27500"));
    EXPECT_EQ(value_of("dydx_v4.subaccount_risk", account, "maintenance_margin"), quoted("2500"));
    EXPECT_EQ(value_of("dydx_v4.subaccount_risk", account, "is_initial_collateralized"), "false");
    EXPECT_EQ(value_of("dydx_v4.subaccount_risk", account, "is_liquidatable"), "false");
}

TEST(DydxV4, DYDX_004_liquidatable_below_maintenance_and_only_with_positions) {
    const auto is_liquidatable = [](const std::string& nc, const std::string& mmr) {
        return value_of("dydx_v4.is_liquidatable",
                        R"({"net_collateral":")" + nc + R"(","maintenance_margin":")" + mmr + "\"}",
                        "is_liquidatable");
    };
    EXPECT_EQ(is_liquidatable("101", "100"), "false");
    EXPECT_EQ(is_liquidatable("100", "100"), "false");
    EXPECT_EQ(is_liquidatable("99", "100"), "true");
    EXPECT_EQ(is_liquidatable("-5", "0"), "false");
}

TEST(DydxV4, DYDX_004_risk_is_ordered_across_then_by_margin_then_by_collateral) {
    const auto compare = [](int a_nc, int a_mmr, int b_nc, int b_mmr) {
        const auto risk = [](int nc, int mmr) {
            return R"({"net_collateral":)" + std::to_string(nc) + R"(,"maintenance_margin":)" +
                   std::to_string(mmr) + "}";
        };
        return value_of("dydx_v4.compare_risk",
                        R"({"a":)" + risk(a_nc, a_mmr) + R"(,"b":)" + risk(b_nc, b_mmr) + "}",
                        "cmp");
    };
    EXPECT_EQ(compare(99, 100, 100, 100), "1");
    EXPECT_EQ(compare(100, 100, 99, 100), "-1");
    EXPECT_EQ(compare(10, 20, 5, 10), "1");  // the same ratio: the larger is riskier
    EXPECT_EQ(compare(10, 20, 10, 20), "0");
    EXPECT_EQ(compare(-10, 20, -5, 20), "1");
    EXPECT_EQ(compare(-6, 0, -5, 0), "1");
    EXPECT_EQ(compare(5, 0, -5, 0), "-1");
    EXPECT_EQ(compare(0, 0, 7, 3), "-1");  // 0 · 3 = 7 · 0, and no margin is less than some
}

TEST(DydxV4, DYDX_005_an_undercollateralised_account_may_become_less_risky) {
    const auto update = [](int nc, int imr, int mmr, int new_nc, int new_mmr) {
        return value_of("dydx_v4.undercollateralized_update",
                        R"({"before":{"net_collateral":)" + std::to_string(nc) +
                            R"(,"initial_margin":)" + std::to_string(imr) +
                            R"(,"maintenance_margin":)" + std::to_string(mmr) +
                            R"(},"after":{"net_collateral":)" + std::to_string(new_nc) +
                            R"(,"maintenance_margin":)" + std::to_string(new_mmr) + "}}",
                        "result");
    };
    EXPECT_EQ(update(50, 100, 60, 50, 61), quoted("still_undercollateralized"));
    EXPECT_EQ(update(50, 100, 60, 45, 54), quoted("success"));
    EXPECT_EQ(update(50, 100, 60, 44, 54), quoted("still_undercollateralized"));
    EXPECT_EQ(update(100, 100, 60, 45, 60), quoted("newly_undercollateralized"));
    EXPECT_EQ(update(-5, 0, 0, -4, 0), quoted("success"));
    EXPECT_EQ(update(-5, 1, 0, -5, 0), quoted("still_undercollateralized"));
    EXPECT_EQ(update(-5, 9, 9, -4, 0), quoted("still_undercollateralized"));
}

TEST(DydxV4, DYDX_006_funding_rounds_toward_zero_but_settles_down) {
    const auto index = [](const std::string& rate) {
        return value_of("dydx_v4.funding_index_delta",
                        R"({"funding_rate_8h_ppm":)" + rate + R"(,"seconds":3600,)" + btc + "}",
                        "funding_index_delta");
    };
    EXPECT_EQ(index("1000"), quoted("625"));
    EXPECT_EQ(index("-100"), quoted("-62"));
    EXPECT_EQ(index("-1"), quoted("0"));
    const auto settlement = [](const std::string& positions) {
        return value_of("dydx_v4.funding_settlement", R"({"positions":[)" + positions + "]}",
                        "settlement");
    };
    const std::string longs = R"({"base_quantums":3,"funding_index":10,"position_index":9})";
    const std::string shorts = R"({"base_quantums":-3,"funding_index":10,"position_index":9})";
    EXPECT_EQ(settlement(longs), quoted("-1"));
    EXPECT_EQ(settlement(shorts), quoted("0"));
    EXPECT_EQ(settlement(longs + "," + shorts), quoted("0"));  // summed before the division
    const auto rate = [](const std::string& premium) {
        return value_of("dydx_v4.funding_rate",
                        R"({"initial_margin_ppm":50000,"maintenance_fraction_ppm":600000,)"
                        R"("clamp_factor_ppm":6000000,"default_funding_ppm":100,"premium_ppm":)" +
                            premium + "}",
                        "funding_rate_ppm");
    };
    EXPECT_EQ(rate("119899"), quoted("119999"));
    EXPECT_EQ(rate("119901"), quoted("120000"));
    EXPECT_EQ(rate("-200000"), quoted("-120000"));
}

TEST(DydxV4, DYDX_006_votes_are_padded_with_zeros_and_halves_go_away_from_zero) {
    const auto sample = [](const std::string& votes) {
        return value_of("dydx_v4.premium_sample", R"({"votes":)" + votes + "}", "premium_ppm");
    };
    EXPECT_EQ(sample("[2,1]"), "2");
    EXPECT_EQ(sample("[-1,-2]"), "-2");
    EXPECT_EQ(sample("[2,-1]"), "1");
    EXPECT_EQ(sample("[7]"), "7");
    EXPECT_EQ(sample("[5],\"min_votes\":3"), "0");
    const auto hour = [](const std::string& samples) {
        return value_of("dydx_v4.premium_of_hour", R"({"samples":)" + samples + "}", "premium_ppm");
    };
    EXPECT_EQ(hour("[5,-10]"), "-2");
    EXPECT_EQ(hour("[1,2,3,1000],\"tail_removal_ppm\":250000"), "2");
    EXPECT_EQ(hour("[9],\"min_samples\":3"), "3");
}

TEST(DydxV4, DYDX_007_the_bankruptcy_price_never_costs_the_fund_a_rounding) {
    const auto price = [](const char* dnnv, const char* dmmr, const char* tnc) {
        return value_of("dydx_v4.bankruptcy_price",
                        std::string(R"({"delta_net_notional":)") + dnnv +
                            R"(,"delta_maintenance_margin":)" + dmmr +
                            R"(,"total_net_collateral":)" + tnc +
                            R"(,"total_maintenance_margin":10000})",
                        "bankruptcy_price");
    };
    EXPECT_EQ(price("-50000", "-5000", "1000"), quoted("49500"));
    EXPECT_EQ(price("50000", "-5000", "1000"), quoted("-50500"));
    EXPECT_EQ(price("-50000", "-3333", "1001"), quoted("49667"));   // 333.6 down
    EXPECT_EQ(price("-50000", "-3333", "-1001"), quoted("50334"));  // −333.6 down
    EXPECT_EQ(price("50000", "-3333", "-1001"), quoted("-49666"));
}

TEST(DydxV4, DYDX_008_the_fillable_price_falls_with_the_rating_and_snaps_to_ticks) {
    const auto subticks = [](const char* pnnv, const char* size, const char* tnc) {
        return value_of(
            "dydx_v4.fillable_price",
            std::string(R"({"position_net_notional":)") + pnnv +
                R"(,"position_maintenance_margin":5000,"position_size":)" + size +
                R"(,"total_net_collateral":)" + tnc +
                R"(,"total_maintenance_margin":5000,"bankruptcy_adjustment_ppm":1000000,)"
                R"("spread_to_maintenance_margin_ratio_ppm":1500000,)"
                R"("quantum_conversion_exponent":-1,"subticks_per_tick":10})",
            "subticks");
    };
    EXPECT_EQ(subticks("50000", "100", "2500"), quoted("4630"));    // 462.5 up
    EXPECT_EQ(subticks("-50000", "-100", "2500"), quoted("5370"));  // 537.5 down
    EXPECT_EQ(subticks("50000", "100", "-1"), quoted("4250"));      // rating clamped to 1
    EXPECT_EQ(subticks("50000", "100", "5001"), quoted("5000"));    // and to 0
}

TEST(DydxV4, DYDX_009_the_fund_pays_what_is_missing_and_takes_at_most_the_fee) {
    const auto delta = [](const char* quote, const char* bankruptcy) {
        return value_of("dydx_v4.insurance_fund_delta",
                        std::string(R"({"delta_quote":)") + quote + R"(,"bankruptcy_price":)" +
                            bankruptcy + R"(,"max_liquidation_fee_ppm":5000})",
                        "insurance_fund_delta");
    };
    EXPECT_EQ(delta("49000", "49500"), quoted("-500"));
    EXPECT_EQ(delta("49500", "49500"), quoted("0"));
    EXPECT_EQ(delta("49501", "49500"), quoted("1"));
    EXPECT_EQ(delta("49900", "49500"), quoted("249"));  // 249.5 down
    EXPECT_EQ(delta("-50100", "-50500"), quoted("250"));
    EXPECT_EQ(delta("-50600", "-50500"), quoted("-100"));
}

TEST(DydxV4, DYDX_010_sizes_fit_portion_block_and_step) {
    const auto size = [](const char* position, const char* least, const char* done) {
        return value_of("dydx_v4.liquidation_size",
                        std::string(R"({"position_size":)") + position +
                            R"(,"min_position_notional_liquidated":)" + least +
                            R"(,"max_position_portion_liquidated_ppm":100000,)"
                            R"("max_subaccount_notional_liquidated":1000,)"
                            R"("subaccount_notional_liquidated":)" +
                            done + R"(,"step_base_quantums":7,)" + par + "}",
                        "delta_base_quantums");
    };
    EXPECT_EQ(size("-1000", "50", "0"), quoted("98"));
    EXPECT_EQ(size("1000", "50", "0"), quoted("-98"));
    EXPECT_EQ(size("1000", "50", "950"), quoted("-49"));
    EXPECT_EQ(size("1000", "50", "1000"), quoted("-7"));  // at least a step
    EXPECT_EQ(size("1000", "5000", "0"), quoted("-1000"));
    EXPECT_EQ(size("7", "0", "1000"), quoted("-7"));
}

TEST(DydxV4, DYDX_011_deleveraging_needs_a_deficit_or_a_settlement) {
    const auto at = [](const std::string& rest) {
        return value_of("dydx_v4.deleveraging", R"({"total_net_collateral":)" + rest + "}",
                        "deleveraging");
    };
    EXPECT_EQ(at("-1"), quoted("at_bankruptcy_price"));
    EXPECT_EQ(at("0"), quoted("none"));
    EXPECT_EQ(at("0,\"is_final_settlement\":true"), quoted("at_oracle_price"));
    EXPECT_EQ(at("-1,\"is_final_settlement\":true"), quoted("at_bankruptcy_price"));
}

TEST(DydxV4, DYDX_012_withdrawals_open_after_fifty_blocks_and_by_capacity) {
    const auto blocked = [](const std::string& last) {
        return value_of("dydx_v4.withdrawal_gate",
                        R"({"current_block":1000,"last_negative_tnc_block":)" + last + "}",
                        "blocked");
    };
    EXPECT_EQ(blocked("951"), "true");
    EXPECT_EQ(blocked("950"), "false");
    EXPECT_EQ(blocked("null"), "false");
    const auto capacity = [](const std::string& total) {
        return value_of(
            "dydx_v4.withdrawal_capacity",
            R"({"total_value":")" + total + R"(","baseline":"1000000000000","fraction_ppm":10000})",
            "capacity");
    };
    EXPECT_EQ(capacity("100000000000000"), quoted("1000000000000"));
    EXPECT_EQ(capacity("100000000000199"), quoted("1000000000001"));
}

}  // namespace
}  // namespace breakwater
