// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <map>

#include <gtest/gtest.h>

#include "breakwater/core/digest.hpp"
#include "venue_book.hpp"

/// What must hold for every venue and every sequence. Each seed is one venue; a failure prints it.
namespace breakwater::given {
namespace {

TEST(VenueProperties, VENUE_001_to_VENUE_026_hold_after_every_event_and_refusals_leave_no_trace) {
    constexpr std::uint64_t books = 150;
    constexpr int events = 400;
    std::map<std::size_t, int> applied;
    std::map<Error, int> refused;
    std::map<std::size_t, int> effects;
    for (std::uint64_t seed = 1; seed <= books; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        SeededChance chance(seed);
        State state = random_venue(chance);
        Planner planner;
        for (int i = 0; i < events; ++i) {
            const Event event = random_venue_event(state, chance);
            const auto* action = std::get_if<venue::Action>(&event.action);
            const std::size_t kind = action != nullptr ? action->index() : 99;
            const VenueOutcome outcome = apply_venue_watched(state, planner, event);
            ASSERT_EQ(outcome.broken, "") << "event " << i << " of kind " << kind;
            if (outcome.status)
                ++applied[kind];
            else
                ++refused[outcome.status.error()];
        }
    }
    // CoverLoss is last: a loss that gains do not bear is rare; test_venue_liquidation.cpp has one
    // by hand.
    for (std::size_t kind = 0; kind + 1 < std::variant_size_v<venue::Action>; ++kind)
        EXPECT_GT(applied[kind], 5) << "the sequences hardly ever do kind " << kind;
    for (const Error e :
         {Error::margin_insufficient, Error::mark_stale, Error::account_in_liquidation,
          Error::withdrawals_gated, Error::contract_expired, Error::contract_not_expired,
          Error::positions_too_many, Error::account_not_in_liquidation, Error::equity_negative,
          Error::equity_not_negative, Error::throughput_exhausted, Error::hedge_useless,
          Error::notice_too_short, Error::account_not_empty, Error::accounts_not_related,
          Error::counterparties_insufficient})
        EXPECT_GT(refused[e], 0) << "never refused as " << name(e);
}

TEST(VenueProperties, ENGINE_004_a_planner_with_a_past_decides_as_a_new_one) {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        SeededChance chance(seed);
        State state = random_venue(chance);
        State other = state;
        Planner kept;
        for (int i = 0; i < 100; ++i) {
            const Event event = random_venue_event(state, chance);
            Planner fresh;
            const bool a = apply(state, event, kept).has_value();
            const bool b = apply(other, event, fresh).has_value();
            ASSERT_EQ(a, b) << "seed " << seed << " event " << i;
        }
        ASSERT_EQ(digest_of(state), digest_of(other));
    }
}

}  // namespace
}  // namespace breakwater::given
