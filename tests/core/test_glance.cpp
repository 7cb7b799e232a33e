// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <algorithm>
#include <cstdint>

#include <gtest/gtest.h>

#include "breakwater/core/glance.hpp"
#include "watch_book.hpp"
#include "rounds.hpp"

/// A glance against an exact assessment with floors and ceilings of its own (WATCH-004).
namespace breakwater {
namespace {

/// As the watch, but from balances as they are; units too low by up to 2^-cut of themselves.
Verdict glance_at(const TestBook& book, const TestAccount& account, unsigned cut, Dice& dice) {
    Glance glance;
    uint128 unit_max = 0;
    const auto lowered = [&](std::size_t asset, Side side) {
        const uint128 unit = book.unit(asset, side);
        unit_max = std::max(unit_max, unit);
        const uint128 most = unit >> (cut + 1);
        return most == 0 ? unit : unit - dice.wide(126) % most;
    };
    for (const TestLeg& leg : account.legs) {
        if (leg.supply > 0)
            glance.add(Side::collateral, leg.supply * book.assets[leg.asset].threshold,
                       lowered(leg.asset, Side::collateral));
        if (leg.debt > 0)
            glance.add(Side::debt, leg.debt * bps_one, lowered(leg.asset, Side::debt));
    }
    const uint128 slop = (TestBook::slop >> 64U) + 1 + 2 * bps_one * ((unit_max >> 64U) + 1);
    return glance.verdict(cut, slop);
}

TEST(Glance, WATCH_004_never_contradicts_the_exact_look_and_leaves_it_little) {
    std::uint64_t clear = 0;
    std::uint64_t unclear = 0;
    for (std::uint32_t seed = 1; seed <= given::rounds(400U); ++seed) {
        SCOPED_TRACE(testing::Message() << "seed " << seed);
        Dice dice(seed);
        TestBook book = random_book(dice);
        for (std::uint32_t i = 0; i < book.accounts.size(); ++i) {
            const auto check = [&] {
                const auto cut = static_cast<unsigned>(8 + dice.below(50));
                const Verdict verdict = glance_at(book, book.accounts[i], cut, dice);
                if (verdict == Verdict::unclear) return ++unclear;
                EXPECT_EQ(verdict == Verdict::unhealthy, book.unhealthy(AccountId{i}));
                return ++clear;
            };
            check();
            TestLeg* debt = put_on_edge(book, i);
            if (debt == nullptr) continue;
            const uint128 edge = debt->debt;
            for (const std::uint64_t apart : {0U, 1U, 2U, 3U, 10U}) {
                debt->debt = edge + apart;
                check();
                debt->debt = edge - std::min(edge, uint128{apart});
                check();
            }
            debt->debt = edge + (edge >> dice.below(60));
            check();
            debt->debt = edge - (edge >> dice.below(60));
            check();
        }
    }
    EXPECT_GT(clear, given::rounds(20'000U));
    EXPECT_GT(unclear, given::rounds(20'000U));
}

TEST(Glance, WATCH_004_is_clear_one_unit_beyond_the_margin_and_not_at_it) {
    constexpr uint128 step = uint128{1} << 64U;
    const auto verdict = [](std::uint64_t collateral, std::uint64_t debt, uint128 slop) {
        Glance glance;
        glance.add(Side::collateral, collateral, step);
        glance.add(Side::debt, debt, step);
        return glance.verdict(64, slop);
    };
    EXPECT_EQ(verdict(1006, 1000, 0), Verdict::unclear);  // two legs of 3
    EXPECT_EQ(verdict(1007, 1000, 0), Verdict::healthy);
    EXPECT_EQ(verdict(1000, 1006, 0), Verdict::unclear);
    EXPECT_EQ(verdict(1000, 1007, 0), Verdict::unhealthy);
    EXPECT_EQ(verdict(1026, 1000, 10), Verdict::unclear);
    EXPECT_EQ(verdict(1027, 1000, 10), Verdict::healthy);
}

TEST(Glance, WATCH_004_is_unclear_beyond_its_range) {
    Glance glance;
    glance.add(Side::collateral, uint128{1} << 120U, uint128{1} << 61U);
    EXPECT_EQ(glance.verdict(64, 0), Verdict::unclear);
    Glance within;
    within.add(Side::collateral, (uint128{1} << 120U) - 1, uint128{1} << 61U);
    EXPECT_EQ(within.verdict(64, 0), Verdict::healthy);
}

}  // namespace
}  // namespace breakwater
