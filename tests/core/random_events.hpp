// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include "breakwater/core/event.hpp"
#include "chance.hpp"
#include "small_market.hpp"

/// Random markets and random events, biased to the edges: amounts one below, at and above a balance,
/// a debt, the cash, a cap; prices that crash; parameters that governance may not set; time that
/// stands still, leaps, and runs backwards.
namespace breakwater::given {

/// The small market with other parameters, loss layers, and sometimes a balance for everybody.
State random_market(Chance& chance);

/// The same under our own rulebook, with other dials.
State random_own_market(Chance& chance);
/// Widens the band of some prices, as doubt would; the next report of an asset closes it.
void doubt_prices(State& state, Chance& chance);

/// An event that is about this state; about half of them are refused.
Event random_event(const State& state, Chance& chance);

}  // namespace breakwater::given
