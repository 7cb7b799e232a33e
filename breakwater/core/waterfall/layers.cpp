// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/core/waterfall/layers.hpp"

#include <algorithm>

#include "breakwater/core/math.hpp"
#include "breakwater/core/require.hpp"

namespace breakwater {

Layer Layer::at(Time now) const {
    constexpr std::uint64_t day = 86'400;
    Layer out = *this;
    if (refill.is_zero() || seconds(now) <= refilled) return out;
    Checked math;
    const uint128 back = math.mul_div_down(refill.raw, seconds(now) - refilled, day);
    // All is back before the sum could leave 128 bits.
    out.paid = math.overflow() || back >= paid.raw ? Amount{} : Amount{paid.raw - back};
#if BREAKWATER_MUTANT_WATERFALL_004
    out.refilled = refilled;
#else
    out.refilled = seconds(now);
#endif
    return out;
}

Allocation allocate(std::span<const Layer> layers, std::span<const Amount> available, AssetId asset,
                    Amount loss) {
    REQUIRE(layers.size() == available.size());
    Allocation out{.payments = {}, .uncovered = loss};
    for (std::uint32_t k = 0; k < layers.size() && !out.uncovered.is_zero(); ++k) {
        if (layers[k].asset != index(asset)) continue;
        if (layers[k].kind == LayerKind::deficit) break;
#if BREAKWATER_MUTANT_WATERFALL_001
        const Amount share{(std::min(available[k], out.uncovered).raw + 1) / 2};
#elif BREAKWATER_MUTANT_WATERFALL_002
        const Amount share = out.uncovered;
#else
        const Amount share = std::min(available[k], out.uncovered);
#endif
        if (share.is_zero()) continue;
        out.payments.push_back({.layer = k, .amount = share});
        out.uncovered -= share;
    }
    return out;
}

}  // namespace breakwater
