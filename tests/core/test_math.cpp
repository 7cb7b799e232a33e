// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <random>
#include <vector>

#include <boost/multiprecision/cpp_int.hpp>
#include <gtest/gtest.h>

#include "breakwater/core/math.hpp"
#include "rounds.hpp"

namespace breakwater {
namespace {

// The oracle is wide enough that nothing overflows in it: 1024 bits, unchecked, obvious.
using Wide = boost::multiprecision::number<boost::multiprecision::cpp_int_backend<
    1024, 1024, boost::multiprecision::unsigned_magnitude, boost::multiprecision::unchecked, void>>;

Wide wide(uint128 v) {
    return (Wide(static_cast<std::uint64_t>(v >> 64U)) << 64) | static_cast<std::uint64_t>(v);
}

Wide wide(const Uint256& v) {
    return (wide(v.high()) << 128) | wide(v.low());
}

/// Numbers that live on the edges: few bits set, runs of ones, powers of ten, one off.
class EdgeBiased {
  public:
    explicit EdgeBiased(std::uint64_t seed) : engine_(seed) {}
    uint128 operator()() {
        const unsigned bits = static_cast<unsigned>(engine_() % 129);
        uint128 v = (uint128{engine_()} << 64U) | engine_();
        v = bits == 0 ? 0 : v >> (128U - bits);
        switch (engine_() % 6) {
            case 0:
                return bits == 128 ? uint128_max : (uint128{1} << bits);
            case 1:
                return bits == 0 ? 0 : uint128_max >> (128U - bits);
            case 2:
                return power_of_ten(static_cast<unsigned>(engine_() % 39)) + engine_() % 3 - 1;
            default:
                return v;
        }
    }

  private:
    std::mt19937_64 engine_;
};

const Wide limit128 = Wide(1) << 128;

/// The result and the overflow flag must both agree with the oracle.
void expect_same(const Wide& exact, uint128 got, bool overflow, const char* what) {
    ASSERT_EQ(exact >= limit128, overflow) << what;
    if (!overflow) {
        ASSERT_EQ(exact, wide(got)) << what;
    }
}

TEST(Math, MATH_001_every_operation_agrees_with_a_1024_bit_oracle) {
    constexpr std::uint64_t seed = 20260101;
    SCOPED_TRACE("seed " + std::to_string(seed));
    EdgeBiased draw(seed);
    std::mt19937_64 small(seed + 1);
    const Wide w_ray = wide(ray);
    for (int i = 0; i < given::rounds(300'000); ++i) {
        const uint128 a = draw();
        const uint128 b = draw();
        const uint128 c = std::max<uint128>(draw(), 1);
        const Wide p = wide(a) * wide(b);
        const unsigned decimals = static_cast<unsigned>(small() % 28);
        const Wide unit = wide(power_of_ten(decimals));
        // A 256-bit intermediate may not hold a·b plus the rounding term: that counts as overflow, and can only
        // happen when the quotient is beyond 128 bits anyway (c < 2^128 − 1) or is reported as such.
        const auto check = [&](auto operation, const Wide& exact, const char* what) {
            Checked m;
            const uint128 got = operation(m);
            expect_same(exact, got, m.overflow(), what);
        };
        check([&](Checked& m) { return m.mul_div_down(a, b, c); }, p / wide(c), "mul_div_down");
        check([&](Checked& m) { return m.mul_div_up(a, b, c); }, (p + wide(c) - 1) / wide(c),
              "mul_div_up");
        check([&](Checked& m) { return m.mul_div_half_up(a, b, c); }, (p + wide(c) / 2) / wide(c),
              "half_up");
        check([&](Checked& m) { return m.ray_mul_down(a, b); }, p / w_ray, "ray_mul_down");
        check([&](Checked& m) { return m.ray_mul_up(a, b); }, (p + w_ray - 1) / w_ray,
              "ray_mul_up");
        check([&](Checked& m) { return m.ray_mul_half_up(a, b); }, (p + w_ray / 2) / w_ray,
              "ray_mul_half_up");
        check([&](Checked& m) { return m.percent_mul_down(a, b); }, p / 10'000, "percent_mul_down");
        check([&](Checked& m) { return m.percent_mul_up(a, b); }, (p + 9'999) / 10'000,
              "percent_mul_up");
        check([&](Checked& m) { return m.percent_mul_half_up(a, b); }, (p + 5'000) / 10'000,
              "percent_half_up");
        check([&](Checked& m) { return m.mul_div_unit_down(a, b, decimals); }, p / unit,
              "unit_down");
        check([&](Checked& m) { return m.mul_div_unit_up(a, b, decimals); }, (p + unit - 1) / unit,
              "unit_up");
    }
}

TEST(Math, MATH_001_division_gives_quotient_and_remainder_of_256_bits) {
    constexpr std::uint64_t seed = 7;
    SCOPED_TRACE("seed " + std::to_string(seed));
    EdgeBiased draw(seed);
    for (int i = 0; i < given::rounds(300'000); ++i) {
        const Uint256 a{draw(), draw()};
        const uint128 c = std::max<uint128>(draw(), 1);
        const Division d = divide(a, c);
        ASSERT_EQ(wide(a) / wide(c), wide(d.quotient));
        ASSERT_EQ(wide(a) % wide(c), wide(d.remainder));
    }
}

TEST(Math, MATH_001_an_overflow_stays_set) {
    Checked m;
    EXPECT_EQ(m.add(uint128_max, 0), uint128_max);
    EXPECT_FALSE(m.overflow());
    m.add(uint128_max, 1);
    EXPECT_TRUE(m.overflow());
    m.add(1, 1);
    EXPECT_TRUE(m.overflow());
    Checked below;
    below.sub(1, 2);
    EXPECT_TRUE(below.overflow());
}

TEST(Math, MATH_001_square_root_is_the_largest_whose_square_fits) {
    EdgeBiased draw(3);
    for (int i = 0; i < given::rounds(20'000); ++i) {
        const uint128 a = draw();
        const std::uint64_t r = square_root_down(a);
        ASSERT_LE(wide(r) * wide(r), wide(a));
        ASSERT_GT((wide(r) + 1) * (wide(r) + 1), wide(a));
    }
}

}  // namespace
}  // namespace breakwater
