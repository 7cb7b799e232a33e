// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <vector>

/// Student-t shocks as normals of random size: T = m·Z with m = √((ν − 2) / W), W chi-square with ν
/// degrees of freedom, has variance 1 and, with one m for all assets, the joint tails of the
/// multivariate t. W comes from a normal by inverse CDF, one draw each time, so a path replays
/// alone; the quantile is tabulated once and read by cubic interpolation (relative error below
/// 1e-6).
///
/// A log return with Student tails has no finite E[e^r]. The tail is therefore cut where the
/// standard deviation of a draw would exceed 50 % (m_max = 0.5 / volatility of a draw, at least 3),
/// and m is rescaled so that E[m²] is 1 again.
namespace breakwater {

class StudentMixing {
  public:
    /// @param degrees_of_freedom  ν > 2
    /// @param volatility_max      largest standard deviation of a log return that one m scales, > 0
    StudentMixing(double degrees_of_freedom, double volatility_max);

    /// m for a standard normal z; rises with z up to the cut, and stays within 0.1 % of it beyond.
    [[nodiscard]] double multiplier(double z) const;

    /// ln E[exp(variance · m² / 2)]: what a martingale must lose per draw of m. By quadrature over
    /// the table.
    [[nodiscard]] double log_mean_growth(double variance) const;

  private:
    std::vector<double> table_;  // m on a grid of z
};

}  // namespace breakwater
