// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "breakwater/stress/scenario.hpp"
#include "breakwater/world/calibrate.hpp"

/// A user's own prices: candles as CSV with a header (time, open, high, low, close, perhaps a
/// symbol, in any order) or as JSON rows [milliseconds, open, high, low, close, ...]. Source:
/// docs/formats.md, "candles".
namespace breakwater {

struct CandleFile {
    std::vector<CandleSeries>
        series;  ///< by symbol without its quote: ETHUSDT, ETH/USDT and ETH are "ETH"
    std::vector<std::string>
        notes;  ///< what was accepted: sorted, repeated rows, seconds beside milliseconds
};

/// @param symbol of all rows; empty: from the symbol column, else from the file's name InputError
///        with the line: a missing column, a time or price that is none, a high below a low, two
///        different candles for one time, a compressed file.
CandleFile read_candles(const std::filesystem::path& path, std::string_view symbol = {});

/// "ETH" of "ETH", "ETHUSDT", "eth/usdt", "ETH_USDT-1h".
std::string base_symbol(std::string_view text);
/// Whether candles of `series` price `asset`: the same name, or its wrapped form (ETH for WETH, BTC
/// for WBTC).
bool prices_asset(std::string_view series, std::string_view asset);

/// The span [from, from + seconds] of the candles of `symbol`, as world/calibrate.hpp makes it.
std::vector<HistoryPoint> candles_to_history(const CandleFile& candles, std::string_view symbol,
                                             std::int64_t from, std::int64_t seconds);

/// Puts the candles in the place of the scenario's histories of the same assets, from `from` on.
/// InputError where the scenario has no histories, or candles do not cover the horizon.
/// @param assets of the book: candles of one that has no history of its own are added
/// @return one sentence for each series
std::vector<std::string> use_candles(Scenario& scenario, const CandleFile& candles,
                                     std::int64_t from, std::span<const AssetDescription> assets);

/// [s since 1970] the first point of a scenario file's histories; nullopt where it has none.
std::optional<std::int64_t> scenario_start(const std::filesystem::path& path);

}  // namespace breakwater
