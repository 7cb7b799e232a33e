// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <algorithm>

#include <gtest/gtest.h>

#include "../report/small_book.hpp"
#include "breakwater/core/digest.hpp"
#include "breakwater/stress/storm.hpp"
#include "breakwater/stress/wiring.hpp"

/// Storms with several sources and a guard: docs/rules.md, FEEDS-042.
namespace breakwater {
namespace {

constexpr double step_seconds = 300;

Scenario quiet() {
    Scenario s;
    s.name = "quiet";
    s.price.model = PriceScenario::Model::gbm;
    s.price.rules = {{.symbol = "*", .kind = {}, .volatility = 0.05, .drift = 0, .beta = 1}};
    s.horizon_seconds = 6 * 3600;
    s.step_seconds = step_seconds;
    return s;
}

Scenario crash() {
    Scenario s = quiet();
    s.name = "crash";
    s.price.model = PriceScenario::Model::merton;
    s.price.correlation = 0.8;
    s.price.rules.front().volatility = 0.9;
    s.price.jump = {.forced = 1, .intensity = 0, .mean = -0.2, .deviation = 0.05};
    return s;
}

/// One source prints the asset 30 % below the market for an hour.
Scenario one_venue_off() {
    Scenario s = quiet();
    FeedFault fault{.kind = FeedFault::Kind::scaled, .value = 0.7, .from = 3600, .until = 7200};
    s.faults = {{.symbol = "WETH", .source = 0, .fault = fault}};
    return s;
}

Book book_with(std::uint32_t sources, bool is_guarded) {
    Book book = test::random_book(7, 300);
    if (sources > 1) give_sources(book, sources, step_seconds);
    book.is_guarded = is_guarded;
    wire(book);
    return book;
}

PathResult run(const Book& book, const Scenario& scenario, std::uint32_t path = 0) {
    const auto setup = prepare_storm(book, scenario, 11);
    EXPECT_TRUE(setup.has_value()) << (setup ? "" : setup.error());
    Storm storm(*setup);
    return storm.run(path);
}

TEST(StormGuard, FEEDS_042_one_venue_that_prints_off_liquidates_the_healthy_without_a_guard_alone) {
    const PathResult off = run(book_with(1, false), one_venue_off());
    const PathResult on = run(book_with(5, true), one_venue_off());
    // Reports come late: who is healthy again at the market of the moment counts as well. The fault adds nobody.
    const PathResult without_fault = run(book_with(5, true), quiet());
    EXPECT_GT(off.guard.wrongful, 10 * on.guard.wrongful);
    EXPECT_EQ(on.guard.wrongful, without_fault.guard.wrongful);
    EXPECT_EQ(off.guard.contested_peak, 0);
}

TEST(StormGuard, FEEDS_042_a_crash_is_contested_for_a_while_and_liquidated) {
    const PathResult on = run(book_with(5, true), crash());
    EXPECT_GT(on.guard.contested_peak, 0);
    EXPECT_GT(on.guard.contested_hours, 0);
    EXPECT_GT(on.guard.alarm_steps, 0U);
    EXPECT_GT(on.liquidations, 0U);
}

TEST(StormGuard, FEEDS_042_a_path_gives_the_same_again_and_puts_everything_back) {
    const Book book = book_with(5, true);
    const auto setup = prepare_storm(book, crash(), 11);
    ASSERT_TRUE(setup.has_value());
    Storm storm(*setup);
    const PathResult first = storm.run(3);
    storm.run(4);
    const PathResult again = storm.run(3);
    EXPECT_EQ(first.repaid, again.repaid);
    EXPECT_EQ(first.events, again.events);
    EXPECT_EQ(first.guard.contested_hours, again.guard.contested_hours);
    EXPECT_EQ(first.bad_debt(), again.bad_debt());
}

/// One source says a price below zero for an hour.
Scenario one_source_mad() {
    Scenario s = one_venue_off();
    s.faults.front().fault.value = -1;
    return s;
}

TEST(StormGuard, FEEDS_021_each_step_of_a_guarded_feed_is_counted_in_one_state_of_trust) {
    const Book book = book_with(5, true);
    const auto setup = prepare_storm(book, one_source_mad(), 11);
    ASSERT_TRUE(setup.has_value());
    Storm storm(*setup);
    for (const std::uint32_t path : {0U, 1U}) {
        storm.run(path);
        ASSERT_EQ(storm.feeds().size(), book.assets.size());
        for (std::size_t a = 0; a < book.assets.size(); ++a) {
            const FeedOutcome& feed = storm.feeds()[a];
            std::uint32_t steps = 0;
            for (const std::uint32_t n : feed.steps) steps += n;
            EXPECT_EQ(steps, setup->steps());
            const auto mad = feed.refused[static_cast<std::size_t>(feeds::Refusal::non_positive)];
            if (a == 0)
                EXPECT_GT(mad, 5U);
            else
                EXPECT_EQ(mad, 0U);
        }
    }
}

TEST(StormGuard, FEEDS_021_without_a_guard_nothing_is_counted) {
    const Book book = book_with(5, false);
    const auto setup = prepare_storm(book, one_source_mad(), 11);
    ASSERT_TRUE(setup.has_value());
    Storm storm(*setup);
    storm.run(0);
    EXPECT_TRUE(storm.feeds().empty());
}

TEST(StormGuard, FEEDS_037_a_change_that_takes_a_ratio_for_dollars_is_refused_under_guard) {
    Scenario s = quiet();
    s.changes = {{.symbol = "wstETH", .at = 3600, .factor = 1, .as_ratio = true}};
    const PathResult off = run(book_with(1, false), s);
    const PathResult on = run(book_with(5, true), s);
    EXPECT_GT(off.guard.wrongful, 0);
    EXPECT_GT(off.bad_debt(), 0);
    EXPECT_EQ(on.guard.wrongful, run(book_with(5, true), quiet()).guard.wrongful);
    EXPECT_EQ(on.guard.changes_refused, 1U);
}

TEST(StormGuard, FEEDS_042_a_scenario_that_names_what_is_not_in_the_book_is_refused) {
    Scenario s = one_venue_off();
    s.faults.front().symbol = "NONE";
    EXPECT_FALSE(prepare_storm(book_with(1, false), s, 1).has_value());
}

}  // namespace
}  // namespace breakwater
