// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <optional>
#include <span>

#include "breakwater/core/desk.hpp"
#include "breakwater/core/violation.hpp"

/// The promises of a derivatives venue.
///     VENUE-001  held + uncovered = Σ balances + Σ pots of the contracts that settle in the asset; custody moves alike
///     VENUE-002  Σ lots + settled lots = 0 in each contract
///     VENUE-003  pot + Σ basis − worth · Σ lots = dust, 0 ≤ dust < one atom: no settlement makes or loses a grain
///     VENUE-004  open interest = Σ long lots; the lots of a cluster are those of its accounts
///     VENUE-007  behind the gate nothing leaves custody
///     VENUE-014  a higher maintenance margin does not hold before its notice is over
///     VENUE-023  the fund owes nothing and no tier has paid more than its limit
/// Source: docs/rules.md.
namespace breakwater::venue {

/// For what the event on the desk is about to change.
std::optional<Violation> check_desk(const Desk<Market>& desk);
/// Over the whole market, custody aside.
std::optional<Violation> check_market(const Market& market);
/// Adds what the venue counts as its own, by AssetId.
void count_holdings(const Market& market, std::span<uint128> held);

}  // namespace breakwater::venue
