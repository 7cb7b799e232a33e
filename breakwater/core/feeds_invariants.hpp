// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include "breakwater/core/draft.hpp"
#include "breakwater/core/violation.hpp"

/// What holds of prices after every event. Of assets with several sources alone; a violation is a fault of our own.
/// FEEDS-030 a point is above zero and inside the asset's hard bounds; FEEDS-031 readers see what the machine left, all
/// of it of one event; FEEDS-032 a source's accepted reports go forward; FEEDS-033 a price that is too old to open on
/// is not in a normal state; FEEDS-034 the slow price keeps its rate; FEEDS-035 a new point lies between what its
/// sources say; FEEDS-036 lo ≤ point ≤ hi; FEEDS-037 a change of wiring moves no valuation unless it was announced;
/// FEEDS-038 where a cap binds the state is in doubt and the band holds what was hidden.
namespace breakwater {

std::optional<Violation> check_feeds(const Draft& draft);
std::optional<Violation> check_feeds(const State& state);

}  // namespace breakwater
