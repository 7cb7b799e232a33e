// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include "breakwater/stress/drain.hpp"
#include "breakwater/stress/health.hpp"
#include "breakwater/stress/native_standing.hpp"
#include "breakwater/stress/wall.hpp"

/// A book as it stands: no path, no randomness, every figure exact given the prices of the book.
namespace breakwater {

struct InspectOptions {
    std::size_t nearest = 20;
    double nearest_debt_min = 1'000;  ///< [USD]
    DrainAssumptions drain;
};

struct Inspection {
    InspectOptions options;
    Solvency solvency;
    std::size_t accounts = 0;    ///< all, the treasury not counted
    double borrowing_power = 0;  ///< [USD] Σ collateral × LTV
    std::array<HealthBin, health_edges.size()> health{};
    Wall wall;
    Backing backing{0};
    std::vector<Drain> drains;
    Concentration concentration;
    std::vector<MarketStanding> markets;  ///< of a native rulebook
    Positions nearest;  ///< the accounts nearest to the edge, nearest first
};

/// A sentence where a price is missing.
std::expected<Inspection, std::string> inspect(const Book& book,
                                               const InspectOptions& options = {});

}  // namespace breakwater
