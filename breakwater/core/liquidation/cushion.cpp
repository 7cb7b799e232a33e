// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/core/liquidation/cushion.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>

namespace breakwater {

namespace {

constexpr std::uint64_t one_q32 = std::uint64_t{1} << 32U;

/// A product of weight and unit value: mantissa · 2^exponent, mantissa < 2^56.
struct Product {
    std::uint64_t mantissa;
    unsigned exponent;
};

/// All ones for debt, so that a leg takes no branch: which sides an account has cannot be foreseen.
std::uint64_t debt_mask(PackedLeg leg) {
    return 0 - ((leg.word >> 56U) & 1U);
}

std::uint64_t unit_bits(PackedLeg leg, const Sides& sides) {
    return sides.value[leg.side()] ^ debt_mask(leg);
}

Product leg_value(PackedLeg leg, std::uint64_t unit) {
    constexpr std::uint64_t hidden = std::uint64_t{1} << 48U;
    const Magnitude u{unit};
    const auto exponent = static_cast<unsigned>(leg.word >> 48U) & 0xFFU;
    const std::uint64_t weight = exponent == 0 ? 0 : (leg.word & (hidden - 1)) | hidden;
    const auto product = static_cast<std::uint64_t>((uint128{weight} * u.mantissa()) >> 50U);
    return {product - debt_mask(leg), exponent + u.exponent()};
}

/// The unit value that is reached when `fraction` [2^-32, at most 1] of the present one is used up, on the safe side.
std::uint64_t key_of(PackedLeg leg, std::uint64_t unit, std::uint64_t fraction) {
    constexpr unsigned bits = Magnitude::fraction_bits;
    constexpr std::uint64_t fraction_mask = Magnitude::hidden_bit - 1;
    const std::uint64_t mask = debt_mask(leg);
    const std::uint64_t mantissa = Magnitude{unit}.mantissa();
    const auto move = static_cast<std::uint64_t>((uint128{mantissa} * fraction) >> 32U);
    const std::uint64_t reached = mantissa + ((move ^ ~mask) - ~mask);  // debt: more, else less
    if (reached == 0) return mask;
    // At most one binade up, where the bit that is cut makes the key of debt an early one, or any number down.
    const int room = std::countl_zero(reached);
    const int exponent = static_cast<int>(unit >> bits) + (63 - static_cast<int>(bits)) - room;
    if (exponent <= 0) return Magnitude::hidden_bit;
    if (exponent > 255) return 0;
    const std::uint64_t kept = (reached << static_cast<unsigned>(room)) >> (63 - bits);
    return (static_cast<std::uint64_t>(exponent) << bits | (kept & fraction_mask)) ^ mask;
}

/// Each product of collateral was rounded down, by at most 2^-46 of itself and 2, each of debt up by as much. With
/// ε = 2^-doubt_bits ≥ 2^-40 the true sums are then
///     C' ≤ (C + 2n)·(1 + 2^-46)·(1 + 4ε) ≤ (C + 2n)·(1 + 5ε),
///     D' ≥ (D − 2n)·(1 − 2^-46)·(1 − 4ε) ≥ (D − 2n)·(1 − 5ε),
/// so C' < D' where D − C > 5ε·(C + D) + 4n. Asked are 8ε, a shift.
Cover falls_short(std::uint64_t collateral, std::uint64_t debt, std::size_t legs,
                  unsigned doubt_bits) {
    if (doubt_bits == 0) return Cover::doubtful;
    const std::uint64_t half = (collateral >> 1U) + (debt >> 1U) + 1;
#if BREAKWATER_MUTANT_WATCH_DECIDES_IN_DOUBT
    const std::uint64_t margin = 0;
#else
    const std::uint64_t margin = (half >> (doubt_bits - 4)) + 1 + 4 * legs;
#endif
    return debt - collateral > margin ? Cover::none : Cover::doubtful;
}

}  // namespace

Cover share_cushion(std::span<const PackedLeg> legs, const Sides& sides, Magnitude slop,
                    unsigned doubt_bits, std::span<std::uint64_t> keys) {
    std::array<Product, 256> values;  // NOLINT(cppcoreguidelines-pro-type-member-init): written below
    unsigned exponent = slop.exponent() + 1;
    for (std::size_t i = 0; i < legs.size(); ++i) {
        values[i] = leg_value(legs[i], unit_bits(legs[i], sides));
        exponent = std::max(exponent, values[i].exponent);
    }

    // All on the scale of the largest; at most 256 terms below 2^56 each.
    std::uint64_t collateral = 0;
    std::uint64_t debt = 0;
    std::uint64_t strides = 0;  // Σ value × stride / 2^18, rounded up
    for (std::size_t i = 0; i < legs.size(); ++i) {
        const unsigned shift = std::min(exponent - values[i].exponent, 63U);
        const std::uint64_t mask = debt_mask(legs[i]);
        const std::uint64_t mantissa = (values[i].mantissa >> shift) - mask;
        collateral += mantissa & ~mask;
        debt += mantissa & mask;
        strides += ((mantissa >> 18U) + 1) * sides.stride[legs[i].side()];
    }
    std::uint64_t slops = 0;
    if (slop.bits != 0) {
        const std::uint64_t each =
            ((slop.mantissa() >> 2U) >> std::min(exponent - slop.exponent() - 1, 63U)) + 1;
        slops = each * legs.size();
    }
    if (collateral <= debt) return falls_short(collateral, debt, legs.size(), doubt_bits);
    if (collateral - debt <= slops) return Cover::doubtful;

    // λ·2^32 = cushion·2^14 / strides, rounded down: Σ value·δ ≤ 2^18·strides·λ ≤ cushion. What does not fit above is
    // taken from below.
    const std::uint64_t cushion = collateral - debt - slops;
    const int room = std::min(std::countl_zero(cushion), 14);
    const std::uint64_t divisor = room == 14 ? strides : (strides >> (14 - room)) + 1;
    const std::uint64_t lambda = (cushion << room) / divisor;
    for (std::size_t i = 0; i < legs.size(); ++i) {
        const std::uint64_t fraction =
            std::min(lambda, one_q32) * sides.stride[legs[i].side()];  // below 2^49
        keys[i] = key_of(legs[i], unit_bits(legs[i], sides), std::min(fraction, one_q32));
    }
    return Cover::some;
}

}  // namespace breakwater
