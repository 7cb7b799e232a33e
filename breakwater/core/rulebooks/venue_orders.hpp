// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include "breakwater/core/rulebooks/venue_ledger.hpp"
#include "breakwater/core/rulebooks/venue_margin.hpp"

/// What accounts have resting in the markets of a venue. Orders are matched elsewhere: an event says how many lots rest
/// on either side, and takes what a trade fills off before it. Resting lots are new risk that the account has already
/// agreed to, so they need initial margin as if the worse side had been filled; maintenance never counts them. Whoever
/// falls into liquidation loses them in the same event, before anything is sold.
/// Source: docs/rules.md, VENUE-028 and VENUE-029.
namespace breakwater::venue {

/// [1e-14 USD] What the orders of an account need beyond what its positions do. Margined by tiers: the requirement
/// of the larger of |lots + bids| and |lots − asks| less that of the position. Margined by arrays: what either side
/// would lose in its worst scenario, the short minimum included, and nothing for what it would hedge.
uint128 order_requirement(Checked& math, const View& view, AccountId account);

/// Whether a contract in which the account has orders allows no new risk: its mark or array is too old.
bool has_stale_orders(const View& view, AccountId account);

bool has_orders(const VenueDesk& desk, AccountId account);
/// All of them, and tells of each contract.
void cancel_orders(VenueDesk& desk, AccountId account);

}  // namespace breakwater::venue
