// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <array>

#include "breakwater/core/feeds/asset.hpp"

/// Where an asset's prices come from, as an operator has set it up, and which market is guarded by what they leave in
/// doubt. Rows of the state. Source: docs/rules.md, FEEDS-028 (sources and ratios), FEEDS-029 (the row that readers
/// see) and FEEDS-037 (changes).
namespace breakwater {
namespace feeds {

/// Limits, sources and, for an asset that is worth a share of another, what is believed of that share.
struct Wiring {
    Limits limits;
    std::uint64_t sources = 0;        ///< 0: a single one, whose price comes with ReportPrices
    std::uint64_t base = 0;           ///< 1 + AssetId of what the asset is a share of; 0: none
    std::uint64_t ratio_sources = 0;  ///< bit i: source i reports the share, in 1e-8, and not USD
    std::uint64_t snapshot_at = 0;    ///< [s] of the ratio's cap
    Ratio snapshot;                   ///< [wad] 0: the ratio has no cap
    Ratio growth;                     ///< [wad a year] of the cap
    Ratio redemption_rate;            ///< [wad a year] what waiting costs
    Amount to_redeem;                 ///< [atomic] as in Redemption
    Amount daily_capacity;            ///< [atomic] 0: redemption is not believed
    std::uint64_t par = 0;            ///< [1e-8 of the base, or USD without one]
    std::uint64_t queue_seconds = 0;
    std::uint64_t is_unbacked = 0;    ///< 1: somebody has raised the flag
    RedemptionLimits redemption;
};
static_assert(WholeWords<Wiring>);

inline constexpr std::size_t assets_max = 256;

/// Each asset has room for all the sources that it may ever have.
constexpr std::uint32_t source_row(AssetId asset, std::size_t source) {
    return static_cast<std::uint32_t>(index(asset) * sources_max + source);
}

/// Ages and pauses for sources that speak only every `cadence` seconds: a limit is never shorter than two of their
/// reports, nor a time of silence than twenty. Source: FEEDS-028.
constexpr Limits at_cadence(Limits limits, std::uint32_t cadence) {
    const auto at_least = [](std::uint32_t& limit, std::uint32_t least) {
        limit = std::max(limit, least);
    };
    at_least(limits.opening_age_max, 2 * cadence);
    at_least(limits.liquidation_age_max, 4 * cadence);
    at_least(limits.downtime_max, 2 * cadence);
    at_least(limits.agreement, 2 * cadence);
    at_least(limits.stale_max, 4 * cadence);
    at_least(limits.silence_max, 20 * cadence);
    return limits;
}

/// The row that all readers look at, as the machine leaves it. Source: FEEDS-029.
FeedRow feed_row(const AssetRow& row);

constexpr breakwater::Trust reader_trust(Trust trust) {
    return static_cast<breakwater::Trust>(static_cast<std::uint8_t>(trust) +
                                          static_cast<std::uint8_t>(breakwater::Trust::normal));
}

/// The machine's state behind a reader's; normal for what has no machine.
constexpr Trust machine_trust(breakwater::Trust trust) {
    return trust < breakwater::Trust::normal
               ? Trust::normal
               : static_cast<Trust>(static_cast<std::uint8_t>(trust) -
                                    static_cast<std::uint8_t>(breakwater::Trust::normal));
}

}  // namespace feeds

/// guarded(R): whether a market's events are gated by band and trust. 32 bytes.
struct GuardRow {
    std::uint64_t is_on = 0;
    std::uint64_t valuation_move_max = 50;    ///< [bps] by which a change may move a price
    std::uint64_t notice_seconds = 86'400;    ///< of a change that is forced
    std::uint64_t reserved = 0;
};
static_assert(feeds::WholeWords<GuardRow>);

/// A change that was announced. 32 bytes.
struct NoticeRow {
    uint128 fingerprint = 0;
    std::uint64_t announced_at = 0;  ///< [s]
    std::uint64_t reserved = 0;
};
static_assert(feeds::WholeWords<NoticeRow>);

/// What a notice is about: one row for each asset or e-mode of a market, and for each asset's feed.
enum class NoticeOf : std::uint8_t { parameters, emode, feed };
constexpr std::uint32_t notice_row(std::uint8_t market, NoticeOf what, std::uint32_t id) {
    return (std::uint32_t{market} << 18U) | (std::uint32_t{static_cast<std::uint8_t>(what)} << 16U) | id;
}

}  // namespace breakwater
