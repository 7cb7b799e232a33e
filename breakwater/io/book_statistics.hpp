// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <array>
#include <string>
#include <vector>

#include "breakwater/stress/book.hpp"

/// What a book looks like in a few figures: sizes, health, who owes what. For documents and for
/// checking that a synthetic book has the shape of a real one. All at the stored prices and
/// indices, in doubles: for reading, not for money.
namespace breakwater {

struct AssetStatistics {
    std::string symbol;
    double supplied_usd = 0;
    double borrowed_usd = 0;
    double cash_usd = 0;
    [[nodiscard]] double utilisation() const {
        return borrowed_usd + cash_usd > 0 ? borrowed_usd / (borrowed_usd + cash_usd) : 0;
    }
};

struct BookStatistics {
    std::size_t accounts = 0;  ///< without the treasury
    std::size_t borrowers = 0;
    std::size_t lenders = 0;  ///< supply and no debt
    std::size_t unhealthy = 0;
    std::size_t several_collaterals = 0;  ///< borrowers with two or more
    std::size_t several_debts = 0;
    double supplied_usd = 0;
    double debt_usd = 0;
    double emode_debt_usd = 0;
    double stable_on_volatile_usd =
        0;                          ///< stable debt of accounts whose collateral is mostly volatile
    double debt_below_105_usd = 0;  ///< of accounts with health below 1.05
    double debt_below_110_usd = 0;
    double debt_below_125_usd = 0;
    double largest_debt_usd = 0;
    double largest_100_debt_usd = 0;
    double median_debt_usd = 0;
    std::array<double, 9> health_by_count{};  ///< deciles of the borrowers' health factor
    std::array<double, 9>
        health_by_debt{};  ///< deciles where every borrower weighs as much as it owes
    std::vector<AssetStatistics> assets;  ///< by AssetId
};

BookStatistics statistics_of(const Book& book);
/// Some twenty lines for a terminal.
std::string to_text(const BookStatistics& statistics);

}  // namespace breakwater
