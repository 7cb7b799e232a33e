// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/core/rulebooks/morpho_blue_rate.hpp"

#include <algorithm>

#include "breakwater/core/math_wide.hpp"

namespace breakwater::morpho_blue {
namespace {

constexpr auto one = static_cast<int128>(wad);

// AdaptiveCurveIrm's constants.
constexpr int128 target_utilization = one * 9 / 10;
constexpr int128 curve_steepness = 4 * one;
constexpr int128 adjustment_speed = 50 * one / seconds_per_year;  // [wad/s]
constexpr uint128 initial_rate_at_target = wad * 4 / 100 / seconds_per_year;
constexpr uint128 rate_at_target_min = wad / 1'000 / seconds_per_year;
constexpr uint128 rate_at_target_max = wad * 2 / seconds_per_year;

// ExpLib's constants.
constexpr int128 ln_2 = 693'147'180'559'945'309;
constexpr int128 ln_wei = -41 * one - 446'531'673'892'822'312;  // below: e^x rounds to nothing
constexpr int128 exponent_max =
    93 * one + 859'467'695'000'404'319;  // from here on: the value there

/// a·b/10^18, toward zero. Magnitudes are far below 2^127, see the callers.
int128 wad_mul_toward_zero(Checked& math, int128 a, int128 b) {
    const auto magnitude = [](int128 v) { return static_cast<uint128>(v < 0 ? -v : v); };
    const auto product =
        static_cast<int128>(math.mul_div_unit_down(magnitude(a), magnitude(b), 18));
    return (a < 0) == (b < 0) ? product : -product;
}

uint128 utilization_down(Checked& math, const Totals& t) {
    if (t.supply_assets.is_zero()) return 0;
    return math.mul_div_down(t.borrow_assets.raw, wad, t.supply_assets.raw);
}

/// start·e^adaptation, within bounds.
uint128 adapted(Checked& math, std::uint64_t start, int128 adaptation) {
    const Uint256 rate = mul_div_down(math, exponential(math, adaptation), start, wad);
    return std::clamp(rate, Uint256{rate_at_target_min}, Uint256{rate_at_target_max}).low();
}

/// err < 0: ((1 − 1/C)·err + 1)·rate; otherwise ((C − 1)·err + 1)·rate.
uint128 on_curve(Checked& math, uint128 rate, int128 error) {
    const int128 slope = error < 0 ? one - one * one / curve_steepness : curve_steepness - one;
    const int128 factor = wad_mul_toward_zero(math, slope, error) + one;  // ≥ 1/4: error ≥ −1
    return math.mul_div_unit_down(static_cast<uint128>(factor), rate, 18);
}

Rate adaptive_curve(Checked& math, const Totals& t, std::uint64_t elapsed) {
    // Borrowed is at most supplied (MORPHO-013), so utilization ≤ 1 and −1 ≤ error ≤ 1.
    const auto utilization = static_cast<int128>(utilization_down(math, t));
    const int128 room =
        utilization > target_utilization ? one - target_utilization : target_utilization;
    const int128 error = (utilization - target_utilization) * one / room;
    if (t.rate_at_target == 0)
        return {.borrow = {on_curve(math, initial_rate_at_target, error)},
                .rate_at_target = static_cast<std::uint64_t>(initial_rate_at_target)};
    // Cannot overflow: |speed| < 2^41, elapsed < 2^64.
    const int128 adaptation =
        wad_mul_toward_zero(math, adjustment_speed, error) * static_cast<int128>(elapsed);
    uint128 average = t.rate_at_target;
    uint128 end = t.rate_at_target;
    if (adaptation != 0) {
        end = adapted(math, t.rate_at_target, adaptation);
        const uint128 middle = adapted(math, t.rate_at_target, adaptation / 2);
        average = (t.rate_at_target + end + 2 * middle) / 4;
    }
    return {.borrow = {on_curve(math, average, error)},
            .rate_at_target = static_cast<std::uint64_t>(end)};
}

}  // namespace

Uint256 exponential(Checked& math, int128 x) {
    if (x < ln_wei) return {};
    x = std::min(x, exponent_max);
    // x = q·ln 2 + r with |r| ≤ ln 2 / 2; q rounds half away from zero.
    const int128 q = (x + (x < 0 ? -(ln_2 / 2) : ln_2 / 2)) / ln_2;
    const int128 r = x - q * ln_2;
    const auto power = static_cast<uint128>(one + r + r * r / one / 2);
    if (q < 0) return Uint256{power >> static_cast<unsigned>(-q)};  // q ≥ −60
    return shift_left(math, power, static_cast<unsigned>(q));       // q ≤ 135, power < 2^61
}

uint128 growth_down(Checked& math, Ratio rate, std::uint64_t elapsed) {
    const uint128 first = math.mul(rate.raw, elapsed);
    const uint128 second = math.mul_div_down(first, first, 2 * wad);
    const uint128 third = math.mul_div_down(second, first, 3 * wad);
    return math.add(math.add(first, second), third);
}

Rate rate_of(Checked& math, const Totals& totals, std::uint64_t elapsed) {
    switch (totals.rate_model) {
        case RateModel::none:
            return {};
        case RateModel::utilization:
            return {.borrow = {utilization_down(math, totals) / seconds_per_year},
                    .rate_at_target = 0};
        case RateModel::adaptive_curve:
            return adaptive_curve(math, totals, elapsed);
    }
    return {};
}

Charge interest_of(Checked& math, const Totals& totals, std::uint64_t elapsed) {
    const Rate rate = rate_of(math, totals, elapsed);
    const uint128 growth = growth_down(math, rate.borrow, elapsed);
    return {.rate = rate,
            .interest = {math.mul_div_unit_down(totals.borrow_assets.raw, growth, 18)}};
}

}  // namespace breakwater::morpho_blue
