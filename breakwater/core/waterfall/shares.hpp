// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <span>

#include "breakwater/core/units.hpp"

/// A whole number split in proportion to weights, exactly: every part is its quota ⌊total·w/Σw⌋ or one more, and the
/// units that rounding leaves go to the largest remainders, of equal ones to the lower row. Σ parts = total, whatever
/// the order of the work, and a part exceeds its weight only where total exceeds Σ weights.
/// Source: docs/rules.md, WATERFALL-010.
namespace breakwater {

/// Weights sum to less than 2^128, and to more than 0 unless total is 0. O(n).
/// @param parts as many as weights; may not overlap them
void apportion(uint128 total, std::span<const uint128> weights, std::span<uint128> parts);

}  // namespace breakwater
