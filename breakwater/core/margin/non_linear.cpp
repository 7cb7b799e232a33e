// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/core/margin/non_linear.hpp"

#include <algorithm>
#include <limits>
#include <vector>

#include "breakwater/core/math.hpp"
#include "breakwater/core/require.hpp"

namespace breakwater {
namespace {

constexpr std::uint64_t rate_top = std::numeric_limits<std::uint32_t>::max();

std::uint32_t saturated(std::uint64_t rate) {
    return static_cast<std::uint32_t>(std::min(rate, rate_top));
}

/// ⌈slope·√(n/unit)⌉, which is ⌈√⌈slope²·n/unit⌉⌉: the inner rounding is lost in the outer one.
std::uint64_t root_rate_up(std::uint32_t slope, uint128 notional, uint128 unit) {
    Checked checked;
    const uint128 square = checked.mul_div_up(uint128{slope} * slope, notional, unit);
    if (checked.overflow() || square > uint128{rate_top} * rate_top) return rate_top;
    const std::uint64_t root = square_root_down(square);
    return root + (uint128{root} * root < square ? 1U : 0U);
}

/// ⌈slope·√(n/unit)⌉ ≤ most, which is slope²·n ≤ most²·unit: without a root.
bool is_root_rate_within(const SizeLaw& law, uint128 notional, std::uint64_t most) {
    if ((notional | law.unit) >> 64U != 0 || most > rate_top) return false;  // not known
    return uint128{law.slope} * law.slope * notional <= uint128{most} * most * law.unit;
}

}  // namespace

std::uint32_t size_rate_up(const SizeLaw& law, uint128 notional) {
    REQUIRE(law.unit != 0);
    const std::uint64_t kept = (std::uint64_t{law.base} * 4 + 4) / 5;
    if (is_root_rate_within(law, notional, law.base - kept)) return law.base;
    const std::uint64_t grown = kept + root_rate_up(law.slope, notional, law.unit);
    return saturated(std::max<std::uint64_t>(law.base, grown));
}

std::optional<MarginTiers> tiers_above(const SizeLaw& law, std::span<const uint128> bounds) {
    if (bounds.empty() || bounds.size() >= MarginTiers::tiers_max) return std::nullopt;
    std::vector<TierBound> tiers;
    uint128 from = 0;
    uint128 reached = 0;  // [1e-14 USD] on or above the law at `from`
    std::uint32_t steepest = law.base;
    for (const uint128 to : bounds) {
        if (to <= from || to > notional_max) return std::nullopt;
        const uint128 aim = size_requirement(law, to, to);
        const uint128 rise = aim > reached ? aim - reached : 0;
        const uint128 width = to - from;
        const uint128 chord = rise / width + (rise % width != 0 ? 1U : 0U);
        if (chord > ppm_one) return std::nullopt;
        // Rounding may leave a chord a trifle flatter than the one before.
        steepest = std::max(steepest, static_cast<std::uint32_t>(chord));
        tiers.push_back({.lower = from, .rate = steepest});
        reached += width * steepest;
        from = to;
    }
    tiers.push_back({.lower = from, .rate = ppm_one});
    return MarginTiers::of(tiers);
}

MarginRates scaled_by_open_interest(MarginRates rates, uint128 open_interest,
                                    const OpenInterestScale& scale) {
    if (scale.upper == 0 || open_interest <= scale.lower || rates.initial >= ppm_one) return rates;
    if (open_interest >= scale.upper) return {.initial = ppm_one, .maintenance = rates.maintenance};
    Checked checked;
    const uint128 rise = checked.mul_div_up(ppm_one - rates.initial, open_interest - scale.lower,
                                            scale.upper - scale.lower);
    return {.initial = rates.initial + static_cast<std::uint32_t>(rise),
            .maintenance = rates.maintenance};
}

uint128 concentration_charge(const MarketDepth& depth, uint128 own, uint128 cluster) {
    REQUIRE(own <= cluster);
    REQUIRE(cluster <= notional_max);
    if (cluster <= depth.absorbed || own == 0) return 0;
    const std::uint64_t rate =
        depth.absorbed == 0 ? ppm_one : root_rate_up(depth.impact, cluster, depth.absorbed);
    const uint128 whole = (cluster - depth.absorbed) * std::min<std::uint64_t>(rate, ppm_one);
    Checked checked;  // Cannot overflow: the charge is at most `whole`.
    return checked.mul_div_up(whole, own, cluster);
}

}  // namespace breakwater
