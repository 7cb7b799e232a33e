// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "breakwater/core/units.hpp"

/// Who pays for what is left: ordered layers with caps, for each debt asset its own. A loss is allocated once; a layer
/// pays only after every layer above it is exhausted; what no layer covers stays where the protocol left it.
/// Source: docs/rules.md, WATERFALL-001 to WATERFALL-003.
namespace breakwater {

/// One layer, 48 bytes. `paid` only grows, up to `cover`. Source: WATERFALL-002.
struct Layer {
    Amount cover;  ///< [atomic of the asset] what this layer can pay in all
    Amount paid;
    std::uint64_t asset = 0;
    std::uint64_t reserved = 0;

    [[nodiscard]] Amount left() const { return cover - paid; }
};

struct Payment {
    std::uint32_t layer = 0;
    Amount amount;
};

struct Allocation {
    std::vector<Payment> payments;
    Amount uncovered;
};

/// Splits `loss` of `asset` over the layers in their order: Σ payments + uncovered = loss. Source: WATERFALL-001,
/// WATERFALL-003.
Allocation allocate(std::span<const Layer> layers, AssetId asset, Amount loss);

}  // namespace breakwater
