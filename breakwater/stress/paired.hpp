// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <cstdint>
#include <span>

#include "breakwater/stress/estimates.hpp"

/// Did the change help? Two runs over the same paths, compared path by path.
namespace breakwater {

enum class PairedVerdict : std::uint8_t { better, worse, cannot_tell };

/// better: the whole interval of the difference lies below zero. Cannot tell when unsupported or
/// zero is inside.
PairedVerdict verdict(const Estimate& difference);
const char* to_string(PairedVerdict verdict);

/// Proposed less current, path by path, so that what both share cancels. [USD], negative is better.
struct PairedDifference {
    std::uint64_t paths = 0;
    std::uint64_t only_current = 0;   ///< paths that lose only under current
    std::uint64_t only_proposed = 0;  ///< paths that lose only under proposed
    std::uint64_t differing = 0;      ///< paths whose loss is not the same
    Estimate mean;                    ///< CLT of the differences
    Estimate probability;  ///< of P(loss > 0): Bonett-Price adjusted Wald, close to McNemar's test
    Estimate expected_shortfall;  ///< influence functions of both shortfalls, subtracted per path

    /// Over the three figures, each taken at 1 - (1 - confidence)/3, so that all hold together:
    /// better when at least one is better and none is worse, and the reverse.
    PairedVerdict overall = PairedVerdict::cannot_tell;
};

/// Both spans hold the losses of the same paths in the same order; equal lengths required. `level`
/// is that of the shortfall. Source of the probability's interval: Bonett, Price, J. Educ. Behav.
/// Stat. 37 (2012).
PairedDifference paired_difference(std::span<const MicroUsd> current,
                                   std::span<const MicroUsd> proposed, double level = 0.95,
                                   double confidence = 0.95);

/// Σ of one figure over Σ of another on the same paths, by the delta method: Var[a − ratio · b] /
/// (N · mean(b)²); never below 0. Refused where b is zero on all but fewer than 20 paths; `what`
/// names the paths that it rests on. Equal lengths required.
Estimate ratio_of_means(std::span<const MicroUsd> figure, std::span<const MicroUsd> of,
                        const char* what, double confidence = 0.95);

/// How many times larger the expected loss is with price impact than without, on the same paths:
/// the ratio of the means. Not supported when fewer than 20 paths lose without impact. Equal
/// lengths required.
Estimate cascade_amplification(std::span<const MicroUsd> with_impact,
                               std::span<const MicroUsd> without_impact, double confidence = 0.95);

}  // namespace breakwater
