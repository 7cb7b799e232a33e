// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "breakwater/world/math.hpp"
#include "breakwater/world/random.hpp"

/// Accuracy against long double libm, whose 64-bit significand is 2048 times finer than what is
/// tested.
namespace breakwater {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// Error of `got` in units of the last place of `exact`.
double ulps(double got, long double exact) {
    const double near = static_cast<double>(exact);
    const double ulp = std::nextafter(std::fabs(near), infinity) - std::fabs(near);
    return static_cast<double>(std::fabs((static_cast<long double>(got) - exact) / static_cast<long double>(ulp)));
}

double random_in(std::uint32_t i, double low, double high) {
    return low + (high - low) * uniform(11, 0, Stream::sampling, i, 0);
}

TEST(Exp, is_within_1_ulp_over_its_whole_range) {
    double worst = 0;
    for (std::uint32_t i = 0; i < 300'000; ++i) {
        for (const double x :
             {random_in(i, -708, 709), random_in(i, -1, 1), random_in(i, -0.01, 0.01)}) {
            worst = std::max(worst, ulps(exp_(x), std::exp(static_cast<long double>(x))));
        }
    }
    RecordProperty("worst_ulps", std::to_string(worst));
    EXPECT_LT(worst, 1.0);
    EXPECT_GT(worst, 0.4);  // else nothing was measured
}

TEST(Exp, says_0_infinity_and_nan_at_the_ends) {
    EXPECT_EQ(exp_(0), 1);
    EXPECT_EQ(exp_(-0.0), 1);
    EXPECT_EQ(exp_(-708.1), 0);
    EXPECT_EQ(exp_(-infinity), 0);
    EXPECT_EQ(exp_(710), infinity);
    EXPECT_EQ(exp_(infinity), infinity);
    EXPECT_LT(exp_(709.78), infinity);
    EXPECT_GT(exp_(-708.0), 0);
    EXPECT_TRUE(std::isnan(exp_(nan)));
}

TEST(Exp, batch_gives_the_bits_of_the_single_call) {
    for (const std::size_t n : {0U, 1U, 7U, 8U, 1000U}) {
        std::vector<double> batch(n);
        for (std::size_t i = 0; i < n; ++i)
            batch[i] = random_in(static_cast<std::uint32_t>(i), -800, 800);
        const std::vector<double> x = batch;
        exp_batch(batch);
        for (std::size_t i = 0; i < n; ++i)
            ASSERT_EQ(batch[i], exp_(x[i])) << x[i];
    }
}

TEST(Log, is_within_1_ulp_over_all_normal_numbers) {
    double worst = 0;
    for (std::uint32_t i = 0; i < 300'000; ++i) {
        for (const double x : {std::exp(random_in(i, -708, 709)), random_in(i, 0.5, 2),
                               1 + random_in(i, -1e-6, 1e-6)}) {
            worst = std::max(worst, ulps(log_(x), std::log(static_cast<long double>(x))));
        }
    }
    RecordProperty("worst_ulps", std::to_string(worst));
    EXPECT_LT(worst, 1.0);
    EXPECT_GT(worst, 0.4);
}

TEST(Log, says_infinity_and_nan_at_the_ends) {
    EXPECT_EQ(log_(1), 0);
    EXPECT_EQ(log_(0), -infinity);
    EXPECT_EQ(log_(infinity), infinity);
    EXPECT_TRUE(std::isnan(log_(-1)));
    EXPECT_TRUE(std::isnan(log_(nan)));
    EXPECT_NEAR(log_(0x1p-1074), std::log(0x1p-1074), 1e-12);
}

TEST(Pow, keeps_its_relative_error_bound) {
    for (std::uint32_t i = 0; i < 100'000; ++i) {
        const double x = std::exp(random_in(i, -5, 5));
        const double y = random_in(i + 1, -20, 20);
        const long double exact =
            std::pow(static_cast<long double>(x), static_cast<long double>(y));
        const double bound = (1 + std::fabs(y * std::log(x))) * 0x1p-52;
        const double relative = static_cast<double>(static_cast<long double>(pow_(x, y)) / exact - 1);
        ASSERT_LT(std::fabs(relative), bound) << x << " " << y;
    }
    EXPECT_EQ(pow_(0, 0), 1);
    EXPECT_EQ(pow_(0, 2), 0);
    EXPECT_EQ(pow_(7, 0), 1);
}

TEST(NormalCdf, is_relatively_exact_in_both_tails) {
    double worst = 0;
    for (std::uint32_t i = 0; i < 200'000; ++i) {
        const double x = random_in(i, -37, 8);
        const long double exact = 0.5L * std::erfc(-static_cast<long double>(x) / std::sqrt(2.0L));
        worst = std::max(worst, std::fabs(static_cast<double>(static_cast<long double>(normal_cdf(x)) / exact - 1)));
    }
    RecordProperty("worst_relative", std::to_string(worst * 1e15) + "e-15");
    EXPECT_LT(worst, 2e-15);
    EXPECT_EQ(normal_cdf(0), 0.5);
    EXPECT_EQ(normal_cdf(40), 1);
    EXPECT_EQ(normal_cdf(-40), 0);
}

TEST(NormalQuantile, inverts_the_distribution_function_from_tail_to_tail) {
    // An error e of the quantile moves ln p by e·φ/Φ, so the bound on p grows with |z|.
    for (std::uint32_t i = 0; i < 100'000; ++i) {
        const double p = i % 2 == 0 ? std::exp(random_in(i, -37, -0.7)) : random_in(i, 0, 1);
        const double z = normal_quantile(p);
        const long double exact = 0.5L * std::erfc(-static_cast<long double>(z) / std::sqrt(2.0L));
        const double slope = std::fabs(z) * std::max(1.0, std::fabs(z)) + 1;
        ASSERT_LT(std::fabs(static_cast<double>(exact / static_cast<long double>(p) - 1)), 1e-15 * slope) << p;
        ASSERT_EQ(normal_quantile(1 - p) + normal_quantile(1 - (1 - p)), 0.0);
    }
    EXPECT_EQ(normal_quantile(0.5), 0);
}

TEST(NormalQuantile, rises) {
    double previous = normal_quantile(1e-16);
    for (std::uint32_t i = 1; i < 200'000; ++i) {
        const double z = normal_quantile(i / 200'000.0);
        ASSERT_GT(z, previous) << i;
        previous = z;
    }
}

TEST(LogGamma, agrees_with_long_double_libm) {
    for (std::uint32_t i = 0; i < 50'000; ++i) {
        const double x = std::exp(random_in(i, -5, 7));
        const long double exact = std::lgamma(static_cast<long double>(x));
        ASSERT_NEAR(log_gamma(x), static_cast<double>(exact),
                    1e-14 * std::max(1.0, std::fabs(static_cast<double>(exact))))
            << x;
    }
}

TEST(GammaTails, agree_with_the_exponential_the_error_function_and_the_poisson_sum) {
    for (const double x : {1e-8, 0.01, 0.5, 1.0, 1.9, 2.1, 5.0, 20.0, 100.0}) {
        EXPECT_NEAR(gamma_tails(1, x).lower / -std::expm1(-x), 1, 1e-12) << x;
        EXPECT_NEAR(gamma_tails(1, x).upper / std::exp(-x), 1, 1e-12) << x;
        EXPECT_NEAR(gamma_tails(0.5, x).upper / std::erfc(std::sqrt(x)), 1, 1e-12) << x;
        double sum = 0;
        for (int k = 0; k < 10; ++k)
            sum += std::exp(k * std::log(x) - x - std::lgamma(k + 1.0));
        EXPECT_NEAR(gamma_tails(10, x).upper / sum, 1, 1e-12) << x;
    }
    EXPECT_EQ(gamma_tails(2, 0).lower, 0);
}

}  // namespace
}  // namespace breakwater
