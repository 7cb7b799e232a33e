// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include "breakwater/core/draft.hpp"
#include "breakwater/core/rulebooks/aave_v3_accounts.hpp"

/// The rulebook of Aave v3.7, exact to the last unit. Each operation keeps the protocol's order of checks and of
/// writes, because the order decides which refusal is seen and which index a share is minted at.
/// Source: docs/rules.md, AAVE-001 to AAVE-036; reference: lending 1.1.
namespace breakwater::aave_v3 {

// LiquidationLogic's constants.
inline constexpr Ratio close_factor_health{wad * 95 / 100};          ///< at or below: the whole debt
inline constexpr std::uint32_t close_factor = 5'000;                 ///< [bps] of the whole position
inline constexpr Value close_factor_value_min{2'000'00000000};       ///< [1e-8 USD] either leg below: the whole debt
inline constexpr Value leftover_min{1'000'00000000};                 ///< [1e-8 USD] what may be left of either leg

Status supply(Draft& draft, GrownIndices& grown, const Supply& event);                       // AAVE-015
Status withdraw(Draft& draft, GrownIndices& grown, const Withdraw& event);                   // AAVE-016, AAVE-013
Status borrow(Draft& draft, GrownIndices& grown, const Borrow& event);                       // AAVE-017
Status repay(Draft& draft, GrownIndices& grown, const Repay& event);                         // AAVE-018
Status set_collateral(Draft& draft, GrownIndices& grown, const SetCollateral& event);        // AAVE-019, AAVE-013
Status set_emode(Draft& draft, GrownIndices& grown, const SetEMode& event);                  // AAVE-019
Status mint_to_treasury(Draft& draft, GrownIndices& grown, const MintToTreasury& event);     // AAVE-033
Status eliminate_deficit(Draft& draft, GrownIndices& grown, const EliminateDeficit& event);  // AAVE-034
Status cover_deficit(Draft& draft, GrownIndices& grown, const CoverDeficit& event);          // WATERFALL-001
Status liquidate(Draft& draft, GrownIndices& grown, const Liquidate& event);                 // AAVE-020 and below
Status set_parameters(Draft& draft, GrownIndices& grown, const SetParameters& event);        // AAVE-031
Status set_emode_parameters(Draft& draft, const SetEModeParameters& event);                  // AAVE-032

/// parameters_invalid where governance could not set this: ltv ≤ threshold, bonus > 100 %,
/// threshold × bonus ≤ 100 %, decimals ≤ 18, rates within the strategy's bounds. Source: AAVE-030.
Status check_parameters(const Parameters& parameters);

// A liquidation, in its order: AAVE-020 who may; AAVE-021 to AAVE-024 how much, below; AAVE-025 the collateral flag;
// AAVE-026 the debt, and the deficit where no collateral is left; AAVE-027 the collateral; AAVE-028 the fee.

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
/// The figures of one pair, balances grown to `view.now`; the account's data must have been had.
LiquidationInputs liquidation_inputs(const View& view, const Leg& collateral, const Leg& debt,
                                     std::uint32_t bonus);
/// The close factor: the most that may be repaid of this debt now. Source: AAVE-021.
Amount liquidatable_debt(Checked& math, const LiquidationInputs& in, const AccountData& data);
/// What is seized for `debt_to_cover` ≤ liquidatable_debt; repaid falls where the collateral does not suffice.
/// Source: AAVE-022; the fee: AAVE-023.
LiquidationSize liquidation_size(Checked& math, const LiquidationInputs& in, Amount debt_to_cover);
/// dust_left where debt and collateral would both remain and either would be below `leftover_min`. Source: AAVE-024.
bool leaves_dust(Checked& math, const LiquidationInputs& in, const LiquidationSize& size);

// What rulebooks on the reserve set share.

/// The layers of `asset` pay for at most `loss` of its deficit, in their order; what they paid, pending at an Umbrella
/// or not. The reserve is accrued. Source: WATERFALL-001 to WATERFALL-005, WATERFALL-007.
Result<Amount> cover(Draft& draft, GrownIndices& grown, AssetId asset, Amount loss);
/// Each loss of the event is allocated once, in the event that realises it. Source: WATERFALL-005.
Status cover_losses(Draft& draft, GrownIndices& grown);
/// A borrower whose loss this event has realised pays first, with what it supplies of the same asset and does not use
/// as collateral, where a layer says so. Source: WATERFALL-019.
Status spend_borrower_equity(Draft& draft, AccountDraft& borrower);
/// What a claim of `amount` is worth when a `deficit` is borne by all claims alike, rounded down.
/// Source: WATERFALL-006.
Amount impaired(Checked& math, const Reserve& reserve, Amount deficit, Amount amount);
/// What is not pending at an Umbrella of `asset`: nobody has paid for it yet.
Amount unpaid_deficit(const Draft& draft, AssetId asset);
/// What a layer could still pay at the prices and balances of `view`, whatever its turn. Source: WATERFALL-005,
/// WATERFALL-007.
Amount left_of(Checked& math, const View& view, const Layer& layer);

/// self_liquidation, reserve_inactive, reserve_paused, grace_period_running. Source: AAVE-020.
Status check_liquidation_allowed(const Draft& draft, const Liquidate& event);
/// Carries a liquidation of this size out; both reserves are accrued, `data` is the account before it.
/// Source: AAVE-025 to AAVE-028, WATERFALL-019.
Status carry_out(Draft& draft, GrownIndices& grown, const Liquidate& event, const AccountData& data,
                 const LiquidationSize& size);
/// Burns shares of a debt that nothing stands against, as a loss of its reserve, which is accrued.
/// Source: BREAKWATER-007, LIQUIDATION-007.
Status write_off(Draft& draft, AccountId account, Leg& leg, Scaled burned);

}  // namespace breakwater::aave_v3
