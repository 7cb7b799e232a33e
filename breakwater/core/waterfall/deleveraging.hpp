// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "breakwater/core/units.hpp"

/// Deleveraging: a bankrupt position is closed against positions of the other side at its bankruptcy price, which is
/// worse for them than the mark by a haircut a lot. Ours closes no lot more than the loss asks for, takes gains before
/// principal, in proportion, and nobody's equity falls below zero:
///   lots = min(position, ⌈loss / haircut a lot⌉),
///   cap = ⌈loss / lots⌉,  capacity_i = min(lots_i, ⌊equity_i / cap⌋),  of it from gains min(…, ⌊profit_i / cap⌋);
/// lots are apportioned over the gains first, what is left over the other capacity; then the loss, to the atom, over
/// the lots closed. Several bankrupt positions of one side and contract are one need: their lots and losses add, and
/// all holders get one price. Ties go to the lower row, so rows stand in the order of accounts.
/// Source: docs/rules.md, WATERFALL-011 to WATERFALL-014. The queues that venues use instead: queues.hpp.
namespace breakwater {

/// What has to be closed, and the loss that closing it spreads.
struct DeleveragingNeed {
    std::uint64_t lots = 0;
    uint128 loss = 0;  ///< [1e-8 USD] below 2^90
};

/// A position on the other side.
struct OppositePosition {
    std::uint64_t lots = 0;
    int128 equity = 0;  ///< [1e-8 USD] of the account at the mark; what a close may take at most
    int128 profit = 0;  ///< [1e-8 USD] not realised, of this position
};

struct Closing {
    std::uint64_t lots = 0;
    uint128 haircut = 0;  ///< [1e-8 USD] what the holder gets less than at the mark
};

struct DeleveragingPlan {
    std::vector<Closing> closings;  ///< one a position, in the order given
    std::uint64_t lots = 0;         ///< Σ closings
    uint128 haircut = 0;            ///< [1e-8 USD] Σ closings
    DeleveragingNeed left;          ///< what nobody had the capacity for
};

/// WATERFALL-011: how much of a bankrupt position must be closed against others for its loss to be covered. One lot
/// less would not cover it; what remains of the position goes on to the backstop or the market at the mark.
/// @param haircut_a_lot [1e-8 USD] |mark − bankruptcy price|, above 0 where there is a loss
DeleveragingNeed least_need(std::uint64_t position_lots, uint128 loss, std::uint64_t haircut_a_lot);

/// Our allocation, O(n). WATERFALL-012: the haircuts sum to the loss, to the atom, or to what capacity there is;
/// WATERFALL-013: nobody's equity falls below zero; WATERFALL-014: gains before principal.
DeleveragingPlan plan_deleveraging(DeleveragingNeed need,
                                   std::span<const OppositePosition> opposite);

}  // namespace breakwater
