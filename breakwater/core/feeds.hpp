// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <cstdint>

#include "breakwater/core/error.hpp"
#include "breakwater/core/units.hpp"

/// Reports in, `Mark` out. One asset has one row; a report that is zero or absurd is refused and changes nothing.
/// With a single source there is no weight cap and the band is the point itself; where an asset has several
/// (feeds/wiring.hpp) their machine writes this row. Source: docs/rules.md, FEEDS-001 and FEEDS-002.
namespace breakwater {

/// From `normal` on: several sources, in the order of strictness of feeds/machine.hpp.
enum class Trust : std::uint8_t {
    missing, single_source, normal, confirm, uncertain, recovering, stale, halt_new,
};

/// What readers see of a price.
struct Mark {
    Price point;
    Price lo;    ///< the band that doubt leaves open; a modelled protocol uses `point`
    Price hi;
    Price slow;  ///< rate-limited, for opening risk
    Trust trust = Trust::missing;
};

/// The stored row of one asset, 48 bytes.
struct FeedRow {
    std::uint64_t point = 0;        ///< [1e-8 USD per token]
    std::uint64_t lo = 0;
    std::uint64_t hi = 0;
    std::uint64_t slow = 0;
    std::uint64_t reported_at = 0;  ///< [s] when the report was applied; of several sources: from where age counts
    std::uint64_t trust = 0;        ///< Trust
};

/// A price beyond this is a unit error: 1.8e11 / 2 USD a token. It keeps price × 10^18 inside 128 bits.
inline constexpr std::uint64_t price_max = ~std::uint64_t{0} >> 1U;

/// The row after one report at `now`; FEEDS-001: zero or above `price_max` is refused.
Result<FeedRow> accept_report(const FeedRow& row, Price report, Time now);
Mark mark_of(const FeedRow& row);

}  // namespace breakwater
