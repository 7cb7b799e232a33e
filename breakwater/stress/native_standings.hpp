// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include "breakwater/core/math.hpp"
#include "breakwater/stress/amounts.hpp"
#include "breakwater/stress/native_standing.hpp"

/// The parts of native_standing.hpp, one set of functions for each protocol.
namespace breakwater {

inline double usd_per_atom(const Book& book, AssetId asset) {
    return static_cast<double>(book.state.feeds[index(asset)].point) * 1e-8 /
           to_double(power_of_ten(book.assets[index(asset)].decimals));
}

namespace morpho_blue {

std::vector<MarketStanding> standings(const Book& book);
Positions positions(const Book& book);
Positions positions(const Book& book, std::span<const AccountId> accounts);
Solvency solvency(const Book& book);
double least_bonus(const Book& book, AssetId collateral);

}  // namespace morpho_blue

namespace compound_v3 {

std::vector<MarketStanding> standings(const Book& book);
Positions positions(const Book& book);
Positions positions(const Book& book, std::span<const AccountId> accounts);
Solvency solvency(const Book& book);
double least_bonus(const Book& book, AssetId collateral);

}  // namespace compound_v3

}  // namespace breakwater
