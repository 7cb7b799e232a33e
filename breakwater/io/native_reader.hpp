// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <filesystem>
#include <string_view>

#include "breakwater/io/native_file.hpp"

/// A folder with market.toml and accounts.csv of a native lending market becomes a book whose state keeps every promise
/// of core/invariants.hpp. Source: docs/formats.md, "A native lending market".
namespace breakwater {

/// The last account of such a book: suppliers that accounts.csv does not name, and who receives fees.
inline constexpr std::string_view others_name = "(others)";

/// InputError for any fault of either file.
NativeFile read_native(const std::filesystem::path& folder);
/// The book of it.
Book read_native_book(const std::filesystem::path& folder);

}  // namespace breakwater
