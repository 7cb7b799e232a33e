// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <expected>
#include <string>
#include <vector>

#include "breakwater/stress/scenario.hpp"
#include "breakwater/world/prices.hpp"

/// Which dynamics each asset of a book follows under a scenario: the first rule that names the
/// asset, its kind or "*"; a pegged asset is the asset at the root of its peg, times its ratio.
/// Source: docs/formats.md, "breakwater-scenario/1".
namespace breakwater {

struct BookPrices {
    PriceParameters
        parameters;  ///< the book's assets in their order, then paths that only others follow
    std::size_t market_asset =
        0;  ///< the asset whose moves drive congestion: WETH, else the first volatile one
    double market_volatility = 0;  ///< [per √year] of that asset, for |return|/σ
    std::vector<std::size_t>
        root;  ///< by AssetId: the end of its chain of pegs, itself where it follows nothing
    std::vector<double> volatility;  ///< [per √year] by AssetId, roots' for pegged assets
};

/// A sentence that names the asset where no rule matches it, or a history is too short for the
/// horizon.
std::expected<BookPrices, std::string> book_prices(const Book& book, const Scenario& scenario);

}  // namespace breakwater
