// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <string>
#include <vector>

#include "crash_paths.hpp"

/// Storms of native books in a world in which nothing disturbs; a path with its journal applied beside it.
namespace breakwater::test {

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

}  // namespace breakwater::test
