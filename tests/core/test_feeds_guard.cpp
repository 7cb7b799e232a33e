// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <array>

#include <gtest/gtest.h>

#include "breakwater/core/feeds/guard.hpp"

/// What the band means for an account: FEEDS-025 and FEEDS-026.
namespace breakwater::feeds {
namespace {

const Limits limits = limits_of(Tier::major);

Mark marked(std::uint64_t lo, std::uint64_t hi, std::uint64_t slow) {
    return {
        .point = {(lo + hi) / 2}, .lo = {lo}, .hi = {hi}, .slow = {slow}, .trust = Trust::normal};
}

TEST(FeedsGuard, FEEDS_025_opening_values_are_the_worse_of_band_and_slow_price) {
    EXPECT_EQ(opening_price(marked(98, 102, 100), Side::collateral).raw, 98U);
    EXPECT_EQ(opening_price(marked(98, 102, 90), Side::collateral).raw,
              90U);  // the price was pumped
    EXPECT_EQ(opening_price(marked(98, 102, 100), Side::debt).raw, 102U);
    EXPECT_EQ(opening_price(marked(98, 102, 110), Side::debt).raw, 110U);  // the price was pressed
}

/// 100 tokens at 80 % against a debt in USD.
std::array<Holding, 2> account(std::uint64_t debt, const Mark& collateral) {
    return {Holding{.side = Side::collateral,
                    .decimals = 2,
                    .threshold = 8'000,
                    .amount = {10'000},
                    .mark = collateral},
            Holding{.side = Side::debt, .decimals = 0, .amount = {debt}, .mark = marked(1, 1, 1)}};
}

TEST(FeedsGuard, FEEDS_026_liquidatable_is_who_is_unhealthy_at_every_price_of_the_band) {
    const Mark collateral = marked(90, 110, 100);  // worth 7 200 to 8 800
    struct Case {
        std::uint64_t debt;
        Standing expected;
    };
    for (const Case& c : {Case{7'199, Standing::healthy}, Case{7'200, Standing::healthy},
                          Case{7'201, Standing::contested}, Case{8'000, Standing::contested},
                          Case{8'800, Standing::contested}, Case{8'801, Standing::liquidatable}}) {
        EXPECT_EQ(standing_of(account(c.debt, collateral)), c.expected) << c.debt;
        EXPECT_EQ(may_liquidate(account(c.debt, collateral), limits),
                  c.expected == Standing::liquidatable);
    }
}

TEST(FeedsGuard, FEEDS_026_a_rulebooks_own_question_is_asked_at_both_ends) {
    const auto standing = [](bool at_best, bool at_worst) {
        return guarded([&](End end) { return end == End::best ? at_best : at_worst; });
    };
    EXPECT_EQ(standing(true, true), Standing::liquidatable);
    EXPECT_EQ(standing(false, true), Standing::contested);
    EXPECT_EQ(standing(false, false), Standing::healthy);
}

TEST(FeedsGuard, FEEDS_026_while_a_price_recovers_only_certain_insolvency_is_liquidated) {
    Mark collateral = marked(90, 110, 100);  // in full 9 000 to 11 000; 98 % of 11 000 is 10 780
    collateral.trust = Trust::recovering;
    EXPECT_FALSE(may_liquidate(account(10'780, collateral), limits));
    EXPECT_TRUE(may_liquidate(account(10'781, collateral), limits));
    collateral.trust = Trust::halt_new;
    EXPECT_FALSE(may_liquidate(account(20'000, collateral), limits));
}

TEST(FeedsGuard, FEEDS_026_what_does_not_fit_is_not_certain) {
    auto huge = account(1, marked(90, 110, 100));
    huge[1].amount = {uint128_max};
    huge[1].mark = marked(price_max - 2, price_max, price_max);
    EXPECT_EQ(standing_of(huge), Standing::contested);
}

}  // namespace
}  // namespace breakwater::feeds
