// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include "breakwater/io/check.hpp"

/// `check` of a native lending market: the same questions as for a reserve set, and what only isolated markets ask: are
/// their LLTVs and oracles what such markets have.
namespace breakwater {

/// Reads the folder and looks at it. InputError where it is no book at all.
/// @param now for the age of the data; absent: not said
CheckReport check_native(const std::filesystem::path& folder, std::optional<Time> now = {});

}  // namespace breakwater
