// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

/// Vega Protocol's two uses of a lognormal price: margin per unit of price, and the band outside
/// which trading pauses. Sources: Vega whitepaper (expected shortfall of a lognormal price);
/// vegaprotocol/specs, protocol/0018-RSKM and 0032-PRIM.
namespace breakwater {

inline constexpr double vega_seconds_per_year = 365.25 * 86'400.0;  ///< Actual/365.25

struct LognormalModel {
    double drift = 0;       ///< [per year] μ
    double volatility = 0;  ///< [per √year] σ
};

struct RiskFactors {
    double long_side;   ///< 1 − e^(μτ) Φ(Φ⁻¹(λ) − σ√τ) / λ
    double short_side;  ///< e^(μτ) Φ(Φ⁻¹(λ) + σ√τ) / λ − 1
};
/// @param tail λ in (0, 1): the expected shortfall is of the worst λ
/// @param years τ ≥ 0, the time to close out
RiskFactors vega_risk_factors(const LognormalModel& model, double tail, double years);

struct PriceBand {
    double min;
    double max;
};
/// S e^(−σ²τ/2 + μτ ± σ√τ Φ⁻¹((1 + α)/2)).
/// @param probability α in (0, 1) of staying inside
PriceBand vega_price_bounds(const LognormalModel& model, double reference, double years,
                            double probability);

}  // namespace breakwater
