// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include "breakwater/core/feeds/limits.hpp"
#include "breakwater/core/math.hpp"

/// Assets that are worth a known share of another: staked, wrapped, pegged. Their reported ratio is capped by a line
/// that grows, and what they can be redeemed for is one more opinion of their price, believed only as far as it is
/// proven. Source: docs/rules.md, FEEDS-019 (ratio cap) and FEEDS-020 (redemption value).
namespace breakwater::feeds {

inline constexpr std::uint64_t year_seconds = std::uint64_t{365} * 86'400;

/// ratio_max(t) = ⌈snapshot · (1 + growth · dt / year)⌉.
struct RatioCap {
    Ratio snapshot;                 ///< [wad]
    Ratio growth;                   ///< [wad a year]
    std::uint64_t snapshot_at = 0;  ///< [s]
};

struct CappedRatio {
    Ratio ratio;         ///< [wad] min(reported, cap)
    bool binds = false;  ///< the cap is below what is reported: an alarm, and the band takes both
};
CappedRatio cap_ratio_up(Checked& math, Ratio reported, const RatioCap& cap, Time now);

/// ⌊base · ratio⌋.
std::uint64_t correlated_price_down(Checked& math, std::uint64_t base, Ratio ratio);

/// What is proven about the way out.
struct Redemption {
    std::uint64_t par = 0;            ///< [1e-8 USD] what one token pays at the end of the queue
    Ratio rate;                       ///< [wad a year] what waiting costs
    std::uint64_t queue_seconds = 0;  ///< as the issuer states it
    Amount to_redeem;                 ///< [atomic] the queue and all that this book holds
    Amount daily_capacity;  ///< [atomic] that was really paid out in a day; 0: nothing is proven
    bool is_backed = true;  ///< false: somebody has raised the flag
};

/// FEEDS-020: ⌊par · exp(−rate · t)⌋ with t the longer of the stated queue and to_redeem / daily_capacity. Zero: not
/// admitted (flag, no capacity, or a wait so long that nothing is certain).
std::uint64_t redemption_value_down(Checked& math, const Redemption& redemption);

/// ⌊exp(−x) · 10^27⌋ or up to 100 units of 1e-27 less, never more; 0 from x = 24 on.
/// @param x [wad]
Ray exp_minus_down(Checked& math, uint128 x);

/// Since when redemption and market have contradicted each other, and since when they have agreed.
struct RedemptionRow {
    std::uint64_t disputed_since = 0;  ///< [s] 0: not
    std::uint64_t agreed_since = 0;    ///< [s] 0: they do not agree now
};
static_assert(WholeWords<RedemptionRow>);

struct RedemptionLimits {
    std::uint32_t disagreement = 200;       ///< [bps] of the median
    std::uint32_t blocking_max = 6 * 3600;  ///< [s] how long a contradiction may hold anything up
};

struct RedemptionStep {
    RedemptionRow row;
    bool widens = false;  ///< the band takes the redemption value in
};
/// A contradiction widens the band for at most `blocking_max`, and again only after they have agreed for as long.
RedemptionStep weigh_redemption(const RedemptionRow& row, std::uint64_t mid,
                                std::uint64_t redemption, const RedemptionLimits& limits, Time now);

}  // namespace breakwater::feeds
