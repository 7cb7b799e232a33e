// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

/// A margin for every step of a series of returns, each known before the step that it covers, per unit
/// of notional. Source: docs/margin.md.
namespace breakwater {

enum class MarginModel : std::uint8_t {
    ewma,   ///< quantile of the normal distribution · EWMA volatility
    garch,  ///< the same · GARCH(1,1) volatility, fitted again and again to the past
    fhs,    ///< quantile of past returns, each over its own EWMA volatility, · today's
};
const char* name(MarginModel model);

struct MarginSettings {
    MarginModel model = MarginModel::ewma;
    double level = 0.99;       ///< share of losses that it should cover, in (0.5, 1)
    bool is_long = true;       ///< side of the unit of notional
    double lambda = 0.97;      ///< of the EWMA
    std::size_t window = 500;  ///< [steps] of past returns: quantile of fhs, first fit, warm-up
    std::size_t fit_window = 2'000;  ///< [steps] of past returns that a GARCH fit sees
    std::size_t fit_every = 250;     ///< [steps] between fits

    // Anti-procyclicality, EMIR RTS 153/2013 article 28, none of them by default.
    bool floor = false;          ///< (c) at least what the volatility of ten years asks for
    bool stress_weight = false;  ///< (b) a quarter of the weight to the worst month so far
    bool buffer = false;         ///< (a) a quarter more, used up when margins rise fast
    double steps_per_day = 1;
};

struct MarginSeries {
    std::size_t first = 0;        ///< index of the return that margins[0] covers
    std::vector<double> margins;  ///< margins[i] covers returns[first + i]
};
/// returns.size() > window. Nothing of returns[j] enters the margins that cover j or earlier.
MarginSeries margin_series(std::span<const double> returns, const MarginSettings& settings);

}  // namespace breakwater
