// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <vector>

/// One expiry's smile as total variance, in Gatheral's raw form (stochastic volatility inspired):
///
///   w(k) = σ²T = a + b (ρ (k − m) + √((k − m)² + s²)),  k = ln(strike / forward).
///
/// Source: Gatheral and Jacquier, "Arbitrage-free SVI volatility surfaces", Quantitative Finance 14
/// (2014), sections 2 and 3; docs/rules.md, SURFACE-001 and SURFACE-002.
namespace breakwater {

struct Svi {
    double a = 0;    ///< level; w is least at a + b s √(1 − ρ²)
    double b = 0;    ///< 0 or more: how steep the wings are
    double rho = 0;  ///< (−1, 1): which wing is the steeper one
    double m = 0;    ///< where
    double s = 1;    ///< above 0: how round the bottom is
};

/// Total variance and its derivatives by k.
struct Variance {
    double w;
    double first;
    double second;
};
Variance svi_variance(const Svi& svi, double k);
double svi_total_variance(const Svi& svi, double k);

/// Durrleman's function: the density of the price at expiry has its sign.
///
///   g = (1 − k w′ / 2w)² − w′²/4 · (1/w + 1/4) + w″/2
double durrleman(double k, const Variance& v);

/// The slopes of w far out: b (1 − ρ) on the left, b (1 + ρ) on the right.
struct Wings {
    double left;
    double right;
};
Wings svi_wings(const Svi& svi);

/// Log-moneyness dense about the bottom and out to thousands of its widths, plus k = 0.
std::vector<double> svi_grid(const Svi& svi, unsigned points);
inline constexpr unsigned dense_points = 4'001;

/// Where a condition comes nearest to failing.
struct Nearest {
    double value;
    double k;
};
/// Least g on the dense grid. −1 at k = 0 for parameters that are no smile: b or s or |ρ| out of
/// range, or a variance that is not above 0.
Nearest least_durrleman(const Svi& svi);
/// Least (later − sooner) / later on the dense grids of both.
Nearest least_calendar_gap(const Svi& sooner, const Svi& later);

/// SURFACE-001: no butterfly arbitrage: g ≥ 0 on the grid, both wings below 2 (Lee).
bool is_free_of_butterflies(const Svi& svi);
/// SURFACE-002: no calendar arbitrage: w never falls with time, wings included.
bool is_free_of_calendars(const Svi& sooner, const Svi& later);

/// All of w times `factor`. With factor ≤ 1 what was free of butterflies stays so: g is concave in
/// the factor and not negative at 0.
Svi svi_scaled(const Svi& svi, double factor);

}  // namespace breakwater
