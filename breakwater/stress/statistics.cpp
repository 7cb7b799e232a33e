// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/stress/statistics.hpp"

#include <algorithm>
#include <bit>

#include "breakwater/core/require.hpp"
#include "breakwater/stress/intervals.hpp"

namespace breakwater {
namespace {

constexpr std::uint32_t exact_bins = 256;
constexpr std::uint32_t bins_per_octave = 128;
constexpr std::uint32_t chunk = 64;
constexpr MicroUsd micro_per_cent = 10'000;

std::uint32_t bin_of(std::uint64_t value) {
    if (value < exact_bins) return static_cast<std::uint32_t>(value);
    const auto shift = static_cast<std::uint32_t>(std::bit_width(value)) - 8;
    const auto lead = static_cast<std::uint32_t>(value >> shift);  // 128..255
    return exact_bins + (shift - 1) * bins_per_octave + (lead - bins_per_octave);
}

double middle_of(std::uint32_t bin) {
    if (bin < exact_bins) return bin;
    const std::uint32_t shift = (bin - exact_bins) / bins_per_octave + 1;
    const std::uint64_t lead = bins_per_octave + (bin - exact_bins) % bins_per_octave;
    const auto width = static_cast<double>(std::uint64_t{1} << shift);
    return static_cast<double>(lead << shift) + 0.5 * (width - 1);
}

void append(std::vector<AccountLoss>& sorted, const AccountLoss& loss) {
    if (!sorted.empty() && sorted.back().account == loss.account) {
        sorted.back().paths += loss.paths;
        sorted.back().sum += loss.sum;
        sorted.back().squares += loss.squares;
    } else {
        sorted.push_back(loss);
    }
}

/// [cent²] of whole cents.
uint128 square(MicroUsd loss) {
    const auto cents = static_cast<int128>(loss / micro_per_cent);
    return static_cast<uint128>(cents * cents);
}

bool by_id(const AccountLoss& a, const AccountLoss& b) {
    return a.account < b.account;
}

}  // namespace

void LossMoments::add(MicroUsd loss) {
    ++paths;
    if (loss > 0) ++positives;
    sum += loss;
    squares += square(loss);
}

void LossMoments::merge(const LossMoments& other) {
    paths += other.paths;
    positives += other.positives;
    sum += other.sum;
    squares += other.squares;
}

Estimate LossMoments::mean(double confidence) const {
    const double n = static_cast<double>(paths);
    const double centre = paths > 0 ? usd(sum) / n : 0;
    const double around_zero = static_cast<double>(squares) / 1e4;
    const double variance =
        paths > 1 ? std::max(around_zero - n * centre * centre, 0.0) / (n - 1) : 0;
    return mean_estimate(centre, variance, paths, positives, confidence);
}

Estimate LossMoments::probability_of_loss(double confidence) const {
    return probability_estimate(positives, paths, confidence);
}

void Histogram::cover(std::uint32_t first_bin, std::uint32_t last_bin) {
    first_bin -= first_bin % chunk;
    if (counts_.empty()) first_bin_ = first_bin;
    if (first_bin < first_bin_) {
        counts_.insert(counts_.begin(), first_bin_ - first_bin, 0);
        first_bin_ = first_bin;
    }
    const std::size_t needed = last_bin - last_bin % chunk + chunk - first_bin_;
    if (counts_.size() < needed) counts_.resize(needed, 0);
}

void Histogram::add(std::uint64_t value, std::uint32_t times) {
    if (times == 0) return;
    count_ += times;
    smallest_ = std::min(smallest_, value);
    largest_ = std::max(largest_, value);
    if (value == 0) {
        zeros_ += times;
        return;
    }
    const std::uint32_t bin = bin_of(value);
    if (bin < first_bin_ || bin - first_bin_ >= counts_.size()) cover(bin, bin);
    counts_[bin - first_bin_] += times;
}

void Histogram::prefetch(std::uint64_t value) const {
    if (value == 0) return;
    const std::uint32_t bin = bin_of(value);
    if (bin < first_bin_ || bin - first_bin_ >= counts_.size()) return;
    __builtin_prefetch(&counts_[bin - first_bin_], 1);
}

void Histogram::merge(const Histogram& other) {
    zeros_ += other.zeros_;
    count_ += other.count_;
    smallest_ = std::min(smallest_, other.smallest_);
    largest_ = std::max(largest_, other.largest_);
    if (other.counts_.empty()) return;
    const auto width = static_cast<std::uint32_t>(other.counts_.size());
    cover(other.first_bin_, other.first_bin_ + width - 1);
    const std::uint32_t offset = other.first_bin_ - first_bin_;
    for (std::uint32_t i = 0; i < width; ++i)
        counts_[offset + i] += other.counts_[i];
}

std::uint32_t Histogram::bin_at(std::uint64_t rank) const {
    std::uint64_t reached = zeros_;
    std::uint32_t bin = first_bin_;
    for (const std::uint32_t in_bin : counts_) {
        reached += in_bin;
        if (reached >= rank) break;
        ++bin;
    }
    return bin;
}

double Histogram::quantile(double level) const {
    if (count_ == 0) return 0;
    const std::uint64_t rank = quantile_rank(count_, level);
    if (zeros_ >= rank) return 0;
    return std::clamp(middle_of(bin_at(rank)), static_cast<double>(smallest_),
                      static_cast<double>(largest_));
}

Histogram::Bounds Histogram::bounds_at(std::uint64_t rank) const {
    REQUIRE(rank > 0);
    REQUIRE(rank <= count_);
    if (zeros_ >= rank) return {};
    const std::uint32_t bin = bin_at(rank);
    if (bin < exact_bins) return {bin, bin};
    const std::uint32_t shift = (bin - exact_bins) / bins_per_octave + 1;
    const std::uint64_t lead = bins_per_octave + (bin - exact_bins) % bins_per_octave;
    const std::uint64_t low = lead << shift;
    const std::uint64_t high = low + (std::uint64_t{1} << shift) - 1;
    return {std::max(low, smallest_), std::min(high, largest_)};
}

void OnlineDistribution::add(std::uint64_t value) {
    histogram_.add(value);
    if (value == 0) return;
    ++positives_;
    sum_ += value;
    squares_ += static_cast<uint128>(value) * value;
}

void OnlineDistribution::merge(const OnlineDistribution& other) {
    histogram_.merge(other.histogram_);
    positives_ += other.positives_;
    sum_ += other.sum_;
    squares_ += other.squares_;
}

Estimate OnlineDistribution::mean(double unit, double confidence) const {
    const auto n = static_cast<double>(paths());
    const double centre = paths() > 0 ? static_cast<double>(sum_) / n : 0;
    // All equal: said apart, because the difference below would leave a rounding.
    const bool spread = histogram_.smallest() != histogram_.largest();
    const double variance =
        spread ? std::max(static_cast<double>(squares_) - n * centre * centre, 0.0) / (n - 1) : 0;
    Estimate out =
        mean_estimate(centre * unit, variance * unit * unit, paths(), positives_, confidence);
    out.low = std::max(out.low, 0.0);
    return out;
}

Estimate OnlineDistribution::quantile(double level, double unit, double confidence) const {
    const std::uint64_t n = paths();
    if (n == 0) return {0, 0, 0, confidence, false, "no paths"};
    const std::uint64_t rank = quantile_rank(n, level);
    const auto ranks = order_statistic_ranks(n, level, confidence);
    const std::uint64_t low = histogram_.bounds_at(ranks ? ranks->low : 1).low;
    const std::uint64_t high = histogram_.bounds_at(ranks ? ranks->high : n).high;
    Estimate out{histogram_.quantile(level) * unit,
                 static_cast<double>(low) * unit,
                 static_cast<double>(high) * unit,
                 confidence,
                 true,
                 {}};
    if (!ranks) out.refuse("not supported by " + std::to_string(n) + " paths at this confidence");
    out.refuse_below_twenty(n, std::min(n - rank, rank), "paths");
    return out;
}

Estimate OnlineDistribution::probability_above_zero(double confidence) const {
    return probability_estimate(positives_, paths(), confidence);
}

void QuantileBands::add_path(std::span<const std::uint64_t> values) {
    REQUIRE(values.size() == steps_.size());
    for (std::size_t k = 0; k < values.size(); ++k)
        steps_[k].prefetch(values[k]);
    for (std::size_t k = 0; k < values.size(); ++k)
        steps_[k].add(values[k]);
}

void QuantileBands::merge(const QuantileBands& other) {
    REQUIRE(steps_.size() == other.steps_.size());
    for (std::size_t step = 0; step < steps_.size(); ++step)
        steps_[step].merge(other.steps_[step]);
}

QuantileBands::Band QuantileBands::band(std::size_t step) const {
    Band band{};
    for (std::size_t i = 0; i < band.size(); ++i)
        band[i] = steps_[step].quantile(band_levels[i]);
    return band;
}

void AccountLosses::fold_pending() {
    std::sort(pending_.begin(), pending_.end(), by_id);
    std::vector<AccountLoss> folded;
    folded.reserve(by_account_.size() + pending_.size());
    auto old = by_account_.cbegin();
    for (const AccountLoss& loss : pending_) {
        while (old != by_account_.cend() && old->account <= loss.account)
            append(folded, *old++);
        append(folded, loss);
    }
    while (old != by_account_.cend())
        append(folded, *old++);
    by_account_ = std::move(folded);
    pending_.clear();
}

void AccountLosses::add(AccountId account, MicroUsd loss) {
    if (loss == 0) return;
    pending_.push_back({account, 1, loss, square(loss)});
    if (pending_.size() >= std::max<std::size_t>(1024, by_account_.size())) fold_pending();
}

void AccountLosses::merge(const AccountLosses& other) {
    pending_.insert(pending_.end(), other.by_account_.begin(), other.by_account_.end());
    pending_.insert(pending_.end(), other.pending_.begin(), other.pending_.end());
    fold_pending();
}

std::vector<AccountLoss> AccountLosses::all() const {
    AccountLosses copy = *this;
    copy.fold_pending();
    return std::move(copy.by_account_);
}

std::vector<AccountLoss> AccountLosses::top(std::size_t k) const {
    std::vector<AccountLoss> losses = all();
    k = std::min(k, losses.size());
    std::partial_sort(losses.begin(), losses.begin() + static_cast<std::ptrdiff_t>(k), losses.end(),
                      [](const AccountLoss& a, const AccountLoss& b) {
                          return a.sum != b.sum ? a.sum > b.sum : a.account < b.account;
                      });
    losses.resize(k);
    return losses;
}

}  // namespace breakwater
