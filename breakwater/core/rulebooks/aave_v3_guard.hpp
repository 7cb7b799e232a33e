// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <span>

#include "breakwater/core/feeds/guard.hpp"
#include "breakwater/core/rulebooks/aave_v3_accounts.hpp"

/// guarded(aave_v3): what the band and the states of trust add to the protocol's own checks where a market's guard is
/// on. The protocol goes on computing with the point. An asset with a single source has a band of one price and is
/// never suspended. Source: docs/rules.md, FEEDS-037 (changes), FEEDS-039 to FEEDS-041.
namespace breakwater::aave_v3 {

/// The strictest of the assets that count as collateral or are owed decides; an age is that of now.
feeds::Permissions permissions(const State& state, const Market& market, std::span<const Leg> legs,
                               std::uint16_t emode, Time now);

/// FEEDS-039: liquidatable who is unhealthy at the best end of the band, contested who is so at the worst alone.
Result<feeds::Standing> standing(View view, std::span<const Leg> legs, std::uint16_t emode);

/// FEEDS-040: opening_suspended, or collateral_insufficient_in_band at min(lo, slow) and max(hi, slow), for an account
/// as the event leaves it. @param is_borrowing  asks for the ltv as well as for health
Status guard_opening(Draft& draft, GrownIndices& grown, AccountId id, bool is_borrowing);

/// FEEDS-041: liquidation_contested or liquidation_suspended for an account that is unhealthy at the point. Asked
/// before the protocol; who is healthy at the point is left for it to refuse.
Status guard_liquidation(Draft& draft, GrownIndices& grown, AccountId id);

/// FEEDS-037: change_makes_liquidatable where the draft's parameters, e-modes or prices make an account of `market`
/// unhealthy at the point that is healthy without them. Looks at every account.
Status makes_nobody_liquidatable(const Draft& draft, const Market& market);

}  // namespace breakwater::aave_v3
