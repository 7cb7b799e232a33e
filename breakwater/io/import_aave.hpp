// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "breakwater/io/accounts_builder.hpp"
#include "breakwater/io/market_file.hpp"

/// Aave v3 pools as others write them: the configuration JSON of Aave's reporting tool, and users
/// as CSV, which is what a subgraph or an SQL query gives. Source: docs/formats.md, "import".
namespace breakwater {

/// A market and what the configuration says beyond market.toml.
struct AaveConfiguration {
    MarketFile market;
    std::vector<std::string> addresses;       ///< of the underlying, lower case, by AssetId
    std::vector<std::optional<Amount>> idle;  ///< virtual underlying balance, by AssetId
};

/// Reserves in the order of their ids (of their addresses where they have none), e-modes from
/// bitmaps or, in older files, from each reserve's category. Indices are 1: the file does not have
/// them. InputError: not this kind of file, a reserve without a strategy or a price, parameters
/// that the rulebook refuses.
AaveConfiguration read_aave_configuration(const std::filesystem::path& path, Time as_of);

/// The market alone, with no account but the treasury.
Book import_aave_configuration(const std::filesystem::path& path, Time as_of);

struct UsersOptions {
    AmountUnit amounts{};
    BalanceKind balances{};
};

/// Columns by name, in any order: user (account, address), asset (symbol, reserve: a symbol or the
/// address of the underlying), supply, debt, collateral (0, 1, true, false), emode (may be absent
/// or empty: 0); with scaled balances also liquidity_index and variable_borrow_index, in ray, the
/// same for all rows of an asset. Other columns are ignored. Cash is the configuration's idle
/// balance where that covers what suppliers own, else it follows from the users.
Book import_aave_users(const std::filesystem::path& users,
                       const std::filesystem::path& configuration, Time as_of,
                       const UsersOptions& options);

/// The same columns against a market.toml of one's own.
Book import_plain(const std::filesystem::path& users, const std::filesystem::path& market,
                  const UsersOptions& options);

}  // namespace breakwater
