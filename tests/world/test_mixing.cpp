// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <array>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "breakwater/world/math.hpp"
#include "breakwater/world/mixing.hpp"
#include "breakwater/world/random.hpp"

namespace breakwater {
namespace {

constexpr double step_volatility = 0.0025;  // 80 % a year over 5 minutes: m up to 200

/// P(T ≤ t) of Student's t with 3 degrees of freedom.
double student3_cdf(double t) {
    const double pi = std::acos(-1.0);
    return 0.5 + (t / std::sqrt(3.0) / (1 + t * t / 3) + std::atan(t / std::sqrt(3.0))) / pi;
}

TEST(StudentMixing, table_is_the_chi_square_quantile) {
    // m = c·√((ν − 2) / W(Φ(−z))), so P(W ≤ (ν − 2) / m²) = Φ(−z) with c within 1 % of 1, from the
    // cut tail alone.
    for (const double nu : {2.5, 3.0, 4.0, 8.0, 50.0}) {
        const StudentMixing mixing(nu, step_volatility);
        const auto chi_square = [nu](double p) {
            double low = 1e-9;
            double high = 1e3;
            for (int i = 0; i < 200; ++i) {
                const double middle = std::sqrt(low * high);
                (gamma_tails(nu / 2, middle / 2).lower < p ? low : high) = middle;
            }
            return low;
        };
        const double c = mixing.multiplier(0) / std::sqrt((nu - 2) / chi_square(0.5));
        EXPECT_NEAR(c, 1, nu < 3 ? 0.15 : 0.01) << nu;
        for (const double z : {-4.0, -1.234, -0.3, 0.77, 1.5, 2.71, 4.1}) {
            const double w = chi_square(normal_cdf(-z));
            EXPECT_NEAR(mixing.multiplier(z) / (c * std::sqrt((nu - 2) / w)), 1, 1e-6)
                << nu << " " << z;
        }
    }
}

TEST(StudentMixing, rises_to_its_cut_and_stays_there) {
    const StudentMixing mixing(3, step_volatility);
    double previous = 0;
    for (int i = 0; i <= 1600; ++i) {
        const double m = mixing.multiplier(-8 + 0.01 * i);
        ASSERT_GE(m, previous * 0.9995);
        ASSERT_LE(m, 1.01 * 0.5 / step_volatility);
        previous = m;
    }
}

TEST(StudentMixing, times_a_normal_has_the_t_distribution_and_variance_1) {
    const StudentMixing mixing(3, step_volatility);
    constexpr std::uint32_t n = 1'000'000;
    std::vector<double> z(2 * n);
    fill_normals(17, 0, Stream::diffusion, n, z);
    std::array<int, 50> bins = {};
    for (std::size_t i = 0; i < n; ++i) {
        const double t = mixing.multiplier(z[n + i]) * z[i] * std::sqrt(3.0);  // variance 3
        ++bins[static_cast<std::size_t>(student3_cdf(t) * 50)];
    }
    double chi_square = 0;
    for (const int count : bins)
        chi_square += std::pow(count - n / 50.0, 2) / (n / 50.0);
    EXPECT_GT(chi_square, 23);  // 49 degrees of freedom, 99.9 % in [23, 87]
    EXPECT_LT(chi_square, 87);
    // Variance 1 exactly, by the derivative at 0 of ln E[exp(v m²/2)], which is E[m²]/2.
    EXPECT_NEAR(mixing.log_mean_growth(1e-7) / 0.5e-7, 1, 0.001);
}

TEST(StudentMixing, with_many_degrees_of_freedom_is_nearly_1) {
    const StudentMixing mixing(1000, step_volatility);
    EXPECT_NEAR(mixing.multiplier(0), 1, 0.001);
    EXPECT_NEAR(mixing.multiplier(3) / mixing.multiplier(-3), 1, 0.16);  // W / ν = 1 ± 3·√(2/ν)
    EXPECT_NEAR(mixing.log_mean_growth(0.01), 0.005, 1e-6);
}

}  // namespace
}  // namespace breakwater
