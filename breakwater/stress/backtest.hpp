// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <cstdint>
#include <span>

/// Did a margin cover what it promised to? Counts of exceptions (days on which the loss was above the
/// margin) against the promised probability, and whether they come in clusters. Likelihood ratios
/// are compared with χ². Sources: Kupiec (1995), Christoffersen (1998), Basel Committee (1996).
namespace breakwater {

/// Of a likelihood ratio test: the statistic and the probability of one at least as large when the
/// margin is as good as promised.
struct RatioTest {
    double statistic = 0;
    double p_value = 1;
};

/// Proportion of failures, with χ² of one degree:
///
///   LR = −2 ln [ (1−p)^(n−x) p^x / ((1−π)^(n−x) π^x) ],   π = x/n,   0 ln 0 = 0.
///
/// @param p promised probability of an exception, in (0, 1)
RatioTest kupiec(std::uint64_t n, std::uint64_t exceptions, double p);

/// Does an exception today make one tomorrow likelier? n_ij counts days of kind i followed by kind j
/// (1: exception).
struct Christoffersen {
    std::uint64_t n00 = 0;
    std::uint64_t n01 = 0;
    std::uint64_t n10 = 0;
    std::uint64_t n11 = 0;
    RatioTest independence;   ///< χ² of one degree, over the n − 1 pairs
    RatioTest unconditional;  ///< Kupiec's, over all n days
    RatioTest conditional;    ///< their sum, χ² of two degrees
};
Christoffersen christoffersen(std::span<const bool> is_exception, double p);

/// Basel's zones for 250 days at 99 %: 0 to 4 exceptions green, 5 to 9 yellow, 10 and more red.
enum class TrafficLight : std::uint8_t { green, yellow, red };
TrafficLight traffic_light(std::uint64_t exceptions);
const char* name(TrafficLight zone);

// Upper tails of χ² with one and two degrees of freedom.
double chi_square_1_tail(double x);
double chi_square_2_tail(double x);

}  // namespace breakwater
