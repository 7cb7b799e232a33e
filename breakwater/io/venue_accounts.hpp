// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <string>
#include <vector>

#include "breakwater/io/name_index.hpp"
#include "breakwater/io/venue_file.hpp"

/// accounts.csv and positions.csv of a venue. Source: docs/formats.md, "A venue".
namespace breakwater {

inline constexpr std::string_view venue_accounts_header = "account,asset,balance,cluster,parent";
inline constexpr std::string_view positions_header = "account,contract,lots,entry";
constexpr unsigned entry_decimals = 12;  ///< of an entry price

/// Accounts in the order of their first row, with balances, clusters and parents, into the tables
/// of `venue`. InputError with the line for everything that is not as docs/formats.md says.
void parse_venue_accounts(const TextFile& file, VenueFile& venue);
/// Positions into the slots of their accounts; a position opens at its entry.
void parse_positions(const TextFile& file, VenueFile& venue);

/// [grains] What a position that was opened at `entry` has in its basis: as a trade at that price
/// where it is a tick, otherwise rounded against the holder; options are paid for when they are
/// traded and have none. nullopt where it does not fit.
/// @param entry [1e-12 of the contract's price]
std::optional<int128> basis_at(const venue::Terms& terms, const ContractDescription& contract,
                               std::int64_t lots, uint128 entry);

/// "-12.5" as signed atomic units; NumberFault as parse_decimal.
std::expected<int128, NumberFault> parse_signed(std::string_view text, unsigned decimals);
std::string format_signed(int128 value, unsigned decimals);

}  // namespace breakwater
