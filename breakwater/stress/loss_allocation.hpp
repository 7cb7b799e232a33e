// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

/// Who pays for what is left: queue, pro rata and layers, as functions of amounts. The engine's own
/// waterfall with accounts is core/waterfall.
namespace breakwater {

struct Winner {
    double profit;    ///< [quote] above 0
    double leverage;  ///< of the queue's key profit · leverage
};
struct Deleveraging {
    std::vector<double> queue;  ///< [quote] from each winner, best-ranked first, last one in part
    double whole_position_excess;  ///< [quote] taken too much where positions close whole
    std::vector<double> pro_rata;  ///< [quote] from each in proportion to profit
};
/// A deficit above all profits takes all of them. Equal keys keep their order.
Deleveraging deleverage(std::span<const Winner> winners, double deficit);

/// Vega's distribution of what was collected among those it is owed to: ⌊request · collected / Σ⌋,
/// the remainder to the network party, else to the last. Nobody's share is above 2^63.
/// Source: vegaprotocol/vega, core/collateral/simple_distributor.go.
std::vector<std::uint64_t> distribute_pro_rata(std::span<const std::uint64_t> requests,
                                               std::uint64_t collected,
                                               std::optional<std::size_t> network);

/// Layers absorb in their order, each up to its size; what is left comes last.
struct Absorbed {
    std::vector<double> by_layer;
    double residual;
};
Absorbed absorb(double loss, std::span<const double> layers);

}  // namespace breakwater
