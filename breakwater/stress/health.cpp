// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/stress/health.hpp"

#include <algorithm>
#include <functional>

namespace breakwater {

std::array<HealthBin, health_edges.size()> health_histogram(const Positions& positions) {
    std::array<HealthBin, health_edges.size()> bins;
    for (std::size_t i = 0; i < bins.size(); ++i)
        bins[i] = {.low = health_edges[i],
                   .high = i + 1 < bins.size() ? health_edges[i + 1]
                                               : std::numeric_limits<double>::infinity()};
    for (const Position& p : positions.borrowers) {
        std::size_t bin = 0;
        if (!p.unhealthy) {
            const auto above = std::ranges::upper_bound(health_edges, p.health);
            bin = std::max<std::size_t>(1,
                                        static_cast<std::size_t>(above - health_edges.begin()) - 1);
        }
        ++bins[bin].accounts;
        bins[bin].debt += p.debt;
        bins[bin].collateral += p.collateral;
    }
    return bins;
}

Concentration concentration_of(const Positions& positions) {
    Concentration out{.borrowers = static_cast<std::uint32_t>(positions.borrowers.size())};
    std::vector<double> debts;
    debts.reserve(positions.borrowers.size());
    for (const Position& p : positions.borrowers) {
        debts.push_back(p.debt);
        out.debt += p.debt;
    }
    if (!(out.debt > 0)) return out;
    for (const double debt : debts)
        out.hhi += (debt / out.debt) * (debt / out.debt);
    const std::size_t most = std::min<std::size_t>(debts.size(), Concentration::tops.back());
    std::partial_sort(debts.begin(), debts.begin() + static_cast<std::ptrdiff_t>(most), debts.end(),
                      std::greater<>());
    double sum = 0;
    for (std::size_t i = 0, top = 0; top < out.share.size(); ++i) {
        if (i < most) sum += debts[i];
        if (i + 1 == Concentration::tops[top]) out.share[top++] = sum / out.debt;
    }
    return out;
}

std::vector<AccountId> nearest_to_edge(const Positions& positions, std::size_t count,
                                       double debt_min) {
    std::vector<const Position*> healthy;
    for (const Position& p : positions.borrowers)
        if (!p.unhealthy && p.debt > 0 && p.debt >= debt_min) healthy.push_back(&p);
    const std::size_t most = std::min(count, healthy.size());
    std::partial_sort(healthy.begin(), healthy.begin() + static_cast<std::ptrdiff_t>(most),
                      healthy.end(), [](const Position* a, const Position* b) {
                          return a->health != b->health ? a->health < b->health
                                                        : a->account < b->account;
                      });
    std::vector<AccountId> out;
    out.reserve(most);
    for (std::size_t i = 0; i < most; ++i)
        out.push_back(healthy[i]->account);
    return out;
}

}  // namespace breakwater
