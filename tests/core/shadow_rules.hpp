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

/// WATERFALL-018: all who supply the asset have paid for a loss in between.
bool is_socialised(const State& before, const State& after, std::size_t asset);
/// The same of an asset that one with these legs supplies as collateral.
bool has_shared_a_loss(const State& before, const State& after, std::span<const aave_v3::Leg> legs);

}  // namespace breakwater::given
