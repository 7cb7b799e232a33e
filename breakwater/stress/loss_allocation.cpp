// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/stress/loss_allocation.hpp"

#include <algorithm>
#include <numeric>

#include "breakwater/core/math.hpp"

namespace breakwater {

Deleveraging deleverage(std::span<const Winner> winners, double deficit) {
    std::vector<std::size_t> order(winners.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, std::ranges::greater{}, [&](std::size_t i) {
        return winners[i].profit * winners[i].leverage;
    });

    Deleveraging out{.queue = std::vector<double>(winners.size(), 0.0),
                     .whole_position_excess = 0.0,
                     .pro_rata = {}};
    double rest = deficit;
    for (const std::size_t i : order) {
        if (!(rest > 0.0)) break;
        out.queue[i] = std::min(winners[i].profit, rest);
        out.whole_position_excess = winners[i].profit - out.queue[i];
        rest -= out.queue[i];
    }

    double profits = 0.0;
    for (const Winner& w : winners)
        profits += w.profit;
    const double paid = std::min(deficit, profits);
    for (const Winner& w : winners)
        out.pro_rata.push_back(profits > 0.0 ? paid * w.profit / profits : 0.0);
    return out;
}

std::vector<std::uint64_t> distribute_pro_rata(std::span<const std::uint64_t> requests,
                                               std::uint64_t collected,
                                               std::optional<std::size_t> network) {
    uint128 owed = 0;
    for (const std::uint64_t r : requests)
        owed += r;
    if (requests.empty() || collected >= owed) return {requests.begin(), requests.end()};
    std::vector<std::uint64_t> out;
    std::uint64_t paid = 0;
    for (const std::uint64_t r : requests) {
        // Below 2^128: both factors are below 2^64.
        const auto share = static_cast<std::uint64_t>(uint128{r} * collected / owed);
        out.push_back(share);
        paid += share;
    }
    out[network.value_or(out.size() - 1)] += collected - paid;
    return out;
}

Absorbed absorb(double loss, std::span<const double> layers) {
    Absorbed out{.by_layer = {}, .residual = loss};
    for (const double layer : layers) {
        const double part = std::min(layer, out.residual);
        out.by_layer.push_back(part);
        out.residual -= part;
    }
    return out;
}

}  // namespace breakwater
