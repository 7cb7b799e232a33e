// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <optional>
#include <string>

#include "breakwater/report/input.hpp"
#include "breakwater/stress/venue_book.hpp"

namespace breakwater {

/// What `breakwater stress` of a venue was asked for.
struct VenueStress {
    RunFacts facts;
    std::uint32_t paths = 0;
    std::uint64_t seed = 1;
    std::uint32_t threads = 0;
    std::optional<std::uint32_t> path;
    std::string journal;
    std::string json;
    std::string html;
    bool is_quiet = false;
};
int stress_venue(VenueBook venue, Scenario scenario, const VenueStress& wanted);

}  // namespace breakwater
