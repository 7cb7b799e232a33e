// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <span>

#include "breakwater/core/units.hpp"
#include "breakwater/world/liquidity.hpp"

namespace breakwater {

/// By asset, and written in one pass. [USD]
struct MarketPrices {
    std::span<double> market;  ///< displacement included
    std::span<double> feed;    ///< what reporters read
};

/// Market prices from the exogenous ones and what trades have displaced; a wrapped or staked token also carries the
/// displacement of what it stands for, and its feed reads that times the ratio, not its own discount (the redemption
/// rate, as the venue's adapters do).
/// @param root  by asset: the end of its chain of pegs, itself where it follows nothing
/// @param ratio by asset: its price in its root at the start
inline void mark_to_market(const Liquidity& liquidity, std::span<const std::size_t> root,
                           std::span<const double> exogenous, std::span<const double> ratio, MarketPrices out) {
    const auto factor = [&](std::size_t a) { return liquidity.price_factor(AssetId{static_cast<std::uint8_t>(a)}); };
    for (std::size_t a = 0; a < exogenous.size(); ++a) {
        out.market[a] = exogenous[a] * factor(a);
        if (root[a] != a) out.market[a] *= factor(root[a]);
    }
    for (std::size_t a = 0; a < exogenous.size(); ++a)
        out.feed[a] = root[a] == a ? out.market[a] : ratio[a] * out.market[root[a]];
}

}  // namespace breakwater
