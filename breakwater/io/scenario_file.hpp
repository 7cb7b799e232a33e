// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "breakwater/stress/scenario.hpp"

/// Scenario files, "breakwater-scenario/1": one storm each, as TOML with its sources. Source:
/// docs/formats.md.
namespace breakwater {

inline constexpr std::string_view scenario_format = "breakwater-scenario/1";

/// InputError with the line for everything missing, unknown or out of bounds; histories are checked
/// point by point and against the horizon.
Scenario read_scenario(const std::filesystem::path& path);

struct ScenarioLine {
    std::string name;
    std::string title;
    std::filesystem::path path;
};
/// Every `*.toml` of the folders that exist, by name; where a name occurs twice the earlier folder
/// wins.
std::vector<ScenarioLine> list_scenarios(std::span<const std::filesystem::path> folders);

/// A path to a file, or the name of a scenario in one of the folders. InputError names what there
/// is.
std::filesystem::path find_scenario(std::string_view name_or_path,
                                    std::span<const std::filesystem::path> folders);

}  // namespace breakwater
