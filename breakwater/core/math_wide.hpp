// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include "breakwater/core/math.hpp"

/// Arithmetic where an operand itself needs more than 128 bits: oracle prices with 36 decimals, exponentials, Maker's
/// rad. Intermediate products have 256 bits as in the protocols' own words; what does not fit is an overflow, as it is
/// there.
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

/// Modulo 2^256, which is all that a comparison of differences needs.
constexpr Uint256 sum_wrapped(const Uint256& a, const Uint256& b) {
    const uint128 low = a.low() + b.low();
    return {a.high() + b.high() + (low < a.low() ? 1 : 0), low};
}
constexpr Uint256 difference_wrapped(const Uint256& a, const Uint256& b) {
    return {a.high() - b.high() - (a.low() < b.low() ? 1 : 0), a.low() - b.low()};
}

/// a − b; a < b is an overflow.
constexpr Uint256 sub_wide(Checked& math, const Uint256& a, const Uint256& b) {
    if (a < b) (void)math.sub(0, 1);
    return difference_wrapped(a, b);
}

/// ⌊a/c⌋, c > 0.
inline Uint256 div_wide_down(const Uint256& a, uint128 c) {
    return divide(a, c).quotient;
}

/// ⌈a/c⌉, c > 0.
inline Uint256 div_wide_up(Checked& math, const Uint256& a, uint128 c) {
    const Division d = divide(a, c);
    return math.add_wide(d.quotient, Uint256{uint128{d.remainder != 0}});
}

constexpr bool is_zero(const Uint256& v) {
    return v.high() == 0 && v.low() == 0;
}

}  // namespace breakwater
