// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "breakwater/io/text_file.hpp"

/// A TOML document as plain values that remember their line. The TOML library stays behind this
/// header, in one translation unit.
namespace breakwater {

struct TomlValue;
struct TomlMember;

/// A date with time; `is_utc_known` where it was written with an offset.
struct TomlTime {
    std::int64_t seconds = 0;  ///< [s] since 1970-01-01 UTC
    bool is_utc_known = false;
};
using TomlArray = std::vector<TomlValue>;
/// In the order of the keys, which is alphabetic.
using TomlTable = std::vector<TomlMember>;

struct TomlValue {
    std::variant<bool, std::int64_t, double, std::string, TomlTime, TomlArray, TomlTable> data;
    std::uint64_t line = 0;
};

struct TomlMember {
    std::string key;
    TomlValue value;
};

/// The root table. InputError with the line where the text is not TOML.
TomlValue parse_toml(const TextFile& file);

/// Text in quotes, escaped for TOML.
std::string toml_quoted(std::string_view text);

}  // namespace breakwater
