// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <cstdint>
#include <random>

#include <gtest/gtest.h>

#include "breakwater/calc/input.hpp"
#include "breakwater/core/big_integer.hpp"

namespace breakwater {
namespace {

using calc::decimal;

TEST(BigInteger, MATH_002_quotients_round_where_they_say) {
    struct Row {
        int a, b, zero, down, up;
    };
    const Row table[] = {
        {7, 2, 3, 3, 4}, {-7, 2, -3, -4, -3}, {7, -2, -3, -4, -3}, {-7, -2, 3, 3, 4},
        {6, 2, 3, 3, 3}, {-6, 2, -3, -3, -3}, {1, 1000, 0, 0, 1},  {-1, 1000, 0, -1, 0},
        {0, 5, 0, 0, 0}, {0, -5, 0, 0, 0},
    };
    for (const Row& r : table) {
        const BigInteger a = r.a;
        const BigInteger b = r.b;
        EXPECT_EQ(div_toward_zero(a, b), BigInteger{r.zero}) << r.a << " / " << r.b;
        EXPECT_EQ(div_down(a, b), BigInteger{r.down}) << r.a << " / " << r.b;
        EXPECT_EQ(div_up(a, b), BigInteger{r.up}) << r.a << " / " << r.b;
    }
    EXPECT_TRUE(div_down(BigInteger{1}, BigInteger{0}).is_lost());
}

TEST(BigInteger, MATH_002_what_does_not_fit_is_lost_and_stays_lost) {
    const BigInteger top = div_down(big_power_of_ten(154), 1);  // below 2^512
    EXPECT_FALSE(top.is_lost());
    const BigInteger beyond = top * 1000;
    EXPECT_TRUE(beyond.is_lost());
    EXPECT_TRUE((beyond - beyond).is_lost());
    EXPECT_TRUE((beyond * 0).is_lost());
    EXPECT_TRUE((-beyond).is_lost());
    BigInteger doubled = 1;
    for (int i = 0; i < 511; ++i)
        doubled = doubled + doubled;
    EXPECT_FALSE(doubled.is_lost());
    EXPECT_TRUE((doubled + doubled).is_lost());
}

TEST(BigInteger, MATH_002_product_and_quotient_undo_each_other) {
    std::mt19937_64 draw{7};
    for (int i = 0; i < 2'000; ++i) {
        const auto word = [&] { return uint128{draw()} << 64U | draw(); };
        const BigInteger a(Uint256(word(), word()), (draw() & 1U) != 0);
        const BigInteger b(Uint256(word() >> (draw() % 127U)), (draw() & 1U) != 0);
        if (b.sign() == 0) continue;
        const BigInteger q = div_toward_zero(a, b);
        const BigInteger rest = a - q * b;
        EXPECT_LT(rest.magnitude(), b.magnitude());
        EXPECT_TRUE(rest.sign() == 0 || rest.sign() == a.sign());
        EXPECT_EQ(div_toward_zero(a * b, b), a);
        EXPECT_EQ(div_up(a, b) - div_down(a, b), BigInteger{rest.sign() == 0 ? 0 : 1});
        EXPECT_EQ((a + b) - b, a);
    }
}

TEST(BigInteger, MATH_002_digits_and_order) {
    EXPECT_EQ(decimal(BigInteger{-12'340}), "-12340");
    EXPECT_EQ(decimal(BigInteger{0}), "0");
    EXPECT_EQ(decimal(-BigInteger{0}), "0");
    EXPECT_EQ(decimal(big_power_of_ten(40) - 1), std::string(40, '9'));
    EXPECT_LT(BigInteger{-2}, BigInteger{-1});
    EXPECT_LT(BigInteger{-1}, BigInteger{0});
    EXPECT_LT(BigInteger{1}, big_power_of_ten(60));
    bool fits = false;
    EXPECT_EQ(BigInteger{77}.low(fits), Uint256{77});
    EXPECT_TRUE(fits);
    (void)big_power_of_ten(80).low(fits);
    EXPECT_FALSE(fits);
}

}  // namespace
}  // namespace breakwater
