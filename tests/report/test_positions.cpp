// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <gtest/gtest.h>

#include "breakwater/stress/health.hpp"
#include "breakwater/stress/positions.hpp"
#include "breakwater/stress/solvency.hpp"
#include "small_book.hpp"

namespace breakwater::test {
namespace {

TEST(Positions, match_the_book_worked_out_by_hand) {
    const Book book = small_book();
    const auto positions = positions_of(book);
    ASSERT_TRUE(positions.has_value());
    EXPECT_EQ(positions->accounts, 5U);
    ASSERT_EQ(positions->borrowers.size(), 4U);
    const Position& w = positions->borrowers[0];
    EXPECT_EQ(w.account, whale);
    EXPECT_DOUBLE_EQ(w.collateral, 200'000);
    EXPECT_DOUBLE_EQ(w.debt, 130'000);
    EXPECT_DOUBLE_EQ(w.health, 160.0 / 130);
    EXPECT_FALSE(w.unhealthy);
    EXPECT_DOUBLE_EQ(positions->borrowers[1].health, 228.0 / 220) << "the e-mode's threshold";
    EXPECT_DOUBLE_EQ(positions->borrowers[2].health, 117.5 / 80);
    EXPECT_TRUE(positions->borrowers[3].unhealthy);
    EXPECT_EQ(positions->borrowers[3].health, 0);
    // lender 1,500,000 + 7,000,000; whale 150,000; looper 223,200; farmer 75,000 + 35,000.
    EXPECT_NEAR(positions->borrowing_power, 8'983'200, 1e-6);
    EXPECT_EQ(describe(book, positions->legs_of(w)), "WETH against USDC");
    EXPECT_EQ(describe(book, positions->legs_of(positions->borrowers[3])), "nothing against USDC");
}

TEST(Positions, name_the_account_whose_asset_has_no_price) {
    Book book = small_book();
    book.state.feeds[index(wsteth)].point = 0;
    const auto positions = positions_of(book);
    ASSERT_FALSE(positions.has_value());
    EXPECT_NE(positions.error().find("'looper'"), std::string::npos) << positions.error();
}

TEST(Solvency, adds_up_by_hand) {
    const Solvency s = solvency_of(small_book());
    EXPECT_DOUBLE_EQ(s.reserves[0].supplied, 1'150 * 2'000);
    EXPECT_DOUBLE_EQ(s.reserves[0].borrowed, 140 * 2'000);
    EXPECT_DOUBLE_EQ(s.reserves[0].cash, 1'010 * 2'000);
    EXPECT_DOUBLE_EQ(s.reserves[0].utilisation, 140.0 / 1'150);
    EXPECT_DOUBLE_EQ(s.reserves[2].borrowed, 150'500);
    EXPECT_DOUBLE_EQ(s.borrowed, 430'500);
    EXPECT_NEAR(s.reserves[2].uncovered, 0, 1e-6);
}

TEST(Solvency, a_missing_unit_of_cash_is_uncovered) {
    Book book = small_book();
    aave_market(book.state).reserves[index(usdc)].cash -= Amount{1'000'000};
    EXPECT_NEAR(solvency_of(book).reserves[index(usdc)].uncovered, 1, 1e-6);
}

TEST(Health, histogram_puts_each_borrower_into_its_bin) {
    const auto positions = positions_of(small_book());
    const auto bins = health_histogram(*positions);
    std::uint32_t accounts = 0;
    double debt = 0;
    for (const HealthBin& bin : bins) {
        accounts += bin.accounts;
        debt += bin.debt;
    }
    EXPECT_EQ(accounts, 4U);
    EXPECT_DOUBLE_EQ(debt, 430'500);
    EXPECT_EQ(bins[0].accounts, 1U) << "naked, below 1";
    EXPECT_DOUBLE_EQ(bins[3].debt, 220'000) << "looper, 1.02 to 1.05";
    EXPECT_DOUBLE_EQ(bins[5].debt, 130'000) << "whale, 1.1 to 1.25";
    EXPECT_DOUBLE_EQ(bins[6].debt, 80'000) << "farmer, 1.25 to 1.5";
}

TEST(Health, concentration_by_hand) {
    const Concentration c = concentration_of(*positions_of(small_book()));
    EXPECT_EQ(c.borrowers, 4U);
    EXPECT_DOUBLE_EQ(c.share[0], 220.0 / 430.5);
    EXPECT_DOUBLE_EQ(c.share[1], 1);
    EXPECT_NEAR(c.hhi, (220.0 * 220 + 130.0 * 130 + 80.0 * 80 + 0.25) / (430.5 * 430.5), 1e-12);
}

TEST(Health, nearest_to_the_edge_are_the_healthy_ones_above_the_dust) {
    const auto positions = positions_of(small_book());
    EXPECT_EQ(nearest_to_edge(*positions, 2, 0), (std::vector{looper, whale}));
    EXPECT_EQ(nearest_to_edge(*positions, 20, 100'000), (std::vector{looper, whale}));
    EXPECT_EQ(nearest_to_edge(*positions, 20, 0), (std::vector{looper, whale, farmer}));
}

}  // namespace
}  // namespace breakwater::test
