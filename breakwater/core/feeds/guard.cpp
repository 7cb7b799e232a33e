// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/core/feeds/guard.hpp"

namespace breakwater::feeds {
namespace {

/// Of all lines of one side at one end of the band, in 1e-8 USD.
uint128 value(Checked& math, std::span<const Holding> account, Side side, End end,
              std::uint32_t share_of_debt) {
    const bool rounds_up = (side == Side::collateral) == (end == End::best);
    uint128 sum = 0;
    for (const Holding& h : account) {
        if (h.side != side) continue;
        const uint128 price = price_at(h.mark, side, end).raw;
        const uint128 whole = rounds_up ? math.mul_div_unit_up(h.amount.raw, price, h.decimals)
                                        : math.mul_div_unit_down(h.amount.raw, price, h.decimals);
        const std::uint32_t share =
            side == Side::debt ? bps_one : (share_of_debt != 0 ? share_of_debt : h.threshold);
        sum = math.add(sum, rounds_up ? math.percent_mul_up(whole, share)
                                      : math.percent_mul_down(whole, share));
    }
    return sum;
}

/// @param share  [bps] of collateral; 0: each line's own threshold
bool is_uncovered(Checked& math, std::span<const Holding> account, End end, std::uint32_t share) {
    return value(math, account, Side::debt, end, share) >
           value(math, account, Side::collateral, end, share);
}

}  // namespace

Price opening_price(const Mark& mark, Side side) {
    return side == Side::collateral ? std::min(mark.lo, mark.slow) : std::max(mark.hi, mark.slow);
}

Standing standing_of(std::span<const Holding> account) {
    Checked math;
    const Standing out = guarded([&](End end) { return is_uncovered(math, account, end, 0); });
    return math.overflow() ? Standing::contested : out;
}

bool is_certainly_insolvent(std::span<const Holding> account) {
    constexpr std::uint32_t insolvency = 9'800;
    Checked math;
    const bool at_best = is_uncovered(math, account, End::best, insolvency);
    const bool at_worst = is_uncovered(math, account, End::worst, insolvency);
    return at_best && at_worst && !math.overflow();
}

Permissions permitted(std::span<const Holding> account, const Limits& limits) {
    Permissions out{.opening = true, .repaying = true, .liquidations = Liquidations::certain};
    for (const Holding& h : account) {
        const Permissions own = permitted(h.mark.trust, h.mark.age, limits);
        out.opening = out.opening && own.opening;
        out.liquidations = std::min(out.liquidations, own.liquidations);
    }
    return out;
}

bool may_liquidate(std::span<const Holding> account, const Limits& limits) {
    if (standing_of(account) != Standing::liquidatable) return false;
    switch (permitted(account, limits).liquidations) {
        case Liquidations::none:
            return false;
        case Liquidations::certain_insolvency:
            return is_certainly_insolvent(account);
        case Liquidations::certain:
            return true;
    }
    return false;
}

}  // namespace breakwater::feeds
