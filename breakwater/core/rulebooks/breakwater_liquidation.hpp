// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include "breakwater/core/rulebooks/aave_v3.hpp"
#include "breakwater/core/rulebooks/breakwater_formulas.hpp"
#include "breakwater/core/violation.hpp"

/// Our own way to liquidate. Whoever is healthy at some price of the band is left alone
/// (BREAKWATER-001). A liquidation repays what brings the account back to the target health, and no
/// more than the depth takes (BREAKWATER-003). Its bonus rises with the shortfall, but never so far
/// that the account would be worse off than before, in loan-to-value or in health (BREAKWATER-004,
/// BREAKWATER-005); nothing too small to liquidate is left (BREAKWATER-006). Where the collateral
/// cannot repay the debt and a keeper, every part that is closed takes its part of the loss with
/// it, at once (BREAKWATER-007): the keeper is paid, and nobody forgives a debt that its collateral
/// may still grow to cover. All figures at the point of the mark, rounded against the keeper.
namespace breakwater::house {

/// What a liquidation of at most `most` would come to: pure, from the view alone.
struct Plan {
    aave_v3::LiquidationSize size;
    Scaled written_off;  ///< of the debt that is repaid, before the repayment
};
/// health_factor_not_below_one, liquidation_contested, dust_left where only a smaller rest than may
/// be left would remain, amount_zero where nothing would move.
Result<Plan> plan_liquidation(const aave_v3::View& view, std::span<const aave_v3::Leg> legs,
                              std::uint16_t emode, AssetId collateral, AssetId debt, Size most);

Status liquidate(Draft& draft, aave_v3::GrownIndices& grown, const Liquidate& event);

/// BREAKWATER-001 and BREAKWATER-005, asked anew of the state before and of the desk after.
std::optional<Violation> check_liquidation(const Draft& draft, aave_v3::GrownIndices& grown,
                                           const Liquidate& event);

}  // namespace breakwater::house
