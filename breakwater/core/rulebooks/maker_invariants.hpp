// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <optional>
#include <span>

#include "breakwater/core/desk.hpp"
#include "breakwater/core/violation.hpp"

/// The promises of a Maker market over its whole state.
///     MAKER-020  debt = Σ dai                     vice = Σ sin
///     MAKER-021  debt = vice + Σ Art · rate       Art = Σ art of its vaults
///     MAKER-022  Dirt = Σ dirt                    dirt = Σ tab of the ilk's auctions, gem of the clip = Σ lot
///     MAKER-023  Sin = Σ of the queue             Sin + Ash ≤ sin of the vow, running auctions are listed once each
///     MAKER-024  custody of an asset = Σ (ink + gem) of all accounts and clips, in the asset's own unit
/// Source: docs/rules.md.
namespace breakwater::maker {

/// MAKER-020 to MAKER-024 for what the event on the desk is about to change.
std::optional<Violation> check_desk(const Desk<Market>& desk);
/// MAKER-020 to MAKER-023 over the whole market.
std::optional<Violation> check_market(const Market& market);
/// Adds the collateral that the market counts as its own, by AssetId, in units of the asset.
void count_holdings(const Market& market, std::span<uint128> held);

}  // namespace breakwater::maker
