// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <string>

#include "breakwater/core/engine.hpp"
#include "chance.hpp"

/// Random Maker markets and events, biased to the edges, and a watch over what each event must leave behind. For the
/// property tests and the driver of the mutants.
namespace breakwater::given {

/// Two ilks and five accounts: the vow, who holds the unlisted debt, and three who lock, draw, bark and buy.
State random_maker_market(Chance& chance);

Event random_maker_event(const State& state, Chance& chance);

struct MakerOutcome {
    Status status;
    std::string broken;  ///< the first promise that did not hold, in words
};
/// One event. Looks at refusals, undo, the invariants and, for each operation, what it promises of its result.
MakerOutcome apply_maker_watched(State& state, Planner& planner, const Event& event);

}  // namespace breakwater::given
