// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/core/rulebooks/venue_portfolio.hpp"

#include <algorithm>

#include "breakwater/core/math_signed.hpp"

namespace breakwater::venue {

void Portfolio::begin() {
    used_ = true;
    loss_.fill(0);
    collateral_.fill(0);
}

void Portfolio::add_delta(const RiskArray& array, std::int64_t lots) {
    std::size_t k = 0;
    while (k < expiries_ && expiry_[k].row != array.expiry)
        ++k;
    if (k == expiries_max) {
        overflow_ = true;
        return;
    }
    if (k == expiries_) expiry_[expiries_++] = {.row = array.expiry};
    expiry_[k].charge = std::max(expiry_[k].charge, array.roll);
    expiry_[k].delta += int128{lots} * array.delta;
}

void Portfolio::add(const Position& p) {
    const Contract& c = view_->contract(p.contract);
    if (purpose_ == Purpose::closing || c.phase == Phase::expired) return;
    if (!used_) begin();
    const RiskArray& array = view_->read<&Market::arrays>(index(p.contract));
    // Cannot overflow: lots up to 2^42, losses up to 2^53, 10^6 below 2^20, under 2^10 positions.
    for (std::size_t s = 0; s < array.count; ++s)
        loss_[s] += int128{p.lots} * array.values[s];
    add_delta(array, p.lots);
    if (p.lots < 0)
        short_minimum_ += magnitude(p.lots) * static_cast<std::uint64_t>(array.short_minimum);
    if (seconds(view_->now()) < array.expires) return;
    const MarginInForce margin = margin_in_force(*view_, p.contract);
    add_on_ = std::max(add_on_, margin.maintenance.stale_add_on);
}

void Portfolio::add_collateral(AssetId asset, int128 value) {
    if (!used_) return;
    overflow_ |= magnitude(value) >> 120U != 0;  // below it no product overflows
    const RiskArray& array = view_->read<&Market::arrays>(view_->market().array_row(asset));
    const int128 whole = value / ppm_one;  // [1e-8 USD]
    const auto small = static_cast<std::int64_t>(whole);
    if (small == whole) {  // as good as always: one product of words
        for (std::size_t s = 0; s < array.count; ++s)
            collateral_[s] += int128{small} * array.values[s];
        return;
    }
    for (std::size_t s = 0; s < array.count; ++s)
        collateral_[s] += whole * array.values[s];
}

uint128 Portfolio::requirement(Checked& math) {
    int128 scan = 0;
    for (std::uint32_t s = 0; s < grid_max; ++s) {
        const int128 lost = loss_[s] * ppm_one + collateral_[s];
        if (lost <= scan) continue;
        scan = lost;
        worst_ = s;
    }
    uint128 lost = static_cast<uint128>(scan);
    for (std::size_t k = 0; k < expiries_; ++k)
        lost = math.add(lost, math.mul(magnitude(expiry_[k].delta), expiry_[k].charge));
    const uint128 needed = std::max(lost, math.mul(short_minimum_, ppm_one));
    note_overflow(math, overflow_);
    return add_on_ == 0 ? needed : math.mul_div_up(needed, factor(), ppm_one);
}

}  // namespace breakwater::venue
