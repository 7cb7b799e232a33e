// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "breakwater/core/feeds.hpp"

/// How much doubt an asset may carry before something stops, by the kind of asset. Shares are in basis points, times in
/// seconds. The numbers are starting values taken from deployed systems; they are parameters, not constants.
/// Source: docs/rules.md, FEEDS-018 (ages by class of action) and FEEDS-024 (the limits of each tier).
namespace breakwater::feeds {

enum class Tier : std::uint8_t { major, liquid, long_tail, pegged };

inline constexpr std::size_t sources_max = 16;
inline constexpr std::uint32_t grace_max = 4 * 3600;  ///< [s] what an operator may set at most

struct Limits {
    std::uint64_t price_min = 0;  ///< [1e-8 USD] hard bounds: a price on one of them is outside
    std::uint64_t price_max = breakwater::price_max;
    std::uint32_t sources_min = 3;  ///< that must agree; one fewer than are configured is enough
    std::uint32_t opening_age_max = 10;      ///< [s]
    std::uint32_t liquidation_age_max = 60;  ///< [s] an older report is not live
    std::uint32_t outlier = 100;             ///< [bps] from the median
    std::uint32_t dispersion = 100;          ///< [bps]
    std::uint32_t confidence = 50;           ///< [bps]
    std::uint32_t jump = 500;                ///< [bps] in one step
    std::uint32_t hard_jump = 2'500;         ///< [bps] against the average of five minutes
    std::uint32_t grace = 600;               ///< [s]
    std::uint32_t sigma = 830'000;           ///< [1e-9] standard deviation of a minute's return
    std::uint32_t sigma_multiple = 3;
    std::uint32_t slow_rate = 3;         ///< [bps/s]
    std::uint32_t slow_hourly = 600;     ///< [bps] in any hour
    std::uint32_t swap_tolerance = 500;  ///< [bps] around mid × 10^k
    std::uint32_t future_max = 1;        ///< [s]
    std::uint32_t confirm_steps = 2;
    std::uint32_t agreement = 300;    ///< [s] of quiet before a looser state
    std::uint32_t stale_max = 300;    ///< [s] in stale; after that there is grace
    std::uint32_t silence_max = 600;  ///< [s] without a live source: all are lost
    std::uint32_t downtime_max = 60;  ///< [s] between two steps of the machine
    /// [s] for which a source with a deviation that keeps still says that the price has moved by less: doubt by age
    /// begins at its end. 0: it begins at once.
    std::uint32_t quiet = 0;
    std::array<std::uint32_t, 3> reserved{};
};

constexpr Limits limits_of(Tier tier) {
    Limits out;
    switch (tier) {
        case Tier::major:
            break;
        case Tier::liquid:
            out.opening_age_max = 15;
            out.outlier = 300;
            out.dispersion = 200;
            out.confidence = 100;
            out.jump = 1'000;
            out.hard_jump = 4'000;
            out.sigma = 1'400'000;
            break;
        case Tier::long_tail:
            out.sources_min = 2;
            out.opening_age_max = 30;
            out.liquidation_age_max = 120;
            out.silence_max = 1'200;
            out.outlier = 500;
            out.dispersion = 400;
            out.confidence = 200;
            out.jump = 2'000;
            out.hard_jump = 6'000;
            out.grace = 1'800;
            out.sigma = 2'800'000;
            break;
        case Tier::pegged:
            out.opening_age_max = 60;
            out.liquidation_age_max = 300;
            out.silence_max = 3'000;
            out.dispersion = 75;
            out.jump = 200;
            out.hard_jump = 1'000;
            out.grace = 1'800;
            out.sigma = 140'000;
            break;
    }
    return out;
}

/// Seconds from `then` to `now`; a report from the near future has no age.
constexpr std::uint64_t age_of(std::uint64_t then, Time now) {
    return seconds(now) > then ? seconds(now) - then : 0;
}

/// ⌈price · bps / 10^4⌉. Cannot overflow: price < 2^63, bps < 2^32.
constexpr std::uint64_t share_up(std::uint64_t price, std::uint64_t bps) {
    const uint128 share = (uint128{price} * bps + bps_one - 1) / bps_one;
    return static_cast<std::uint64_t>(std::min(share, uint128{price_max}));
}

constexpr std::uint64_t distance(std::uint64_t a, std::uint64_t b) {
    return a > b ? a - b : b - a;
}

/// A row of the state: copied, compared and undone by 128-bit words, without padding.
template <class Row>
concept WholeWords = std::is_trivially_copyable_v<Row> &&
                         std::has_unique_object_representations_v<Row> && sizeof(Row) %
                         sizeof(uint128) ==
                     0;

}  // namespace breakwater::feeds
