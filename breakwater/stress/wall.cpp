// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/stress/wall.hpp"

#include <algorithm>

#include "breakwater/core/each_number.hpp"
#include "breakwater/stress/native_standing.hpp"
#include "breakwater/stress/pegs.hpp"

namespace breakwater {
namespace {

/// An account as a line in the move x: collateral, threshold-weighted collateral and debt are fixed
/// + moving·(1 + x).
struct Line {
    double collateral_fixed = 0;
    double collateral_moving = 0;
    double weighted_fixed = 0;  ///< [USD × bps]
    double weighted_moving = 0;
    double debt_fixed = 0;
    double debt_moving = 0;
};

Line line_of(std::span<const PositionLeg> legs, const std::vector<bool>& moved) {
    Line l;
    for (const PositionLeg& leg : legs) {
        const bool moves = moved[index(leg.asset)];
        (moves ? l.collateral_moving : l.collateral_fixed) += leg.collateral;
        (moves ? l.weighted_moving : l.weighted_fixed) += leg.collateral * leg.threshold;
        (moves ? l.debt_moving : l.debt_fixed) += leg.debt;
    }
    return l;
}

void add(const Position& position, const Line& line, const std::array<double, wall_moves>& moves,
         std::array<WallPoint, wall_moves>& points) {
    const double bad_now = std::max(0.0, position.debt - position.collateral);
    for (std::size_t i = 0; i < wall_moves; ++i) {
        const double kept = 1 + moves[i];
        const double collateral = line.collateral_fixed + line.collateral_moving * kept;
        const double debt = line.debt_fixed + line.debt_moving * kept;
        WallPoint& point = points[i];
        point.bad_debt += std::max(0.0, debt - collateral - bad_now);
        if (position.unhealthy) continue;
        if (line.weighted_fixed + line.weighted_moving * kept >= debt * bps_one) continue;
        point.liquidatable += line.collateral_moving * kept;
        point.collateral += collateral;
        point.debt += debt;
        ++point.accounts;
    }
}

WallCurve curve_of(const Book& book, const Positions& positions, std::string symbol,
                   const std::vector<bool>& moved, const std::array<double, wall_moves>& moves) {
    WallCurve curve{.symbol = std::move(symbol), .moved = {}, .points = {}};
    for (const Position& position : positions.borrowers) {
        const auto legs = positions.legs_of(position);
        const bool concerned =
            std::ranges::any_of(legs, [&](const PositionLeg& l) { return moved[index(l.asset)]; });
        if (concerned) add(position, line_of(legs, moved), moves, curve.points);
    }
    double capacity = 0;
    for (const std::uint8_t a : each_number<std::uint8_t>(moved.size())) {
        if (!moved[a]) continue;
        curve.moved.push_back(AssetId{a});
        capacity += capacity_of(book, AssetId{a});
    }
    for (WallPoint& point : curve.points)
        point.capacity = capacity;
    return curve;
}

WallNow now_of(const Positions& positions) {
    WallNow now;
    for (const Position& p : positions.borrowers) {
        now.bad_debt += std::max(0.0, p.debt - p.collateral);
        if (!p.unhealthy) continue;
        ++now.accounts;
        now.collateral += p.collateral;
        now.debt += p.debt;
    }
    return now;
}

}  // namespace

double break_even_slippage(double bonus) {
    return bonus > 0 ? 1 - 1 / (1 + bonus) : 0;
}

double break_even_slippage(const aave_v3::Parameters& parameters) {
    if (parameters.liquidation_bonus <= bps_one) return 0;
    const double bonus = (parameters.liquidation_bonus - static_cast<double>(bps_one)) / bps_one *
                         (1 - static_cast<double>(parameters.liquidation_protocol_fee) / bps_one);
    return 1 - 1 / (1 + bonus);
}

double capacity_of(const Book& book, AssetId asset) {
    const Liquidity liquidity({&book.assets[index(asset)].liquidity, 1}, LiquidityScenario{});
    const double slippage =
        book.is_native() ? break_even_slippage(native_bonus(book, asset))
                         : break_even_slippage(aave_market(book.state).parameters[index(asset)]);
    return liquidity.capacity(AssetId{0}, slippage);
}

Wall wall_of(const Book& book, const Positions& positions) {
    Wall wall;
    for (std::size_t i = 0; i < wall_moves; ++i)
        wall.moves[i] = -static_cast<double>(5 * (i + 1)) / 100;
    wall.now = now_of(positions);
    std::vector<bool> backs(book.assets.size());
    for (const PositionLeg& leg : positions.legs)
        if (leg.collateral > 0) backs[index(leg.asset)] = true;
    wall.curves.push_back(curve_of(book, positions, "all", volatile_assets(book), wall.moves));
    for (const std::uint8_t a : each_number<std::uint8_t>(book.assets.size()))
        if (backs[a])
            wall.curves.push_back(curve_of(book, positions, book.assets[a].symbol,
                                           followers_of(book, AssetId{a}), wall.moves));
    return wall;
}

}  // namespace breakwater
