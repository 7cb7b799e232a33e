// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <filesystem>
#include <span>

#include "breakwater/stress/book.hpp"

/// crvUSD borrowers as a book of plain loans, an approximation: each market is a collateral with
/// liquidation threshold 1 − liquidation discount; soft liquidation, bands and the peg keepers are
/// not modelled. What a borrower's collateral has already become in soft liquidation is supplied
/// crvUSD that counts like the rest. One lender supplies what is owed, so that the crvUSD of soft
/// liquidation is the cash. Source: docs/formats.md, "import".
namespace breakwater {

/// @param borrowers CSV with market, snapshot_ts, user, collateral, stablecoin, debt
/// @param metadata  one JSON per market: llamma_params (name, oracle_price, collateral),
///                  controller_params (discounts, rate)
/// Accounts are called user/SYMBOL, because one user may have loans in several markets. InputError
/// with the line.
Book import_crvusd(const std::filesystem::path& borrowers,
                   std::span<const std::filesystem::path> metadata);

}  // namespace breakwater
