// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/core/rulebooks/breakwater_formulas.hpp"

#include <algorithm>

#include "breakwater/core/require.hpp"

namespace breakwater::house {
namespace {

using aave_v3::AccountData;
using aave_v3::Leg;
using aave_v3::Thresholds;
using aave_v3::View;

/// a − b, 0 where that is negative.
Uint256 less_wide(const Uint256& a, const Uint256& b) {
    if (a <= b) return {};
    const bool borrow = a.low() < b.low();
    return {a.high() - b.high() - (borrow ? 1U : 0U), a.low() - b.low()};
}

}  // namespace

std::uint32_t least_bonus(const View& view, std::span<const Leg> legs, std::uint16_t emode) {
    REQUIRE(view.market.house.has_value());
    std::uint32_t least = view.market.house->bonus_least;
    for (const Leg& leg : legs) {
        if (!leg.is_collateral()) continue;
        const Thresholds t = thresholds(view.market, emode, leg.asset(), view.now);
        if (t.liquidation_threshold != 0) least = std::min(least, t.liquidation_bonus - bps_one);
    }
    return least;
}

Value repayable(Checked& math, Value collateral, std::uint32_t least) {
    return {math.mul_div_down(collateral.raw, bps_one, bps_one + least)};
}

Ratio grossed_bonus(Checked& math, const Rules& rules, const AccountData& data,
                    const Thresholds& thresholds, std::uint32_t least) {
    const uint128 health = math.mul_div_down(data.threshold_sum, wad / bps_one, data.debt.raw);
    uint128 share = ratio_of(rules.bonus_start);
    if (health <= rules.bonus_whole_at.raw)
        share = wad;
    else if (health < wad)
        share += math.mul_div_down(wad - share, wad - health, wad - rules.bonus_whole_at.raw);
    const uint128 bonus = share / bps_one * (thresholds.liquidation_bonus - bps_one);
    const uint128 asked = wad + std::max(bonus, ratio_of(least));
#if BREAKWATER_MUTANT_BREAKWATER_005
    return {asked};
#else
    const uint128 ltv_cap = math.mul_div_down(data.collateral.raw, wad, data.debt.raw);
    const uint128 health_cap = math.mul_div_down(
        data.threshold_sum, wad, math.mul(data.debt.raw, thresholds.liquidation_threshold));
    return {std::min({asked, ltv_cap, health_cap})};
#endif
}

// (S − LT·(g·x − rounding)) / (D − x) ≤ T  ⟺  x ≤ (T·D − S − LT·rounding) / (T − g·LT), where T >
// g·LT; a few units of debt more for the roundings of the debt itself.
Value repay_to_target(Checked& math, const Rules& rules, const AccountData& data, Ratio grossed,
                      std::uint32_t threshold, Value rounding) {
    const uint128 target = math.mul(rules.target_health.raw, bps_one);
    const uint128 taken = math.mul(grossed.raw, threshold);
    if (target <= taken) return data.debt;
    const uint128 held = math.add(data.threshold_sum, math.mul(rounding.raw, threshold));
    const uint128 debt = less(data.debt.raw, 4);
    const uint128 x =
        math.div_down(less_wide(mul_wide(debt, target), mul_wide(held, wad)), target - taken);
#if BREAKWATER_MUTANT_BREAKWATER_003
    return {std::min(x + x / 16, data.debt.raw)};
#endif
    return {std::min(x, data.debt.raw)};
}

}  // namespace breakwater::house
