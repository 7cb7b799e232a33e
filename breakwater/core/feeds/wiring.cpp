// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/core/feeds/wiring.hpp"

namespace breakwater::feeds {

FeedRow feed_row(const AssetRow& row) {
    return {.point = row.mid,
            .lo = row.lo,
            .hi = row.hi,
            .slow = slow_price_down(row.slow),
            .reported_at = row.mid_at,
            .trust = static_cast<std::uint64_t>(reader_trust(trust_of(row.machine)))};
}

}  // namespace breakwater::feeds
