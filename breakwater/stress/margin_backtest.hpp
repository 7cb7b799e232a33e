// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "breakwater/stress/backtest.hpp"
#include "breakwater/stress/margin_models.hpp"

/// A margin model against what then happened: does it cover what it promises, by how much does it
/// miss, and what does it ask of those who pay? Source: docs/rules.md, MARGIN-101; docs/margin.md.
namespace breakwater {

struct MarginBacktest {
    std::uint64_t steps = 0;
    std::uint64_t exceptions = 0;  ///< steps with a loss above the margin
    RatioTest coverage{};          ///< Kupiec
    Christoffersen clusters{};

    // Basel's traffic light, at 99 % only; steps stand for days.
    std::optional<TrafficLight> last_250;
    std::optional<TrafficLight> worst_250;
    std::uint64_t worst_250_exceptions = 0;

    double margin_mean = 0;   ///< share of notional
    double excess_mean = 0;   ///< loss above margin, mean of the exceptions
    double excess_worst = 0;  ///< and the largest
    double peak_to_trough = 0;
    double increase_1d = 0;  ///< largest rise of the margin within a day
    double increase_5d = 0;
    double increase_30d = 0;
};

/// @param returns simple returns, one per step; more than settings.window + 1
MarginBacktest backtest_margin(std::span<const double> returns, const MarginSettings& settings);

}  // namespace breakwater
