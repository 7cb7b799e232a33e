// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include "breakwater/core/draft.hpp"
#include "breakwater/core/rulebooks/aave_v3_accounts.hpp"

/// One reserve's own arithmetic: ReserveLogic and TokenMath. Minting rounds shares so that the pool never owes more
/// than it received, burning so that it never forgives more than was paid. Source: docs/rules.md, AAVE-001 to AAVE-005.
namespace breakwater::aave_v3 {

/// ReserveLogic.updateState: grows both indices to now and sets the treasury's share of the interest aside.
/// Source: AAVE-001, AAVE-002.
Reserve& accrue(Draft& draft, GrownIndices& grown, AssetId asset);

/// ReserveLogic.updateInterestRatesAndVirtualBalance: cash + added − taken, then new rates.
/// cash_insufficient where the reserve does not hold what is taken. Source: AAVE-005.
Status update_rates(Draft& draft, AssetId asset, Amount added, Amount taken);

/// The rates that the reserve's present totals ask for.
Rates rates_of(Checked& math, const Parameters& parameters, const Reserve& reserve);

// AAVE-003
inline Scaled shares_minted(Checked& math, const Reserve& r, Amount a) {
    return {math.ray_div_down(a.raw, r.liquidity_index.raw)};
}
inline Scaled shares_burned(Checked& math, const Reserve& r, Amount a) {
    return {math.ray_div_up(a.raw, r.liquidity_index.raw)};
}
inline Amount shares_worth(Checked& math, const Reserve& r, Scaled s) {
    return {math.ray_mul_down(s.raw, r.liquidity_index.raw)};
}
// AAVE-004
inline Scaled debt_minted(Checked& math, const Reserve& r, Amount a) {
    return {math.ray_div_up(a.raw, r.borrow_index.raw)};
}
inline Scaled debt_burned(Checked& math, const Reserve& r, Amount a) {
    return {math.ray_div_down(a.raw, r.borrow_index.raw)};
}
inline Amount debt_worth(Checked& math, const Reserve& r, Scaled s) {
    return {math.ray_mul_up(s.raw, r.borrow_index.raw)};
}

/// amount·from/to between two assets: ⌊(price_from·amount·10^to_decimals)/(price_to·10^from_decimals)⌋.
uint128 convert_down(Checked& math, Amount amount, Price from, unsigned from_decimals, Price to,
                     unsigned to_decimals);

}  // namespace breakwater::aave_v3
