// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <string>

#include "breakwater/report/input.hpp"
#include "breakwater/stress/venue_run.hpp"

/// A stress of a derivatives venue as text for a terminal and as the document of
/// docs/report-schema.md, which the page shows as it shows a lending market's.
namespace breakwater {

struct VenueStormInput {
    const VenueSetup* setup = nullptr;    ///< never null
    const VenueRunResult* run = nullptr;  ///< never null; at least one path
    RunFacts facts;

    [[nodiscard]] const Scenario& scenario() const { return setup->scenario; }
    [[nodiscard]] std::size_t paths() const { return run->paths.size(); }
};

std::string venue_storm_json(const VenueStormInput& input);
std::string venue_storm_table(const VenueStormInput& input);

}  // namespace breakwater
