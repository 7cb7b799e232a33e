// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "breakwater/core/units.hpp"
#include "breakwater/stress/estimates.hpp"

/// Statistics that each worker gathers on-line and that merge into the same bits in any order:
/// everything is a count or an integer sum, so addition is associative. No trajectory is kept.
namespace breakwater {

/// Count, sum and sum of squares of a loss over paths; for losses that are kept by asset, by layer
/// or by step.
struct LossMoments {
    std::uint64_t paths = 0;
    std::uint64_t positives = 0;  ///< paths with a loss above zero
    int128 sum = 0;               ///< [1e-6 USD]
    uint128 squares =
        0;  ///< [cent²] each loss cut to whole cents first, so that 2^27 paths of 9e12 USD fit

    void add(MicroUsd loss);
    void add_zeros(std::uint64_t count) { paths += count; }
    void merge(const LossMoments& other);

    /// [USD] See mean_estimate. Losses of less than a cent count as certain in its interval.
    [[nodiscard]] Estimate mean(double confidence = 0.95) const;
    [[nodiscard]] Estimate probability_of_loss(double confidence = 0.95) const;

    friend bool operator==(const LossMoments&, const LossMoments&) = default;
};

/// Counts of unsigned integers in bins that grow with the value: exact below 256, then 128 bins to
/// an octave, so a bin is at most 1/128 = 0.78 % wide and its middle at most 0.4 % from any value
/// inside. The unit is the caller's: choose it so that 256 units are small beside what matters
/// (prices relative to the start in 1e-6, money in cents).
class Histogram {
  public:
    void add(std::uint64_t value, std::uint32_t times = 1);
    void merge(const Histogram& other);
    /// Asks for the memory that adding `value` will touch.
    void prefetch(std::uint64_t value) const;

    [[nodiscard]] std::uint64_t count() const { return count_; }
    [[nodiscard]] std::uint64_t smallest() const { return count_ == 0 ? 0 : smallest_; }
    [[nodiscard]] std::uint64_t largest() const { return largest_; }

    /// The value of rank ceil(count · level), to 0.4 %; 0 when empty. Never outside [smallest,
    /// largest].
    [[nodiscard]] double quantile(double level) const;

    /// What the value of that rank, from 1, may have been: the edges of its bin. Requires 0 < rank
    /// <= count.
    struct Bounds {
        std::uint64_t low = 0;
        std::uint64_t high = 0;
    };
    [[nodiscard]] Bounds bounds_at(std::uint64_t rank) const;

    [[nodiscard]] std::size_t memory_bytes() const {
        return counts_.capacity() * sizeof(counts_[0]);
    }

    /// Equal content, whatever the order in which it came.
    friend bool operator==(const Histogram&, const Histogram&) = default;

  private:
    void cover(std::uint32_t first_bin, std::uint32_t last_bin);
    [[nodiscard]] std::uint32_t bin_at(std::uint64_t rank) const;  // of a rank above the zeros

    // Zeros stand apart: what is zero on most paths and large on some does not stretch the bins
    // between.
    std::uint64_t zeros_ = 0;
    std::uint64_t count_ = 0;
    std::uint64_t smallest_ = ~std::uint64_t{0};
    std::uint64_t largest_ = 0;
    std::uint32_t first_bin_ = 0;        // of counts_[0]; a multiple of 64
    std::vector<std::uint32_t> counts_;  // a multiple of 64 bins, just wide enough
};

/// A figure of zero or more on each path, kept on-line: moments as exact sums, quantiles as a
/// Histogram. Values are whole numbers in the caller's unit; `unit` says what one of them comes to
/// in the unit of the answer (0.01 for cents that are to be USD).
class OnlineDistribution {
  public:
    /// Below 2^50, so that the squares of 2^27 paths fit.
    void add(std::uint64_t value);
    void merge(const OnlineDistribution& other);

    [[nodiscard]] std::uint64_t paths() const { return histogram_.count(); }
    [[nodiscard]] std::uint64_t positives() const { return positives_; }

    /// See mean_estimate; rests on the paths above zero. Never below 0.
    [[nodiscard]] Estimate mean(double unit, double confidence = 0.95) const;
    /// To 0.4 %, with the order-statistic interval; its ends are the outer edges of their bins, so
    /// that binning never narrows it. Not supported when fewer than 20 paths lie beyond or below.
    [[nodiscard]] Estimate quantile(double level, double unit, double confidence = 0.95) const;
    [[nodiscard]] Estimate probability_above_zero(double confidence = 0.95) const;

    friend bool operator==(const OnlineDistribution&, const OnlineDistribution&) = default;

  private:
    Histogram histogram_;
    std::uint64_t positives_ = 0;
    uint128 sum_ = 0;
    uint128 squares_ = 0;
};

inline constexpr std::array<double, 5> band_levels{0.05, 0.25, 0.50, 0.75, 0.95};

/// Quantiles over paths at each step of one metric (relative price, volume, backlog, utilisation):
/// a fan chart without the trajectories. Memory per step depends on the spread of the values, not
/// on the paths: at most 30 kB.
class QuantileBands {
  public:
    using Band = std::array<double, band_levels.size()>;

    explicit QuantileBands(std::size_t steps) : steps_(steps) {}

    void add(std::size_t step, std::uint64_t value) { steps_[step].add(value); }
    /// One path: a value for each step. All its counters are asked for before the first is used.
    void add_path(std::span<const std::uint64_t> values);

    /// Both must have the same number of steps.
    void merge(const QuantileBands& other);

    [[nodiscard]] std::size_t steps() const { return steps_.size(); }
    [[nodiscard]] const Histogram& at(std::size_t step) const { return steps_[step]; }
    [[nodiscard]] Band band(std::size_t step) const;

    friend bool operator==(const QuantileBands&, const QuantileBands&) = default;

  private:
    std::vector<Histogram> steps_;
};

struct AccountLoss {
    AccountId account{};
    std::uint64_t paths = 0;  ///< in which it left a loss
    int128 sum = 0;           ///< [1e-6 USD] over all paths
    uint128 squares = 0;      ///< [cent²] as LossMoments has them

    /// Over the paths of the whole run, those without a loss included.
    [[nodiscard]] LossMoments moments(std::uint64_t all_paths) const {
        return {.paths = all_paths, .positives = paths, .sum = sum, .squares = squares};
    }

    friend bool operator==(const AccountLoss&, const AccountLoss&) = default;
};

/// Losses by account, for the accounts that have any.
class AccountLosses {
  public:
    /// Call once per path and account; `paths` counts the calls. A loss of zero leaves no trace.
    void add(AccountId account, MicroUsd loss);
    void merge(const AccountLosses& other);

    /// All accounts with a loss, by id.
    [[nodiscard]] std::vector<AccountLoss> all() const;

    /// The k largest sums, largest first, the lower id first among equals.
    [[nodiscard]] std::vector<AccountLoss> top(std::size_t k) const;

  private:
    void fold_pending();

    // Additions wait unsorted and are folded in when they outnumber the accounts: amortised O(log
    // n) each.
    std::vector<AccountLoss> by_account_;  // rising id
    std::vector<AccountLoss> pending_;
};

}  // namespace breakwater
