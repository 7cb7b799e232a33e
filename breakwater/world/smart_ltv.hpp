// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

/// A quick screen of a threshold: LTV = e^(−c·σ/√(l/d)) − β. It asks nothing of a book but two
/// amounts, and it has no time to liquidate: a sanity check beside a buffer, not in its place.
/// Source: Risk DAO 2023, backstop-protocol/smart-ltv, src/core/SmartLTV.sol.
namespace breakwater {

struct SmartLtvInput {
    double sigma = 0;      ///< volatility per √day, ≥ 0
    double liquidity = 0;  ///< l [USD] that can be sold with slippage up to the bonus, > 0
    double debt_cap = 0;   ///< d [USD] that may have to be sold, > 0; there: the supply cap
    double beta = 0;       ///< liquidation bonus
};

/// The published formula for the confidence level factor c ≥ 0. 0 where c·σ/√(l/d) is too large for
/// the contract's exponential (as it returns there). May be negative: β is more than what is left.
double smart_ltv(const SmartLtvInput& input, double c);

/// The c at which the formula gives `ltv`: −ln(LTV + β)·√(l/d)/σ. Infinite where σ is 0 and LTV + β
/// < 1; negative where LTV + β > 1. Requires LTV + β > 0.
double smart_ltv_level(const SmartLtvInput& input, double ltv);

}  // namespace breakwater
