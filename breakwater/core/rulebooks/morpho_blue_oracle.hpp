// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include "breakwater/core/math_wide.hpp"
#include "breakwater/core/units.hpp"

/// The price of a pair from two feeds in USD, as the oracles that markets are commonly created with compute it.
/// Source: docs/rules.md, MORPHO-014.
namespace breakwater::morpho_blue {

struct Quoted {
    Price price;            ///< [1e-8 USD per whole token], > 0
    unsigned decimals = 0;  ///< at most 18
};

/// ⌊10^(36 + loan decimals − collateral decimals) · collateral / loan⌋, what `ReportPrice` takes.
/// [1e-36 atoms of the loan asset per atom of collateral]
inline Uint256 pair_price(Checked& math, const Quoted& collateral, const Quoted& loan) {
    // Cannot overflow: 10^54 · 2^63 needs 243 bits.
    const Uint256 scale = mul_wide(wad, power_of_ten(18 + loan.decimals - collateral.decimals));
    return mul_div_down(math, scale, collateral.price.raw, loan.price.raw);
}

}  // namespace breakwater::morpho_blue
