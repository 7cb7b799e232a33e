// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include "breakwater/core/big_integer.hpp"
#include "breakwater/core/error.hpp"

/// Euler v2's liquidations: the discount is the shortfall of health itself, and the liquidator takes the debt over.
/// **Unverified**: transcribed from the published vault kit, not replayed against the contract.
/// Values are in the vault's unit of account; ratios [wad] unless said. Source: docs/rules.md, EULER-001 to EULER-003.
namespace breakwater::euler_v2 {

struct RampedLtv {
    std::uint32_t initial = 0;    ///< [bps] in force when the ramp began
    std::uint32_t target = 0;     ///< [bps]
    std::uint64_t remaining = 0;  ///< [s] until the target holds
    std::uint64_t duration = 0;   ///< [s] of the ramp
};
/// [bps] A lower liquidation LTV comes linearly, a higher one at once; floored. Source: EULER-001.
std::uint32_t liquidation_ltv(const RampedLtv& ltv);

struct Violation {
    BigInteger liability;  ///< [atomic]
    BigInteger liability_value;
    BigInteger collateral;        ///< [atomic] of the asset that is seized
    BigInteger collateral_value;  ///< of that asset, no haircut
    BigInteger
        collateral_adjusted_value;  ///< over all collateral, each by its liquidation LTV, at mid prices
    std::uint64_t discount_max = 0;  ///< [wad]
};

/// [wad] max(adjusted collateral ÷ liability, 1 − the largest discount): what a buyer pays for a unit of value.
/// health_factor_not_below_one where adjusted collateral exceeds the liability. Source: EULER-002.
Result<BigInteger> discount_factor(const Violation& v);

struct Takeover {
    BigInteger repaid;  ///< [atomic] of debt that the liquidator takes over
    BigInteger seized;  ///< [atomic] of collateral
};
/// At most `desired` of the debt, all where it is absent ("lost"); worthless collateral goes for nothing.
/// amount_inconsistent where more is desired than may be taken over. Source: EULER-003.
Result<Takeover> takeover(const Violation& v, const BigInteger& desired);

}  // namespace breakwater::euler_v2
