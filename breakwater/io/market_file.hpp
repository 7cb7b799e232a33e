// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "breakwater/io/asset_section.hpp"
#include "breakwater/io/text_file.hpp"
#include "breakwater/stress/book.hpp"

/// market.toml, "breakwater-market/1": assets with their parameters, prices, liquidity and feeds,
/// e-modes, loss layers. Source: docs/formats.md.
namespace breakwater {

inline constexpr std::string_view market_format = "breakwater-market/1";

enum class AmountUnit : std::uint8_t { tokens, atomic };       ///< of amounts in both files
enum class BalanceKind : std::uint8_t { underlying, scaled };  ///< of the balances of accounts

struct MarketAsset {
    AssetDescription description;
    aave_v3::Parameters parameters;
    Price price;
    Ray liquidity_index{ray};
    Ray borrow_index{ray};
    Scaled accrued_to_treasury;
    Amount deficit;
    std::optional<Amount> cash;  ///< absent: follows from the accounts
    bool has_liquidity = false;  ///< false: `default_liquidity`
    bool has_feed = false;       ///< false: `FeedParameters{}`
    std::uint64_t line = 0;      ///< of its [[asset]]
    std::uint64_t cash_line = 0;
};

/// By LayerKind.
inline constexpr std::array<std::string_view, 9> layer_kinds{
    "insurance_fund", "backstop_vault", "reserves",        "junior_tranche", "deficit",
    "deficit_offset", "umbrella",       "borrower_equity", "socialisation"};

struct MarketLayer {
    std::string name;
    Layer layer;
    std::string account;  ///< of a junior tranche or stakers, by its name in accounts.csv
    std::uint64_t line = 0;
};

struct MarketFile {
    std::string file;
    std::string name;
    std::string source;
    std::string rulebook;
    Time as_of{};
    AmountUnit amounts{};
    BalanceKind balances{};
    bool is_guarded = false;  ///< guard = true
    std::vector<MarketAsset> assets;     ///< by AssetId
    std::vector<aave_v3::EMode> emodes;  ///< by number, [0] empty
    std::vector<std::string> emode_labels;
    std::optional<house::Rules> house;  ///< where the rulebook is our own; depths not in it
    std::vector<MarketLayer> layers;
    std::vector<std::string> notes;

    [[nodiscard]] std::optional<AssetId> find(std::string_view symbol) const;
};

/// InputError with the line, the asset and the field for everything that is missing, unknown or out
/// of bounds.
MarketFile parse_market(const TextFile& file);
MarketFile read_market_file(const std::filesystem::path& path);

}  // namespace breakwater
