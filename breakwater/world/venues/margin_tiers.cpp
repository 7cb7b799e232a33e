// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/world/venues/margin_tiers.hpp"

#include <limits>

namespace breakwater {

BracketTiers::BracketTiers(std::vector<MarginTier> tiers) : tiers_(std::move(tiers)) {
    double deduction = 0.0;
    for (std::size_t i = 0; i < tiers_.size(); ++i) {
        if (i > 0) deduction += tiers_[i].floor * (tiers_[i].rate - tiers_[i - 1].rate);
        deductions_.push_back(deduction);
    }
}

std::size_t BracketTiers::tier_of(double notional) const {
    std::size_t i = 0;
    while (i + 1 < tiers_.size() && notional > tiers_[i + 1].floor)
        ++i;
    return i;
}

double BracketTiers::maintenance(double notional) const {
    const std::size_t i = tier_of(notional);
    return notional * tiers_[i].rate - deductions_[i];
}

LiquidationPrice liquidation_price(const BracketTiers& tiers, const CrossAccount& account,
                                   const TieredPosition& position) {
    const double free = account.wallet_balance - account.other_maintenance +
                        account.other_unrealised_profit -
                        position.side * position.size * position.entry;
    LiquidationPrice best{.price = 0.0, .tier = 0};
    double best_gap = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < tiers.size(); ++i) {
        const double price = (free + tiers.deduction(i)) /
                             (position.size * tiers.tier(i).rate - position.side * position.size);
        const double notional = position.size * price;
        if (tiers.tier_of(notional) == i) return {.price = price, .tier = i};
        // Rounding can leave a solution at a floor just outside both tiers: the nearest is taken.
        const double floor = tiers.tier(i).floor;
        const double cap = i + 1 < tiers.size() ? tiers.tier(i + 1).floor : notional;
        const double gap = notional < floor ? floor - notional : notional - cap;
        if (gap < best_gap) {
            best_gap = gap;
            best = {.price = price, .tier = i};
        }
    }
    return best;
}

}  // namespace breakwater
