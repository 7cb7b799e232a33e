// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <cstddef>
#include <vector>

#include "breakwater/stress/positions.hpp"
#include "breakwater/stress/scenario.hpp"

/// How long does it take from "liquidatable" to "sold", for one collateral asset of this book under
/// a scenario? The margin period of risk of a lending market:
///   time = detection + oracle + congestion + max(block space, unwinding)
/// Block space and unwinding run side by side. Source:
/// docs/rules.md, BUFFER-002; docs/buffer.md.
namespace breakwater {

struct TimeToLiquidate {
    double detection = 0;    ///< [s] one block: seen in one, in the next
    double oracle = 0;       ///< [s] latency × factor; a frozen feed: the whole horizon
    double congestion = 0;   ///< [s] wait of the report while the fee has not yet cleared demand
    double block_space = 0;  ///< [s] until the liquidations that pay have fitted into blocks
    double unwinding = 0;    ///< [s] selling as fast as depth recovers; infinite without a bonus

    [[nodiscard]] double total() const;
};

/// What of this book has to be sold, and how fast the market takes it.
struct Unwinding {
    double at_fall =
        0;  ///< [USD] sold of accounts that a fall by `fall_assumed` makes liquidatable
    /// [USD] sold of the largest single position whose health the fall lowers: a loop of the asset
    /// against its own root is none.
    double largest = 0;
    double size = 0;           ///< [USD] the larger of the two
    std::size_t accounts = 0;  ///< made liquidatable by the fall, whatever they hold, that pay
    double slippage_max = 0;   ///< [1] at which the keeper's part of the bonus is used up
    double at_once = 0;        ///< [USD] sold before the price is down by slippage_max
    double per_hour = 0;       ///< [USD] sold while recovery holds the price there
    double impact = 0;         ///< [1] how far the sale has pressed the price at its end
};

/// The asset, its root and all that is pegged to it fall at once by this much; nothing else moves.
inline constexpr double fall_assumed = 0.20;

Unwinding unwinding_of(const Book& book, const Scenario& scenario, const Positions& positions,
                       AssetId asset);

TimeToLiquidate time_to_liquidate(const Book& book, const Scenario& scenario,
                                  const Unwinding& unwinding, AssetId asset);

/// Sent nothing in this scenario: nobody is liquidated on its price.
bool is_frozen(const Book& book, const Scenario& scenario, AssetId asset);

}  // namespace breakwater
