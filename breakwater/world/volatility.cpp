// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/world/volatility.hpp"

#include <algorithm>
#include <cmath>

namespace breakwater {

double seed_variance(std::span<const double> returns, std::size_t count) {
    count = std::min(count, returns.size());
    if (count == 0) return 0.0;
    double sum = 0.0;
    for (const double r : returns.first(count))
        sum += r * r;
    return sum / static_cast<double>(count);
}

std::vector<double> ewma_variance(std::span<const double> returns, double lambda, double v0) {
    std::vector<double> out;
    out.reserve(returns.size());
    double v = v0;
    for (const double r : returns) {
        v = lambda * v + (1.0 - lambda) * r * r;
        out.push_back(v);
    }
    return out;
}

double Garch::next_variance(std::span<const double> returns, double v0) const {
    double v = v0;
    for (const double r : returns)
        v = omega + alpha * r * r + beta * v;
    return v;
}

double Garch::sum_of_variances(double next, unsigned horizon) const {
    double power = 1.0;
    for (unsigned i = 0; i < horizon; ++i)
        power *= persistence();
    const double v = long_run_variance();
    return static_cast<double>(horizon) * v + (next - v) * (1.0 - power) / (1.0 - persistence());
}

std::size_t order_statistic(std::size_t n, double p) {
    const double k = std::ceil(static_cast<double>(n) * p - 1e-9);
    return std::clamp<std::size_t>(static_cast<std::size_t>(std::max(k, 1.0)), 1, n);
}

TailLoss filtered_history(std::span<const double> returns, const FilteredHistory& settings) {
    const auto variance = ewma_variance(returns, settings.lambda, seed_variance(returns));
    const double now = std::sqrt(variance.back());
    const double side = settings.is_long ? -1.0 : 1.0;
    std::vector<double> losses;
    for (std::size_t i = returns.size() - settings.window; i < returns.size(); ++i)
        losses.push_back(side * returns[i] / std::sqrt(variance[i - 1]) * now);
    std::ranges::sort(losses);
    const std::size_t k = order_statistic(losses.size(), settings.confidence);
    double sum = 0.0;
    for (std::size_t i = k - 1; i < losses.size(); ++i)
        sum += losses[i];
    return {.value_at_risk = losses[k - 1],
            .expected_shortfall = sum / static_cast<double>(losses.size() - k + 1)};
}

}  // namespace breakwater
