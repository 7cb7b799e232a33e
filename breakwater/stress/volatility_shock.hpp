// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

/// Deribit's shocks of volatility, which need a power. Its margin is exact and in
/// core/rulebooks/deribit_pm.hpp. Source: docs.oreome.com, risk-scenario-advanced.
namespace breakwater::deribit {

struct VolatilityShock {
    double range_up;
    double range_down;
    double short_power;  ///< below 30 days to expiry
    double long_power;   ///< from 30 days
    double up_min;       ///< the shocked volatility is at least this
};
struct ShockedVolatility {
    double up;    ///< max(σ (1 + up (30/days)^power), min)
    double down;  ///< max(σ (1 − down (30/days)^power), 0)
};
ShockedVolatility shock_volatility(double volatility, double days, const VolatilityShock& shock);

}  // namespace breakwater::deribit
