// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <map>
#include <vector>

#include <gtest/gtest.h>

#include "breakwater/world/math.hpp"
#include "breakwater/world/random.hpp"

namespace breakwater {
namespace {

// Known answers of the Random123 distribution for philox4x32-10; counter and key as printed there.
TEST(Philox, gives_the_known_answers_of_its_authors) {
    EXPECT_EQ(Philox::block({0, 0, 0, 0}, 0),
              (Philox::Block{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
    EXPECT_EQ(Philox::block({~0U, ~0U, ~0U, ~0U}, ~std::uint64_t{0}),
              (Philox::Block{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
    EXPECT_EQ(Philox::block({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, 0x299f31d0a4093822),
              (Philox::Block{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(Uniform, lies_strictly_between_0_and_1_and_fills_100_bins_evenly) {
    std::array<int, 100> bins = {};
    constexpr int n = 1'000'000;
    for (std::uint32_t i = 0; i < n / 2; ++i) {
        for (const double u : uniform_pair(7, i, Stream::keepers, 3, 0)) {
            ASSERT_GT(u, 0.0);
            ASSERT_LT(u, 1.0);
            ++bins[static_cast<std::size_t>(u * 100)];
        }
    }
    double chi_square = 0;
    for (const int count : bins)
        chi_square += std::pow(count - n / 100.0, 2) / (n / 100.0);
    // 99 degrees of freedom: 99.9 % of samples lie in [60, 149].
    EXPECT_GT(chi_square, 60);
    EXPECT_LT(chi_square, 149);
}

TEST(Uniform, has_one_number_per_draw_and_no_two_addresses_share_one) {
    std::map<double, int> seen;
    for (const auto stream : {Stream::diffusion, Stream::common_jump, Stream::book}) {
        for (std::uint32_t path = 0; path < 10; ++path) {
            for (std::uint32_t step = 0; step < 10; ++step) {
                for (std::uint32_t draw = 0; draw < 10; ++draw) {
                    const double u = uniform(1, path, stream, step, draw);
                    EXPECT_EQ(u, uniform_pair(1, path, stream, step, draw / 2)[draw % 2]);
                    EXPECT_EQ(++seen[u], 1);
                }
            }
        }
    }
    EXPECT_NE(uniform(1, 0, Stream::diffusion, 0, 0), uniform(2, 0, Stream::diffusion, 0, 0));
    EXPECT_NE(uniform(1, 0, Stream::diffusion, 0, 0),
              uniform(1 + (std::uint64_t{1} << 40U), 0, Stream::diffusion, 0, 0));
}

TEST(Normals, of_a_whole_path_are_the_numbers_of_each_step_to_the_bit) {
    // 300 steps: two full tiles and a rest; odd and even numbers of draws.
    for (const std::uint32_t steps : {1U, 127U, 128U, 300U}) {
        for (const std::size_t draws : {1U, 2U, 9U}) {
            std::vector<double> path(steps * draws);
            fill_normals(42, 5, Stream::diffusion, steps, path);
            std::vector<double> step(draws);
            for (std::uint32_t s = 0; s < steps; ++s) {
                normals(42, 5, Stream::diffusion, s, step);
                for (std::size_t d = 0; d < draws; ++d) {
                    ASSERT_EQ(path[d * steps + s], step[d])
                        << "steps " << steps << " step " << s << " draw " << d;
                }
            }
        }
    }
}

TEST(Normals, do_not_depend_on_what_was_drawn_before) {
    std::vector<double> alone(288 * 10);
    std::vector<double> after(288 * 10);
    fill_normals(9, 77, Stream::diffusion, 288, alone);
    for (std::uint32_t path = 0; path <= 77; ++path) {
        fill_normals(9, path, Stream::diffusion, 288, after);
    }
    EXPECT_EQ(alone, after);
}

TEST(Normals, have_the_moments_and_the_distribution_of_a_standard_normal) {
    constexpr std::uint32_t steps = 1000;
    std::vector<double> z(steps * 10);
    std::array<double, 5> moment = {};
    std::array<int, 64> bins = {};  // of equal probability
    double lag = 0;
    constexpr int paths = 200;
    constexpr double n = paths * steps * 10.0;
    for (std::uint32_t path = 0; path < paths; ++path) {
        fill_normals(3, path, Stream::diffusion, steps, z);
        for (std::size_t i = 0; i < z.size(); ++i) {
            double power = 1;
            for (double& m : moment)
                m += power / n, power *= z[i];
            lag += z[i] * z[(i + 1) % z.size()] / n;
            ++bins[std::min<std::size_t>(63, static_cast<std::size_t>(normal_cdf(z[i]) * 64))];
        }
    }
    // Five standard errors of each sample moment of 2 million draws.
    EXPECT_NEAR(moment[1], 0, 5 / std::sqrt(n));
    EXPECT_NEAR(moment[2], 1, 5 * std::sqrt(2 / n));
    EXPECT_NEAR(moment[3], 0, 5 * std::sqrt(15 / n));
    EXPECT_NEAR(moment[4], 3, 5 * std::sqrt(96 / n));
    EXPECT_NEAR(lag, 0, 5 / std::sqrt(n));
    double chi_square = 0;
    for (const int count : bins)
        chi_square += std::pow(count - n / 64, 2) / (n / 64);
    EXPECT_GT(chi_square, 32);  // 63 degrees of freedom, 99.9 % in [32, 104]
    EXPECT_LT(chi_square, 104);
}

TEST(Poisson, quantile_inverts_the_distribution_function) {
    for (const double mean : {0.01, 0.7, 5.0, 60.0, 650.0}) {
        double cumulative = 0;
        for (int k = 0; k < 5 * mean + 20; ++k) {
            const double probability = std::exp(k * std::log(mean) - mean - std::lgamma(k + 1.0));
            const double middle = cumulative + 0.5 * probability;
            cumulative += probability;
            if (probability < 1e-9) continue;  // rounding of the running sum decides
            ASSERT_EQ(poisson_quantile(mean, middle), k) << "mean " << mean;
        }
    }
    EXPECT_EQ(poisson_quantile(0, 1 - 0x1p-53), 0U);
    EXPECT_LT(poisson_quantile(650, 1 - 0x1p-53), 1000U);
}

}  // namespace
}  // namespace breakwater
