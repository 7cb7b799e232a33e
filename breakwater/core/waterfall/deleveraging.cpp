// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/core/waterfall/deleveraging.hpp"

#include <algorithm>
#include <cstddef>

#include "breakwater/core/math.hpp"
#include "breakwater/core/require.hpp"
#include "breakwater/core/waterfall/shares.hpp"

namespace breakwater {
namespace {

constexpr uint128 loss_max = (uint128{1} << 90U) - 1;

uint128 quotient_up(uint128 a, uint128 b) {
    return a / b + (a % b != 0 ? 1U : 0U);
}

/// How many lots a purse pays for; all of them where they cost nothing.
uint128 affordable(std::uint64_t lots, int128 purse, uint128 cap) {
    if (cap == 0) return lots;
#if BREAKWATER_MUTANT_WATERFALL_013
    if (purse > 0) return lots;
#endif
    if (purse <= 0) return 0;
    return std::min<uint128>(lots, static_cast<uint128>(purse) / cap);
}

/// What the positions can take, and how the lots that they take are shared.
struct Capacity {
    std::vector<uint128> gains;  ///< [lots] paid from profit
    std::vector<uint128> rest;   ///< [lots] paid from other equity
    uint128 of_gains = 0;
    uint128 of_rest = 0;

    Capacity(std::span<const OppositePosition> opposite, uint128 cap) {
        gains.reserve(opposite.size());
        rest.reserve(opposite.size());
        for (const OppositePosition& o : opposite) {
            const uint128 all = affordable(o.lots, o.equity, cap);
            gains.push_back(std::min(all, affordable(o.lots, o.profit, cap)));
            rest.push_back(all - gains.back());
            of_gains += gains.back();
            of_rest += rest.back();
        }
    }
};

/// Both parts of what each closes are at most its capacity, so their sum is at most its lots.
std::vector<uint128> share_lots(uint128 lots, const Capacity& capacity) {
#if BREAKWATER_MUTANT_WATERFALL_014
    const uint128 from_gains = lots - std::min(lots, capacity.of_rest);
#else
    const uint128 from_gains = std::min(lots, capacity.of_gains);
#endif
    std::vector<uint128> out(capacity.gains.size());
    std::vector<uint128> more(capacity.rest.size());
    apportion(from_gains, capacity.gains, out);
    apportion(lots - from_gains, capacity.rest, more);
    for (std::size_t i = 0; i < out.size(); ++i)
        out[i] += more[i];
    return out;
}

}  // namespace

DeleveragingNeed least_need(std::uint64_t position_lots, uint128 loss,
                            std::uint64_t haircut_a_lot) {
    REQUIRE(loss <= loss_max);
    if (loss == 0) return {};
    REQUIRE(haircut_a_lot != 0);
#if BREAKWATER_MUTANT_WATERFALL_011
    const uint128 lots = position_lots;
#else
    const uint128 lots = std::min<uint128>(position_lots, quotient_up(loss, haircut_a_lot));
#endif
    return {.lots = static_cast<std::uint64_t>(lots), .loss = loss};
}

DeleveragingPlan plan_deleveraging(DeleveragingNeed need,
                                   std::span<const OppositePosition> opposite) {
    REQUIRE(need.loss <= loss_max);
    DeleveragingPlan out{.closings = std::vector<Closing>(opposite.size()), .left = need};
    if (need.lots == 0) return out;
    const Capacity capacity(opposite, quotient_up(need.loss, need.lots));
    const uint128 lots = std::min<uint128>(need.lots, capacity.of_gains + capacity.of_rest);
    if (lots == 0) return out;
    const std::vector<uint128> closed = share_lots(lots, capacity);
    // ⌊loss · lots / need⌋: the price a lot is never worse than that of the whole need, so the cap holds and with it
    // every account's equity.
    Checked checked;
#if BREAKWATER_MUTANT_WATERFALL_012
    out.haircut = need.loss / need.lots * lots;
#else
    out.haircut = checked.mul_div_down(need.loss, lots, need.lots);
#endif
    std::vector<uint128> haircuts(opposite.size());
    apportion(out.haircut, closed, haircuts);
    for (std::size_t i = 0; i < opposite.size(); ++i)
        out.closings[i] = {.lots = static_cast<std::uint64_t>(closed[i]), .haircut = haircuts[i]};
    out.lots = static_cast<std::uint64_t>(lots);
    out.left = {.lots = need.lots - out.lots, .loss = need.loss - out.haircut};
    return out;
}

}  // namespace breakwater
