// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include "breakwater/core/draft.hpp"
#include "breakwater/core/rulebooks/aave_v3_accounts.hpp"
#include "breakwater/core/violation.hpp"

/// The promises as functions, each with a rule code and a sentence in docs/rules.md. `check_draft` looks at what one
/// event is about to change and runs after every event; `check_state` looks at everything and runs at intervals and at
/// the end of a path. A violation is a fault of our own: the engine stops.
namespace breakwater {

/// BOOK-001 custody equals cash, BOOK-002 shares sum up, BOOK-003 the residual moves by interest and rounding only,
/// BOOK-004 indices never fall, BOOK-006 flags agree with balances.
std::optional<Violation> check_draft(const Draft& draft);

/// Over the whole state, in every market: BOOK-001 custody is what all markets count, BOOK-002, BOOK-005 (no residual
/// below zero beyond rounding), the native markets' own promises, and WATERFALL-002.
std::optional<Violation> check_state(const State& state);

/// What a market owns less what it owes in one asset, with stored indices: interest not yet allocated, and rounding.
/// [atomic], can be negative by rounding. Source: BOOK-003.
int128 residual(const aave_v3::Reserve& reserve);

}  // namespace breakwater
