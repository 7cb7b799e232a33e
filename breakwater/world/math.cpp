// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/world/math.hpp"

#include <cmath>
#include <cstddef>

#include "breakwater/world/normal.hpp"
#include "breakwater/core/simd.hpp"
#include "breakwater/world/normal_tail.hpp"

namespace breakwater {

namespace {

using elementary::exp_of_minus_half_square;
using elementary::normal_tail;

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double root_2_pi = 2.5066282746310005024;

struct ExpKernel {
    [[gnu::always_inline]] static void run(double* values, std::size_t n) {
        for (std::size_t i = 0; i < n; ++i)
            values[i] = exp_(values[i]);
    }
};

}  // namespace

double log_(double x) {
    constexpr double normal_min = std::numeric_limits<double>::min();
    if (x >= normal_min && x < infinity) return elementary::log_of_normal(x);
    if (x == infinity) return x;
    if (x == 0.0) return -infinity;
    if (!(x > 0.0)) return nan;
    return elementary::log_of_normal(x * 0x1p54) - 54.0 * 0.69314718055994530942;
}

double pow_(double x, double y) {
    if (y == 0.0) return 1.0;
    return exp_(y * log_(x));
}

void exp_batch(std::span<double> values) {
    simd::run<ExpKernel>(values.data(), values.size());
}

double normal_cdf(double x) {
    if (x > 38.0) return 1.0;
    if (x < -38.0) return 0.0;
    return x < 0.0 ? normal_tail(-x) : 1.0 - normal_tail(x);
}

double normal_density(double x) {
    return exp_of_minus_half_square(std::fabs(x)) / root_2_pi;
}

double normal_quantile(double p) {
    const double q = p - 0.5;
    if (std::fabs(q) <= quantile::central_half_width) return quantile::central(q);
    const double tail = q < 0.0 ? p : 1.0 - p;
    const double r = std::sqrt(-log_(tail));
    const double z = r <= quantile::far_from ? quantile::near_tail(r) : quantile::far_tail(r);
    return q < 0.0 ? -z : z;
}

double log_gamma(double x) {
    // Stirling's series (Abramowitz and Stegun 6.1.41) at x ≥ 10, where six terms give 1e-15; below
    // by Γ(x+1) = x Γ(x).
    double product = 1.0;
    while (x < 10.0) {
        product *= x;
        x += 1.0;
    }
    constexpr double half_log_2_pi = 0.91893853320467274178;
    const double i = 1.0 / x;
    const double j = i * i;
    double series = -691.0 / 360360.0;
    series = series * j + 1.0 / 1188.0;
    series = series * j - 1.0 / 1680.0;
    series = series * j + 1.0 / 1260.0;
    series = series * j - 1.0 / 360.0;
    series = series * j + 1.0 / 12.0;
    return (x - 0.5) * log_(x) - x + half_log_2_pi + series * i - log_(product);
}

GammaTails gamma_tails(double a, double x) {
    if (!(x > 0.0)) return {.lower = 0.0, .upper = 1.0};
    const double front = exp_(a * log_(x) - x - log_gamma(a));
    if (x < a + 1.0) {
        // P = front · Σ x^n / (a (a+1) … (a+n)); all terms positive.
        double term = 1.0 / a;
        double sum = term;
        double n = a;
        while (term > sum * 1e-17) {
            n += 1.0;
            term *= x / n;
            sum += term;
        }
        const double lower = front * sum;
        return {.lower = lower, .upper = 1.0 - lower};
    }
    // Q = front / (x + 1 − a − 1 (1 − a) / (x + 3 − a − …)), by Lentz's method as modified by
    // Thompson and Barnett.
    double b = x + 1.0 - a;
    double c = 1e300;
    double d = 1.0 / b;
    double h = d;
    for (int i = 1; i < 10'000; ++i) {
        const double n = i;
        const double numerator = n * (a - n);
        b += 2.0;
        d = 1.0 / (numerator * d + b);
        c = b + numerator / c;
        const double factor = c * d;
        h *= factor;
        if (std::fabs(factor - 1.0) < 1e-16) break;
    }
    const double upper = front * h;
    return {.lower = 1.0 - upper, .upper = upper};
}

}  // namespace breakwater
