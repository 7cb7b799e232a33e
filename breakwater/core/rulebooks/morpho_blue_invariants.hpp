// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <optional>
#include <span>

#include "breakwater/core/desk.hpp"
#include "breakwater/core/violation.hpp"

/// The promises of a Morpho Blue market. MORPHO-011: custody moves as the market's own count of both tokens does.
/// MORPHO-012: positions sum to the totals. MORPHO-013: lenders' claims are what is lent out and
/// what is there, and each event leaves at most one atom over.
namespace breakwater::morpho_blue {

using Desk = breakwater::Desk<Market>;

/// What the event on the desk is about to break.
std::optional<Violation> check_desk(const Desk& desk);
/// MORPHO-012 and MORPHO-013 over the whole market.
std::optional<Violation> check_market(const Market& market);
/// Adds what the market counts as its own, by AssetId.
void count_holdings(const Market& market, std::span<uint128> held);

}  // namespace breakwater::morpho_blue
