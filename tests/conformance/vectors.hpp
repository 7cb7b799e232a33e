// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include <nlohmann/json.hpp>

/// Where the conformance vectors are and how they are read.
namespace breakwater::conformance {

/// The directory of BREAKWATER_VECTORS, or ../shared/vectors above the current directory when the variable is unset.
struct Directory {
    std::filesystem::path path;
    bool asked_for = false;  ///< the variable is set: a missing or empty directory is a failure, not a skip
};
Directory find_directory();

/// Reads NAME.json or NAME.json.gz; nullopt when neither is there. Throws on a file that is not JSON.
std::optional<nlohmann::json> read(const std::filesystem::path& directory, const std::string& name);

}  // namespace breakwater::conformance
