// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/core/waterfall/layers.hpp"

#include <algorithm>

namespace breakwater {

Allocation allocate(std::span<const Layer> layers, AssetId asset, Amount loss) {
    Allocation out{.payments = {}, .uncovered = loss};
    for (std::uint32_t k = 0; k < layers.size() && !out.uncovered.is_zero(); ++k) {
        if (layers[k].asset != index(asset)) continue;
        const Amount share = std::min(layers[k].left(), out.uncovered);
        if (share.is_zero()) continue;
        out.payments.push_back({.layer = k, .amount = share});
        out.uncovered -= share;
    }
    return out;
}

}  // namespace breakwater
