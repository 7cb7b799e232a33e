// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <algorithm>

#include "breakwater/core/math.hpp"

/// Sums, differences and quotients that stay 256 bits wide, for protocols that keep such words (Maker's rad needs 190
/// bits). They raise the flag of `Checked` like everything else, and a division says how it rounds.
/// Source: docs/rules.md, MATH-001.
namespace breakwater {

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

/// ⌊a·b/c⌋ where the product needs no more than 256 bits, c > 0.
inline Uint256 mul_div_wide_down(Checked& math, const Uint256& a, uint128 b, uint128 c) {
    return div_wide_down(math.mul_wide_by(a, b), c);
}

constexpr bool is_zero(const Uint256& v) {
    return v.high() == 0 && v.low() == 0;
}

}  // namespace breakwater
