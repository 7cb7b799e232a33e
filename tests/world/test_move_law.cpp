// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <cmath>

#include <gtest/gtest.h>

#include "breakwater/world/math.hpp"
#include "breakwater/world/move_law.hpp"

namespace breakwater {
namespace {

constexpr double day = 86'400;

MoveParameters diffusion(double volatility, double seconds) {
    return {.seconds = seconds, .parts = {{.volatility = volatility}}};
}

TEST(MoveLaw, BUFFER_003_a_diffusion_has_the_quantile_of_the_normal_law) {
    MoveParameters p = diffusion(0.8, 3'600);
    p.drift_a_year = -0.32;
    const MoveLaw law(p);
    const double years = 3'600 / seconds_per_year;
    const double deviation = 0.8 * std::sqrt(years);
    EXPECT_NEAR(law.quantile(0.01), -0.32 * years - 2.3263478740408408 * deviation, 1e-12);
    EXPECT_NEAR(law.fall(0.99), 1 - exp_(-0.32 * years - 2.3263478740408408 * deviation), 1e-12);
    EXPECT_NEAR(law.probability_of_fall_beyond(law.fall(0.999)), 0.001, 1e-9);
    EXPECT_EQ(law.fall(0.4), 0) << "a rise is no fall";
    EXPECT_EQ(law.probability_of_fall_beyond(1), 0);
}

TEST(MoveLaw, BUFFER_003_a_reverting_price_has_the_variance_of_its_process) {
    MoveParameters p = diffusion(0.5, day);
    p.parts[0].half_life_hours = 24;
    // σ²·(1 − e^(−2θT)) / 2θ with e^(−2θT) = ¼.
    const double variance = 0.25 / 365 * 0.75 / (2 * std::log(2.0));
    EXPECT_NEAR(MoveLaw(p).quantile(0.001), -3.0902323061678132 * std::sqrt(variance), 1e-12);
}

TEST(MoveLaw, BUFFER_003_a_follower_adds_its_own_noise_to_its_base) {
    MoveParameters p = diffusion(0.6, day);
    p.parts = {{.volatility = 0.6, .exposure = 2}, {.volatility = 0.5}};
    EXPECT_NEAR(MoveLaw(p).quantile(0.01), -2.3263478740408408 * 1.3 / std::sqrt(365.0), 1e-12);
}

TEST(MoveLaw, BUFFER_003_jumps_are_a_mixture_over_their_number) {
    MoveParameters p = diffusion(0.7, 0.25 * day);
    p.jumps_a_year = 365;
    p.jump_mean = -0.1;
    p.jump_deviation = 0.05;
    const double variance = 0.49 * 0.25 / 365;
    for (const double x : {-0.3, -0.1, -0.02, 0.0, 0.04}) {
        double expected = 0;
        double mass = std::exp(-0.25);
        for (int k = 0; k < 40; ++k) {
            expected += mass * normal_cdf((x + 0.1 * k) / std::sqrt(variance + 0.0025 * k));
            mass *= 0.25 / (k + 1);
        }
        EXPECT_NEAR(MoveLaw(p).cdf(x), expected, 1e-14) << x;
    }
}

TEST(MoveLaw, BUFFER_003_a_forced_jump_lies_in_the_window_with_its_share_of_the_horizon) {
    MoveParameters p = diffusion(1e-6, 0.25 * day);
    p.forced_jumps = 2;
    p.horizon_seconds = day;
    p.jump_mean = -0.2;
    const MoveLaw law(p);
    EXPECT_NEAR(law.cdf(-0.3), 0.0625, 1e-12) << "both";
    EXPECT_NEAR(law.cdf(-0.1), 0.4375, 1e-12) << "at least one";
    p.seconds = 2 * day;
    EXPECT_NEAR(MoveLaw(p).cdf(-0.3), 1, 1e-12) << "a window beyond the horizon";
}

TEST(MoveLaw, BUFFER_003_student_shocks_have_variance_one_and_fat_tails) {
    MoveParameters p = diffusion(0.7, 0.5 * day);
    p.mixing_seconds = day;
    p.volatility_max = 0.7;
    const double normal = MoveLaw(p).fall(0.999);
    p.degrees_of_freedom = 3;
    const MoveLaw law(p);
    EXPECT_NEAR(law.cdf(0), 0.5, 1e-9);
    EXPECT_GT(law.fall(0.999), 1.3 * normal);
    p.degrees_of_freedom = 1e4;
    EXPECT_NEAR(MoveLaw(p).fall(0.999), normal, 2e-5);
}

TEST(MoveLaw, BUFFER_003_several_sizes_in_one_window_are_inverted) {
    MoveParameters p = diffusion(0.7, 2.5 * day);
    p.mixing_seconds = day;
    p.volatility_max = 0.7;
    const MoveLaw normal(p);
    p.degrees_of_freedom = 1e4;
    for (const double q : {0.001, 0.01, 0.3})
        EXPECT_NEAR(MoveLaw(p).quantile(q), normal.quantile(q), 5e-5);
    // The two ways meet where the second size begins to matter.
    p.degrees_of_freedom = 3;
    p.seconds = day;
    const double one = MoveLaw(p).quantile(0.001);
    p.seconds = day * (1 + 1e-9);
    EXPECT_NEAR(MoveLaw(p).quantile(0.001), one, 2e-5);
}

TEST(MoveLaw, BUFFER_003_no_time_is_no_move) {
    const MoveLaw law(diffusion(0.7, 0));
    EXPECT_NEAR(law.fall(0.999), 0, 1e-12);
    EXPECT_EQ(law.draw(1, 0, 0), 0);
}

}  // namespace
}  // namespace breakwater
