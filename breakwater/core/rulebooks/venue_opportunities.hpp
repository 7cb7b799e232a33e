// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <vector>

#include "breakwater/core/rulebooks/venue_liquidation.hpp"

/// What can be done about an account of the venue that does not stand: what a keeper, the operator of the vault or a
/// simulation asks. Each opportunity is an event that would be accepted as far as the account is concerned; whether
/// who acts can bear it is seen when the event is planned, which is pure and tells discount and fee to the atom.
/// Source: docs/rules.md, LIQUIDATION-001; VENUE-017 to VENUE-022.
namespace breakwater::venue {

enum class OpportunityKind : std::uint8_t {
    liquidate,       ///< Liquidate{account, contract, lots}
    buy_collateral,  ///< BuyCollateral{account, asset, debt, amount}
    take_over,       ///< TakeOver{account}
    resolve,         ///< Resolve{account}
};

struct Opportunity {
    OpportunityKind kind{};
    AccountId account{};
    ContractId contract{};
    AssetId asset{};
    AssetId debt{};
    std::int64_t lots = 0;       ///< that the event would move now
    Amount amount{};             ///< [atomic of `asset`] that the event would sell at most
    std::uint32_t discount = 0;  ///< [ppm] at most, to who acts
};

/// How an account stands, for those who only look.
struct Solvency {
    Standing opening;      ///< [1e-14 USD] what new risk is measured by
    Standing liquidation;  ///< [1e-14 USD] what decides about a liquidation
    int128 equity = 0;     ///< [1e-14 USD] what would be left if all ended now, without haircuts
};
/// price_missing, amount_overflow: as `assess`.
Result<Solvency> solvency(const View& view, AccountId account);

/// Into `out`, cleared first. Nothing for an account that stands, or that is out of liquidation.
Status opportunities(const View& view, AccountId account, std::vector<Opportunity>& out);

}  // namespace breakwater::venue
