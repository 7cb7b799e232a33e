// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "breakwater/io/market_file.hpp"
#include "breakwater/io/toml_reader.hpp"

/// market.toml of a lending market that is modelled in its own tables: head and assets are those of every market.toml,
/// what follows is the rulebook's. Source: docs/formats.md, "A native lending market".
namespace breakwater {

inline constexpr std::array<std::string_view, 2> native_rulebooks{"morpho_blue", "compound_v3"};

inline constexpr unsigned wad_decimals = 18;  ///< of shares and rates

/// A market.toml that has been read, and what reading its accounts needs of it.
struct NativeFile {
    std::string file;
    Book book;  ///< without accounts; its markets have parameters and prices and no positions
    AmountUnit amounts{};
    BalanceKind balances{};
    std::vector<Surroundings> surroundings;  ///< by AssetId: what was said of depth and feed

    /// What is known of a market before its accounts are.
    struct Given {
        std::uint64_t line = 0;          ///< of its [[market]]
        std::optional<Amount> supplied;  ///< [atomic of the loan asset] in all
        std::optional<Amount> borrowed;  ///< the same
        std::optional<uint128> supply_shares;
        std::optional<Amount> reserves;  ///< [atomic of the base]
    };
    std::vector<Given> given;  ///< by row of Book::markets

    [[nodiscard]] std::optional<AssetId> asset(std::string_view symbol) const;
    /// The asset that `key` of the table names, or InputError.
    AssetId read_asset(TomlReader& table, std::string_view key) const;
    [[nodiscard]] unsigned decimals_of(AssetId asset) const {
        return book.assets[index(asset)].decimals;
    }
    /// Of amounts as they are written: 0 where they are atomic.
    [[nodiscard]] unsigned written_decimals(AssetId asset) const {
        return amounts == AmountUnit::tokens ? decimals_of(asset) : 0;
    }
};

/// InputError as for parse_market.
NativeFile parse_native(const TextFile& file);

/// The [[market]] tables of morpho_blue.
void read_morpho_markets(TomlReader& root, NativeFile& out);

/// The [comet] and [[collateral]] tables of compound_v3.
void read_comet_market(TomlReader& root, NativeFile& out);

/// accounts.csv of compound_v3: balances, totals and cash.
void parse_comet_accounts(const TextFile& file, NativeFile& out);

/// accounts.csv of morpho_blue: positions, shares and totals of every market.
void parse_morpho_accounts(const TextFile& file, NativeFile& out);

}  // namespace breakwater
