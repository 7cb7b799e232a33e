// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

/// Where the files that come with the program are: scenarios and examples.
namespace breakwater {

/// Folders named `name` that exist, best first: in BREAKWATER_SHARE; in share/breakwater beside the
/// program's folder (an installation) or in a folder above the program (a build inside the source
/// tree); in the working folder.
std::vector<std::filesystem::path> share_folders(std::string_view name);

}  // namespace breakwater
