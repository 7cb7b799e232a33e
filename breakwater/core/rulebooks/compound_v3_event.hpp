// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <variant>
#include <vector>

#include "breakwater/core/size.hpp"

/// What can happen to a Compound v3 market, and what only such a market has to tell. Flows between accounts and the
/// outside world, and losses, are told with the effects of all markets (event.hpp).
namespace breakwater::compound_v3 {

/// Of the base asset (first against the account's debt; "all" is all of that), or of collateral.
struct Supply {
    AccountId account{};
    AssetId asset{};
    Size amount;
};
/// Of the base asset (what is not there is borrowed; "all" is all that is supplied), or of collateral.
struct Withdraw {
    AccountId account{};
    AssetId asset{};
    Size amount;
};
struct Transfer {
    AccountId from{};
    AccountId to{};
    AssetId asset{};
    Size amount;
};
/// Takes over the accounts, all or none.
struct Absorb {
    std::vector<AccountId> accounts;
};
/// Somebody outside buys absorbed collateral from the store front.
struct BuyCollateral {
    AssetId asset{};
    Amount base_amount;
    Amount collateral_min;
};
struct WithdrawReserves {
    Amount amount;
};
struct Accrue {};
struct Pause {
    std::uint8_t paused = 0;  ///< flags `Paused`
};

using Action = std::variant<Supply, Withdraw, Transfer, Absorb, BuyCollateral, WithdrawReserves,
                            Accrue, Pause>;

struct Accrued {
    std::uint64_t supply_index = 0;
    std::uint64_t borrow_index = 0;
};
struct Transferred {
    AccountId from{};
    AccountId to{};
    AssetId asset{};
    Amount amount;
};
struct CollateralAbsorbed {
    AccountId borrower{};
    AssetId asset{};
    Amount amount;
    Value value;  ///< [1e-8 USD] before the liquidation factor
};
struct DebtAbsorbed {
    AccountId borrower{};
    Amount paid_out;  ///< by the reserves
    Value value;
};
struct CollateralBought {
    AssetId asset{};
    Amount base_amount;
    Amount collateral_amount;
};
struct ReservesWithdrawn {
    Amount amount;
};

using Effect = std::variant<Accrued, Transferred, CollateralAbsorbed, DebtAbsorbed,
                            CollateralBought, ReservesWithdrawn>;

}  // namespace breakwater::compound_v3
