// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <cstdint>
#include <filesystem>

/// Which reader a folder is for, by the format and the rulebook that its market.toml names.
namespace breakwater {

enum class BookKind : std::uint8_t { lending, venue, native };

/// A folder without a market.toml counts as lending, whose reader then says what is missing.
BookKind kind_of(const std::filesystem::path& folder);

}  // namespace breakwater
