// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <random>

#include <boost/multiprecision/cpp_int.hpp>
#include <gtest/gtest.h>

#include "breakwater/core/math_wide.hpp"
#include "rounds.hpp"

namespace breakwater {
namespace {

// The oracle is wide enough that nothing overflows in it: 1024 bits, unchecked, obvious.
using Wide = boost::multiprecision::number<boost::multiprecision::cpp_int_backend<
    1024, 1024, boost::multiprecision::unsigned_magnitude, boost::multiprecision::unchecked, void>>;

Wide wide(const Uint256& v) {
    Wide out = 0;
    for (std::size_t i = 4; i-- > 0;)
        out = (out << 64) | v.limb[i];
    return out;
}

/// Limbs of zeros, ones, single bits and anything, so that estimates of a quotient are wrong as often as they can be.
class EdgeBiased {
  public:
    Uint256 operator()() {
        Uint256 v;
        const std::size_t limbs = 1 + engine_() % 4;
        for (std::size_t i = 0; i < limbs; ++i) {
            const std::uint64_t kinds[] = {0, ~std::uint64_t{0},
                                           std::uint64_t{1} << (engine_() % 64), engine_()};
            v.limb[i] = kinds[engine_() % 4];
        }
        return v;
    }

  private:
    std::mt19937_64 engine_{20'240'229};
};

TEST(MathWide, MATH_001_division_by_a_wide_divisor_is_exact) {
    EdgeBiased next;
    for (int i = 0; i < given::rounds(200'000); ++i) {
        const Uint256 a = next();
        const Uint256 c = next();
        if (c == Uint256{}) continue;
        const WideDivision d = divide(a, c);
        ASSERT_EQ(wide(d.quotient), wide(a) / wide(c));
        ASSERT_EQ(wide(d.remainder), wide(a) % wide(c));
    }
}

TEST(MathWide, MATH_001_wide_products_are_exact_or_an_overflow) {
    EdgeBiased next;
    const Wide limit = Wide{1} << 256;
    int fitted = 0;
    for (int i = 0; i < given::rounds(100'000); ++i) {
        const Uint256 a = next();
        const uint128 b = next().low();
        const uint128 c = next().low() | 1U;
        Checked math;
        const Uint256 down = mul_div_down(math, a, b, c);
        const Uint256 up = mul_div_up(math, a, b, c);
        const Wide product = wide(a) * wide(Uint256{b});
        ASSERT_EQ(math.overflow(), product >= limit);
        if (math.overflow()) continue;
        ++fitted;
        const Wide divisor = wide(Uint256{c});
        ASSERT_EQ(wide(down), product / divisor);
        ASSERT_EQ(wide(up), (product + divisor - 1) / divisor);
        const Uint256 by_wide = mul_div_down(math, a, b, Uint256{1, c});
        ASSERT_EQ(wide(by_wide), product / ((Wide{1} << 128) + divisor));
    }
    EXPECT_GT(fitted, given::rounds(10'000));
}

TEST(MathWide, MATH_001_a_shift_loses_nothing_unseen) {
    Checked math;
    EXPECT_EQ(shift_left(math, 5, 0), Uint256{5});
    EXPECT_EQ(shift_left(math, 5, 127), (Uint256{2, uint128{1} << 127U}));
    EXPECT_EQ(shift_left(math, 5, 128), (Uint256{5, 0}));
    EXPECT_EQ(shift_left(math, 5, 253), (Uint256{uint128{5} << 125U, 0}));
    EXPECT_FALSE(math.overflow());
    (void)shift_left(math, 5, 254);
    EXPECT_TRUE(math.overflow());
}

}  // namespace
}  // namespace breakwater
