// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <optional>
#include <string_view>

#include "breakwater/core/rulebooks/maker_market.hpp"

/// The promises of a Maker market over its whole state.
///     MAKER-020  debt = Σ dai                     vice = Σ sin
///     MAKER-021  debt = vice + Σ Art · rate       Art = Σ art of its vaults
///     MAKER-022  Dirt = Σ dirt                    dirt = Σ tab of the ilk's auctions, gem of the clip = Σ lot
///     MAKER-023  Sin = Σ of the queue             Sin + Ash ≤ sin of the vow, running auctions are listed once each
///     MAKER-024  custody of an asset = Σ (ink + gem) of all accounts and clips, in the asset's own unit
/// Source: docs/rules.md.
namespace breakwater::maker {

struct Broken {
    std::string_view rule;
    std::uint32_t row = 0;
};

std::optional<Broken> check_market(const Market& market);

/// [wad] collateral of one asset in vaults, balances and auctions.
Uint256 collateral_of(const Market& market, AssetId asset);

}  // namespace breakwater::maker
