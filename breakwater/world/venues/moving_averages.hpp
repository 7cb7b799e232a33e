// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <cstdint>

/// Hyperliquid's averages of prices, which need exponentials. Its other rules are exact and in
/// core/rulebooks/hyperliquid.hpp. Source: hyperliquid.gitbook.io/hyperliquid-docs, trading/
/// robust-price-indices and hyperps.
namespace breakwater::hyperliquid {

/// numerator ← numerator · e^(−t/τ) + sample · t, denominator likewise with 1.
class Ema {
  public:
    explicit Ema(double tau) : tau_(tau) {}
    double update(double elapsed, double sample);

  private:
    double tau_;  ///< [s]
    double numerator_ = 0;
    double denominator_ = 0;
};

/// Oracle of a contract without spot market: Σ_{i<1440} mark_i e^(−i/480) (1 − e^(−1/480)) / (1 − e^(−3)),
/// i minutes ago, at most four times the first mark.
class HyperpOracle {
  public:
    static constexpr unsigned samples_max = 1440;  ///< [minutes]
    /// Newest first; what is beyond a day is not read.
    void add(double mark, std::uint64_t minutes);
    [[nodiscard]] double price(double initial_mark) const;

  private:
    double sum_ = 0;
    std::uint64_t count_ = 0;
};

}  // namespace breakwater::hyperliquid
