// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <vector>

#include "breakwater/stress/positions.hpp"

/// What stands behind what is owed: collateral × debt. Each debt of an account is spread over the
/// account's collateral in proportion to its value, so that the cells add up to the debt of the
/// book.
///
/// A cell's debt is *correlated* where a common fall of prices hurts both sides alike: collateral
/// and debt follow the same root, both are stable, or the account's e-mode admits the pair.
namespace breakwater {

class Backing {
  public:
    struct Cell {
        double debt = 0;        ///< [USD]
        double correlated = 0;  ///< [USD] part of it
    };

    explicit Backing(std::size_t assets)
        : assets_(assets), cells_(assets * assets), unbacked_(assets) {}

    [[nodiscard]] std::size_t assets() const { return assets_; }
    [[nodiscard]] const Cell& at(AssetId collateral, AssetId debt) const {
        return cells_[index(collateral) * assets_ + index(debt)];
    }
    /// [USD] debt of accounts that have no collateral at all.
    [[nodiscard]] double unbacked(AssetId debt) const { return unbacked_[index(debt)]; }
    [[nodiscard]] double debt_backed_by(AssetId collateral) const;
    [[nodiscard]] double correlated() const;    ///< [USD] over all cells
    [[nodiscard]] double uncorrelated() const;  ///< [USD] over all cells
    [[nodiscard]] double unbacked() const;      ///< [USD]

    void add(AssetId collateral, AssetId debt, double usd, bool correlated);
    void add_unbacked(AssetId debt, double usd) { unbacked_[index(debt)] += usd; }

  private:
    std::size_t assets_;
    std::vector<Cell> cells_;
    std::vector<double> unbacked_;
};

Backing backing_of(const Book& book, const Positions& positions);

}  // namespace breakwater
