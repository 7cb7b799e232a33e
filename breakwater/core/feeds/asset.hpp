// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include "breakwater/core/feeds/band.hpp"
#include "breakwater/core/feeds/correlated.hpp"
#include "breakwater/core/feeds/machine.hpp"
#include "breakwater/core/feeds/slow.hpp"

/// One asset's two feeds put together: reports in, `Mark` out. Each step of the clock looks at the sources once; what a
/// reader sees between two steps does not change. Source: docs/rules.md, FEEDS-023.
namespace breakwater::feeds {

/// What readers see of a price. Named by `feeds::`, beside the single source's Mark that rulebooks read today.
struct Mark {
    Price point;  ///< weighted median
    Price lo;
    Price hi;
    Price slow;
    Trust trust = Trust::halt_new;
    bool single_source = true;  ///< fewer than three live sources: no cap holds one of them back
    std::uint64_t age = 0;      ///< [s] of the point when the row was stepped
};

/// All that is remembered of an asset beside the rows of its sources.
struct AssetRow {
    std::uint64_t mid = 0;     ///< [1e-8 USD] 0: never had one
    std::uint64_t mid_at = 0;  ///< [s] age counts from here
    std::uint64_t lo = 0;
    std::uint64_t hi = 0;
    std::uint64_t before = 0;       ///< [1e-8 USD] the median before a jump
    std::uint64_t before_left = 0;  ///< steps for which the band still holds it
    std::uint64_t live = 0;         ///< sources
    std::uint64_t age = 0;          ///< [s]
    std::uint64_t due_at = 0;       ///< [s] until then time alone changes nothing
    std::uint64_t reserved = 0;
    MachineRow machine;
    RedemptionRow redemption;
    AverageRow average;
    SlowRow slow;
};
static_assert(WholeWords<AssetRow>);

/// What a step is told beside the sources.
struct Circumstances {
    std::uint64_t uncapped = 0;  ///< [1e-8 USD] what a binding ratio cap has hidden; 0: none binds
    std::uint64_t redemption = 0;  ///< [1e-8 USD] 0: none, or not admitted
    RedemptionLimits redemption_limits;
    bool is_alarmed = false;
    bool is_ordered = false;
};

/// FEEDS-023: observe, judge, widen, remember. A source's report is accepted before, by `accept`.
void take_step(AssetRow& row, const Observation& seen, const Circumstances& told,
               const Limits& limits, Time now);
inline AssetRow step(AssetRow row, const Observation& seen, const Circumstances& told,
                     const Limits& limits, Time now) {
    take_step(row, seen, told, limits, now);
    return row;
}

/// FEEDS-043: the first second in which a step without news can change more than the row's memory of time: a source
/// falls silent, the price grows too old for something, doubt by age begins, or the machine would count as down. The
/// next second where anything is unsettled.
std::uint64_t due_after(const AssetRow& row, const Observation& seen, const Circumstances& told,
                        const Limits& limits, Time now);

/// The signs that `step` gives to the machine of trust.
Signs signs_of(const AssetRow& row, const Observation& seen, const Circumstances& told,
               const Limits& limits, Time now);

Mark mark_of(const AssetRow& row);

inline Reference reference_of(const AssetRow& row) {
    return {.mid = row.mid, .at = row.mid_at};
}

}  // namespace breakwater::feeds
