// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include "breakwater/core/desk.hpp"

/// The rulebook of our derivatives venue. Marks, funding, settlement averages, margin and risk
/// arrays come in as events; orders are matched elsewhere, so that an account says what it has
/// resting and a trade names both of its sides.
/// Source: docs/rules.md, VENUE-001 to VENUE-029.
namespace breakwater::venue {

using VenueDesk = Desk<Market>;

/// Everything on the desk, or the first reason not to; unknown accounts, assets and contracts are
/// refused before all else. Source: ENGINE-002.
Status plan_action(VenueDesk& desk, const Action& action);

// Balances. Source: VENUE-006, VENUE-007.
Status deposit(VenueDesk& desk, const Deposit& event);
Status withdraw(VenueDesk& desk, const Withdraw& event);
Status transfer(VenueDesk& desk, const Transfer& event);
Status set_account(VenueDesk& desk, const SetAccount& event);
Status set_borrow_rate(VenueDesk& desk, const SetBorrowRate& event);
// Positions. Source: VENUE-003, VENUE-004, VENUE-008, VENUE-009, VENUE-016.
Status trade(VenueDesk& desk, const Trade& event);
Status publish_marks(VenueDesk& desk, const PublishMarks& event);
Status pay_funding(VenueDesk& desk, const PayFunding& event);
Status settle_expiry(VenueDesk& desk, const SettleExpiry& event);
Status settle(VenueDesk& desk, const Settle& event);
// Orders. Source: VENUE-028, VENUE-029.
Status set_orders(VenueDesk& desk, const SetOrders& event);
// Parameters. Source: VENUE-014, VENUE-015.
Status publish_margin(VenueDesk& desk, const PublishMargin& event);
Status publish_risk_array(VenueDesk& desk, const PublishRiskArray& event);
Status publish_collateral_moves(VenueDesk& desk, const PublishCollateralMoves& event);
// Liquidation. Source: VENUE-017, VENUE-018, VENUE-019, VENUE-020, VENUE-021.
Status flag(VenueDesk& desk, const Flag& event);
Status liquidate(VenueDesk& desk, const Liquidate& event);
Status buy_collateral(VenueDesk& desk, const BuyCollateral& event);
Status hedge(VenueDesk& desk, const Hedge& event);
Status take_over(VenueDesk& desk, const TakeOver& event);
// Losses. Source: VENUE-023 to VENUE-026.
Status resolve(VenueDesk& desk, const Resolve& event);
Status cover_loss(VenueDesk& desk, const CoverLoss& event);

/// parameters_invalid where a market could not work like this: a row too few or too many, a
/// contract without an asset that it settles in, a unit of zero, an option without a strike or an
/// expiry. Source: VENUE-027.
Status check_parameters(const Market& market);

}  // namespace breakwater::venue
