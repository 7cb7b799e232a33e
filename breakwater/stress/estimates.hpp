// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "breakwater/core/units.hpp"

/// What the losses of N independent paths say, and how surely. Every figure is an Estimate: with
/// its interval, or with the reason why these paths do not support it. The words are the field's:
/// inside a named scenario these are quantiles and shortfalls *given the scenario*. Source:
/// docs/models.md; Acerbi, Tasche (2002) for the shortfall.
namespace breakwater {

/// A loss of one path. [1e-6 USD] up to 9.2e12 USD either way
using MicroUsd = std::int64_t;

constexpr double usd(int128 micro) {
    return static_cast<double>(micro) / 1e6;
}

/// A figure that rests on fewer losses than this is not supported.
inline constexpr std::uint64_t losses_needed = 20;

struct Estimate {
    double value = 0;
    double low = 0;
    double high = 0;
    double confidence = 0.95;  ///< that [low, high] covers the true figure
    bool supported = true;     ///< false: print the reason in place of the figure
    std::string reason;        ///< of the refusal, or a caution beside the figure; else empty

    void refuse(std::string why);

    /// Refuses when `resting` < 20: "not supported by N paths: rests on <resting> <what>, 20 are
    /// needed".
    void refuse_below_twenty(std::uint64_t paths, std::uint64_t resting, const char* what);

    friend bool operator==(const Estimate&, const Estimate&) = default;
};

/// Sum of (x - mean)² / (n - 1), summed in the order given, which must not depend on threads;
/// 0 for fewer than two.
double sample_variance(std::span<const double> values, double mean);

/// P(hit) from a count, with the exact Clopper-Pearson interval. Supported whenever there are
/// paths. After no hit the interval is one-sided, [0, < 3/N] at 95 %, and the reason says so; the
/// price is that a true probability from 3/N to 3.7/N may be covered by as little as 93.8 %.
Estimate probability_estimate(std::uint64_t hits, std::uint64_t paths, double confidence = 0.95);

/// A mean with its interval from the central limit theorem: mean ± t · sqrt(variance / paths).
/// Student's t has `resting` - 1 degrees of freedom, where `resting` counts the paths with a
/// loss: with few losses among many paths that is wider, and safer, than paths - 1. Not
/// supported when `resting` < 20.
Estimate mean_estimate(double mean, double variance, std::uint64_t paths, std::uint64_t resting,
                       double confidence = 0.95);

struct ExceedancePoint {
    double loss = 0;          ///< [USD]
    std::uint64_t paths = 0;  ///< with at least this loss
    Estimate probability;     ///< P(loss >= this); the exact interval holds for this point alone
};

/// The losses of all paths, sorted once; equal for any order in which the paths came. Figures are
/// in USD.
class Distribution {
  public:
    explicit Distribution(std::span<const MicroUsd> losses);

    [[nodiscard]] std::uint64_t paths() const { return losses_.size(); }
    [[nodiscard]] std::uint64_t paths_with_loss() const { return positives_; }
    [[nodiscard]] MicroUsd largest() const { return losses_.empty() ? 0 : losses_.back(); }
    [[nodiscard]] std::span<const MicroUsd> sorted() const { return losses_; }

    [[nodiscard]] Estimate probability_of_loss(double confidence = 0.95) const;

    /// See mean_estimate. The reason cautions when the tail is so heavy that the interval may be
    /// too narrow: one path carries over a tenth of the sum, or the largest tenth of the losses
    /// averages over twice its smallest (a tail index below 2, where a Pareto law has no variance).
    [[nodiscard]] Estimate mean(double confidence = 0.95) const;

    /// The smallest loss that at least a share `level` of the paths does not exceed, with the
    /// order-statistic interval, which assumes no law. Not supported when fewer than 20 paths lie
    /// beyond it (or, for low levels, below it).
    [[nodiscard]] Estimate quantile(double level, double confidence = 0.95) const;

    /// The mean of the worst share 1 - level: v + E[(loss - v)+] / (1 - level), v the quantile. The
    /// interval takes the asymptotic variance Var[(loss - v)+] / (N (1 - level)²), and Student's t
    /// with as many degrees of freedom as paths beyond v less one. Not supported when it rests on
    /// fewer than 20 losses. Cautions as mean() does.
    [[nodiscard]] Estimate expected_shortfall(double level, double confidence = 0.95) const;

    /// P(loss >= x) at up to 65 losses whose path counts are spaced evenly in the logarithm, from
    /// the smallest positive loss to the largest, rising. Empty when no path has a loss.
    [[nodiscard]] std::vector<ExceedancePoint> exceedance(double confidence = 0.95) const;

  private:
    [[nodiscard]] std::string heavy_tail() const;
    [[nodiscard]] bool no_gains() const { return losses_.empty() || losses_.front() >= 0; }

    std::vector<MicroUsd> losses_;  // rising
    std::uint64_t positives_ = 0;
    int128 sum_ = 0;
};

}  // namespace breakwater
