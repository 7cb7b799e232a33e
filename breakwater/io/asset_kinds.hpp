// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include "breakwater/io/market_file.hpp"

/// Sources of parameters do not say what an asset follows. This guesses kind and peg from symbols
/// and prices, and says what it guessed, so that a person can mend market.toml.
namespace breakwater {

/// Sets kind and peg of every asset, and adds one note with all that is not volatile:
///   stable  the symbol says USD, DAI, EUR or a known name, and the price is near 1 (EUR: 1.1);
///   pegged  the symbol contains that of a base (ETH, BTC, a W-token's, a stable one's) and the
///           price is 0.85 to 1.6 of it;
///   else volatile.
void infer_kinds(MarketFile& market);

}  // namespace breakwater
