// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <cstdint>
#include <vector>

#include "breakwater/core/units.hpp"

/// The dials of our own rulebook. It stands on the reserve set of aave_v3: reserves, accounts,
/// indices and operations are the same records and functions. What differs is who is liquidated,
/// how much and at which bonus, when a loss is realised, and how fast a threshold falls. Source:
/// docs/rules.md, BREAKWATER-001 to BREAKWATER-008.
namespace breakwater::house {

/// Set with the book and never by an event.
struct Rules {
    Ratio target_health{wad * 105 / 100};  ///< a liquidation stops below it, BREAKWATER-003
    std::uint32_t bonus_start = 5'000;     ///< [bps] of the asset's bonus, at health factor 1
    Ratio bonus_whole_at{wad * 98 / 100};  ///< health factor from which down it is the whole bonus
    std::uint32_t bonus_least = 200;       ///< [bps] what a keeper needs: below, a loss is realised
    Value leftover_min{1'000'00000000};    ///< [1e-8 USD] what may be left of either leg
    std::uint32_t notice_hours = 168;      ///< [h] over which a threshold falls, BREAKWATER-008
    bool impaired_withdrawals = false;     ///< a withdrawal bears its part of the deficit
    std::vector<Value> depth;  ///< by AssetId: most that one liquidation sells; none where missing
};

/// A threshold on its way down. 8 bytes; all zero: it has arrived.
struct Ramp {
    std::uint16_t from = 0;   ///< [bps] threshold when the notice began
    std::uint16_t hours = 0;  ///< [h] length of the notice, above 0 while it runs
    std::uint32_t ends = 0;   ///< [s] until the year 2106

    /// [bps] What holds at `now` on the way to `to`: linear, rounded up for the borrower. Source:
    /// BREAKWATER-008.
    [[nodiscard]] constexpr std::uint32_t threshold(std::uint32_t to, Time now) const {
        if (seconds(now) >= ends || from <= to) return to;
        const std::uint64_t length = std::uint64_t{hours} * 3'600;
        const std::uint64_t left = ends - seconds(now);
        if (left >= length) return from;
        return to + static_cast<std::uint32_t>(((from - to) * left + length - 1) / length);
    }
};
static_assert(sizeof(Ramp) == 8);

/// The ramp that a change of the threshold to `to` begins, where `effective` holds now: none where
/// it does not fall. Source: BREAKWATER-008.
constexpr Ramp begin_ramp(const Rules& rules, std::uint32_t effective, std::uint32_t to, Time now) {
    if (to >= effective || rules.notice_hours == 0) return {};
    const std::uint64_t ends = seconds(now) + std::uint64_t{rules.notice_hours} * 3'600;
    if (ends > ~std::uint32_t{0}) return {};
    return {.from = static_cast<std::uint16_t>(effective),
            .hours = static_cast<std::uint16_t>(rules.notice_hours),
            .ends = static_cast<std::uint32_t>(ends)};
}

}  // namespace breakwater::house
