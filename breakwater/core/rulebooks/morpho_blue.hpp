// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include "breakwater/core/desk.hpp"

/// The rulebook of Morpho Blue, exact to the share. One order for every operation: accrue, convert with the rounding
/// that favours the market, write, then ask whether the account and the market still stand.
/// Source: docs/rules.md, MORPHO-001 to MORPHO-013; reference: lending 1.3.
namespace breakwater::morpho_blue {

using Desk = breakwater::Desk<Market>;

// ConstantsLib and SharesMathLib.
inline constexpr uint128 virtual_shares = 1'000'000;
inline constexpr uint128 virtual_assets = 1;
inline constexpr uint128 oracle_price_scale = wad * wad;               ///< 10^36
inline constexpr uint128 liquidation_cursor = wad * 3 / 10;            ///< [wad]
inline constexpr uint128 liquidation_incentive_max = wad * 115 / 100;  ///< [wad]
inline constexpr std::uint64_t fee_max = wad / 4;                      ///< [wad]

/// Everything on the desk, or the first reason not to: MORPHO-005 supply and withdraw, MORPHO-006 borrow and repay,
/// MORPHO-007 collateral, MORPHO-008 liquidation, MORPHO-009 the debt that it leaves without collateral.
Status plan_action(Desk& desk, const Action& action);

/// Interest and fee up to now. Source: MORPHO-002.
Totals& accrue(Desk& desk);

// What the operations share.
Position& position(Desk& desk, AccountId account);  ///< to be changed
bool exactly_one(Amount assets, Shares shares);     ///< MORPHO-005
void receive_loan(Desk& desk, Totals& totals, Amount assets);
/// The debt falls by what was paid, to zero where rounding up has charged an atom more than there is.
void take_off_debt(Totals& totals, Amount assets, Shares shares);

/// Source: MORPHO-008, MORPHO-009.
Status liquidate(Desk& desk, const Liquidate& event);

// Between assets and shares of one side; one virtual asset and 10^6 virtual shares make the first share cost something
// and keep the price of a share from being pushed. Source: MORPHO-001.
Shares shares_down(Checked& math, Amount assets, Amount all_assets, Shares all_shares);
Shares shares_up(Checked& math, Amount assets, Amount all_assets, Shares all_shares);
Amount assets_down(Checked& math, Shares shares, Amount all_assets, Shares all_shares);
Amount assets_up(Checked& math, Shares shares, Amount all_assets, Shares all_shares);

/// ⌊⌊collateral·price⌋·lltv⌋ ≥ debt, rounded up. Who owes nothing is healthy at no price. Source: MORPHO-004.
bool is_healthy(Checked& math, const Totals& totals, const Position& position);

/// parameters_invalid where no market could be created like this: LLTV of 1 or more, a fee above 25 %, a fee recipient
/// that is no account. Source: MORPHO-010.
Status check_parameters(const Totals& totals);

/// min(1.15, 1/(1 − 0.3·(1 − lltv))). [wad]  Source: MORPHO-008.
uint128 liquidation_incentive(Checked& math, std::uint64_t lltv);

/// What a liquidation of `seized`, or of `repaid` where that is zero, takes and pays. Source: MORPHO-008.
struct LiquidationSize {
    Amount seized;
    Shares repaid_shares;
    Amount repaid;
};
LiquidationSize liquidation_size(Checked& math, const Totals& totals, Amount seized, Shares repaid);

}  // namespace breakwater::morpho_blue
