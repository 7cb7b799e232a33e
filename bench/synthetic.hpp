// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <cstdint>

#include "book.hpp"

/// A book with the shape of a real one, and storms for it.
namespace breakwater::bench {

/// 70 % of the accounts have one collateral and one debt (mostly dollars against ETH or BTC, some wstETH/WETH loops in
/// e-mode), 20 % two collaterals, 10 % more legs. Debts are log-normal over seven decades, health bunches above 1.
Book synthetic_book(std::uint32_t accounts, std::uint64_t seed);

/// The assets of the synthetic book, with what a storm does to them.
std::vector<Asset> storm_assets();

/// [USD] at the start; collateral × threshold.
struct Standing {
    double collateral = 0;
    double debt = 0;
};
Standing standing_of(const Book& book, AccountId id);

/// Share of the debt whose account has health below `limit`, and share of the accounts.
struct Below {
    double debt = 0;
    double accounts = 0;
};
Below below_health(const Book& book, double limit);

/// Geometric Brownian motion of the calm volatilities, volatile assets correlated 0.8, 1-minute steps.
Path calm_path(const Book& book, int steps, std::uint64_t seed);
/// Two falls with a recovery between them, ending at the assets' `crash`, at 250 % a year.
Path crash_path(const Book& book, int steps, std::uint64_t seed);

}  // namespace breakwater::bench
