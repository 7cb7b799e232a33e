// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/core/interest.hpp"

namespace breakwater {
namespace {

constexpr std::uint64_t year = 365ULL * 86'400ULL;  // [s] MathUtils.SECONDS_PER_YEAR
constexpr uint128 ray_per_bps = ray / bps_one;

/// ⌊rate·dt/year⌋
uint128 growth(Checked& math, Ray rate, std::uint64_t dt) {
    return math.mul_div_down(rate.raw, dt, year);
}

}  // namespace

Ray linear_growth(Checked& math, Ray rate, std::uint64_t dt) {
    return {math.add(ray, growth(math, rate, dt))};
}

Ray compound_growth(Checked& math, Ray rate, std::uint64_t dt) {
    if (dt == 0) return {ray};
    const uint128 x = growth(math, rate, dt);
    const uint128 tail = math.ray_mul_half_up(x, math.add(x / 2, math.ray_mul_half_up(x, x / 6)));
    return {math.add(math.add(ray, x), tail)};
}

Rates next_rates(Checked& math, const KinkedCurve& curve, const UsageInputs& in) {
    const uint128 base = curve.base * ray_per_bps;
    if (in.debt.is_zero()) return {.liquidity = {0}, .borrow = {base}};
    const uint128 optimal = curve.optimal_usage * ray_per_bps;
    const uint128 slope1 = curve.slope1 * ray_per_bps;
    const uint128 slope2 = curve.slope2 * ray_per_bps;

    const uint128 lent_or_lendable = math.add(in.cash.raw, in.debt.raw);
    const uint128 usage = math.ray_div_half_up(in.debt.raw, lent_or_lendable);
    const uint128 supply_usage =
        in.deficit.is_zero() ? usage
                             : math.ray_div_half_up(in.debt.raw, math.add(lent_or_lendable, in.deficit.raw));

    uint128 borrow = base;
    if (usage > optimal) {
        const uint128 excess = math.ray_div_half_up(usage - optimal, ray - optimal);
        borrow = math.add(math.add(borrow, slope1), math.ray_mul_half_up(slope2, excess));
    } else {
        borrow = math.add(borrow, math.ray_div_half_up(math.ray_mul_half_up(slope1, usage), optimal));
    }
    const uint128 liquidity = math.percent_mul_half_up(math.ray_mul_half_up(borrow, supply_usage),
                                                       bps_one - in.reserve_factor);
    return {.liquidity = {liquidity}, .borrow = {borrow}};
}

}  // namespace breakwater
