// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <cstdint>
#include <span>

#include "breakwater/core/waterfall/deleveraging.hpp"

/// The queues by which venues deleverage, to compare with: holders are ranked by profit and leverage, and the first
/// are closed until the need is covered. Whoever stands first pays alone; where positions close whole, the last one
/// closes more than is needed.
/// Source: docs/rules.md, WATERFALL-015; the venues' own documentation, as of 2025.
namespace breakwater {

enum class QueueRule : std::uint8_t {
    profit_times_leverage,  ///< profit · leverage [1e-8 USD]
    percentage_by_leverage,  ///< p·L where p > 0, else p/L, with p = profit/entry: BitMEX, Bybit, Binance
    price_ratio_literal,  ///< mark/entry · L, as Hyperliquid writes it; of shorts it ranks the losing ones first
    price_ratio_by_side,  ///< the same with entry/mark for shorts
};

/// L = mark value / cushion. The cushion is mark value − bankruptcy value for BitMEX, the account's value or margin
/// balance for others.
struct QueuedHolder {
    std::uint64_t lots = 0;
    bool is_short = false;
    uint128 mark_value = 0;   ///< [1e-8 USD] |lots|·mark, above 0, below 2^90
    uint128 entry_value = 0;  ///< [1e-8 USD] |lots|·entry, above 0, below 2^90
    int128 cushion = 0;       ///< [1e-8 USD] below 2^90; nobody without one is in the queue
};

/// [1e-9; of `profit_times_leverage` 1e-17 USD] exact but for one rounding toward zero.
int128 queue_rank(QueueRule rule, const QueuedHolder& holder);

enum class LastInQueue : std::uint8_t { closes_in_part, closes_whole };

/// The best-ranked first, of equals the lower row. Each close costs the need's loss a lot, the sum rounded up; nobody
/// asks whether the holder's equity bears it.
DeleveragingPlan plan_queue(DeleveragingNeed need, std::span<const QueuedHolder> holders,
                            QueueRule rule, LastInQueue last);

}  // namespace breakwater
