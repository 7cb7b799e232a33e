// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <variant>

#include "breakwater/core/rulebooks/morpho_blue_market.hpp"

/// What can happen to a Morpho Blue market, and what only such a market has to tell. Flows of assets, liquidations and
/// losses are told with the effects of all markets (event.hpp).
namespace breakwater::morpho_blue {

// Exactly one of assets and shares is not zero. Source: MORPHO-005.
struct Supply {
    AccountId account{};
    Amount assets;
    Shares shares;
};
struct Withdraw {
    AccountId account{};
    Amount assets;
    Shares shares;
};
struct Borrow {
    AccountId account{};
    Amount assets;
    Shares shares;
};
struct Repay {
    AccountId account{};
    Amount assets;
    Shares shares;
};
struct SupplyCollateral {
    AccountId account{};
    Amount assets;
};
struct WithdrawCollateral {
    AccountId account{};
    Amount assets;
};
/// Exactly one of what to seize and what to repay; the liquidator is outside the book.
struct Liquidate {
    AccountId borrower{};
    Amount seized;
    Shares repaid;
};
struct Accrue {};
/// The oracle's answer from now on. Zero is an answer, too: the protocol does not ask.
struct ReportPrice {
    Uint256 price;  ///< [1e-36 atoms of the loan asset per atom of collateral]
};
struct SetFee {
    std::uint64_t fee = 0;  ///< [wad] of the interest
};

using Action = std::variant<Supply, Withdraw, Borrow, Repay, SupplyCollateral, WithdrawCollateral,
                            Liquidate, Accrue, ReportPrice, SetFee>;

struct Accrued {
    Ratio rate;  ///< [wad/s] since the last touch
    Amount interest;
    Shares fee_shares;  ///< to the fee recipient
};
struct SharesMoved {
    AccountId account{};
    Side side{};  ///< `collateral` stands for supply
    bool minted = false;
    Shares shares;
};
/// The shares behind a `Liquidated`.
struct DebtBurned {
    AccountId borrower{};
    Shares repaid;
    Shares bad_debt;  ///< beyond what was repaid; their assets are the `LossRealised`
};

using Effect = std::variant<Accrued, SharesMoved, DebtBurned>;

}  // namespace breakwater::morpho_blue
