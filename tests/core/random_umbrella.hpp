// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include "breakwater/core/event.hpp"
#include "chance.hpp"
#include "small_market.hpp"

/// Random books with an Umbrella behind a reserve that has a deficit, and events that meet it often.
namespace breakwater::given {

State random_umbrella_market(Chance& chance);
Event random_umbrella_event(const State& state, Chance& chance);

}  // namespace breakwater::given
