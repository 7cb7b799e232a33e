// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/core/rulebooks/compound_v3_interest.hpp"

#include <algorithm>

namespace breakwater::compound_v3 {

uint128 within(Checked& math, uint128 v, uint128 max) {
    math.sub(max, v);  // sets the flag where v > max
    return std::min(v, max);
}

uint128 utilization_down(Checked& math, const Totals& t) {
    const uint128 supplied = present_value_down(math, t.supplied, t.supply_index);
    if (supplied == 0) return 0;
    return math.mul_div_down(present_value_down(math, t.borrowed, t.borrow_index), wad, supplied);
}

std::uint64_t rate_at(Checked& math, const Curve& curve, uint128 utilization) {
    uint128 rate = curve.base;
    if (utilization <= curve.kink) {
        rate = math.add(rate, math.mul_div_unit_down(curve.slope_low, utilization, 18));
    } else {
        rate = math.add(rate, math.mul_div_unit_down(curve.slope_low, curve.kink, 18));
        rate =
            math.add(rate, math.mul_div_unit_down(curve.slope_high, utilization - curve.kink, 18));
    }
    return static_cast<std::uint64_t>(within(math, rate, ~std::uint64_t{0}));
}

Indices grown_indices(Checked& math, const Totals& t, std::uint64_t elapsed) {
    if (elapsed == 0) return {.supply = t.supply_index, .borrow = t.borrow_index};
    const uint128 utilization = utilization_down(math, t);
    const auto grown = [&](std::uint64_t index, const Curve& curve) {
        const uint128 factor = math.mul(rate_at(math, curve, utilization), elapsed);
        const uint128 next = math.add(index, math.mul_div_unit_down(index, factor, 18));
        return static_cast<std::uint64_t>(within(math, next, ~std::uint64_t{0}));
    };
    return {.supply = grown(t.supply_index, t.supply_curve),
            .borrow = grown(t.borrow_index, t.borrow_curve)};
}

uint128 present_value_down(Checked& math, uint128 principal, std::uint64_t index) {
    return math.mul_div_unit_down(principal, index, 15);
}

int128 present_value(Checked& math, int128 principal, const Indices& at) {
    if (principal >= 0)
        return static_cast<int128>(
            present_value_down(math, static_cast<uint128>(principal), at.supply));
    return -static_cast<int128>(
        present_value_down(math, static_cast<uint128>(-principal), at.borrow));
}

int128 principal_value(Checked& math, int128 balance, const Indices& at) {
    if (balance >= 0) {
        const uint128 p = math.mul_div_down(static_cast<uint128>(balance), index_scale, at.supply);
        return static_cast<int128>(within(math, p, principal_max));
    }
#if BREAKWATER_MUTANT_COMET_013
    const uint128 p = math.mul_div_down(static_cast<uint128>(-balance) / 2, index_scale, at.borrow);
#else
    const uint128 p = math.mul_div_up(static_cast<uint128>(-balance), index_scale, at.borrow);
#endif
    return -static_cast<int128>(within(math, p, principal_max));
}

int128 reserves_at(Checked& math, const Totals& t, const Indices& at) {
    const auto cash = static_cast<int128>(within(math, t.cash.raw, uint128_max >> 2U));
    const auto claims = static_cast<int128>(present_value_down(math, t.supplied, at.supply));
    const auto debt = static_cast<int128>(present_value_down(math, t.borrowed, at.borrow));
    return cash - claims + debt;
}

}  // namespace breakwater::compound_v3
