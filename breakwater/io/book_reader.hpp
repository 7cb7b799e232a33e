// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <filesystem>

#include "breakwater/io/accounts_builder.hpp"
#include "breakwater/io/market_file.hpp"

/// A folder with market.toml and accounts.csv becomes a book whose state keeps every promise of
/// core/invariants.hpp. Source: docs/formats.md.
namespace breakwater {

inline constexpr std::string_view market_file_name = "market.toml";
inline constexpr std::string_view accounts_file_name = "accounts.csv";

/// InputError for any fault of either file, and where the accounts owe more of an asset than was
/// supplied.
Book read_book(const std::filesystem::path& folder);

/// market.toml alone (or a folder with one): a book with no account but the treasury.
Book read_market(const std::filesystem::path& path);

/// The state at rest at `market.as_of`: totals are the sums of the legs, cash is as given or
/// supplied + treasury − borrowed − deficit, rates are those of the totals, the treasury is the
/// last account.
/// @param accounts_origin names the accounts in messages
Book make_book(const MarketFile& market, Accounts&& accounts, const std::string& accounts_origin);

/// Adds the treasury's row, with room for every asset, because protocol fees arrive in any of them.
void append_treasury(aave_v3::Market& native, std::span<const aave_v3::Leg> legs);

/// Brings totals, cash, rates and custody of `book` in line with its legs; `given` cash counts by
/// asset, absent cash follows. InputError as above.
struct GivenCash {
    std::optional<Amount> amount;
    std::uint64_t line = 0;
};
void settle_reserves(Book& book, std::span<const GivenCash> given, const std::string& market_origin,
                     const std::string& accounts_origin);

}  // namespace breakwater
