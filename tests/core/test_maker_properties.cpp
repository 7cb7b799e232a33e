// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <map>

#include <gtest/gtest.h>

#include "breakwater/core/digest.hpp"
#include "random_maker.hpp"
#include "rounds.hpp"

/// What must hold for every Maker market and every sequence. Each seed is one market; a failure prints it.
namespace breakwater::given {
namespace {

TEST(MakerProperties, MAKER_020_to_MAKER_024_hold_after_every_event_and_refusals_leave_no_trace) {
    constexpr std::uint64_t books = 150;
    constexpr int events = 300;
    std::map<std::size_t, int> applied;
    std::map<Error, int> refused;
    for (std::uint64_t seed = 1; seed <= books; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        SeededChance chance(seed);
        State state = random_maker_market(chance);
        Planner planner;
        for (int i = 0; i < events; ++i) {
            const Event event = random_maker_event(state, chance);
            const std::size_t kind = std::get<maker::Action>(event.action).index();
            const MakerOutcome outcome = apply_maker_watched(state, planner, event);
            ASSERT_EQ(outcome.broken, "") << "event " << i << " of kind " << kind;
            if (outcome.status)
                ++applied[kind];
            else
                ++refused[outcome.status.error()];
        }
    }
    for (std::size_t kind = 0; kind < std::variant_size_v<maker::Action>; ++kind)
        EXPECT_TRUE(given::sanitized || applied[kind] > 50) << "the sequences hardly ever do kind " << kind;
    for (const Error e :
         {Error::collateral_insufficient, Error::debt_below_minimum, Error::borrow_cap_exceeded,
          Error::balance_insufficient, Error::health_factor_not_below_one,
          Error::liquidation_limit_hit, Error::auction_dusty, Error::auction_not_running,
          Error::auction_needs_reset, Error::auction_still_runs, Error::slippage_exceeded,
          Error::partial_purchase_refused, Error::auctions_stopped, Error::wait_not_finished,
          Error::surplus_insufficient, Error::unqueued_debt_insufficient})
        EXPECT_TRUE(given::sanitized || refused[e] > 0) << "never refused as " << name(e);
}

TEST(MakerProperties, ENGINE_004_a_planner_with_a_past_decides_as_a_new_one) {
    for (std::uint64_t seed = 1; seed <= given::rounds(30U); ++seed) {
        SeededChance chance(seed);
        State state = random_maker_market(chance);
        State other = state;
        Planner kept;
        for (int i = 0; i < 100; ++i) {
            const Event event = random_maker_event(state, chance);
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
