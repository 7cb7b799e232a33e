// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <cstddef>
#include <span>
#include <vector>

/// How large is tomorrow's move: three answers from past returns. All are of one unit of notional,
/// per step of the returns.
namespace breakwater {

/// Mean of the first `count` squared returns: where the recursions start.
double seed_variance(std::span<const double> returns, std::size_t count = 60);

/// RiskMetrics: v_t = λ v_{t−1} + (1 − λ) r_t², from v₀ before the first return. Element t knows
/// return t, so it forecasts step t + 1.
std::vector<double> ewma_variance(std::span<const double> returns, double lambda, double v0);

/// GARCH(1,1), Bollerslev (1986): v_{t+1} = ω + α r_t² + β v_t, φ = α + β < 1.
struct Garch {
    double omega;
    double alpha;
    double beta;

    [[nodiscard]] double persistence() const { return alpha + beta; }
    [[nodiscard]] double long_run_variance() const { return omega / (1.0 - persistence()); }
    /// Variance of the next step after all returns.
    [[nodiscard]] double next_variance(std::span<const double> returns, double v0) const;
    /// E Σ_{k<h} v_{t+1+k} = h V + (v_{t+1} − V)(1 − φ^h)/(1 − φ): in the place of √h.
    [[nodiscard]] double sum_of_variances(double next, unsigned horizon) const;
};

/// Filtered historical simulation (Barone-Adesi, Giannopoulos, Vosper 1999; Hull and White 1998).
struct FilteredHistory {
    double lambda = 0.97;      ///< of the EWMA that scales
    std::size_t window = 500;  ///< [returns] that are rescaled
    double confidence = 0.99;  ///< in (0, 1)
    bool is_long = true;       ///< of one unit of notional
};
struct TailLoss {
    double value_at_risk;       ///< order statistic ⌈n p⌉ of the rescaled losses, from 1
    double expected_shortfall;  ///< mean of it and all worse
};
/// Scenario i: r_i / σ_{i−1} · σ_now. returns.size() ≥ window + 1.
TailLoss filtered_history(std::span<const double> returns, const FilteredHistory& settings);

/// ⌈n p⌉, at least 1, at most n; a product that is an integer but for rounding counts as one.
std::size_t order_statistic(std::size_t n, double p);

}  // namespace breakwater
