// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <string>

#include <gtest/gtest.h>

#include "breakwater/core/digest.hpp"
#include "breakwater/core/engine.hpp"
#include "breakwater/core/invariants.hpp"
#include "breakwater/stress/run.hpp"

/// A crash with everything on, and what any storm must keep on its paths: the same bits from every worker, journals
/// that lead to the same state, nobody unhealthy asleep.
namespace breakwater::test {

/// A day with one fall of about 25 %, everything on.
inline Scenario crash() {
    Scenario s;
    s.name = "test-crash";
    s.price.model = PriceScenario::Model::merton;
    s.price.correlation = 0.85;
    s.price.rules = {
        {.symbol = "WETH", .kind = {}, .volatility = 0.8, .drift = 0, .beta = 1},
        {.symbol = "", .kind = AssetKind::stable, .volatility = 0.01, .drift = 0, .beta = 0},
        {.symbol = "*", .kind = {}, .volatility = 0.9, .drift = 0, .beta = 1}};
    s.price.jump = {.forced = 1, .intensity = 0, .mean = -0.25, .deviation = 0.05};
    s.step_seconds = 600;
    s.liquidity.depth_factor = 0.3;
    return s;
}

inline bool same(const PathResult& a, const PathResult& b) {
    return a.realised.oracle == b.realised.oracle && a.realised.market == b.realised.market &&
           a.realised.exit == b.realised.exit && a.unrealised.oracle == b.unrealised.oracle &&
           a.unrealised.market == b.unrealised.market && a.unrealised.exit == b.unrealised.exit &&
           a.unrealised_peak == b.unrealised_peak && a.covered == b.covered &&
           a.repaid == b.repaid && a.seized == b.seized && a.stuck == b.stuck &&
           a.backlog_peak == b.backlog_peak && a.equity_lost == b.equity_lost &&
           a.liquidations == b.liquidations && a.ltv_raised == b.ltv_raised &&
           a.stuck_accounts == b.stuck_accounts && a.looks == b.looks && a.events == b.events &&
           a.refusals == b.refusals;
}

/// Applies what it is told to a state of its own.
class Replayer : public JournalPort {
  public:
    explicit Replayer(const State& start) : state(start) {}
    void applied(const Event& event) override {
        ASSERT_TRUE(apply(state, event, planner).has_value());
        ++events;
    }
    State state;
    Planner planner;
    std::uint32_t events = 0;
};

/// One thread and three give the same outcomes, losses and courses.
inline void expect_the_same_from_any_threads(const Book& book, std::uint64_t seed) {
    const auto setup = prepare_storm(book, crash(), seed);
    ASSERT_TRUE(setup.has_value()) << setup.error();
    const RunResult one = run_storms(*setup, {.paths = 24, .threads = 1, .progress = {}});
    const RunResult three = run_storms(*setup, {.paths = 24, .threads = 3, .progress = {}});
    MicroUsd repaid = 0;
    for (std::size_t p = 0; p < 24; ++p) {
        ASSERT_TRUE(same(one.paths[p], three.paths[p])) << "path " << p;
        repaid += one.paths[p].repaid;
    }
    EXPECT_GT(repaid, 0);
    EXPECT_EQ(one.accounts.all(), three.accounts.all());
    EXPECT_EQ(one.liquidated, three.liquidated);
    EXPECT_EQ(one.worst_series.price, three.worst_series.price);
}

/// A fresh worker's journal leads to its digest and to a state that keeps every promise; a used worker gives the same.
template <class AnyStorm>
void expect_journals_replay(const Book& book, std::uint64_t seed) {
    const auto setup = prepare_storm(book, crash(), seed);
    ASSERT_TRUE(setup.has_value()) << setup.error();
    AnyStorm used(*setup);
    for (std::uint32_t p = 0; p < 4; ++p) {
        AnyStorm fresh(*setup);
        Replayer replay(book.state);
        const PathResult alone = fresh.run(p, &replay);
        EXPECT_EQ(digest_of(replay.state), fresh.final_digest());
        EXPECT_EQ(replay.events, alone.events);
        EXPECT_FALSE(check_state(replay.state).has_value());
        EXPECT_TRUE(same(alone, used.run(p))) << "a worker that has run other paths gives the same";
    }
}

/// @param looks_max of a path: not everybody wakes
template <class AnyNativeStorm>
void expect_nobody_unhealthy_sleeps(const Book& book, std::uint64_t seed, std::uint32_t looks_max) {
    const auto setup = prepare_storm(book, crash(), seed);
    ASSERT_TRUE(setup.has_value()) << setup.error();
    AnyNativeStorm storm(*setup);
    storm.look_at_everybody(true);
    std::uint32_t looks = 0;
    for (std::uint32_t p = 0; p < 6; ++p) {
        looks += storm.run(p).looks;
        EXPECT_EQ(storm.missed(), 0U) << "path " << p;
    }
    EXPECT_GT(looks, 0U);
    EXPECT_LT(looks, 6 * looks_max);
}

}  // namespace breakwater::test
