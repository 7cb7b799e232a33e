// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <optional>
#include <span>

#include "breakwater/core/desk.hpp"
#include "breakwater/core/violation.hpp"

/// The promises of a Compound v3 market. COMET-011: custody moves as the market's own count of every token does.
/// COMET-012: principals and holdings sum to the totals, and the bits say who holds what. COMET-013: the reserves move
/// by interest, by what the effects tell of, and by rounding. COMET-014: an index never falls.
namespace breakwater::compound_v3 {

using Desk = breakwater::Desk<Market>;

/// What the event on the desk is about to break.
std::optional<Violation> check_desk(const Desk& desk);
/// COMET-012 over the whole market.
std::optional<Violation> check_market(const Market& market);
/// Adds what the market counts as its own, by AssetId.
void count_holdings(const Market& market, std::span<uint128> held);

}  // namespace breakwater::compound_v3
