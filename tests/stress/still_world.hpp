// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "breakwater/core/engine.hpp"
#include "breakwater/stress/run.hpp"

/// Storms of native books in tests: a world in which nothing disturbs, one in which everything is on, a path with its
/// journal applied beside it.
namespace breakwater::test {

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

/// An hour in which one asset falls to `price` in the first step and stays; the others stand still. Feeds are seen at
/// once, sales move nothing, gas costs a normal fee, keepers have no end.
inline Scenario falls_to(const std::string& symbol, double price) {
    Scenario s;
    s.name = "test-fall";
    s.horizon_seconds = 3'600;
    s.step_seconds = 300;
    s.price.model = PriceScenario::Model::history;
    s.price.histories = {
        {.symbol = symbol,
         .kind = {},
         .source = "by hand",
         .points = {{0, 2'000, 2'000, price},
                    {300, price, price, price},
                    {7'200, price, price, price}},
         .follows = {},
         .beta = 1},
        {.symbol = "*", .kind = {}, .source = {}, .points = {}, .follows = symbol, .beta = 0}};
    s.oracle.enabled = false;
    s.chain.enabled = false;
    s.keepers.enabled = false;
    s.liquidity.enabled = false;
    return s;
}

/// A day with one fall of about a quarter, everything on.
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

struct PathRun {
    PathResult result;
    std::vector<PathLoss> losses;
    State end;  ///< as the journal leaves it
};
inline PathRun run_one(const Book& book, const Scenario& scenario) {
    const auto setup = prepare_storm(book, scenario, 1);
    if (!setup) {
        ADD_FAILURE() << setup.error();
        return {};
    }
    const auto storm = make_storm(*setup);
    Replayer replay(book.state);
    PathRun out{.result = storm->run(0, &replay), .losses = {}, .end = {}};
    out.losses.assign(storm->losses().begin(), storm->losses().end());
    out.end = std::move(replay.state);
    return out;
}

inline bool same(const PathResult& a, const PathResult& b) {
    return a.realised.oracle == b.realised.oracle && a.realised.market == b.realised.market &&
           a.realised.exit == b.realised.exit && a.unrealised.oracle == b.unrealised.oracle &&
           a.unrealised.market == b.unrealised.market && a.unrealised.exit == b.unrealised.exit &&
           a.unrealised_peak == b.unrealised_peak && a.repaid == b.repaid && a.seized == b.seized &&
           a.stuck == b.stuck && a.backlog_peak == b.backlog_peak &&
           a.equity_lost == b.equity_lost && a.liquidations == b.liquidations &&
           a.looks == b.looks && a.events == b.events && a.refusals == b.refusals;
}

}  // namespace breakwater::test
