// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/stress/estimates.hpp"

#include <algorithm>
#include <cmath>

#include "breakwater/stress/intervals.hpp"
#include "breakwater/stress/loss_parts.hpp"

namespace breakwater {
namespace {

std::string no_loss(std::uint64_t paths) {
    return "no loss in " + std::to_string(paths) + " paths";
}

}  // namespace

void Estimate::refuse(std::string why) {
    supported = false;
    reason = std::move(why);
}

void Estimate::refuse_below_twenty(std::uint64_t paths, std::uint64_t resting, const char* what) {
    if (resting >= losses_needed) return;
    refuse("not supported by " + std::to_string(paths) + " paths: rests on " +
           std::to_string(resting) + " " + what + ", " + std::to_string(losses_needed) +
           " are needed");
}

double sample_variance(std::span<const double> values, double mean) {
    double sum = 0;
    for (const double value : values)
        sum += (value - mean) * (value - mean);
    return values.size() > 1 ? sum / count(values.size() - 1) : 0;
}

Estimate probability_estimate(std::uint64_t hits, std::uint64_t paths, double confidence) {
    if (paths == 0) return {0, 0, 1, confidence, false, "no paths"};
    Estimate estimate{count(hits) / count(paths), 0, 1, confidence, true, {}};
    if (hits == 0) {
        estimate.high = zero_hits_upper(paths, confidence);
        estimate.reason = "0 in " + std::to_string(paths) + " paths: one-sided bound";
        if (confidence <= 0.95) estimate.reason += ", below 3/N";
        return estimate;
    }
    const Interval exact = clopper_pearson(hits, paths, confidence);
    estimate.low = exact.low;
    estimate.high = exact.high;
    return estimate;
}

Estimate mean_estimate(double mean, double variance, std::uint64_t paths, std::uint64_t resting,
                       double confidence) {
    if (paths == 0) return {0, 0, 0, confidence, false, "no paths"};
    const double half = two_sided_t(confidence, resting) * std::sqrt(variance / count(paths));
    Estimate estimate{mean, mean - half, mean + half, confidence, true, {}};
    estimate.refuse_below_twenty(paths, resting, "losses");
    if (resting == 0) estimate.refuse(no_loss(paths));
    return estimate;
}

Distribution::Distribution(std::span<const MicroUsd> losses)
    : losses_(losses.begin(), losses.end()) {
    std::sort(losses_.begin(), losses_.end());
    for (const MicroUsd loss : losses_)
        sum_ += loss;
    positives_ = static_cast<std::uint64_t>(
        losses_.end() - std::upper_bound(losses_.begin(), losses_.end(), MicroUsd{0}));
}

Estimate Distribution::probability_of_loss(double confidence) const {
    return probability_estimate(positives_, paths(), confidence);
}

Estimate Distribution::mean(double confidence) const {
    std::vector<double> values;
    values.reserve(losses_.size());
    for (const MicroUsd loss : losses_)
        values.push_back(usd(loss));
    const double centre = paths() > 0 ? usd(sum_) / count(paths()) : 0;
    Estimate estimate =
        mean_estimate(centre, sample_variance(values, centre), paths(), positives_, confidence);
    if (no_gains()) estimate.low = std::max(estimate.low, 0.0);
    if (estimate.supported) estimate.reason = heavy_tail();
    return estimate;
}

Estimate Distribution::quantile(double level, double confidence) const {
    const std::uint64_t n = paths();
    if (n == 0) return {0, 0, 0, confidence, false, "no paths"};
    const std::uint64_t rank = quantile_rank(n, level);
    const auto ranks = order_statistic_ranks(n, level, confidence);
    const auto at_rank = [&](std::uint64_t r) { return usd(losses_[r - 1]); };
    Estimate estimate{at_rank(rank),
                      at_rank(ranks ? ranks->low : 1),
                      at_rank(ranks ? ranks->high : n),
                      confidence,
                      true,
                      {}};
    if (!ranks) {
        estimate.refuse("not supported by " + std::to_string(n) + " paths at this confidence");
    }
    estimate.refuse_below_twenty(n, std::min(n - rank, rank), "losses");
    return estimate;
}

Estimate Distribution::expected_shortfall(double level, double confidence) const {
    const std::uint64_t n = paths();
    if (n == 0) return {0, 0, 0, confidence, false, "no paths"};
    const std::uint64_t rank = quantile_rank(n, level);
    const MicroUsd threshold = losses_[rank - 1];
    int128 sum = 0;
    std::vector<double> excess;
    excess.reserve(losses_.size());
    for (const MicroUsd loss : losses_) {
        sum += beyond(loss, threshold);
        excess.push_back(usd(beyond(loss, threshold)));
    }
    const double mean = usd(sum) / count(n);
    const double tail = tail_size(n, level);
    const double scale = tail > 0 ? count(n) / tail : 0;  // 1 / (1 - level)
    const std::uint64_t resting = std::min(n - rank, positives_);
    const double half = two_sided_t(confidence, resting) * scale *
                        std::sqrt(sample_variance(excess, mean) / count(n));
    const double value = usd(threshold) + scale * mean;
    Estimate estimate{value, value - half, value + half, confidence, true, {}};
    if (no_gains()) estimate.low = std::max(estimate.low, 0.0);
    estimate.reason = heavy_tail();
    estimate.refuse_below_twenty(n, resting, "losses");
    if (positives_ == 0) estimate.refuse(no_loss(n));
    return estimate;
}

std::vector<ExceedancePoint> Distribution::exceedance(double confidence) const {
    std::vector<ExceedancePoint> curve;
    if (positives_ == 0) return curve;
    double step = count(positives_);
    for (int root = 0; root < 6; ++root)
        step = std::sqrt(step);  // positives^(1/64)
    double wanted = count(positives_);
    for (int i = 0; i <= 64; ++i) {
        const auto nearest = static_cast<std::uint64_t>(std::llround(wanted));
        const std::uint64_t from_top = std::clamp<std::uint64_t>(nearest, 1, positives_);
        wanted /= step;
        const MicroUsd loss = losses_[paths() - from_top];
        const auto reached = static_cast<std::uint64_t>(
            losses_.end() - std::lower_bound(losses_.begin(), losses_.end(), loss));
        if (!curve.empty() && reached == curve.back().paths) continue;
        curve.push_back({usd(loss), reached, probability_estimate(reached, paths(), confidence)});
    }
    return curve;
}

std::string Distribution::heavy_tail() const {
    const double share = sum_ > 0 ? usd(largest()) / usd(sum_) : 0;
    if (share > 0.1) {
        return "one path carries " + std::to_string(std::llround(share * 100)) +
               " % of the sum: the interval may be too narrow";
    }
    // The mean excess of a Pareto tail over u is u / (index - 1), so mean > 2u says index < 2. A
    // tenth is a tail only when there are enough losses.
    const std::uint64_t top = positives_ / 10;
    if (top < losses_needed) return {};
    const MicroUsd start = losses_[paths() - top - 1];
    int128 sum = 0;
    for (std::uint64_t i = paths() - top; i < paths(); ++i)
        sum += losses_[i];
    if (usd(sum) <= 2 * usd(start) * count(top)) return {};
    return "heavy tail (index below 2): the interval may be too narrow";
}

}  // namespace breakwater
