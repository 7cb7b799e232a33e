// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include "breakwater/core/math.hpp"
#include "breakwater/core/rulebooks/compound_v3_market.hpp"

/// Principals, present values, and how indices grow. Source: docs/rules.md, COMET-001 and COMET-002; reference:
/// lending 1.2.
namespace breakwater::compound_v3 {

inline constexpr uint128 principal_max = (uint128{1} << 103U) - 1;  ///< int104
inline constexpr uint128 total_max = (uint128{1} << 104U) - 1;      ///< uint104

struct Indices {
    std::uint64_t supply = 0;
    std::uint64_t borrow = 0;
};

/// A result beyond `max` is an overflow of the protocol's own width; then `max`, so that what follows stays in bounds.
uint128 within(Checked& math, uint128 v, uint128 max);

/// PV of the borrowed ÷ PV of the supplied at the stored indices, floored; above 1 is possible. [wad]
uint128 utilization_down(Checked& math, const Totals& totals);
std::uint64_t rate_at(Checked& math, const Curve& curve, uint128 utilization);
/// The indices `elapsed` seconds after the last touch; linear. Source: COMET-002.
Indices grown_indices(Checked& math, const Totals& totals, std::uint64_t elapsed);

// ⌊principal·index⌋ on both sides; principals of supply ⌊⌋, of borrowing ⌈⌉. Source: COMET-001.
uint128 present_value_down(Checked& math, uint128 principal, std::uint64_t index);
/// Negative for a debt.
int128 present_value(Checked& math, int128 principal, const Indices& at);
int128 principal_value(Checked& math, int128 balance, const Indices& at);

/// cash − claims + debt, with indices as given. Source: COMET-009.
int128 reserves_at(Checked& math, const Totals& totals, const Indices& at);

}  // namespace breakwater::compound_v3
