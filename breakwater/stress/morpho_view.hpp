// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include "breakwater/core/rulebooks/morpho_blue.hpp"
#include "breakwater/stress/book.hpp"

/// A Morpho Blue market as it would be if it were touched now: what storms, inspections and checks read.
namespace breakwater::morpho_blue {

/// With the interest up to `now`; the fee's shares are not minted, debt does not depend on them.
Totals grown(const Totals& totals, Time now);

/// [1] loan atoms for an atom of collateral, as the market's oracle says.
double worth_of_collateral(const Totals& totals);
/// [1] loan atoms that a share owes.
double debt_per_share(const Totals& totals);
/// [1] what a liquidator gets above what it repays.
double bonus_of(const Totals& totals);

/// The oracle's price from the feeds of the state. Source: MORPHO-014.
Uint256 price_from_feeds(const Book& book, const State& state, const Totals& totals);

inline const Market& market_of(const State& state, std::size_t market) {
    return std::get<Market>(state.markets[market]);
}

}  // namespace breakwater::morpho_blue
