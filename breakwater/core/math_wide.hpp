// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include "breakwater/core/math.hpp"

/// Arithmetic where an operand itself needs more than 128 bits: oracle prices with 36 decimals, exponentials.
/// Products have 256 bits as in the protocols' own words; what does not fit is an overflow, as it is there.
/// Source: docs/rules.md, MATH-001.
namespace breakwater {

/// ⌊a/c⌋ and the remainder, c > 0.
struct WideDivision {
    Uint256 quotient;
    Uint256 remainder;
};
WideDivision divide(const Uint256& a, const Uint256& c);

Uint256 mul_div_down(Checked& math, const Uint256& a, uint128 b, uint128 c);  ///< ⌊a·b/c⌋, c > 0
Uint256 mul_div_up(Checked& math, const Uint256& a, uint128 b, uint128 c);  ///< ⌈a·b/c⌉, c > 0
/// ⌊a·b/c⌋ for a divisor of any width, c > 0.
Uint256 mul_div_down(Checked& math, const Uint256& a, uint128 b, const Uint256& c);

/// v·2^bits, bits ≤ 255; bits that are shifted out are an overflow.
Uint256 shift_left(Checked& math, uint128 v, unsigned bits);

}  // namespace breakwater
