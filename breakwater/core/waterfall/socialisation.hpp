// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <span>
#include <vector>

#include "breakwater/core/units.hpp"

/// The last layer: what no fund and no position covers is shared. Either by those who gained in this settlement, in
/// proportion to what they gained (variation-margin-gains haircut, which leaves principal alone), or by all who have
/// a claim, in proportion to it. To the atom: Σ cuts + left = loss, and nobody is cut by more than the gain or claim.
/// Source: docs/rules.md, WATERFALL-016 and WATERFALL-017.
namespace breakwater {

struct Socialisation {
    std::vector<uint128> cuts;  ///< [atomic] of each, in the order given
    uint128 left = 0;           ///< what gains or claims in all do not cover
};

/// WATERFALL-016. Who does not gain is not cut.
/// @param variation [atomic] what the settlement pays to each, below 0 what it takes
Socialisation haircut_gains(uint128 loss, std::span<const int128> variation);

/// WATERFALL-017.
/// @param claims [atomic] Σ below 2^128
Socialisation haircut_claims(uint128 loss, std::span<const uint128> claims);

}  // namespace breakwater
