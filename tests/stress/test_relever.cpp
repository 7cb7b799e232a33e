// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <gtest/gtest.h>

#include "../report/small_book.hpp"
#include "breakwater/core/engine.hpp"
#include "breakwater/core/invariants.hpp"
#include "breakwater/stress/positions.hpp"
#include "breakwater/stress/relever.hpp"
#include "breakwater/stress/solvency.hpp"

namespace breakwater::test {
namespace {

/// The book with another threshold of WETH and another cap of USDC.
Book with(Book book, std::uint16_t threshold, std::uint64_t borrow_cap = 1'000'000) {
    aave_v3::Parameters p = aave_market(book.state).parameters[index(weth)];
    p.liquidation_threshold = threshold;
    p.ltv = std::min<std::uint16_t>(p.ltv, threshold);
    Planner planner;
    const Time now = book.state.now();
    EXPECT_TRUE(
        apply(book.state,
              {.time = now, .market = {}, .action = SetParameters{.asset = weth, .parameters = p}},
              planner));
    p = aave_market(book.state).parameters[index(usdc)];
    p.borrow_cap = borrow_cap;
    EXPECT_TRUE(
        apply(book.state,
              {.time = now, .market = {}, .action = SetParameters{.asset = usdc, .parameters = p}},
              planner));
    return book;
}

Position of(const Book& book, AccountId account) {
    const std::array<AccountId, 1> one{account};
    return positions_of(book, one)->borrowers.front();
}

// Whale: 130k · 0.82/0.80 = 133,250. Farmer: 80k · 119.5k/117.5k = 81,361.70, three quarters in WETH.
TEST(Relever, borrowers_reach_the_health_they_had) {
    const Book book = small_book();
    const auto out = relever(book, with(book, 8'200));
    ASSERT_TRUE(out.has_value()) << out.error();
    const double farmer_more = 80'000 * (119.5 / 117.5 - 1);
    EXPECT_NEAR(out->demand.wanted, 3'250 + farmer_more, 1e-6);
    EXPECT_NEAR(out->demand.borrowed, 3'250 + farmer_more, 1e-3);
    EXPECT_EQ(out->demand.repaid, 0);
    EXPECT_EQ(out->demand.borrowers, 2U);
    for (const AccountId account : {whale, farmer, looper})
        EXPECT_NEAR(of(out->book, account).health, of(book, account).health, 1e-6);
    EXPECT_NEAR(of(out->book, whale).debt, 133'250, 1e-3);
    EXPECT_NEAR(of(out->book, farmer).debt, 80'000 + farmer_more, 1e-3);
    EXPECT_EQ(of(out->book, looper).debt, of(book, looper).debt) << "its e-mode did not change";
    EXPECT_FALSE(check_state(out->book.state).has_value());
    const auto before = solvency_of(book).reserves[index(usdc)];
    const auto after = solvency_of(out->book).reserves[index(usdc)];
    EXPECT_NEAR(before.cash - after.cash, 3'250 + farmer_more / 4, 1e-3) << "it leaves the venue";
}

TEST(Relever, a_lower_limit_is_repaid) {
    const Book book = small_book();
    const auto out = relever(book, with(book, 7'800));
    ASSERT_TRUE(out.has_value()) << out.error();
    EXPECT_EQ(out->demand.wanted, 0);
    EXPECT_NEAR(of(out->book, whale).debt, 130'000 * 0.78 / 0.80, 1e-3);
    EXPECT_NEAR(of(out->book, whale).health, of(book, whale).health, 1e-6);
    EXPECT_NEAR(out->demand.repaid, 130'000 * 0.025 + 80'000 * (1 - 115.5 / 117.5), 1e-3);
    EXPECT_FALSE(check_state(out->book.state).has_value());
}

// 150,500 are owed, so a cap of 151,500 leaves 1,000 for the 3,250 + 340.43 that are wanted in USDC.
TEST(Relever, a_borrow_cap_is_shared_in_proportion) {
    const Book book = small_book();
    const auto out = relever(book, with(book, 8'200, 151'500));
    ASSERT_TRUE(out.has_value()) << out.error();
    const double farmer_more = 80'000 * (119.5 / 117.5 - 1);
    const double part = 1'000 / (3'250 + farmer_more / 4);
    EXPECT_NEAR(of(out->book, whale).debt, 130'000 + 3'250 * part, 1e-2);
    EXPECT_NEAR(out->demand.borrowed, 1'000 + 0.75 * farmer_more, 1e-2);
    EXPECT_LE(solvency_of(out->book).reserves[index(usdc)].borrowed, 151'500);
}

// With an LTV of 65.5 % the whale may owe 131,000, not the 133,250 that it would like to.
TEST(Relever, loan_to_value_limits_an_account) {
    Book book = small_book();
    aave_market(book.state).parameters[index(weth)].ltv = 6'550;
    const auto out = relever(book, with(book, 8'200));
    ASSERT_TRUE(out.has_value()) << out.error();
    EXPECT_NEAR(of(out->book, whale).debt, 131'000, 1e-3);
    EXPECT_LT(out->demand.borrowed, out->demand.wanted);
}

TEST(Relever, without_a_change_nothing_happens) {
    const Book book = random_book(3, 500);
    const auto out = relever(book, book);
    ASSERT_TRUE(out.has_value()) << out.error();
    EXPECT_EQ(out->demand.borrowers, 0U);
    EXPECT_EQ(solvency_of(out->book).borrowed, solvency_of(book).borrowed);
}

TEST(Relever, in_a_random_book_nobody_passes_its_old_health_and_the_book_adds_up) {
    const Book book = random_book(5, 800);
    for (const std::uint16_t threshold : {std::uint16_t{7'600}, std::uint16_t{8'300}}) {
        const auto out = relever(book, with(book, threshold, 0));
        ASSERT_TRUE(out.has_value()) << out.error();
        EXPECT_FALSE(check_state(out->book.state).has_value());
        EXPECT_GT(out->demand.borrowers, 100U);
        const auto now = positions_of(book);
        const auto then = positions_of(out->book);
        for (std::size_t i = 0; i < now->borrowers.size(); ++i)
            if (!now->borrowers[i].unhealthy) {
                EXPECT_GE(then->borrowers[i].health, now->borrowers[i].health * (1 - 1e-6));
            }
    }
}

}  // namespace
}  // namespace breakwater::test
