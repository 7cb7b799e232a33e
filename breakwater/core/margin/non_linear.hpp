// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "breakwater/core/margin/tiers.hpp"

/// Margin that grows with size, with the venue's open interest, and with what a position would do to its market. Every
/// function takes a holder's own notional and that of the *cluster*, the accounts declared as linked: the rate is that
/// of the cluster, the charge that of the own part, so that a position split over a hundred wallets costs what it
/// costs in one. A holder without links is its own cluster.
/// Notionals are in 1e-8 USD and at most `notional_max`; requirements in 1e-14 USD; every rounding is upward.
/// Source: docs/rules.md, MARGIN-011 to MARGIN-014.
namespace breakwater {

/// Positions of linked accounts in one contract. Each account is closed alone, so a long of one does not help a short
/// of another: the larger side counts, not the difference. MARGIN-014.
struct Cluster {
    uint128 longs = 0;   ///< [1e-8 USD]
    uint128 shorts = 0;  ///< [1e-8 USD]

    [[nodiscard]] constexpr uint128 notional() const { return longs > shorts ? longs : shorts; }
};

/// max(base, ⌈4/5·base⌉ + ⌈slope·√(n/unit)⌉): the impact of closing grows with the square root of size.
struct SizeLaw {
    std::uint32_t base = 0;   ///< [ppm]
    std::uint32_t slope = 0;  ///< [ppm] what a position of `unit` adds
    uint128 unit = 1;         ///< [1e-8 USD] above 0
};
/// [ppm] MARGIN-011; the root is exact, one rounding. At most 2^32 − 1.
std::uint32_t size_rate_up(const SizeLaw& law, uint128 notional);

/// [1e-14 USD] own · rate(cluster).
inline uint128 size_requirement(const SizeLaw& law, uint128 own, uint128 cluster) {
    return own * size_rate_up(law, cluster);
}

/// MARGIN-011: the law as tiers, for checks that take no root: its chords between 0 and the bounds. The law is convex,
/// so the chords lie on or above it, but for the ppm to which its rate is rounded, and meet it at each bound; above the
/// last one the marginal rate is 100 %, and positions are not meant to go there.
/// @param bounds [1e-8 USD] rising, above 0, at most `tiers_max` − 1; nullopt where not, or where a chord is steeper
/// than 100 %
std::optional<MarginTiers> tiers_above(const SizeLaw& law, std::span<const uint128> bounds);

struct MarginRates {
    std::uint32_t initial = 0;      ///< [ppm]
    std::uint32_t maintenance = 0;  ///< [ppm]
};
/// Where initial margin begins to rise, and where it reaches 100 %. `upper` 0: not at all.
struct OpenInterestScale {
    uint128 lower = 0;  ///< [1e-8 USD]
    uint128 upper = 0;  ///< [1e-8 USD] above lower
};
/// base + ⌈(1 − base)·(open interest − lower)/(upper − lower)⌉ for the initial rate. The maintenance rate is handed
/// through: what others open never liquidates anyone. MARGIN-012.
MarginRates scaled_by_open_interest(MarginRates rates, uint128 open_interest,
                                    const OpenInterestScale& scale);

/// What a market was measured to take.
struct MarketDepth {
    uint128 absorbed = 0;      ///< [1e-8 USD] within the time that a liquidation has; 0: nothing
    std::uint32_t impact = 0;  ///< [ppm] price move that selling `absorbed` costs
};
/// [1e-14 USD] MARGIN-013; with n the cluster's notional
///   add-on(n) = (n − absorbed)⁺ · min(100 %, ⌈impact·√(n/absorbed)⌉),   charge = ⌈add-on(n)·own/n⌉.
/// Continuous where it begins. Without depth the whole notional is charged.
/// @param own at most `cluster`
uint128 concentration_charge(const MarketDepth& depth, uint128 own, uint128 cluster);

}  // namespace breakwater
