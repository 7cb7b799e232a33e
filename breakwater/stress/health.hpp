// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <array>
#include <limits>
#include <vector>

#include "breakwater/stress/positions.hpp"

/// How far borrowers are from liquidation, and how few of them owe how much.
namespace breakwater {

struct HealthBin {
    double low = 0;   ///< health factor, included
    double high = 0;  ///< not included; infinite in the last bin
    std::uint32_t accounts = 0;
    double debt = 0;        ///< [USD]
    double collateral = 0;  ///< [USD]
};

/// Lower edges of the bins. Below 1 is decided by the rulebook's exact comparison.
inline constexpr std::array<double, 11> health_edges{0,    1,   1.01, 1.02, 1.05, 1.1,
                                                     1.25, 1.5, 2,    3,    5};

struct Concentration {
    std::uint32_t borrowers = 0;  ///< accounts with debt
    double debt = 0;              ///< [USD]
    static constexpr std::array<std::uint32_t, 4> tops{1, 5, 10, 50};
    std::array<double, tops.size()> share{};  ///< of the debt, owed by the largest 1, 5, 10, 50
    /// Herfindahl-Hirschman: Σ (share of each borrower)², 1 / (number of equal borrowers).
    double hhi = 0;
};

std::array<HealthBin, health_edges.size()> health_histogram(const Positions& positions);
Concentration concentration_of(const Positions& positions);

/// The healthy borrowers with the lowest health factor, lowest first, that owe at least `debt_min`
/// [USD]: dust stands at the edge in every book.
std::vector<AccountId> nearest_to_edge(const Positions& positions, std::size_t count,
                                       double debt_min);

}  // namespace breakwater
