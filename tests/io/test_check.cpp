// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <gtest/gtest.h>

#include "breakwater/io/check.hpp"
#include "small_book.hpp"

namespace breakwater {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace)

constexpr std::uint64_t as_of = 1'749'513'600;

bool has_doubt(const CheckReport& report, const std::string& part) {
    return std::ranges::any_of(report.findings, [&](const Finding& f) {
        return f.concern == Concern::doubt && f.text.find(part) != std::string::npos;
    });
}

CheckReport check_small(const std::string& market, const std::string& accounts,
                        std::optional<Time> now = {}) {
    const TemporaryFolder folder;
    return check_book(write_small(folder, market, accounts), now);
}

TEST(Check, coverage_is_the_share_of_value_with_depth_and_feed) {
    const CheckReport r = check_small(small_market, small_accounts);
    EXPECT_EQ(r.accounts, 4U);
    EXPECT_EQ(r.borrowers, 2U);
    EXPECT_EQ(r.unhealthy, 0U);
    EXPECT_EQ(r.coverage.price, 1);
    // WETH: 510 supplied and 110.25 owed; wstETH 100; USDC 5,000,000 and 12,000.5.
    const double weth = 620.25 * 2762.13;
    const double all = weth + 100 * 3328.91225917 + 5'012'000.5 * 0.99979999;
    EXPECT_NEAR(r.coverage.depth, weth / all, 1e-9);
    EXPECT_NEAR(r.coverage.feed, weth / all, 1e-9);
    EXPECT_TRUE(has_doubt(r,
                          "no [asset.liquidity], taken as 1,000,000 USD deep, half recovered in 60 "
                          "min: wstETH USDC"));
}

TEST(Check, old_data_is_doubted_and_fresh_data_is_not) {
    EXPECT_TRUE(has_doubt(check_small(small_market, small_accounts, Time{as_of + 86'401}),
                          "24.0 hours old"));
    EXPECT_FALSE(has_doubt(check_small(small_market, small_accounts, Time{as_of + 86'400}), "old"));
    EXPECT_TRUE(has_doubt(check_small(small_market, small_accounts, Time{as_of - 1}), "future"));
}

TEST(Check, what_is_already_under_water_is_counted) {
    // 10 WETH back 27,000 USDC: health 0.85; 30,000 USDC: 2,375 USD without collateral.
    const CheckReport r = check_small(small_market, changed(small_accounts, "12000.5", "30000"));
    EXPECT_EQ(r.unhealthy, 1U);
    EXPECT_NEAR(r.insolvent_debt_usd, 30'000 * 0.99979999 - 27'621.3, 0.01);
    EXPECT_TRUE(has_doubt(r, "1 accounts are unhealthy at the start"));
}

TEST(Check, sums_that_do_not_agree_with_the_given_cash_are_doubted) {
    const std::string cash =
        changed(small_market, "slope2 = 3500\n", "slope2 = 3500\ncash = \"5987999.5\"\n");
    EXPECT_TRUE(has_doubt(check_small(cash, small_accounts),
                          "USDC: cash and debt exceed what the accounts supplied by 999800 USD"));
    const std::string exact =
        changed(small_market, "slope2 = 3500\n", "slope2 = 3500\ncash = \"4987999.5\"\n");
    EXPECT_FALSE(has_doubt(check_small(exact, small_accounts), "suppliers are missing"));
}

TEST(Check, caps_and_kinds_that_the_numbers_contradict_are_doubted) {
    const std::string capped = changed(small_market, "supply_cap = 3_000_000", "supply_cap = 255");
    EXPECT_TRUE(
        has_doubt(check_small(capped, small_accounts), "WETH is supplied beyond its cap, 200.0 %"));
    const std::string off_par = changed(small_market, "price = \"0.99979999\"", "price = \"0.88\"");
    EXPECT_TRUE(has_doubt(check_small(off_par, small_accounts),
                          "USDC is called stable at a price of 0.8800"));
    const std::string wrong_mode =
        changed(small_accounts, "bob,WETH,0,110.25,0,1", "bob,USDC,0,1000,0,1");
    EXPECT_TRUE(has_doubt(check_small(small_market, wrong_mode), "1 debts are not borrowable"));
}

TEST(Check, text_and_json_say_the_same) {
    const CheckReport r = check_small(small_market, small_accounts);
    const std::string text = to_text(r);
    const std::string json = to_json(r);
    EXPECT_NE(text.find(r.input_hash), std::string::npos);
    EXPECT_NE(json.find("\"input_hash\":\"" + r.input_hash + "\""), std::string::npos);
    EXPECT_TRUE(json.starts_with("{\"format\":\"breakwater-check/1\""));
    EXPECT_NE(text.find(std::to_string(r.doubts()) + " doubt"), std::string::npos);
}

}  // namespace
}  // namespace breakwater
