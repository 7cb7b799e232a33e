// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <cmath>
#include <stdexcept>

#include <gtest/gtest.h>

#include "breakwater/stress/inspect.hpp"
#include "small_book.hpp"

namespace breakwater::test {
namespace {

const Drain& drain_of(const Inspection& inspection, AssetId asset) {
    for (const Drain& d : inspection.drains)
        if (d.collateral == asset) return d;
    throw std::runtime_error("no such collateral");
}

TEST(Drain, the_supply_cap_and_the_better_emode_bind) {
    // 900 wstETH of room = $2.16M; × 93 % = $2,008,800 against $2.02M of WETH; without e-mode only
    // × 78.5 %.
    const Drain d = drain_of(*inspect(small_book()), wsteth);
    EXPECT_DOUBLE_EQ(d.room, 2'160'000);
    EXPECT_DOUBLE_EQ(d.ltv, 0.93);
    EXPECT_EQ(d.emode, 1);
    EXPECT_DOUBLE_EQ(d.lendable, 2'020'000);
    EXPECT_DOUBLE_EQ(d.largest, 2'008'800);
    EXPECT_EQ(d.limit, Drain::Limit::cap_room);
    EXPECT_EQ(d.reserves, 1U);
    EXPECT_DOUBLE_EQ(d.minutes, 0.2) << "600,000 gas: one block";
    EXPECT_DOUBLE_EQ(d.backs, 220'000);
}

TEST(Drain, without_a_cap_the_borrow_cap_binds) {
    // USDC lends up to its borrow cap: 1,000,000 − 150,500. WETH itself is not worth borrowing,
    // wstETH is not lent.
    const Drain d = drain_of(*inspect(small_book()), weth);
    EXPECT_TRUE(std::isinf(d.room));
    EXPECT_DOUBLE_EQ(d.largest, 849'500);
    EXPECT_EQ(d.limit, Drain::Limit::lendable);
    EXPECT_EQ(d.emode, 0);
}

TEST(Drain, cash_binds) {
    const Drain d = drain_of(*inspect(small_book()), usdc);
    EXPECT_DOUBLE_EQ(d.room, 9'950'000);
    EXPECT_DOUBLE_EQ(d.largest, 2'020'000) << "all WETH there is";
}

TEST(Drain, a_frozen_collateral_drains_nothing_but_still_backs_debt) {
    Book book = small_book();
    aave_market(book.state).parameters[index(wsteth)].flags |= aave_v3::frozen;
    const Drain d = drain_of(*inspect(book), wsteth);
    EXPECT_EQ(d.limit, Drain::Limit::not_accepted);
    EXPECT_EQ(d.largest, 0);
    EXPECT_DOUBLE_EQ(d.backs, 220'000);
}

TEST(Drain, minutes_follow_the_gas) {
    // (250,000 + 350,000) / (0.01 × 30M) = 2 blocks of 12 s.
    InspectOptions options;
    options.drain.block_share = 0.01;
    EXPECT_DOUBLE_EQ(drain_of(*inspect(small_book(), options), wsteth).minutes, 0.4);
    options.drain.block_share = 0.0199;
    EXPECT_DOUBLE_EQ(drain_of(*inspect(small_book(), options), wsteth).minutes, 0.4);
    options.drain.block_share = 0.02;
    EXPECT_DOUBLE_EQ(drain_of(*inspect(small_book(), options), wsteth).minutes, 0.2);
}

}  // namespace
}  // namespace breakwater::test
