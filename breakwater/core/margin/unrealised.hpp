// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <algorithm>
#include <cstdint>

#include "breakwater/core/margin/standing.hpp"

/// What profit that is not realised counts for when new risk is opened: less than it is, and at the slow price, so
/// that nobody borrows against a price that was just moved (Mango, October 2022: 4 million USD moved a token 24-fold
/// and 110 million were withdrawn against the profit). A loss counts in full, at the price that makes it larger.
/// Source: docs/rules.md, MARGIN-015.
namespace breakwater {

struct Marks {
    std::int64_t point = 0;  ///< [1e-8 USD a lot]
    std::int64_t slow = 0;   ///< [1e-8 USD a lot] the rate-limited price of the feeds
};

/// [1e-14 USD] exact: u = lots·m − entry with m the worse of both prices for the holder; u·weight where u > 0, else u.
/// @param entry [1e-8 USD] what the lots cost, negative for a short; |u| at most 2^106
/// @param weight [ppm] at most 10⁶
constexpr int128 profit_for_new_risk(std::int64_t lots, int128 entry, Marks marks,
                                     std::uint32_t weight) {
    const std::int64_t worse =
        lots > 0 ? std::min(marks.point, marks.slow) : std::max(marks.point, marks.slow);
    const int128 unrealised = int128{lots} * worse - entry;
    return unrealised * (unrealised > 0 ? weight : ppm_one);
}

}  // namespace breakwater
