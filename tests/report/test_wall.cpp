// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <algorithm>
#include <stdexcept>

#include <gtest/gtest.h>

#include "breakwater/stress/pegs.hpp"
#include "breakwater/stress/wall.hpp"
#include "small_book.hpp"

namespace breakwater::test {
namespace {

const WallPoint& at(const Wall& wall, const std::string& symbol, int percent) {
    for (const WallCurve& curve : wall.curves)
        if (curve.symbol == symbol)
            return curve.points.at(static_cast<std::size_t>(percent / 5 - 1));
    throw std::runtime_error("no curve of " + symbol);
}

TEST(Wall, by_hand_for_a_fall_of_all_volatile_assets) {
    const Book book = small_book();
    const Wall wall = wall_of(book, *positions_of(book));
    EXPECT_DOUBLE_EQ(wall.moves[0], -0.05);
    EXPECT_DOUBLE_EQ(wall.moves[13], -0.70);
    // The whale turns unhealthy below −18.75 %; the looper's two sides fall together.
    EXPECT_EQ(at(wall, "all", 15).accounts, 0U);
    EXPECT_EQ(at(wall, "all", 15).liquidatable, 0);
    EXPECT_EQ(at(wall, "all", 20).accounts, 1U);
    EXPECT_DOUBLE_EQ(at(wall, "all", 20).liquidatable, 160'000);
    EXPECT_DOUBLE_EQ(at(wall, "all", 20).debt, 130'000);
    EXPECT_NEAR(at(wall, "all", 35).bad_debt, 0, 1e-6);
    EXPECT_NEAR(at(wall, "all", 40).bad_debt, 10'000, 1e-6);
    EXPECT_NEAR(at(wall, "all", 70).bad_debt, 70'000, 1e-6);
    EXPECT_NEAR(at(wall, "WETH", 70).bad_debt, 70'000, 1e-6) << "wstETH falls with WETH";
}

TEST(Wall, a_pegged_asset_that_falls_alone_breaks_its_loop) {
    const Book book = small_book();
    const Wall wall = wall_of(book, *positions_of(book));
    EXPECT_NEAR(at(wall, "wstETH", 5).liquidatable, 228'000, 1e-6);
    EXPECT_NEAR(at(wall, "wstETH", 5).debt, 220'000, 1e-6);
    EXPECT_EQ(at(wall, "wstETH", 5).bad_debt, 0);
    EXPECT_NEAR(at(wall, "wstETH", 10).bad_debt, 4'000, 1e-6);
}

TEST(Wall, what_is_liquidatable_before_any_move_stands_apart) {
    const Book book = small_book();
    const Wall wall = wall_of(book, *positions_of(book));
    EXPECT_EQ(wall.now.accounts, 1U);
    EXPECT_DOUBLE_EQ(wall.now.debt, 500);
    EXPECT_DOUBLE_EQ(wall.now.bad_debt, 500);
    EXPECT_EQ(at(wall, "USDC", 5).bad_debt, 0) << "the naked debt falls too";
}

TEST(Wall, capacity_is_where_the_bonus_is_used_up) {
    const Book book = small_book();
    const Wall wall = wall_of(book, *positions_of(book));
    const double bonus = 0.05 * 0.9;  // less the protocol's tenth
    const double slippage = bonus / (1 + bonus);
    EXPECT_NEAR(break_even_slippage(aave_market(book.state).parameters[0]), slippage, 1e-15);
    const Liquidity liquidity({&book.assets[0].liquidity, 1}, LiquidityScenario{});
    EXPECT_NEAR(liquidity.slippage_at(AssetId{0}, at(wall, "wstETH", 5).capacity), slippage, 1e-9);
    EXPECT_DOUBLE_EQ(at(wall, "WETH", 5).capacity, 2 * at(wall, "wstETH", 5).capacity)
        << "of WETH and wstETH";
}

TEST(Pegs, circles_and_unknown_pegs_end_somewhere) {
    Book book = small_book();
    book.assets[index(weth)].kind = AssetKind::pegged;
    book.assets[index(weth)].peg = "wstETH";
    EXPECT_EQ(peg_roots(book).size(), 3U);
    EXPECT_TRUE(followers_of(book, weth)[index(wsteth)]);
    book.assets[index(weth)].peg = "unknown";
    EXPECT_EQ(peg_roots(book)[index(wsteth)], weth);
}

// The wall is a line in the move; the rulebook's exact integers at the moved prices must say the
// same.
TEST(Wall, agrees_with_the_exact_rulebook_on_random_books) {
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
        SCOPED_TRACE(seed);
        const Book book = random_book(seed, 300);
        const auto before = positions_of(book);
        ASSERT_TRUE(before.has_value());
        const Wall wall = wall_of(book, *before);
        for (const WallCurve& curve : wall.curves)
            for (std::size_t i = 0; i < wall_moves; ++i) {
                Book moved = book;
                for (const AssetId a : curve.moved) {
                    std::uint64_t& point = moved.state.feeds[index(a)].point;
                    point = point / 100 *
                            static_cast<std::uint64_t>(95 - 5 * i);  // prices are whole dollars
                }
                const auto after = positions_of(moved);
                double liquidatable = 0;
                double bad_debt = 0;
                std::uint32_t accounts = 0;
                for (std::size_t p = 0; p < after->borrowers.size(); ++p) {
                    const Position& then = after->borrowers[p];
                    const Position& now = before->borrowers[p];
                    bad_debt += std::max(0.0, then.debt - then.collateral -
                                                  std::max(0.0, now.debt - now.collateral));
                    if (now.unhealthy || !then.unhealthy) continue;
                    ++accounts;
                    for (const PositionLeg& leg : after->legs_of(then))
                        if (std::ranges::count(curve.moved, leg.asset) > 0)
                            liquidatable += leg.collateral;
                }
                EXPECT_EQ(curve.points[i].accounts, accounts)
                    << curve.symbol << " " << wall.moves[i];
                EXPECT_NEAR(curve.points[i].liquidatable, liquidatable, 1e-3 + 1e-9 * liquidatable);
                EXPECT_NEAR(curve.points[i].bad_debt, bad_debt, 1e-3 + 1e-9 * bad_debt);
            }
        EXPECT_GT(at(wall, "all", 40).accounts, 10U) << "the test must have something to compare";
    }
}

}  // namespace
}  // namespace breakwater::test
