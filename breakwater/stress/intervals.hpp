// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

/// How far may a count or a rank be off, given that paths are independent draws? Exact binomial
/// answers, and the two quantiles that the approximate ones need. Only + - * / and sqrt: the same
/// bits on every machine.
namespace breakwater {

/// The binomial law of n trials with probability p, as its probabilities around the mode. They come
/// from the ratio of neighbours and are divided by their sum, so neither a gamma function nor a
/// power is needed. What lies further out than 1e-20 of the mode counts as zero; everything inside
/// is good to about 1e-13. Requires 0 <= p <= 1.
class Binomial {
  public:
    Binomial(std::uint64_t trials, double probability);

    [[nodiscard]] double equal(std::uint64_t k) const;     ///< P(X = k)
    [[nodiscard]] double at_most(std::uint64_t k) const;   ///< P(X <= k)
    [[nodiscard]] double at_least(std::uint64_t k) const;  ///< P(X >= k)

    /// The smallest k with P(X <= k) >= mass.
    [[nodiscard]] std::uint64_t quantile(double mass) const;

  private:
    std::uint64_t first_ = 0;   ///< the count that mass_[0] belongs to
    std::vector<double> mass_;  ///< P(X = first_ + i)
};

struct Interval {
    double low = 0;
    double high = 1;
};

/// The exact interval of a probability after `hits` in `trials`: each side is wrong with at most
/// half of 1 - confidence. Requires hits <= trials, 0 < confidence < 1. No trials: [0, 1]. Source:
/// Clopper, Pearson, Biometrika 26 (1934).
Interval clopper_pearson(std::uint64_t hits, std::uint64_t trials, double confidence);

/// The upper limit when nothing was hit: wrong with at most 1 - confidence, all of it on the one
/// side there is. At 95 % it stays below 3 / trials. No trials: 1.
double zero_hits_upper(std::uint64_t trials, double confidence);

/// The rank, from 1, of the level-quantile among n sorted values: ceil(n · level). The level is
/// read to 9 decimals, so that 0.999 of 20,000 is 19,980 and not one more. At least 1 for n > 0.
std::uint64_t quantile_rank(std::uint64_t n, double level);

/// n · (1 - level), with the level read as in quantile_rank.
double tail_size(std::uint64_t n, double level);

struct RankInterval {
    std::uint64_t low = 0;   ///< from 1
    std::uint64_t high = 0;  ///< from 1
    double coverage = 0;     ///< exact for a continuous law, never less than asked
};

/// The ranks of two of n sorted values between which the true level-quantile lies with the given
/// confidence, whatever the law. With B ~ Binomial(n, level):
///   P(x[low] <= quantile <= x[high]) = P(low <= B < high).
/// Starts from the ranks quantile(α/2) + 1 and quantile(1 - α/2) + 1 of B and lowers the first by
/// one where these cover less than asked. Nothing when n values cannot give that confidence.
std::optional<RankInterval> order_statistic_ranks(std::uint64_t n, double level, double confidence);

/// Student's t: the value that is exceeded with probability 1 - mass. Cornish-Fisher expansion in
/// 1/degrees to the fourth order: relative error below 1e-5 from 19 degrees on at 95 % and 99 %
/// two-sided, about 1 % at two. Source: Abramowitz, Stegun, 26.7.5.
double student_t_quantile(double mass, std::uint64_t degrees);

/// Half the width of a two-sided interval in standard errors, for a variance that rests on
/// `resting` values: Student's t with resting - 1 degrees of freedom, at least 1.
double two_sided_t(double confidence, std::uint64_t resting);

}  // namespace breakwater
