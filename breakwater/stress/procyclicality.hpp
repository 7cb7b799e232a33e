// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <cstddef>
#include <span>
#include <vector>

/// What a margin does to those who must pay it: the three anti-procyclicality tools of EMIR
/// (RTS 153/2013, article 28 (a), (b), (c)) and the measures of Murphy, Vasios and Vause (Bank of
/// England, 2014). A margin is a number per step, per unit of notional.
namespace breakwater {

/// (a) A quarter more than needed, which may be used up when margins rise fast: charged = 1.25 M, but
/// where M > `rise` · M `lag` steps ago: max(M, min(1.25 M, 1.25 · lowest M of the last lag steps)).
struct BufferTool {
    double buffer = 0.25;
    double rise = 1.2;
    unsigned lag = 20;  ///< [steps]
};
std::vector<double> buffered(std::span<const double> margins, const BufferTool& tool);

/// (b) A quarter of the weight to a stressed margin: max(M, (1 − w) M + w · stressed).
struct StressTool {
    double weight = 0.25;
    double stressed = 0;  ///< margin under stressed volatility
};
std::vector<double> stress_weighted(std::span<const double> margins, const StressTool& tool);

/// (c) Never below the margin of a long history's volatility.
std::vector<double> floored(std::span<const double> margins, double floor);

struct Procyclicality {
    double peak_to_trough;       ///< largest / smallest
    double increase_1;           ///< largest M_{t+1} / M_t − 1
    double increase_5;           ///< the same over 5 steps
    double increase_30;          ///< and over 30
    double deviation_of_change;  ///< root mean square of ln (M_{t+1} / M_t)
};
/// At least two margins, all above 0; an increase over more steps than there are is 0.
Procyclicality procyclicality(std::span<const double> margins);

/// Largest M_{t+steps} / M_t − 1; 0 where there are not so many steps.
double largest_increase(std::span<const double> margins, std::size_t steps);

/// √(mean of squared returns): volatility of a long history, for the floor.
double root_mean_square(std::span<const double> returns);

}  // namespace breakwater
