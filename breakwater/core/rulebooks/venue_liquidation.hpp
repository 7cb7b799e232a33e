// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include "breakwater/core/rulebooks/venue_margin.hpp"

/// How much of a position of an account in liquidation changes hands, and what who takes it is
/// paid. Pure: a keeper, a simulation and the operation itself ask the same functions.
///
/// A part of a position changes hands at the mark. The account pays a discount to who takes it and
/// a fee to the insurance fund, together at most equity · (requirement freed) ÷ requirement (less,
/// where a scenario of the portfolio moves the asset that is paid), so that equity ÷ requirement
/// never falls and the account is not pushed below zero; where that is less, the fee is cut first.
/// Source: docs/rules.md, VENUE-017 to VENUE-020; dYdX's bankruptcy price has the same form.
namespace breakwater::venue {

/// [ppm of a lot's value] It grows with the time since the account fell into liquidation: an
/// auction in slices.
std::uint32_t discount_now(const View& view, AccountId account);

/// [lots] One liquidation may take now: the participation in the measured depth, at least one, and
/// what the limit of this instant leaves.
std::int64_t lots_available(const View& view, ContractId contract);

/// The least number of lots, up to `lots`, after which the account is above its exit; all of them
/// where none is enough, or where the contract is margined by risk arrays.
std::int64_t lots_to_exit(const View& view, AccountId account, ContractId contract,
                          std::int64_t lots, const Assessment& found);

/// At what an asset of an account in liquidation is sold against its debt: the mark of both, less
/// the discount, which is at most the haircut, so that the sale never leaves equity lower.
struct CollateralPrice {
    std::uint64_t asset_price = 0;  ///< [1e-8 USD per token]
    std::uint64_t debt_price = 0;   ///< [1e-8 USD per token]
    std::uint32_t kept = 0;         ///< [ppm] 1 − discount
    std::uint8_t asset_decimals = 0;
    std::uint8_t debt_decimals = 0;

    /// [atomic of the debt] for an amount of the asset, rounded up.
    [[nodiscard]] uint128 pay_up(Checked& math, uint128 amount) const;
    /// [atomic of the asset] for a payment, rounded down.
    [[nodiscard]] uint128 amount_down(Checked& math, uint128 pay) const;
};
Result<CollateralPrice> collateral_price(const View& view, AccountId account, AssetId asset,
                                         AssetId debt);

/// [atomic] The least of an asset whose sale leads above the exit: what is sold no longer bears its
/// haircut. All there is where a sale at this price does not help.
uint128 amount_to_exit(Checked& math, const View& view, AssetId asset, const CollateralPrice& price,
                       const Assessment& found);

}  // namespace breakwater::venue
