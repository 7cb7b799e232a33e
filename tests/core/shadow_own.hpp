// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <span>
#include <string>

#include "breakwater/core/book.hpp"
#include "breakwater/core/event.hpp"

/// What our own rulebook promises of a liquidation, looked at from outside: the figures of the
/// naive twin before and after, at the point and at every corner of the band.
namespace breakwater::given {

/// The first promise of BREAKWATER-001 to BREAKWATER-007 that did not hold, in words; empty: all
/// kept.
std::string check_own_liquidation(const State& before, const State& after, const Event& event,
                                  std::span<const Effect> effects);
/// BREAKWATER-002: whoever has opened risk is healthy where it is valued with caution.
std::string check_own_opening(const State& after, const Event& event);
/// BREAKWATER-008: no event lowers a threshold at once.
std::string check_own_thresholds(const State& before, const State& after, const Event& event);

}  // namespace breakwater::given
