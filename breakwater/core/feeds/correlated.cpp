// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/core/feeds/correlated.hpp"

namespace breakwater::feeds {
namespace {

constexpr std::uint64_t day_seconds = 86'400;
constexpr uint128 exponent_max = 24;  // e^24 · 10^27 < 2^128
/// ⌈e · 10^27⌉.
constexpr uint128 euler_up = uint128{2'718'281'828'459'045'235U} * 1'000'000'000U + 360'287'472U;

/// An upper bound of exp(x) in ray for x [ray] below one: the series with every term rounded up, and once the terms
/// are one unit, one unit more for all the rest (they fall by more than half each).
uint128 exp_fraction_up(Checked& math, uint128 x) {
    uint128 sum = ray;
    uint128 term = ray;
    for (uint128 k = 1; term > 1 && k < 64; ++k) {
        term = math.mul_div_up(term, x, ray * k);
        sum = math.add(sum, term);
    }
    return math.add(sum, 1);
}

}  // namespace

CappedRatio cap_ratio_up(Checked& math, Ratio reported, const RatioCap& cap, Time now) {
    const uint128 growth =
        math.mul_div_up(cap.growth.raw, age_of(cap.snapshot_at, now), year_seconds);
    const Ratio most{math.mul_div_up(cap.snapshot.raw, math.add(wad, growth), wad)};
    return {.ratio = std::min(reported, most), .binds = reported > most};
}

std::uint64_t correlated_price_down(Checked& math, std::uint64_t base, Ratio ratio) {
    const uint128 price = math.mul_div_down(base, ratio.raw, wad);
    return static_cast<std::uint64_t>(std::min(price, uint128{price_max}));
}

Ray exp_minus_down(Checked& math, uint128 x) {
    if (x == 0) return {ray};
    const uint128 whole = x / wad;
    if (whole >= exponent_max) return {0};
    uint128 power = exp_fraction_up(math, x % wad * (ray / wad));
    for (uint128 i = 0; i < whole; ++i)
        power = math.ray_mul_up(power, euler_up);
    return {math.ray_div_down(ray, power)};
}

std::uint64_t redemption_value_down(Checked& math, const Redemption& redemption) {
    if (!redemption.is_backed || redemption.daily_capacity.is_zero()) return 0;
    const uint128 proven =
        math.mul_div_up(redemption.to_redeem.raw, day_seconds, redemption.daily_capacity.raw);
    const uint128 wait = std::max(proven, uint128{redemption.queue_seconds});
    const uint128 cost = math.mul_div_up(redemption.rate.raw, wait, year_seconds);
    const Ray share = exp_minus_down(math, cost);
    return static_cast<std::uint64_t>(math.ray_mul_down(redemption.par, share.raw));
}

RedemptionStep weigh_redemption(const RedemptionRow& row, std::uint64_t mid,
                                std::uint64_t redemption, const RedemptionLimits& limits,
                                Time now) {
    RedemptionStep out{.row = row};
    if (mid == 0) return out;
    const bool agrees =
        redemption == 0 || distance(mid, redemption) <= share_up(mid, limits.disagreement);
    if (agrees) {
        if (row.agreed_since == 0) out.row.agreed_since = seconds(now);
        const bool is_forgiven = age_of(out.row.agreed_since, now) >= limits.blocking_max;
        if (row.disputed_since != 0 && is_forgiven) out.row.disputed_since = 0;
        return out;
    }
    out.row.agreed_since = 0;
    // A quiet time that nobody looked at counts as well.
    const bool was_forgiven =
        row.agreed_since != 0 && age_of(row.agreed_since, now) >= limits.blocking_max;
    if (row.disputed_since == 0 || was_forgiven) out.row.disputed_since = seconds(now);
    out.widens = age_of(out.row.disputed_since, now) < limits.blocking_max;
    return out;
}

}  // namespace breakwater::feeds
