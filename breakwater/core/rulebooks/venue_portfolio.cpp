// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/core/rulebooks/venue_portfolio.hpp"

#include <algorithm>
#include <limits>

#include "breakwater/core/math_signed.hpp"
#include "breakwater/core/rulebooks/venue_value.hpp"
#include "breakwater/core/simd.hpp"

namespace breakwater::venue {
namespace {

constexpr std::int64_t ppm = ppm_one;

/// sums += size · values, modulo 2^64.
struct AddScaled {
    [[gnu::always_inline]] static void run(std::int64_t* sums, const std::int64_t* values,
                                           std::int64_t size) {
        for (std::size_t s = 0; s < grid_max; ++s)
            sums[s] = static_cast<std::int64_t>(static_cast<std::uint64_t>(sums[s]) +
                                                static_cast<std::uint64_t>(size) *
                                                    static_cast<std::uint64_t>(values[s]));
    }
};
/// The largest figure either way.
struct Largest {
    [[gnu::always_inline]] static void run(const std::int64_t* values, std::uint64_t* out) {
        std::uint64_t most = 0;
        for (std::size_t s = 0; s < grid_max; ++s) {
            const std::uint64_t size = size_of(values[s]);
            most = size > most ? size : most;
        }
        *out = most;
    }
};
struct Top {
    [[gnu::always_inline]] static void run(const std::int64_t* values, std::int64_t* out) {
        std::int64_t most = values[0];
        for (std::size_t s = 1; s < grid_max; ++s)
            most = values[s] > most ? values[s] : most;
        *out = most;
    }
};

std::uint64_t largest_of(const RiskArray& array) {
    std::uint64_t out = 0;
    simd::run<Largest>(array.values.data(), &out);
    return out;
}

}  // namespace

/// False where the sums might no longer fit.
bool Portfolio::Bound::take(uint128 more) {
    constexpr auto top = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()) / 2;
    if (more > top - sum) return false;
    sum += static_cast<std::uint64_t>(more);
    return true;
}

void Portfolio::begin() {
    used_ = true;
    loss_.fill(0);
    rest_.fill(0);
}

void Portfolio::widen() {
    if (is_wide_) return;
    is_wide_ = true;
    for (std::size_t s = 0; s < grid_max; ++s) {
        wide_loss_[s] = loss_[s];
        wide_rest_[s] = rest_[s];
    }
}

void Portfolio::add_delta(const RiskArray& array, std::int64_t lots) {
    std::size_t k = 0;
    while (k < expiries_ && expiry_[k].row != array.expiry)
        ++k;
    if (k == expiries_max) {
        overflow_ = true;
        return;
    }
    if (k == expiries_) expiry_[expiries_++] = {.row = array.expiry, .charge = 0, .delta = 0};
    expiry_[k].charge = std::max(expiry_[k].charge, array.roll);
    expiry_[k].delta += int128{lots} * array.delta;
}

void Portfolio::add(const Position& p, const Contract& c) {
    if (purpose_ == Purpose::closing || c.phase == Phase::expired) return;
    if (!used_) begin();
    const RiskArray& array = view_->read<&Market::arrays>(index(p.contract));
    if (!is_wide_ && !bound_.take(uint128{size_of(p.lots)} * largest_of(array))) widen();
    // Cannot overflow: lots up to 2^42, losses up to 2^53, 10^6 below 2^20, under 2^10 positions.
    if (is_wide_)
        for (std::size_t s = 0; s < array.count; ++s)
            wide_loss_[s] += int128{p.lots} * array.values[s];
    else
        simd::run<AddScaled>(loss_.data(), array.values.data(), p.lots);
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
    const int128 whole = value / ppm;  // [1e-8 USD]
    // Of moves up to 10^6, whole · move is 10^6 · (whole / 10^6 · move) and a rest below 10^12.
    if (!is_wide_ && (largest_of(array) > ppm_one || !bound_.take(magnitude(whole)))) widen();
    if (is_wide_) {
        for (std::size_t s = 0; s < array.count; ++s)
            wide_rest_[s] += whole * array.values[s];
        return;
    }
    const auto small = static_cast<std::int64_t>(whole);
    simd::run<AddScaled>(loss_.data(), array.values.data(), small / ppm);
    simd::run<AddScaled>(rest_.data(), array.values.data(), small % ppm);
}

uint128 Portfolio::requirement(Checked& math) {
    // Rests are below 2^44: only a scenario near the top can lose most.
    std::int64_t near = 0;
    if (!is_wide_) {
        simd::run<Top>(loss_.data(), &near);
        near -= std::int64_t{1} << 26U;
    }
    int128 scan = 0;
    for (std::uint32_t s = 0; s < grid_max; ++s) {
        if (!is_wide_ && loss_[s] < near) continue;
        const int128 lost = is_wide_ ? wide_loss_[s] * ppm_one + wide_rest_[s]
                                     : int128{loss_[s]} * ppm + rest_[s];
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
