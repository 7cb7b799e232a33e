// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/core/feeds.hpp"

namespace breakwater {

Result<FeedRow> accept_report(const FeedRow& row, Price report, Time now) {
    if (report.is_zero()) return std::unexpected(Error::price_out_of_bounds);
#if !BREAKWATER_MUTANT_FEEDS_001
    if (report.raw > price_max) return std::unexpected(Error::price_out_of_bounds);
#endif
    FeedRow next = row;
    next.point = static_cast<std::uint64_t>(report.raw);
    next.lo = next.point;
    next.hi = next.point;
    next.slow = next.point;
    next.reported_at = seconds(now);
    next.trust = static_cast<std::uint64_t>(Trust::single_source);
    return next;
}

Mark mark_of(const FeedRow& row) {
    return {.point = {row.point},
            .lo = {row.lo},
            .hi = {row.hi},
            .slow = {row.slow},
            .trust = static_cast<Trust>(row.trust)};
}

}  // namespace breakwater
