// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include "breakwater/io/toml_reader.hpp"
#include "breakwater/stress/venue_scenario.hpp"

/// [venue] of a scenario file: what a storm does to a derivatives venue besides moving prices.
/// Source: docs/formats.md, "breakwater-scenario/1".
namespace breakwater {

/// InputError with file, line and what was expected.
VenueScenario read_scenario_venue(TomlReader table);

}  // namespace breakwater
