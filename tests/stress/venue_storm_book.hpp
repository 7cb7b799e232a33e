// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <cstdint>

#include "breakwater/stress/scenario.hpp"
#include "breakwater/stress/venue_book.hpp"

/// A venue in code for tests and benchmarks: loans, linear and inverse perpetuals, a future, options
/// on two underlyings, clusters, isolated accounts and a few leveraged ones.
namespace breakwater::venue_given {

struct StormBookSize {
    std::uint32_t accounts = 400;  ///< fund, vault and four liquidators among them
    std::uint32_t strikes = 3;     ///< options = 2 underlyings × 2 expiries × strikes × 2
    std::uint64_t seed = 1;
};
VenueBook storm_venue(const StormBookSize& size = {});

/// A crash of all prices by jumps, at steps of five minutes.
Scenario storm_scenario(double fall = -0.2, double hours = 24);

}  // namespace breakwater::venue_given
