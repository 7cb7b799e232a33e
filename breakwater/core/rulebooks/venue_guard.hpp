// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include "breakwater/core/rulebooks/venue_ledger.hpp"
#include "breakwater/core/rulebooks/venue_margin.hpp"

/// May an account do this? Asked of what the desk would leave behind.
/// Source: docs/rules.md, VENUE-007, VENUE-016, VENUE-017.
namespace breakwater::venue {

/// Withdrawals wait while an account with negative equity is known, while a loss is uncovered, and
/// for the gate's time after. Source: VENUE-007.
bool is_gated(const View& view);

/// Equity covers the initial requirement, at cautious prices and not too old ones, and the account
/// is not in liquidation. The insurance fund owes nothing. Source: VENUE-023.
Status may_open(const VenueDesk& desk, AccountId account);

/// As `may_open`, and otherwise where the account only reduces and does not become riskier.
/// @param before the account as it was, for a liquidation; nullopt where it does not reduce
Status may_change(const VenueDesk& desk, AccountId account, const std::optional<Standing>& before);

/// Notes what is known of an account's equity: into liquidation below maintenance, out of it above
/// the exit, the gate up with negative equity. Source: VENUE-017.
/// @param found for a liquidation
void note_standing(VenueDesk& desk, AccountId account, const Assessment& found);

}  // namespace breakwater::venue
