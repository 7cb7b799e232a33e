// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <filesystem>

#include "breakwater/io/venue_file.hpp"

/// A folder with market.toml, accounts.csv and positions.csv becomes a venue whose state keeps every
/// promise of core/invariants.hpp. Source: docs/formats.md, "A venue".
namespace breakwater {

inline constexpr std::string_view positions_file_name = "positions.csv";

/// InputError for any fault of the three files, where longs and shorts of a contract differ, and
/// where the accounts own more of an asset than the venue can hold.
VenueBook read_venue(const std::filesystem::path& folder);

/// market.toml alone (or a folder with one), to be filled by a generator.
VenueFile read_venue_market(const std::filesystem::path& path);

/// Pots, open interest and clusters follow from the positions; longs are shorts, or InputError.
void settle_positions(VenueFile& venue, const std::string& origin);
/// The state at rest at as_of: pots, open interest, clusters, custody and risk arrays follow from
/// balances and positions. InputError as above. @param origin names the positions in messages
void settle_venue(VenueFile& venue, const std::string& origin);

}  // namespace breakwater
