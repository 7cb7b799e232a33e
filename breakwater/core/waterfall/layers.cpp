// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/core/waterfall/layers.hpp"

#include <algorithm>

namespace breakwater {

Allocation allocate(std::span<const Layer> layers, AssetId asset, Amount loss) {
    Allocation out{.payments = {}, .uncovered = loss};
    for (std::uint32_t k = 0; k < layers.size() && !out.uncovered.is_zero(); ++k) {
        if (layers[k].asset != index(asset)) continue;
#if BREAKWATER_MUTANT_WATERFALL_001
        const Amount share{(std::min(layers[k].left(), out.uncovered).raw + 1) / 2};
#elif BREAKWATER_MUTANT_WATERFALL_002
        const Amount share = out.uncovered;
#else
        const Amount share = std::min(layers[k].left(), out.uncovered);
#endif
        if (share.is_zero()) continue;
        out.payments.push_back({.layer = k, .amount = share});
        out.uncovered -= share;
    }
    return out;
}

}  // namespace breakwater
