// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <random>

#include <gtest/gtest.h>

#include "breakwater/core/magnitude.hpp"

namespace breakwater {
namespace {

/// As wide as the random bits happen to be.
uint128 random_wide(std::mt19937_64& engine) {
    const uint128 any = (uint128{engine()} << 64U) | engine();
    return any >> (engine() % 128);
}

TEST(Magnitude, keeps_small_integers_exactly) {
    for (std::uint64_t x = 0; x < 1000; ++x) {
        EXPECT_EQ(magnitude_down(x), magnitude_up(x));
        EXPECT_TRUE(integer_up(magnitude_up(x)) == x) << x;
    }
}

TEST(Magnitude, brackets_every_number_within_one_step) {
    std::mt19937_64 engine(11);
    for (int i = 0; i < 100'000; ++i) {
        const uint128 x = random_wide(engine);
        const Magnitude down = magnitude_down(x);
        const Magnitude up = magnitude_up(x);
        ASSERT_LE(up.bits - down.bits, 1U);
        ASSERT_TRUE(integer_up(down) <= x);
        ASSERT_TRUE(integer_up(up) >= x);
    }
}

TEST(Magnitude, is_monotone) {
    std::mt19937_64 engine(12);
    for (int i = 0; i < 100'000; ++i) {
        const uint128 x = random_wide(engine);
        const uint128 y = x + (engine() % 3 == 0 ? 1 : random_wide(engine) >> 8U);
        if (y < x) continue;
        ASSERT_LE(magnitude_down(x), magnitude_down(y));
        ASSERT_LE(magnitude_up(x), magnitude_up(y));
    }
}

TEST(Magnitude, ratio_brackets_the_quotient) {
    std::mt19937_64 engine(13);
    for (int i = 0; i < 100'000; ++i) {
        const uint128 a = (random_wide(engine) >> 72U) + 1;  // below 2^56: exact as Magnitude
        const uint128 b = (random_wide(engine) >> 72U) + 1;
        const Magnitude down = ratio_down(magnitude_down(a), magnitude_down(b), 60);
        const Magnitude up = ratio_up(magnitude_down(a), magnitude_down(b), 60);
        ASSERT_LE(down, magnitude_up((a << 60U) / b + 1));
        ASSERT_GE(up, magnitude_down((a << 60U) / b));
        ASSERT_LE(up.bits - down.bits, 2U);
        ASSERT_LE(down, up);
    }
}

TEST(Magnitude, saturates_on_its_own_side) {
    EXPECT_EQ(magnitude_up(1, 300), Magnitude::infinite);
    EXPECT_LT(magnitude_down(1, 300), Magnitude::infinite);
    EXPECT_EQ(magnitude_down(1, -300), Magnitude{});
    EXPECT_GT(magnitude_up(1, -300), Magnitude{});
    EXPECT_EQ(ratio_up(magnitude_up(1), Magnitude{}, 0), Magnitude::infinite);
    EXPECT_TRUE(integer_up(Magnitude::infinite) == uint128_max);
}

}  // namespace
}  // namespace breakwater
