// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <array>

#include "breakwater/core/feeds/limits.hpp"

/// The two memories of a price. `slow` follows the median at a limited rate and values what is opened; the average of
/// the last five minutes is what a hard jump is measured against. Source: docs/rules.md, FEEDS-016 and FEEDS-017.
namespace breakwater::feeds {

inline constexpr std::size_t hour_slots = 13;        ///< of five minutes; thirteen cover any hour
inline constexpr std::uint64_t slow_step_max = 600;  ///< [s] silence earns no more room than this
inline constexpr std::uint64_t slow_scale = 1'000'000'000;

/// Kept with nine digits more than a price, so that a low price still moves at one step a second.
struct SlowRow {
    uint128 price = 0;             ///< [1e-17 USD] 0: not begun
    std::uint64_t updated_at = 0;  ///< [s]
    std::uint64_t reserved = 0;
    std::array<uint128, hour_slots>
        lowest{};  ///< [1e-17 USD] in each slot, slot = time / 300 mod 13
    std::array<uint128, hour_slots> highest{};
};
static_assert(WholeWords<SlowRow>);

/// FEEDS-016: toward `mid` by at most slow_rate · dt of itself, dt ≤ 600 s, and never more than slow_hourly above the
/// lowest or below the highest that it was in the last hour. Both limits round toward standing still. The first price
/// is taken as it is. Whatever the cadence, over T seconds it moves by no more than exp(slow_rate · T).
void move_slowly(SlowRow& row, std::uint64_t mid, const Limits& limits, Time now);
inline SlowRow follow_slowly(SlowRow row, std::uint64_t mid, const Limits& limits, Time now) {
    move_slowly(row, mid, limits, now);
    return row;
}

inline std::uint64_t slow_price_down(const SlowRow& row) {
    return static_cast<std::uint64_t>(row.price / slow_scale);
}

inline constexpr std::size_t average_slots = 6;  ///< of one minute

struct AverageRow {
    std::array<uint128, average_slots> sum{};           ///< [1e-8 USD · s]
    std::array<std::uint64_t, average_slots> weight{};  ///< [s]
    std::uint64_t last = 0;                             ///< [1e-8 USD] held since updated_at
    std::uint64_t updated_at = 0;                       ///< [s]
};
static_assert(WholeWords<AverageRow>);

/// Adds the last price for the time that it stood, then holds `mid`.
void note_price(AverageRow& row, std::uint64_t mid, Time now);
inline AverageRow remember(AverageRow row, std::uint64_t mid, Time now) {
    note_price(row, mid, now);
    return row;
}

/// FEEDS-017: time-weighted over the last five to six minutes, rounded down; the last price where nothing has stood for
/// a second yet, zero where there is none.
std::uint64_t average_down(const AverageRow& row, Time now);

}  // namespace breakwater::feeds
