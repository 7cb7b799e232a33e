// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <cctype>
#include <cstring>
#include <span>
#include <string>
#include <string_view>

/// Comma-separated fields without quoting: what our own files are, and what exports of numbers and
/// addresses are.
namespace breakwater {

/// As names of columns and addresses are compared: ASCII letters small.
inline std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return out;
}

/// Fields of `line` into `fields`; the number of fields there are, which may exceed what `fields`
/// holds.
inline std::size_t split_fields(std::string_view line, std::span<std::string_view> fields) {
    std::size_t count = 0;
    for (;;) {
        const void* comma = line.empty() ? nullptr : std::memchr(line.data(), ',', line.size());
        const std::size_t length =
            comma == nullptr
                ? line.size()
                : static_cast<std::size_t>(static_cast<const char*>(comma) - line.data());
        if (count < fields.size()) fields[count] = line.substr(0, length);
        ++count;
        if (comma == nullptr) return count;
        line.remove_prefix(length + 1);
    }
}

}  // namespace breakwater
