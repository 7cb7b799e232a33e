// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include "breakwater/core/big_integer.hpp"

/// Decimals of 18 places in whole numbers of any size, for rulebooks whose venue publishes formulas
/// and no widths: every product and quotient says which way its one rounding goes. Slow and plain,
/// as BigInteger is. Source: docs/rules.md, MATH-002.
namespace breakwater::wads {

inline constexpr unsigned places = 18;

/// 10^18: 1.
inline BigInteger one() {
    return big_power_of_ten(places);
}
/// n / d, toward −infinity. d above 0
inline BigInteger ratio(int n, int d) {
    return div_down(one() * BigInteger{n}, BigInteger{d});
}
inline BigInteger mul_down(const BigInteger& a, const BigInteger& b) {
    return div_down(a * b, one());
}
inline BigInteger mul_up(const BigInteger& a, const BigInteger& b) {
    return div_up(a * b, one());
}
// Divided by 0 they are lost.
inline BigInteger quotient_down(const BigInteger& a, const BigInteger& b) {
    return div_down(a * one(), b);
}
inline BigInteger quotient_up(const BigInteger& a, const BigInteger& b) {
    return div_up(a * one(), b);
}

inline BigInteger clamp(const BigInteger& x, const BigInteger& low, const BigInteger& high) {
    return max(low, min(x, high));
}
inline BigInteger median(const BigInteger& a, const BigInteger& b, const BigInteger& c) {
    return max(min(a, b), min(max(a, b), c));
}

}  // namespace breakwater::wads
