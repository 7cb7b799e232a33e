// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "breakwater/core/margin/standing.hpp"

/// Margin that rises with size in tiers, without a step where a tier begins. The marginal rate of a tier applies to
/// what lies above its lower bound only; in deduction form that is one product and one difference,
///   requirement(n) = rate_k·n − deduction_k,   deduction_k = deduction_{k−1} + lower_k·(rate_k − rate_{k−1}),
/// for the last tier k with lower_k ≤ n. Rates that do not fall make it continuous, monotone and convex: two positions
/// held as one never need less than apart. Everything is a whole number on the scale of `Standing`; nothing rounds.
/// Source: docs/rules.md, MARGIN-010; Binance's brackets and Hyperliquid's margin tiers have this form.
namespace breakwater {

/// [1e-8 USD] no position is worth more: 1.2·10¹⁹ USD, and sums of 2¹⁰ requirements fit 127 bits.
inline constexpr uint128 notional_max = (uint128{1} << 90U) - 1;

/// A tier as venues publish it.
struct TierBound {
    uint128 lower = 0;       ///< [1e-8 USD] notional from which on
    std::uint32_t rate = 0;  ///< [ppm] of what lies above
};

class MarginTiers {
  public:
    static constexpr std::size_t tiers_max = 16;

    /// One tier of 100 %: a contract without parameters is fully margined.
    constexpr MarginTiers() : tiers_{Tier{.lower = 0, .deduction = 0, .rate = ppm_one}} {}

    /// nullopt unless there are 1 to 16 bounds, the first is 0, each is above the one before, and rates lie between 1
    /// and 10⁶ ppm and do not fall.
    static constexpr std::optional<MarginTiers> of(std::span<const TierBound> bounds);

    /// [1e-14 USD] exact. @param notional [1e-8 USD] at most `notional_max`
    [[nodiscard]] constexpr uint128 requirement(uint128 notional) const {
        const Tier* tier = tiers_.data();
        const Tier* const last = tier + (count_ - 1);
        while (tier != last && tier[1].lower <= notional)
            ++tier;
        return tier->rate * notional - tier->deduction;
    }

    [[nodiscard]] constexpr std::size_t size() const { return count_; }

  private:
    struct Tier {
        uint128 lower = 0;       ///< [1e-8 USD]
        uint128 deduction = 0;   ///< [1e-14 USD]
        std::uint64_t rate = 0;  ///< [ppm]
    };
    std::array<Tier, tiers_max> tiers_{};
    std::size_t count_ = 1;
};

constexpr std::optional<MarginTiers> MarginTiers::of(std::span<const TierBound> bounds) {
    if (bounds.empty() || bounds.size() > tiers_max || bounds[0].lower != 0) return std::nullopt;
    MarginTiers out;
    out.count_ = bounds.size();
    Tier before{};
    for (std::size_t k = 0; k < bounds.size(); ++k) {
        const TierBound& b = bounds[k];
        if (k != 0 && b.lower <= before.lower) return std::nullopt;
        if (b.lower > notional_max || b.rate == 0 || b.rate > ppm_one) return std::nullopt;
        if (b.rate < before.rate) return std::nullopt;
        // Cannot overflow: Σ of the differences of rates is at most 2^20, each times a bound below 2^90.
        before = {.lower = b.lower,
                  .deduction = before.deduction + b.lower * (b.rate - before.rate),
                  .rate = b.rate};
        out.tiers_[k] = before;
    }
    return out;
}

}  // namespace breakwater
