// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <array>
#include <string>
#include <vector>

#include "breakwater/stress/positions.hpp"

/// The liquidation wall: what becomes liquidatable if a price falls at once by 5, 10, … 70 %, and
/// the capacity line: what the market takes of it before selling eats up the bonus. Nobody acts in
/// between and no other price moves.
///
/// An account that is healthy now and unhealthy after the move becomes liquidatable, with
/// everything it has: the close factor decides how much in one go, not how much in the end. Bad
/// debt appears where debt exceeds collateral after the move by more than it does now.
namespace breakwater {

inline constexpr std::size_t wall_moves = 14;

struct WallPoint {
    double liquidatable = 0;  ///< [USD] collateral in what falls, at the price after the move
    double collateral = 0;    ///< [USD] all collateral of the same accounts, after the move
    double debt = 0;          ///< [USD] debt of the same accounts, after the move
    double bad_debt = 0;  ///< [USD] Σ max(0, debt − collateral) of all accounts, less today's
    double capacity = 0;  ///< [USD] what can be sold of what falls
    std::uint32_t accounts = 0;
};

struct WallCurve {
    std::string symbol;          ///< of the asset that falls; "all": every volatile asset
    std::vector<AssetId> moved;  ///< it and what is pegged to it
    std::array<WallPoint, wall_moves> points;
};

/// What is so before any move, and counted in no curve.
struct WallNow {
    std::uint32_t accounts = 0;  ///< already liquidatable
    double collateral = 0;       ///< [USD]
    double debt = 0;             ///< [USD]
    double bad_debt = 0;         ///< [USD]
};

struct Wall {
    std::array<double, wall_moves> moves{};  ///< −0.05 … −0.70
    std::vector<WallCurve>
        curves;  ///< "all" first, then each asset that is somebody's collateral, by AssetId
    WallNow now;
};

Wall wall_of(const Book& book, const Positions& positions);

/// [1] average slippage at which a liquidation stops paying: (1 + b)·(1 − s) = 1 with b the bonus
/// less the protocol's part of it; 0 where there is no bonus.
double break_even_slippage(const aave_v3::Parameters& parameters);
double break_even_slippage(double bonus);

/// [USD] what can be sold of the asset with an average slippage of at most break_even_slippage, at
/// the depth of the book. Depth is in USD and stays when the price falls. Infinite where trades
/// move nothing.
double capacity_of(const Book& book, AssetId asset);

}  // namespace breakwater
