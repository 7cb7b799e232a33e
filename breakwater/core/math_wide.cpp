// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/core/math_wide.hpp"

#include <bit>
#include <span>

#include "breakwater/core/require.hpp"

namespace breakwater {
namespace {

using U64 = std::uint64_t;

constexpr U64 carry_of(uint128 v) {
    return static_cast<U64>(v >> 64U);
}
constexpr uint128 pair(U64 high, U64 low) {
    return (uint128{high} << 64U) | low;
}

/// u −= q·v over n + 1 limbs of u; returns whether it went below zero.
bool subtract_multiple(std::span<U64> u, std::span<const U64> v, U64 q) {
    U64 carry = 0;
    bool borrow = false;
    for (std::size_t i = 0; i < u.size(); ++i) {
        const uint128 product = uint128{q} * (i < v.size() ? v[i] : 0) + carry;
        carry = carry_of(product);
        U64 difference = 0;
        const bool below = __builtin_sub_overflow(u[i], static_cast<U64>(product), &difference);
        const bool again = __builtin_sub_overflow(difference, U64{borrow}, &u[i]);
        borrow = below || again;
    }
    return borrow;
}

/// u += v; returns the carry out of u.
bool add_back(std::span<U64> u, std::span<const U64> v) {
    U64 carry = 0;
    for (std::size_t i = 0; i < u.size(); ++i) {
        const uint128 sum = uint128{u[i]} + (i < v.size() ? v[i] : 0) + carry;
        u[i] = static_cast<U64>(sum);
        carry = carry_of(sum);
    }
    return carry != 0;
}

/// The limb q with q·v ≤ u < (q + 1)·v for normalised v, u below v·2^64; u becomes the remainder. Knuth, The Art of
/// Computer Programming 2, 4.3.1, algorithm D, with an estimate from three limbs by two, at most two too large.
U64 next_limb(std::span<U64> u, std::span<const U64> v) {
    const std::size_t n = v.size();
    const uint128 divisor = pair(v[n - 1], v[n - 2]);
    const uint128 top = pair(u[n], u[n - 1]);
    U64 q = ~U64{0};
    if (top < divisor)
        q = divide(Uint256{u[n], pair(u[n - 1], u[n - 2])}, divisor).quotient.limb[0];
    if (!subtract_multiple(u, v, q)) return q;
    do {
        --q;
    } while (!add_back(u, v));
    return q;
}

/// A divisor that a wrapped sum has left at zero: the flag is set, and the result is thrown away.
bool is_meaningless(const Checked& math, const Uint256& divisor) {
    return math.overflow() && divisor == Uint256{};
}

}  // namespace

WideDivision divide(const Uint256& a, const Uint256& c) {
    if (c.high() == 0) {
        const Division d = divide(a, c.low());
        return {.quotient = d.quotient, .remainder = Uint256{d.remainder}};
    }
    if (a < c) return {.quotient = {}, .remainder = a};
    const std::size_t n = c.limb[3] != 0 ? 4 : 3;
    const auto s = static_cast<unsigned>(std::countl_zero(c.limb[n - 1]));
    const auto carry = [s](U64 x) { return s == 0 ? 0 : x >> (64U - s); };
    std::array<U64, 4> v{};
    std::array<U64, 5> u{};
    for (std::size_t i = 0; i < n; ++i)
        v[i] = (c.limb[i] << s) | (i == 0 ? 0 : carry(c.limb[i - 1]));
    for (std::size_t i = 0; i < 5; ++i)
        u[i] = (i < 4 ? a.limb[i] << s : 0) | (i == 0 ? 0 : carry(a.limb[i - 1]));

    WideDivision out;
    for (std::size_t j = 5 - n; j-- > 0;)
        out.quotient.limb[j] = next_limb(std::span(u).subspan(j, n + 1), std::span(v).first(n));
    for (std::size_t i = 0; i < 4; ++i)
        out.remainder.limb[i] = s == 0 ? u[i] : (u[i] >> s) | (u[i + 1] << (64U - s));
    return out;
}

Uint256 mul_div_down(Checked& math, const Uint256& a, uint128 b, uint128 c) {
    if (is_meaningless(math, c)) return {};
    return divide(math.mul_wide_by(a, b), c).quotient;
}

Uint256 mul_div_up(Checked& math, const Uint256& a, uint128 b, uint128 c) {
    if (is_meaningless(math, c)) return {};
    const Division d = divide(math.mul_wide_by(a, b), c);
    return math.add_wide(d.quotient, Uint256{uint128{d.remainder != 0 ? 1U : 0U}});
}

Uint256 mul_div_down(Checked& math, const Uint256& a, uint128 b, const Uint256& c) {
    if (is_meaningless(math, c)) return {};
    return divide(math.mul_wide_by(a, b), c).quotient;
}

Uint256 shift_left(Checked& math, uint128 v, unsigned bits) {
    REQUIRE(bits < 256);
    const unsigned within = bits % 128;
    const uint128 low = v << within;
    const uint128 high = within == 0 ? 0 : v >> (128U - within);
    if (bits < 128) return {high, low};
    math.narrow(Uint256{high, 0});  // what does not fit
    return {low, 0};
}

}  // namespace breakwater
