// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <string>

#include "breakwater/stress/venue_inspect.hpp"

/// A venue as it stands, as tables for a terminal and as JSON ("breakwater-venue-inspection/1").
namespace breakwater {

std::string venue_table(const VenueBook& venue, const VenueInspection& inspection);
std::string venue_json(const VenueBook& venue, const VenueInspection& inspection);

}  // namespace breakwater
