// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <cstdint>
#include <expected>
#include <span>
#include <string>
#include <vector>

#include "breakwater/core/rulebooks/aave_v3_accounts.hpp"
#include "breakwater/stress/book.hpp"

/// Every borrower as the book stands, in USD: what inspection and reports start from. Collateral,
/// debt and "unhealthy" are the rulebook's exact integers, turned into USD at the end; health is
/// their quotient.
namespace breakwater {

/// What an account holds in one asset, as far as it counts: collateral that is enabled and has a
/// threshold, and debt.
struct PositionLeg {
    AssetId asset{};
    std::uint16_t threshold = 0;  ///< [bps] liquidation threshold, the e-mode's where it applies
    double collateral = 0;        ///< [USD]
    double debt = 0;              ///< [USD]
};

struct Position {
    AccountId account{};
    std::uint32_t first = 0;  ///< row of the first leg
    std::uint16_t count = 0;
    std::uint16_t emode = 0;
    bool unhealthy = false;      ///< exact: health factor < 1
    double collateral = 0;       ///< [USD]
    double debt = 0;             ///< [USD]
    double health = 0;           ///< health factor; 0 without collateral
    double borrowing_power = 0;  ///< [USD] Σ collateral × LTV
};

struct Positions {
    std::vector<Position> borrowers;  ///< accounts with debt, by AccountId
    std::vector<PositionLeg> legs;
    std::size_t accounts = 0;    ///< all accounts of the book, the treasury not counted
    double borrowing_power = 0;  ///< [USD] of all accounts, those without debt included

    [[nodiscard]] std::span<const PositionLeg> legs_of(const Position& position) const {
        return {legs.data() + position.first, position.count};
    }
};

/// All accounts of the book, the treasury not counted.
std::size_t accounts_of(const Book& book);

/// A sentence that names the account whose figures cannot be had: an asset without a price, a value
/// beyond 128 bits.
std::expected<Positions, std::string> positions_of(const Book& book);
/// The same for these accounts only, in their order, with debt or without.
std::expected<Positions, std::string> positions_of(const Book& book,
                                                   std::span<const AccountId> accounts);

/// "WETH against USDC": the largest collateral and the largest debt; "nothing" where there is none.
std::string describe(const Book& book, std::span<const PositionLeg> legs);

}  // namespace breakwater
