// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <string>
#include <vector>

#include "breakwater/stress/positions.hpp"
#include "breakwater/stress/solvency.hpp"

/// A native market as the book stands: the same figures as positions.hpp and solvency.hpp give for a reserve set, and
/// each isolated market for itself.
namespace breakwater {

/// One market of `Book::markets`, or one kind of collateral of it. Money in [USD] at the price of the book.
struct MarketStanding {
    std::string name;
    AssetId loan{};
    AssetId collateral{};
    double lltv = 0;   ///< [1] debt / collateral from which on an account is liquidated
    double bonus = 0;  ///< [1] of a liquidation; of a store front its discount
    double price = 0;  ///< loan tokens for a token of collateral, as its oracle says
    bool is_fixed = false;
    double supplied = 0;
    double borrowed = 0;
    double utilisation = 0;
    double collateral_usd = 0;
    double borrow_rate = 0;  ///< [per year]
    std::uint32_t borrowers = 0;
};
std::vector<MarketStanding> market_standings(const Book& book);

/// Who stands behind the losses of a market. [USD]
struct MarketSupply {
    std::size_t market = 0;  ///< row of Book::markets
    AssetId loan{};
    double supplied = 0;
    double reserves = 0;  ///< that pay first; 0: none
};
std::vector<MarketSupply> market_supplies(const Book& book);

/// One row for each account and market with debt: markets are isolated, so each stands for itself.
Positions native_positions(const Book& book);
/// One row for each of these accounts, in their order, over all markets; health is the lowest of them.
Positions native_positions(const Book& book, std::span<const AccountId> accounts);
Solvency native_solvency(const Book& book);

/// [1] the least bonus for which somebody would sell the asset; 0 where it is no collateral.
double native_bonus(const Book& book, AssetId collateral);

}  // namespace breakwater
