// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <span>
#include <string>
#include <vector>

#include "breakwater/world/history.hpp"

/// From candles to the parameters of a price model, and to a history to replay.
namespace breakwater {

struct Candle {
    std::int64_t time = 0;  ///< [s] since 1970, opening
    double open = 0;        ///< [USD], so are the others
    double high = 0;
    double low = 0;
    double close = 0;
};

/// One asset's candles, in the order of time.
struct CandleSeries {
    std::string name;
    std::vector<Candle> candles;
};

struct Calibration {
    double interval_seconds = 0;  ///< most frequent distance of candles
    std::size_t returns = 0;      ///< log returns common to all assets; the fit used only these
    std::vector<double>
        volatility;  ///< [1/√year] per asset, standard deviation of log returns about 0
    std::vector<double>
        correlation;  ///< assets × assets, row-major, positive semidefinite by construction
    double degrees_of_freedom =
        0;  ///< of Student-t log returns over one interval, one ν for all assets
};

/// Volatility and correlation are moments about zero (the mean of an intraday return is noise); ν
/// maximises the likelihood of all standardised returns pooled, over [2.1, 100], 100 meaning "as
/// good as normal". A return counts if both candles exist, one interval apart, for every asset;
/// gaps are skipped, never bridged. ν belongs to the interval: pass interval / step as
/// PriceParameters::mixing_steps.
/// Error: a sentence with the asset (prices not positive, times not rising, fewer than 100 common
/// returns).
std::expected<Calibration, std::string> calibrate(std::span<const CandleSeries> assets);

/// The candles that cover [from, from + seconds] as a history from `from` on: a point at each
/// opening, with the candle's high and low, widened to the next opening where candles do not join;
/// the last point is a close.
/// Error: a sentence with the asset, if the candles do not cover the span or a gap of more than two
/// intervals lies in it.
std::expected<std::vector<HistoryPoint>, std::string> history_from_candles(
    const CandleSeries& asset, std::int64_t from, std::int64_t seconds);

}  // namespace breakwater
