// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <string>

#include "breakwater/core/engine.hpp"

/// Applies events and watches the promises from outside, with means of its own: bytes of the state, a ledger of the
/// flows that the effects tell of, and the slow twin of tests/reference. Used by the fixture, the property tests, the
/// fuzzer and the driver of the mutants. For small books: it copies the state at every event.
namespace breakwater::given {

/// The same bytes in every table, legs that nobody uses included.
bool same_bytes(const State& a, const State& b);

struct Outcome {
    Status status;                ///< or the refusal
    std::vector<Effect> effects;  ///< empty when refused
    std::string broken;           ///< the first promise that did not hold, in words
};

/// One event. Looks at the promises of DESIGN section 2 and the invariants AC, RK and BOOK.
Outcome apply_watched(State& state, Planner& planner, const Event& event);

}  // namespace breakwater::given
