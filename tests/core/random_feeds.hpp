// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include "random_events.hpp"

/// A market under guard whose assets have several sources, and random events for it: honest reports, lies of every
/// kind, silence, changes of wiring with and without notice, alarms, and what random_events.hpp does to any market.
namespace breakwater::given {

/// The wiring of `n` equal sources that report every minute, all saying `price` now.
SetFeed feed_of(AssetId asset, std::size_t n, std::uint64_t price, std::uint64_t now);

/// random_market with three to five sources for each asset; wsteth's are partly ratios to weth under a cap.
/// @param loans  attempts to borrow up to all that the point allows, from the time before the guard
State guarded_market(Chance& chance, int loans = 0);

Event random_feed_event(const State& state, Chance& chance);

}  // namespace breakwater::given
