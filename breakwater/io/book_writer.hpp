// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <filesystem>
#include <span>
#include <string>

#include "breakwater/io/atomic_output.hpp"
#include "breakwater/io/market_file.hpp"

/// A book as files. Reading them back gives the same state, digest included, for a book at rest
/// (read, imported or generated; a state in mid-flight has other times and rates). Source:
/// docs/formats.md.
namespace breakwater {

/// market.toml and accounts.csv into `folder`, whole or not at all (InputError where it is not
/// empty). In whole tokens and underlying where all indices are 1, else in atomic units and scaled,
/// which is exact.
void write_book(const Book& book, const std::filesystem::path& folder,
                Existing existing = Existing::refuse);

/// market.toml alone, for a book without accounts.
void write_market(const Book& book, const std::filesystem::path& folder,
                  Existing existing = Existing::refuse);

/// accounts.csv alone, for a market.toml that declares these units.
void write_accounts(const Book& book, AmountUnit amounts, BalanceKind balances,
                    const std::filesystem::path& path);

/// The texts. Sections equal to the defaults are left out; comments, if any, go to the top.
std::string market_text(const Book& book, std::span<const std::string> comments = {});
std::string accounts_text(const Book& book, AmountUnit amounts, BalanceKind balances);

}  // namespace breakwater
