// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include "breakwater/core/draft.hpp"
#include "breakwater/core/rulebooks/aave_v3_accounts.hpp"

/// The rulebook of Aave v3.7, exact to the last unit. Each operation keeps the protocol's order of checks and of
/// writes, because the order decides which refusal is seen and which index a share is minted at.
/// Source: docs/rules.md, AAVE-001 to AAVE-034; reference: lending 1.1.
namespace breakwater::aave_v3 {

// LiquidationLogic's constants.
inline constexpr Ratio close_factor_health{wad * 95 / 100};          ///< at or below: the whole debt
inline constexpr std::uint32_t close_factor = 5'000;                 ///< [bps] of the whole position
inline constexpr Value close_factor_value_min{2'000'00000000};       ///< [1e-8 USD] either leg below: the whole debt
inline constexpr Value leftover_min{1'000'00000000};                 ///< [1e-8 USD] what may be left of either leg

Status supply(Draft& draft, GrownIndices& grown, const Supply& event);
Status withdraw(Draft& draft, GrownIndices& grown, const Withdraw& event);
Status borrow(Draft& draft, GrownIndices& grown, const Borrow& event);
Status repay(Draft& draft, GrownIndices& grown, const Repay& event);
Status set_collateral(Draft& draft, GrownIndices& grown, const SetCollateral& event);
Status set_emode(Draft& draft, GrownIndices& grown, const SetEMode& event);
Status mint_to_treasury(Draft& draft, GrownIndices& grown, const MintToTreasury& event);
Status eliminate_deficit(Draft& draft, GrownIndices& grown, const EliminateDeficit& event);
Status cover_deficit(Draft& draft, GrownIndices& grown, const CoverDeficit& event);
Status liquidate(Draft& draft, GrownIndices& grown, const Liquidate& event);
Status set_parameters(Draft& draft, GrownIndices& grown, const SetParameters& event);
Status set_emode_parameters(Draft& draft, const SetEModeParameters& event);

/// parameters_invalid where governance could not set this: ltv ≤ threshold, bonus > 100 %,
/// threshold × bonus ≤ 100 %, decimals ≤ 18, rates within the strategy's bounds.
Status check_parameters(const Parameters& parameters);

/// How a liquidation of at most `debt_to_cover` would come out, before anything is touched: pure, from the state alone.
struct LiquidationSize {
    Amount repaid;
    Amount seized;  ///< to the liquidator
    Amount fee;     ///< to the treasury
};
struct LiquidationInputs {
    Amount collateral_balance;
    Amount debt_balance;
    Price collateral_price;
    Price debt_price;
    unsigned collateral_decimals = 0;
    unsigned debt_decimals = 0;
    std::uint32_t bonus = 0;         ///< [bps]
    std::uint32_t protocol_fee = 0;  ///< [bps] of the bonus
};
/// The close factor: the most that may be repaid of this debt now.
Amount liquidatable_debt(Checked& math, const LiquidationInputs& in, const AccountData& data);
/// What is seized for `debt_to_cover` ≤ liquidatable_debt; repaid falls where the collateral does not suffice.
LiquidationSize liquidation_size(Checked& math, const LiquidationInputs& in, Amount debt_to_cover);
/// dust_left where debt and collateral would both remain and either would be below `leftover_min`.
bool leaves_dust(Checked& math, const LiquidationInputs& in, const LiquidationSize& size);

}  // namespace breakwater::aave_v3
