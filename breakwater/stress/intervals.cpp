// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/stress/intervals.hpp"

#include <algorithm>
#include <cmath>

#include "breakwater/core/units.hpp"
#include "breakwater/stress/loss_parts.hpp"
#include "breakwater/world/math.hpp"

namespace breakwater {
namespace {

constexpr double negligible = 1e-20;  // of the probability of the mode
constexpr std::uint64_t billion = 1'000'000'000;

std::uint64_t billionths(double level) {
    return static_cast<std::uint64_t>(std::llround(std::clamp(level, 0.0, 1.0) * 1e9));
}

// The p at which `hits` or more (upper tail), or `hits` or fewer (lower tail), have probability
// `mass`. Newton inside a bracket that always holds the root:
//   d/dp P(X >= k) = k/p · P(X = k),   d/dp P(X <= k) = -(n-k)/(1-p) · P(X = k).
double solve_probability(std::uint64_t hits, std::uint64_t trials, double mass, bool upper_tail) {
    double below = 0;
    double above = 1;
    double p = (count(hits) + 0.5) / (count(trials) + 1);
    for (int step = 0; step < 200; ++step) {
        const Binomial law(trials, p);
        const double tail = upper_tail ? law.at_least(hits) : law.at_most(hits);
        const double slope = upper_tail ? count(hits) / p * law.equal(hits)
                                        : -count(trials - hits) / (1 - p) * law.equal(hits);
        (upper_tail == (tail < mass) ? below : above) = p;
        double next = slope != 0 ? p - (tail - mass) / slope : -1;
        if (next <= below || next >= above) next = 0.5 * (below + above);
        const double moved = std::fabs(next - p);
        p = next;
        if (moved <= 1e-14 * p) break;
    }
    return p;
}

}  // namespace

Binomial::Binomial(std::uint64_t trials, double probability) {
    if (probability <= 0 || probability >= 1 || trials == 0) {
        first_ = probability >= 1 ? trials : 0;
        mass_.assign(1, 1.0);
        return;
    }
    const double odds = probability / (1 - probability);
    const auto mode =
        std::min(trials, static_cast<std::uint64_t>((count(trials) + 1) * probability));
    std::vector<double> left;
    double weight = 1;
    for (std::uint64_t k = mode; k > 0; --k) {
        weight *= count(k) / (count(trials - k + 1) * odds);
        if (weight < negligible) break;
        left.push_back(weight);
    }
    first_ = mode - left.size();
    mass_.assign(left.rbegin(), left.rend());
    mass_.push_back(1.0);
    weight = 1;
    for (std::uint64_t k = mode; k < trials; ++k) {
        weight *= count(trials - k) * odds / count(k + 1);
        if (weight < negligible) break;
        mass_.push_back(weight);
    }
    double total = 0;
    for (const double w : mass_)
        total += w;
    for (double& w : mass_)
        w /= total;
}

double Binomial::equal(std::uint64_t k) const {
    return k < first_ || k - first_ >= mass_.size() ? 0.0 : mass_[k - first_];
}

double Binomial::at_most(std::uint64_t k) const {
    if (k < first_) return 0;
    const auto terms = std::min<std::uint64_t>(k - first_ + 1, mass_.size());
    double sum = 0;
    for (std::uint64_t i = 0; i < terms; ++i)
        sum += mass_[i];
    return std::min(sum, 1.0);
}

double Binomial::at_least(std::uint64_t k) const {
    const std::uint64_t from = k <= first_ ? 0 : k - first_;
    double sum = 0;
    for (std::uint64_t i = mass_.size(); i > from; --i)
        sum += mass_[i - 1];
    return std::min(sum, 1.0);
}

std::uint64_t Binomial::quantile(double mass) const {
    double sum = 0;
    for (std::uint64_t i = 0; i < mass_.size(); ++i) {
        sum += mass_[i];
        if (sum >= mass) return first_ + i;
    }
    return first_ + mass_.size() - 1;
}

Interval clopper_pearson(std::uint64_t hits, std::uint64_t trials, double confidence) {
    const double wrong = 0.5 * (1 - confidence);
    Interval interval;
    if (hits > 0) interval.low = solve_probability(hits, trials, wrong, true);
    if (hits < trials) interval.high = solve_probability(hits, trials, wrong, false);
    return interval;
}

double zero_hits_upper(std::uint64_t trials, double confidence) {
    return trials == 0 ? 1.0 : solve_probability(0, trials, 1 - confidence, false);
}

std::uint64_t quantile_rank(std::uint64_t n, double level) {
    const auto scaled = static_cast<uint128>(n) * billionths(level);
    const auto rank = static_cast<std::uint64_t>((scaled + billion - 1) / billion);
    return std::max<std::uint64_t>(rank, n > 0 ? 1 : 0);
}

double tail_size(std::uint64_t n, double level) {
    return static_cast<double>(static_cast<uint128>(n) * (billion - billionths(level))) / 1e9;
}

std::optional<RankInterval> order_statistic_ranks(std::uint64_t n, double level,
                                                  double confidence) {
    const Binomial below(n, level);
    const double wrong = 0.5 * (1 - confidence);
    const std::uint64_t low = below.quantile(wrong);
    const std::uint64_t high = below.quantile(1 - wrong) + 1;
    if (high > n) return std::nullopt;
    const double above_low = below.at_most(high - 1);
    const double narrow = above_low - below.at_most(low);
    if (narrow >= confidence) return RankInterval{low + 1, high, narrow};
    if (low == 0) return std::nullopt;
    return RankInterval{low, high, above_low - below.at_most(low - 1)};
}

double student_t_quantile(double mass, std::uint64_t degrees) {
    const double z = normal_quantile(mass);
    const double v = count(std::max<std::uint64_t>(degrees, 1));
    const double s = z * z;
    const double g1 = z * (s + 1) / 4;
    const double g2 = z * ((5 * s + 16) * s + 3) / 96;
    const double g3 = z * (((3 * s + 19) * s + 17) * s - 15) / 384;
    const double g4 = z * ((((79 * s + 776) * s + 1482) * s - 1920) * s - 945) / 92160;
    return z + (g1 + (g2 + (g3 + g4 / v) / v) / v) / v;
}

double two_sided_t(double confidence, std::uint64_t resting) {
    return student_t_quantile(1 - 0.5 * (1 - confidence), resting > 1 ? resting - 1 : 1);
}

}  // namespace breakwater
