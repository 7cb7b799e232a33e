// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Times and durations as text, UTC only.
namespace breakwater {

/// [s since 1970] "2020-03-12", "2020-03-12T02:00", "2020-03-12 02:00:00.5+01:00", with "T" or a
/// blank. Without an offset it is UTC. Parts of a second are cut off. nullopt where it is none of
/// these or no day of the calendar.
std::optional<std::int64_t> parse_utc(std::string_view text);
/// "2020-03-12T02:00:00Z".
std::string format_utc(std::int64_t seconds);

/// [s] "90s", "30m", "24h", "7d", with at most one unit; nullopt for anything else and for zero.
std::optional<double> parse_duration(std::string_view text);

}  // namespace breakwater
