// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <array>
#include <compare>
#include <cstdint>

#include "breakwater/core/units.hpp"

/// Exact integer arithmetic over 256-bit intermediates. Division always says `_down`, `_up` or `_half_up`.
/// Division uses reciprocals (Möller & Granlund, "Improved division by invariant integers", 2011): no hardware divide
/// where the divisor is a power of ten, which on the money path it nearly always is.
/// Source: docs/rules.md, MATH-001.
namespace breakwater {

/// Unsigned 256-bit integer, least significant limb first.
struct Uint256 {
    std::array<std::uint64_t, 4> limb{};

    constexpr Uint256() = default;
    constexpr Uint256(uint128 v)  // NOLINT(google-explicit-constructor): widening loses nothing
        : limb{static_cast<std::uint64_t>(v), static_cast<std::uint64_t>(v >> 64U), 0, 0} {}
    constexpr Uint256(uint128 high, uint128 low)
        : limb{static_cast<std::uint64_t>(low), static_cast<std::uint64_t>(low >> 64U),
               static_cast<std::uint64_t>(high), static_cast<std::uint64_t>(high >> 64U)} {}

    [[nodiscard]] constexpr uint128 low() const { return limb[0] | (uint128{limb[1]} << 64U); }
    [[nodiscard]] constexpr uint128 high() const { return limb[2] | (uint128{limb[3]} << 64U); }

    friend constexpr bool operator==(const Uint256&, const Uint256&) = default;
    friend constexpr std::strong_ordering operator<=>(const Uint256& a, const Uint256& b) {
        return a.high() != b.high() ? a.high() <=> b.high() : a.low() <=> b.low();
    }
};

inline constexpr Uint256 uint256_max{uint128_max, uint128_max};

/// a × b, exact.
constexpr Uint256 mul_wide(uint128 a, uint128 b) {
    const auto a0 = static_cast<std::uint64_t>(a);
    const auto a1 = static_cast<std::uint64_t>(a >> 64U);
    const auto b0 = static_cast<std::uint64_t>(b);
    const auto b1 = static_cast<std::uint64_t>(b >> 64U);
    const uint128 p00 = uint128{a0} * b0;
    const uint128 p01 = uint128{a0} * b1;
    const uint128 p10 = uint128{a1} * b0;
    const uint128 p11 = uint128{a1} * b1;
    const uint128 middle = (p00 >> 64U) + static_cast<std::uint64_t>(p01) + static_cast<std::uint64_t>(p10);
    return {p11 + (p01 >> 64U) + (p10 >> 64U) + (middle >> 64U),
            (middle << 64U) | static_cast<std::uint64_t>(p00)};
}

/// A sum or product that did not fit sets `overflow` and never clears it; a caller computes a whole formula and asks
/// once. Results after an overflow are meaningless and must be thrown away.
class Checked {
 public:
    [[nodiscard]] constexpr bool overflow() const { return overflow_; }

    constexpr uint128 add(uint128 a, uint128 b) {
        uint128 sum = 0;
        overflow_ |= __builtin_add_overflow(a, b, &sum);
        return sum;
    }
    /// a − b; a < b is an overflow.
    constexpr uint128 sub(uint128 a, uint128 b) {
        overflow_ |= a < b;
        return a - b;
    }
    constexpr uint128 mul(uint128 a, uint128 b) { return narrow(mul_wide(a, b)); }
    constexpr Uint256 add_wide(const Uint256& a, const Uint256& b) {
        uint128 low = 0;
        const bool carry = __builtin_add_overflow(a.low(), b.low(), &low);
        uint128 high = 0;
        overflow_ |= __builtin_add_overflow(a.high(), b.high(), &high);
        overflow_ |= __builtin_add_overflow(high, uint128{carry}, &high);
        return {high, low};
    }
    /// a × b where the product needs no more than 256 bits.
    constexpr Uint256 mul_wide_by(const Uint256& a, uint128 b) {
        const Uint256 low = mul_wide(a.low(), b);
        const Uint256 high = mul_wide(a.high(), b);
        overflow_ |= high.high() != 0;
        return add_wide(low, Uint256{high.low(), 0});
    }
    constexpr uint128 narrow(const Uint256& v) {
        overflow_ |= v.high() != 0;
        return v.low();
    }

    uint128 mul_div_down(uint128 a, uint128 b, uint128 c);     ///< ⌊a·b/c⌋, c > 0
    uint128 mul_div_up(uint128 a, uint128 b, uint128 c);       ///< ⌈a·b/c⌉, c > 0
    uint128 mul_div_half_up(uint128 a, uint128 b, uint128 c);  ///< ⌊(a·b + ⌊c/2⌋)/c⌋, c > 0

    uint128 div_down(const Uint256& a, uint128 c);  ///< ⌊a/c⌋, c > 0

    // a·b / 10^27
    uint128 ray_mul_down(uint128 a, uint128 b);
    uint128 ray_mul_up(uint128 a, uint128 b);
    uint128 ray_mul_half_up(uint128 a, uint128 b);
    // a·10^27 / b, b > 0
    uint128 ray_div_down(uint128 a, uint128 b) { return mul_div_down(a, ray, b); }
    uint128 ray_div_up(uint128 a, uint128 b) { return mul_div_up(a, ray, b); }
    uint128 ray_div_half_up(uint128 a, uint128 b) { return mul_div_half_up(a, ray, b); }
    // v·bps / 10^4
    uint128 percent_mul_down(uint128 v, uint128 bps);
    uint128 percent_mul_up(uint128 v, uint128 bps);
    uint128 percent_mul_half_up(uint128 v, uint128 bps);
    // v·10^4 / bps, bps > 0
    uint128 percent_div_down(uint128 v, uint128 bps) { return mul_div_down(v, bps_one, bps); }
    uint128 percent_div_up(uint128 v, uint128 bps) { return mul_div_up(v, bps_one, bps); }
    // a·b / 10^decimals, decimals ≤ 27
    uint128 mul_div_unit_down(uint128 a, uint128 b, unsigned decimals);
    uint128 mul_div_unit_up(uint128 a, uint128 b, unsigned decimals);

 private:
    /// A divisor that a wrapped sum has left at zero: the flag is set, and the result is thrown away.
    [[nodiscard]] bool is_meaningless(uint128 divisor) const { return overflow_ && divisor == 0; }

    bool overflow_ = false;
};

/// ⌊a/c⌋ and the remainder for a divisor of up to 128 bits, c > 0.
struct Division {
    Uint256 quotient;
    uint128 remainder = 0;
};
Division divide(const Uint256& a, uint128 c);

/// 10^n, n ≤ 38.
constexpr uint128 power_of_ten(unsigned n) {
    uint128 p = 1;
    for (unsigned i = 0; i < n; ++i) p *= 10;
    return p;
}

/// ⌊√a⌋.
std::uint64_t square_root_down(uint128 a);

}  // namespace breakwater
