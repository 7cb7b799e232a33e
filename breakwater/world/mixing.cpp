// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/world/mixing.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "breakwater/world/math.hpp"
#include "breakwater/world/random.hpp"

namespace breakwater {

namespace {

constexpr std::size_t cells = 1024;
constexpr double cell = 2.0 * normal_reach / cells;

double grid(std::size_t i) {
    return -normal_reach + cell * static_cast<double>(i);
}

/// ln w with P(a, w) = Φ(y), by Newton's method from a guess, on the logarithm of the smaller tail.
double log_gamma_quantile(double a, double y, double guess) {
    const double target = log_(normal_cdf(-std::fabs(y)));
    const double log_gamma_a = log_gamma(a);
    double t = guess;
    for (int i = 0; i < 50; ++i) {
        const double w = exp_(t);
        const GammaTails tails = gamma_tails(a, w);
        const double density = exp_(a * t - w - log_gamma_a);  // with respect to ln w
        const double tail = y < 0.0 ? tails.lower : tails.upper;
        const double slope = (y < 0.0 ? density : -density) / tail;
        const double change = (target - log_(tail)) / slope;
        t += std::clamp(change, -1.0, 1.0);
        if (std::fabs(change) < 1e-12) break;
    }
    return t;
}

double weight(std::size_t i) {
    return cell * normal_density(grid(i));
}

}  // namespace

StudentMixing::StudentMixing(double degrees_of_freedom, double volatility_max) : table_(cells + 1) {
    const double a = 0.5 * degrees_of_freedom;
    const double cap = std::max(3.0, 0.5 / volatility_max);
    // Large m is small W: entry i is the quantile of W at Φ(−z). Walk W upwards; each solution
    // starts the next.
    double t =
        (log_(normal_cdf(-normal_reach)) + log_gamma(a + 1.0)) / a;  // P(a, w) ≈ w^a / Γ(a + 1) near 0
    for (std::size_t i = cells + 1; i-- > 0;) {
        t = log_gamma_quantile(a, -grid(i), t);
        table_[i] = std::min(cap, std::sqrt((degrees_of_freedom - 2.0) * 0.5 * exp_(-t)));
    }
    double second_moment = 0.0;
    for (std::size_t i = 0; i <= cells; ++i)
        second_moment += weight(i) * table_[i] * table_[i];
    const double scale = 1.0 / std::sqrt(second_moment);
    for (double& m : table_)
        m *= scale;
}

double StudentMixing::multiplier(double z) const {
    const double position = std::clamp((z + normal_reach) * (1.0 / cell), 1.0, cells - 2.0);
    const double left = std::floor(position);
    const auto i = static_cast<std::size_t>(left);
    const double x = position - left;
    // The cubic through the four grid points around z (Lagrange).
    const double w0 = -x * (x - 1.0) * (x - 2.0) / 6.0;
    const double w1 = (x + 1.0) * (x - 1.0) * (x - 2.0) * 0.5;
    const double w2 = -(x + 1.0) * x * (x - 2.0) * 0.5;
    const double w3 = (x + 1.0) * x * (x - 1.0) / 6.0;
    return w0 * table_[i - 1] + w1 * table_[i] + w2 * table_[i + 1] + w3 * table_[i + 2];
}

double StudentMixing::log_mean_growth(double variance) const {
    double mean = 0.0;
    for (std::size_t i = 0; i <= cells; ++i) {
        mean += weight(i) * exp_(0.5 * variance * table_[i] * table_[i]);
    }
    return log_(mean);
}

}  // namespace breakwater
