// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include "breakwater/core/rulebooks/aave_v3_accounts.hpp"

/// One sentence for loans and derivatives: equity ≥ requirement. For loans the requirement is the haircut on
/// collateral,
///   equity = collateral − debt,  requirement = Σ collateral·(1 − liquidation threshold),
/// so that equity ≥ requirement says the same as health factor ≥ 1, up to the half-up rounding of the protocol's own
/// division, which `AccountData::is_unhealthy` keeps. Positions in other markets add their own equity and requirement.
/// Source: docs/rules.md, MARGIN-001.
namespace breakwater {

/// [1e-12 USD: 1e-8 USD × bps], so that haircuts in bps are exact.
struct Standing {
    int128 equity = 0;
    int128 requirement = 0;

    [[nodiscard]] constexpr bool holds() const { return equity >= requirement; }
    friend constexpr Standing operator+(Standing a, Standing b) {
        return {.equity = a.equity + b.equity, .requirement = a.requirement + b.requirement};
    }
};

constexpr Standing standing_of(const aave_v3::AccountData& data) {
    const auto collateral = static_cast<int128>(data.collateral.raw) * bps_one;
    const auto debt = static_cast<int128>(data.debt.raw) * bps_one;
    return {.equity = collateral - debt,
            .requirement = collateral - static_cast<int128>(data.threshold_sum)};
}

}  // namespace breakwater
