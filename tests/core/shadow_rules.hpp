// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <span>
#include <string>

#include "breakwater/core/book.hpp"
#include "breakwater/core/event.hpp"

/// What the rulebook promises of one event that was applied, asked of the states before and after it:
/// amounts against the slow twin, quotes, caps, prices, layers, and that no rounding pays the one who
/// acts.
namespace breakwater::given {

/// The first rule that did not hold, in words; empty when all do.
std::string check_rules(const State& before, const State& after, const Event& event,
                        std::span<const Effect> effects);

}  // namespace breakwater::given
