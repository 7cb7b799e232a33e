// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/core/feeds/band.hpp"

#include "breakwater/core/math.hpp"

namespace breakwater::feeds {

std::uint64_t ageing_up(std::uint64_t price, std::uint64_t age, const Limits& limits) {
    if (age == 0) return 0;
    constexpr std::uint64_t day = 86'400;
    // Root in 1e-6 of a square-rooted minute; below 2^26 for a day, so that the product with k · σ stays below 2^90.
    const uint128 minutes = (uint128{std::min(age, day)} * 1'000'000'000'000U + 59) / 60;
    const uint128 root = uint128{square_root_down(minutes)} + 1;
    const uint128 share =
        std::min(uint128{limits.sigma_multiple} * limits.sigma * root, uint128{1} << 90U);
    Checked math;
    const uint128 out = math.mul_div_up(price, share, power_of_ten(15));
    return static_cast<std::uint64_t>(math.overflow() ? price_max
                                                      : std::min(out, uint128{price_max}));
}

Band band_of(std::uint64_t mid, const Doubt& doubt, const Limits& limits) {
    const std::uint64_t still =
        std::max({doubt.confidence, doubt.dispersion, share_up(mid, doubt.deviation)});
    // Cannot overflow: each is at most 2^63 − 1.
    const std::uint64_t half = std::min(still, price_max) + ageing_up(mid, doubt.age, limits);
    const std::uint64_t lo = mid > half ? mid - half : 0;
    const std::uint64_t hi = half < price_max - mid ? mid + half : price_max;
    return {.lo = std::min(mid, std::max(lo, limits.price_min)),
            .hi = std::max(mid, std::min(hi, limits.price_max))};
}

}  // namespace breakwater::feeds
