// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include "breakwater/core/desk.hpp"
#include "breakwater/core/rulebooks/compound_v3_interest.hpp"

/// The rulebook of Compound v3 (Comet), exact to the unit. Prices are those of the feeds; a look at an account never
/// accrues by itself, so it sees the indices that are stored.
/// Source: docs/rules.md, COMET-001 to COMET-015; reference: lending 1.2.
namespace breakwater::compound_v3 {

using Desk = breakwater::Desk<Market>;

inline constexpr std::size_t absorb_max =
    16;  ///< accounts in one event: their rows must fit the desk

/// Everything on the desk, or the first reason not to. Each pause flag stops its operation. Source: COMET-010.
Status plan_action(Desk& desk, const Action& action);

/// parameters_invalid where no market could be created like this. Source: COMET-015.
Status check_parameters(const Market& market);

/// Grows both indices to now. Source: COMET-002.
Totals& accrue(Desk& desk);

// The parts of `plan_action`, each with its checks in the protocol's order.
Status supply_base(Desk& desk, const Supply& event);                  // COMET-004
Status supply_collateral(Desk& desk, const Supply& event);            // COMET-004
Status withdraw_base(Desk& desk, const Withdraw& event);              // COMET-005
Status withdraw_collateral(Desk& desk, const Withdraw& event);        // COMET-005
Status transfer_base(Desk& desk, const Transfer& event);              // COMET-006
Status transfer_collateral(Desk& desk, const Transfer& event);        // COMET-006
Status absorb_accounts(Desk& desk, const Absorb& event);              // COMET-007
Status buy_collateral(Desk& desk, const BuyCollateral& event);        // COMET-008
Status withdraw_reserves(Desk& desk, const WithdrawReserves& event);  // COMET-009

// What a reader of the market sees; the desk is only read.

/// Debt value ≤ Σ ⌊⌊collateral · price⌋ · factor⌋, with the stored indices. Source: COMET-003.
Result<bool> is_borrow_collateralized(Desk& desk, AccountId account);
Result<bool> is_liquidatable(Desk& desk, AccountId account);
/// Grown to now, above 0 supplied and below 0 borrowed.
int128 balance_now(Desk& desk, AccountId account);
/// Signed, grown to now. Source: COMET-009.
int128 reserves_now(Desk& desk);
/// What `base_amount` buys at the discounted price. Source: COMET-008.
Result<Amount> quote_collateral(Desk& desk, std::uint32_t i, Amount base_amount);
/// Kind of collateral, or Totals::assets where it is none.
std::uint32_t collateral_of(const Desk& desk, AssetId asset);

inline std::uint32_t holding_row(const Totals& totals, AccountId account, std::uint32_t i) {
    return index(account) * totals.assets + i;
}
/// Changes what an account holds of collateral i, and the bit that says so.
void set_holding(Desk& desk, AccountId account, std::uint32_t i, Amount amount);
/// Writes a new principal and moves the totals by the difference.
void set_principal(Desk& desk, Totals& totals, AccountId account, int128 principal);

}  // namespace breakwater::compound_v3
