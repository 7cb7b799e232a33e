// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include "breakwater/core/margin/standing.hpp"
#include "breakwater/core/rulebooks/aave_v3_accounts.hpp"

/// What loans add to an account's standing. For them the requirement is the haircut on collateral,
///   equity = collateral − debt,  requirement = Σ collateral·(1 − liquidation threshold),
/// so that equity ≥ requirement says the same as health factor ≥ 1, up to the half-up rounding of the protocol's own
/// division, which `AccountData::is_unhealthy` keeps.
/// Source: docs/rules.md, MARGIN-001.
namespace breakwater {

/// For collateral and debt below 2^106: 8·10²³ USD.
constexpr Standing standing_of(const aave_v3::AccountData& data) {
    constexpr std::uint32_t ppm_a_bp = ppm_one / bps_one;
    const auto collateral = static_cast<int128>(data.collateral.raw) * ppm_one;
    const auto debt = static_cast<int128>(data.debt.raw) * ppm_one;
    return {.equity = collateral - debt,
            .requirement = collateral - static_cast<int128>(data.threshold_sum) * ppm_a_bp};
}

}  // namespace breakwater
