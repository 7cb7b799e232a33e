// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/stress/paired.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "breakwater/core/require.hpp"
#include "breakwater/stress/intervals.hpp"
#include "breakwater/stress/loss_parts.hpp"

namespace breakwater {
namespace {

using Losses = std::span<const MicroUsd>;

// In 128 bits: the difference of two losses may need 65.
int128 less(MicroUsd a, MicroUsd b) {
    return static_cast<int128>(a) - b;
}

// Values per path [USD], with their mean taken from the exact sum.
struct Sample {
    std::vector<double> values;
    int128 sum = 0;

    explicit Sample(std::size_t size) { values.reserve(size); }
    void add(int128 micro) {
        sum += micro;
        values.push_back(usd(micro));
    }
    [[nodiscard]] double mean() const {
        return values.empty() ? 0 : usd(sum) / count(values.size());
    }
    [[nodiscard]] double standard_error() const {
        return values.empty() ? 0
                              : std::sqrt(sample_variance(values, mean()) / count(values.size()));
    }
};

Estimate mean_difference(Losses current, Losses proposed, const PairedDifference& pairs,
                         double confidence) {
    Sample difference(current.size());
    for (std::size_t i = 0; i < current.size(); ++i)
        difference.add(less(proposed[i], current[i]));
    const double half = two_sided_t(confidence, pairs.differing) * difference.standard_error();
    const double mean = difference.mean();
    Estimate estimate{mean, mean - half, mean + half, confidence, true, {}};
    estimate.refuse_below_twenty(pairs.paths, pairs.differing, "differing paths");
    return estimate;
}

// With p = (only proposed + 1)/(N + 2) and q = (only current + 1)/(N + 2): p - q ± z sqrt((p + q -
// (p - q)²)/(N + 2)).
Estimate probability_difference(const PairedDifference& pairs, double confidence) {
    if (pairs.paths == 0) return {0, -1, 1, confidence, false, "no paths"};
    const double n = count(pairs.paths) + 2;
    const double p = (count(pairs.only_proposed) + 1) / n;
    const double q = (count(pairs.only_current) + 1) / n;
    const double half =
        two_sided_t(confidence, ~std::uint64_t{0}) * std::sqrt((p + q - (p - q) * (p - q)) / n);
    const double value = (count(pairs.only_proposed) - count(pairs.only_current)) / (n - 2);
    return {value, std::max(p - q - half, -1.0), std::min(p - q + half, 1.0), confidence, true, {}};
}

MicroUsd value_at_rank(Losses losses, std::uint64_t rank) {
    std::vector<MicroUsd> copy(losses.begin(), losses.end());
    const auto at = copy.begin() + static_cast<std::ptrdiff_t>(rank - 1);
    std::nth_element(copy.begin(), at, copy.end());
    return *at;
}

// ES' - ES = v' - v + mean of d, with d = ((loss' - v')+ - (loss - v)+) / (1 - level), v and v' the
// quantiles.
Estimate shortfall_difference(Losses current, Losses proposed, double level, double confidence) {
    const std::uint64_t n = current.size();
    if (n == 0) return {0, 0, 0, confidence, false, "no paths"};
    const std::uint64_t rank = quantile_rank(n, level);
    const MicroUsd v_current = value_at_rank(current, rank);
    const MicroUsd v_proposed = value_at_rank(proposed, rank);
    Sample excess(n);
    std::uint64_t resting = 0;  // paths in either tail whose loss is not the same
    for (std::size_t i = 0; i < n; ++i) {
        excess.add(beyond(proposed[i], v_proposed) - beyond(current[i], v_current));
        const bool in_tail = current[i] >= v_current || proposed[i] >= v_proposed;
        if (in_tail && current[i] != proposed[i]) ++resting;
    }
    resting = std::min(resting, n - rank);
    const double tail = tail_size(n, level);
    const double scale = tail > 0 ? count(n) / tail : 0;  // 1 / (1 - level)
    const double value = usd(less(v_proposed, v_current)) + scale * excess.mean();
    const double half = two_sided_t(confidence, resting) * scale * excess.standard_error();
    Estimate estimate{value, value - half, value + half, confidence, true, {}};
    estimate.refuse_below_twenty(n, resting, "differing paths in the tail");
    return estimate;
}

void estimate_all(PairedDifference& pairs, Losses current, Losses proposed, double level,
                  double confidence) {
    pairs.mean = mean_difference(current, proposed, pairs, confidence);
    pairs.probability = probability_difference(pairs, confidence);
    pairs.expected_shortfall = shortfall_difference(current, proposed, level, confidence);
}

}  // namespace

PairedVerdict verdict(const Estimate& difference) {
    if (!difference.supported) return PairedVerdict::cannot_tell;
    if (difference.high < 0) return PairedVerdict::better;
    if (difference.low > 0) return PairedVerdict::worse;
    return PairedVerdict::cannot_tell;
}

const char* to_string(PairedVerdict verdict) {
    switch (verdict) {
        case PairedVerdict::better:
            return "better";
        case PairedVerdict::worse:
            return "worse";
        case PairedVerdict::cannot_tell:
            break;
    }
    return "cannot tell";
}

PairedDifference paired_difference(Losses current, Losses proposed, double level,
                                   double confidence) {
    REQUIRE(current.size() == proposed.size());
    PairedDifference pairs;
    pairs.paths = current.size();
    for (std::size_t i = 0; i < current.size(); ++i) {
        if (current[i] != proposed[i]) ++pairs.differing;
        if (current[i] > 0 && proposed[i] <= 0) ++pairs.only_current;
        if (current[i] <= 0 && proposed[i] > 0) ++pairs.only_proposed;
    }
    estimate_all(pairs, current, proposed, level, 1 - (1 - confidence) / 3);
    bool better = false;
    bool worse = false;
    for (const Estimate* figure : {&pairs.mean, &pairs.probability, &pairs.expected_shortfall}) {
        better |= verdict(*figure) == PairedVerdict::better;
        worse |= verdict(*figure) == PairedVerdict::worse;
    }
    if (better != worse) pairs.overall = better ? PairedVerdict::better : PairedVerdict::worse;
    estimate_all(pairs, current, proposed, level, confidence);
    return pairs;
}

Estimate ratio_of_means(Losses figure, Losses of, const char* what, double confidence) {
    REQUIRE(figure.size() == of.size());
    const std::uint64_t n = figure.size();
    int128 sum = 0;
    int128 sum_of = 0;
    std::uint64_t resting = 0;
    for (std::size_t i = 0; i < n; ++i) {
        sum += figure[i];
        sum_of += of[i];
        if (of[i] > 0) ++resting;
    }
    Estimate estimate{0, 0, 0, confidence, true, {}};
    if (sum_of <= 0) {
        estimate.refuse("no ratio: 0 of " + std::to_string(n) + " paths are " + what);
        return estimate;
    }
    const double ratio = usd(sum) / usd(sum_of);
    std::vector<double> residual(n);  // their mean is zero by the choice of the ratio
    for (std::size_t i = 0; i < n; ++i) {
        residual[i] = usd(figure[i]) - ratio * usd(of[i]);
    }
    const double mean_of = usd(sum_of) / count(n);
    const double half = two_sided_t(confidence, resting) *
                        std::sqrt(sample_variance(residual, 0) / count(n)) / mean_of;
    estimate = {ratio, std::max(ratio - half, 0.0), ratio + half, confidence, true, {}};
    estimate.refuse_below_twenty(n, resting, what);
    return estimate;
}

Estimate cascade_amplification(Losses with_impact, Losses without_impact, double confidence) {
    REQUIRE(with_impact.size() == without_impact.size());
    const auto sum = [](Losses losses) {
        int128 total = 0;
        for (const MicroUsd loss : losses)
            total += loss;
        return total;
    };
    Estimate estimate{0, 0, 0, confidence, true, {}};
    if (sum(without_impact) <= 0) {
        estimate.refuse(sum(with_impact) > 0
                            ? "no ratio: without impact there is no loss"
                            : "no loss in " + std::to_string(with_impact.size()) + " paths");
        return estimate;
    }
    return ratio_of_means(with_impact, without_impact, "losses without impact", confidence);
}

}  // namespace breakwater
