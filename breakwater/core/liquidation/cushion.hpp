// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <cstdint>
#include <span>

#include "breakwater/core/magnitude.hpp"

/// How far the sides of an account may move before it can be unhealthy.
///
/// The cushion is      Σ collateral weight × unit value  −  Σ debt weight × unit value  −  slop,
/// collateral rounded down and debt up. While it is positive it is shared out: side s may get worse by the fraction
/// δ_s = λ·stride_s of its present value, with λ such that all sides together, each at its limit, use up the cushion
/// and no more. The sum is linear in the unit values, so inside that box the account is healthy, whatever the sides do
/// there. Giving each side a part in proportion to its stride (how much it is expected to move) makes the box last.
namespace breakwater {

/// One leg in one word: side in bits 56 to 63, exponent of the weight in 48 to 55, its fraction in 0 to 47.
/// Side 2·asset is collateral, 2·asset + 1 debt.
struct PackedLeg {
    std::uint64_t word = 0;

    [[nodiscard]] constexpr unsigned side() const { return static_cast<unsigned>(word >> 56U); }
    [[nodiscard]] constexpr bool is_debt() const { return (side() & 1U) != 0; }
};

/// Collateral is rounded down, debt up.
constexpr PackedLeg pack_leg(unsigned side, Magnitude weight) {
    std::uint64_t kept = weight.bits >> 8U;
    if ((side & 1U) != 0 && (kept << 8U) != weight.bits) ++kept;
    return {(std::uint64_t{side} << 56U) | kept};
}

/// Numbers of the sides that fall when things get worse.
/// Collateral: the bits of the unit value; debt: their complement.
struct Sides {
    std::span<const std::uint64_t> value;
    std::span<const std::uint32_t> stride;  ///< [2^-16] expected relative move, at least 1
};

enum class Cover : std::uint8_t {
    some,      ///< there is a cushion
    doubtful,  ///< none, but it takes a look to say whether that is more than caution
    none,      ///< the sums fall short of each other by more than the doubt about them
};

/// Writes for each leg the key of its trigger (0: the side alone cannot exhaust its part) if there is a cushion.
/// `slop` is per leg, in weight × unit. `doubt_bits`, 6 to 40: the products may be too low for collateral and too high
/// for debt by up to four times 2^-doubt_bits of themselves; 0: by any amount, so that the answer is never `none`.
Cover share_cushion(std::span<const PackedLeg> legs, const Sides& sides, Magnitude slop,
                    unsigned doubt_bits, std::span<std::uint64_t> keys);

}  // namespace breakwater
