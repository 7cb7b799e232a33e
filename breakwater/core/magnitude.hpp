// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <bit>
#include <compare>
#include <cstdint>

#include "breakwater/core/units.hpp"

/// A non-negative number kept to 56 bits, for code that must bound and compare many numbers cheaply, never for money.
///
/// One word holds exponent and fraction, so that numbers compare as integers do:
///     bits = 0:  zero,        otherwise  value = (1 + fraction/2^56) · 2^(exponent − 1).
/// Every conversion says which way it rounds. Too large a number becomes `Magnitude::infinite`.
namespace breakwater {

struct Magnitude {
    std::uint64_t bits = 0;  ///< exponent in bits 56 to 63, fraction below

    static constexpr unsigned fraction_bits = 56;
    static constexpr std::uint64_t hidden_bit = std::uint64_t{1} << fraction_bits;
    static const Magnitude infinite;

    friend constexpr auto operator<=>(const Magnitude&, const Magnitude&) = default;

    [[nodiscard]] constexpr unsigned exponent() const {
        return static_cast<unsigned>(bits >> fraction_bits);
    }
    /// In [2^56, 2^57); 0 for zero.
    [[nodiscard]] constexpr std::uint64_t mantissa() const {
        return bits == 0 ? 0 : (bits & (hidden_bit - 1)) | hidden_bit;
    }
};

inline constexpr Magnitude Magnitude::infinite{~std::uint64_t{0}};

namespace detail {

constexpr int bit_length(uint128 x) {
    const auto high = static_cast<std::uint64_t>(x >> 64U);
    return high != 0 ? 128 - std::countl_zero(high)
                     : 64 - std::countl_zero(static_cast<std::uint64_t>(x));
}

/// x · 2^shift, x > 0. The next Magnitude is the next integer, also across a power of two.
constexpr Magnitude magnitude(uint128 x, int shift, bool up) {
    constexpr unsigned dropped = 63 - Magnitude::fraction_bits;
    const int length = bit_length(x);
    const int exponent = length + shift;
    if (exponent <= 0) return {up ? std::uint64_t{1} << Magnitude::fraction_bits : 0};
    if (exponent > 255) return {Magnitude::infinite.bits - (up ? 0 : 1)};
    const uint128 normal = x << (128 - length);
    const auto top = static_cast<std::uint64_t>(normal >> 64U);
    const std::uint64_t fraction = (top >> dropped) & (Magnitude::hidden_bit - 1);
    const auto bits = (static_cast<std::uint64_t>(exponent) << Magnitude::fraction_bits) | fraction;
    const bool lost = (static_cast<std::uint64_t>(normal) | (top << (64 - dropped))) != 0;
    return {bits + static_cast<std::uint64_t>(up && lost)};
}

}  // namespace detail

/// x · 2^shift; below the smallest number becomes zero, above the largest the largest.
constexpr Magnitude magnitude_down(uint128 x, int shift = 0) {
    return x == 0 ? Magnitude{} : detail::magnitude(x, shift, false);
}
/// x · 2^shift; below the smallest number becomes the smallest, above the largest infinite.
constexpr Magnitude magnitude_up(uint128 x, int shift = 0) {
    return x == 0 ? Magnitude{} : detail::magnitude(x, shift, true);
}

/// a / b · 2^shift; b = 0 gives infinite.
constexpr Magnitude ratio_down(Magnitude a, Magnitude b, int shift) {
    if (b.bits == 0) return Magnitude::infinite;
    const uint128 quotient = (uint128{a.mantissa()} << 60U) / b.mantissa();
    return magnitude_down(
        quotient, shift + static_cast<int>(a.exponent()) - static_cast<int>(b.exponent()) - 60);
}
constexpr Magnitude ratio_up(Magnitude a, Magnitude b, int shift) {
    if (b.bits == 0) return Magnitude::infinite;
    const uint128 numerator = uint128{a.mantissa()} << 60U;
    const uint128 quotient = numerator / b.mantissa();
    const uint128 up = quotient + static_cast<unsigned>(quotient * b.mantissa() != numerator);
    return magnitude_up(
        up, shift + static_cast<int>(a.exponent()) - static_cast<int>(b.exponent()) - 60);
}

/// ⌈x⌉; infinite and what does not fit become 2^128 − 1.
constexpr uint128 integer_up(Magnitude x) {
    if (x.bits == 0) return 0;
    const int shift =
        static_cast<int>(x.exponent()) - 1 - static_cast<int>(Magnitude::fraction_bits);
    if (shift > 71) return uint128_max;
    if (shift >= 0) return uint128{x.mantissa()} << shift;
    if (shift < -63) return 1;
    const std::uint64_t kept = x.mantissa() >> -shift;
    return uint128{kept} + static_cast<unsigned>((kept << -shift) != x.mantissa());
}

}  // namespace breakwater
