// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "breakwater/core/math.hpp"
#include "breakwater/core/units.hpp"

/// Does collateral cover debt? Answered without a division where the answer is clear, so that only what lies within
/// rounding pays for the exact assessment.
///
/// The exact assessment of an account stands close to a linear form: with weight w (balance × threshold, or balance ×
/// one) and unit value u of each leg, both integers,
///     exact collateral ∈ [Σ w·u − legs·slop, (1 + 2^-b)·Σ w·u],   exact debt ∈ [Σ w·u, (1 + 2^-b)·Σ w·u + legs·slop],
/// where the caller states b, by how much its units may be too low, and slop, what its roundings may take in one leg.
/// Every product is cut by 2^64, which loses less than 1. So with C and D the sums of the cut products over n legs
///     C − D > (D + n)·2^-b + n + n·slop/2^64   is surely healthy,
///     D − C > (C + n)·2^-b + n                 is surely not,
/// and both follow from |C − D| > ⌊(C + D)/2^b⌋ + n·(3 + slop/2^64).
///
/// Source: docs/rules.md, WATCH-004.
namespace breakwater {

enum class Verdict : std::uint8_t { healthy, unhealthy, unclear };

class Glance {
  public:
    /// A leg with weight × unit less than 2^181; beyond, the verdict is `unclear`.
    void add(Side side, uint128 weight, uint128 unit) {
        const Uint256 product = mul_wide(weight, unit);
        sum_[static_cast<std::size_t>(side)] += (uint128{product.limb[2]} << 64U) | product.limb[1];
        beyond_ |= product.limb[3] | product.limb[2] >> 53U;
        ++legs_;
    }

    /// `relative_bits`: b, `slop` [2^64 × weight × unit] less than 2^100. Up to 256 legs: sums stay below 2^125.
    [[nodiscard]] Verdict verdict(unsigned relative_bits, uint128 slop) const {
        const auto [collateral, debt] = sum_;
        const uint128 margin = ((collateral + debt) >> relative_bits) + legs_ * (slop + 3);
        if (beyond_ != 0) return Verdict::unclear;
        if (collateral > debt + margin) return Verdict::healthy;
        return debt > collateral + margin ? Verdict::unhealthy : Verdict::unclear;
    }

  private:
    std::array<uint128, 2> sum_{};  ///< by side, of the products cut by 2^64
    std::uint64_t beyond_ = 0;
    std::uint32_t legs_ = 0;
};

}  // namespace breakwater
