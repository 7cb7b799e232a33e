// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include "breakwater/core/rulebooks/compound_v3_market.hpp"
#include "breakwater/stress/amounts.hpp"
#include "breakwater/stress/book.hpp"

/// A Compound v3 market in floats: what storms, inspections and checks read.
namespace breakwater::compound_v3 {

inline const Market& market_of(const State& state) {
    return std::get<Market>(state.markets[0]);
}

/// [1] of a share in 1e-18.
inline double of_wad(std::uint64_t v) {
    return static_cast<double>(v) * 1e-18;
}

/// [atomic of the base] of a principal at one of the two indices.
inline double present(uint128 principal, std::uint64_t at) {
    return to_double(principal) * static_cast<double>(at) / static_cast<double>(index_scale);
}

/// [1] what the store front takes off the oracle's price. Source: COMET-008.
inline double store_front_discount(const Totals& t, const Collateral& c) {
    return of_wad(t.store_front_price_factor) * (1 - of_wad(c.liquidation_factor));
}

}  // namespace breakwater::compound_v3
