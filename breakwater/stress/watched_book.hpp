// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <span>

#include "breakwater/core/liquidation/watch.hpp"
#include "breakwater/core/rulebooks/aave_v3_accounts.hpp"

/// An Aave v3 market as the watch sees it. The exact assessment floors collateral and rounds debt
/// up, twice; the weights and the slop below give way by at least as much, so that the watch is
/// never late (WATCH-002):
///   collateral  ⌊⌊s·i⌋·p/10^d⌋·LT ≥ (s − n)·LT · i·p/10^d − LT   (one atomic unit is worth at most n shares, i ≥ 1/n)
///   debt        ⌈⌈s·i⌉·p/10^d⌉·10^4 ≤ (s + 1)·10^4 · i·p/10^d + 10^4
namespace breakwater {

/// [2^-100 × 1e-8 USD × bps] one unit of 1e-8 USD for each leg, and the half-up of the protocol's
/// own division.
inline constexpr uint128 watch_slop = 2 * uint128{bps_one} << 100U;

/// How many shares one atomic unit of supply can be worth: more than one only where a liquidity index has fallen or
/// can fall below 1, by a loss that all suppliers share (WATERFALL-018).
std::uint32_t shares_an_atom(const State& state);

/// Legs that count, with their weights; returns how many. `out` must hold two per leg.
/// @param shares_an_atom as above
std::size_t watch_legs(const aave_v3::Market& market, AccountId account, std::span<WatchLeg> out,
                       std::uint32_t shares_an_atom = 1);

/// [2^-120 / atomic unit] index / 10^decimals: what stays the same from one price to the next. Collateral
/// whose index is beyond 2^8 counts as nothing; debt beyond stops the program.
struct UnitFactor {
    uint128 raw = 0;
};
UnitFactor unit_factor_down(Ray index, unsigned decimals);
UnitFactor unit_factor_up(Ray index, unsigned decimals);

/// [2^-100 × 1e-8 USD per atomic share] price × factor, rounded down for collateral and up for debt.
/// Below 2^127 for any price under 10^8 USD an atomic unit; collateral beyond is taken as 0, debt
/// beyond stops the program.
uint128 unit_value_down(Price price, UnitFactor factor);
uint128 unit_value_up(Price price, UnitFactor factor);

}  // namespace breakwater
