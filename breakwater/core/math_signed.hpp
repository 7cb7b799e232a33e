// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include "breakwater/core/math.hpp"

/// Signed 128-bit arithmetic for ledgers in which a balance may be below zero. What does not fit is
/// remembered by the same flag as in `Checked`.
/// Source: docs/rules.md, MATH-001.
namespace breakwater {

constexpr uint128 magnitude(int128 v) {
    return v < 0 ? ~static_cast<uint128>(v) + 1 : static_cast<uint128>(v);
}

constexpr void note_overflow(Checked& math, bool overflow) {
    if (overflow) (void)math.sub(0, 1);
}
constexpr int128 add_signed(Checked& math, int128 a, int128 b) {
    int128 sum = 0;
    note_overflow(math, __builtin_add_overflow(a, b, &sum));
    return sum;
}
constexpr int128 sub_signed(Checked& math, int128 a, int128 b) {
    int128 difference = 0;
    note_overflow(math, __builtin_sub_overflow(a, b, &difference));
    return difference;
}
constexpr int128 mul_signed(Checked& math, int128 a, int128 b) {
    int128 product = 0;
    note_overflow(math, __builtin_mul_overflow(a, b, &product));
    return product;
}
/// `magnitude` with a sign; 2^127 and more does not fit.
constexpr int128 with_sign(Checked& math, uint128 magnitude, bool negative) {
    note_overflow(math, magnitude >> 127U != 0);
    const auto v = static_cast<int128>(magnitude);
    return negative ? -v : v;
}
/// ⌊a·b/c⌋ toward −∞, c > 0.
inline int128 mul_div_floor(Checked& math, int128 a, uint128 b, uint128 c) {
    const uint128 m =
        a < 0 ? math.mul_div_up(magnitude(a), b, c) : math.mul_div_down(magnitude(a), b, c);
    return with_sign(math, m, a < 0);
}
/// a·b compared with c·d, exact.
constexpr std::strong_ordering compare_products(int128 a, int128 b, int128 c, int128 d) {
    const auto sign = [](int128 x, int128 y) {
        return (x > 0 ? 1 : x < 0 ? -1 : 0) * (y > 0 ? 1 : y < 0 ? -1 : 0);
    };
    const int left = sign(a, b);
    const int right = sign(c, d);
    if (left != right) return left <=> right;
    const Uint256 l = mul_wide(magnitude(a), magnitude(b));
    const Uint256 r = mul_wide(magnitude(c), magnitude(d));
    return left >= 0 ? l <=> r : r <=> l;
}

}  // namespace breakwater
