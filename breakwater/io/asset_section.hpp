// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "breakwater/io/toml_reader.hpp"
#include "breakwater/io/toml_text.hpp"
#include "breakwater/stress/book.hpp"

/// What an [[asset]] says in every kind of market.toml: its name, price and kind, the depth of its
/// market and its feed. Source: docs/formats.md.
namespace breakwater {

/// Where market.toml says nothing about the depth of an asset: little, slow, and ours is the only
/// sale.
inline constexpr LiquidityParameters default_liquidity{
    .depth_2pct = 1'000'000, .recovery_minutes = 60, .own_share = 1};

/// Of AssetKind.
inline constexpr std::array<std::string_view, 3> asset_kinds{"volatile", "stable", "pegged"};

/// symbol, decimals, price, kind and peg; names the table after the asset.
Price read_asset_head(TomlReader& table, AssetDescription& d);

/// Which of the two sections were there; the others have their defaults.
struct Surroundings {
    bool liquidity = false;  ///< false: `default_liquidity`
    bool feed = false;       ///< false: `FeedParameters{}`
};
Surroundings read_asset_surroundings(TomlReader& table, AssetDescription& d);

/// A peg is the symbol of an asset that is not pegged; sources that report a ratio get their base.
/// @param tables of the assets, in their order
void check_pegs(std::span<const TomlReader> tables, std::span<AssetDescription* const> assets);

struct DefaultsTaken {
    std::string symbol;
    Surroundings given;
};
/// What was taken for the sections that were absent.
void note_defaults(std::span<const DefaultsTaken> assets, std::vector<std::string>& notes);

/// The same as text; sections equal to the defaults are left out.
void write_asset_head(TomlText& out, const AssetDescription& d, Price price);
void write_asset_surroundings(TomlText& out, const AssetDescription& d);

}  // namespace breakwater
