// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/core/math.hpp"

#include <bit>
#include <type_traits>

#include "breakwater/core/require.hpp"

namespace breakwater {
namespace {

using U64 = std::uint64_t;

constexpr U64 high_half(uint128 v) {
    return static_cast<U64>(v >> 64U);
}
constexpr U64 low_half(uint128 v) {
    return static_cast<U64>(v);
}

/// ⌊(2^128 − 1)/d⌋ − 2^64 for d with its top bit set.
constexpr U64 reciprocal_of(U64 d) {
#if defined(__x86_64__)
    if (!std::is_constant_evaluated()) {
        // ~d: of 2^128 − 1 − 2^64·d, below d because d has its top bit set: the quotient fits. Both are written.
        U64 high = ~d;           // NOLINT(misc-const-correctness)
        U64 quotient = ~U64{0};  // NOLINT(misc-const-correctness)
        asm("divq %[d]" : "+a"(quotient), "+d"(high) : [d] "r"(d) : "cc");
        return quotient;
    }
#endif
    return low_half((~uint128{0} - (uint128{d} << 64U)) / d);
}

/// ⟨high, low⟩ / d for high < d, so that the quotient is one limb.
struct Quotient {
    U64 whole;
    U64 rest;
};
inline Quotient divide_to_limb(U64 high, U64 low, U64 d) {
#if defined(__x86_64__)
    asm("divq %[d]" : "+a"(low), "+d"(high) : [d] "r"(d) : "cc");
    return {.whole = low, .rest = high};
#else
    const uint128 a = (uint128{high} << 64U) | low;
    return {.whole = low_half(a / d), .rest = low_half(a % d)};
#endif
}

/// ⟨r, u⟩ / d for r < d; the remainder replaces r. Möller & Granlund, algorithm 4.
constexpr U64 divide_2by1(U64& r, U64 u, U64 d, U64 v) {
    uint128 q = uint128{v} * r;
    q += (uint128{r} << 64U) | u;
    U64 q1 = high_half(q) + 1;
    U64 rest = u - q1 * d;
    if (rest > low_half(q)) {
        --q1;
        rest += d;
    }
    if (rest >= d) [[unlikely]] {
        ++q1;
        rest -= d;
    }
    r = rest;
    return q1;
}

constexpr U64 reciprocal_of(uint128 d) {  // algorithm 6
    const U64 d1 = high_half(d);
    const U64 d0 = low_half(d);
    U64 v = reciprocal_of(d1);
    U64 p = d1 * v + d0;
    if (p < d0) {
        --v;
        if (p >= d1) {
            --v;
            p -= d1;
        }
        p -= d1;
    }
    const uint128 t = uint128{v} * d0;
    p += high_half(t);
    if (p < high_half(t)) {
        --v;
        if (((uint128{p} << 64U) | low_half(t)) >= d) --v;
    }
    return v;
}

/// ⟨r, u⟩ / d for r < d and a two-limb d with its top bit set; the remainder replaces r. Algorithm 5.
constexpr U64 divide_3by2(uint128& r, U64 u, uint128 d, U64 v) {
    const U64 d1 = high_half(d);
    const U64 d0 = low_half(d);
    uint128 q = uint128{v} * high_half(r);
    q += r;
    U64 q1 = high_half(q);
    const U64 r1 = low_half(r) - q1 * d1;
    uint128 rest = ((uint128{r1} << 64U) | u) - uint128{d0} * q1 - d;
    ++q1;
    if (high_half(rest) >= low_half(q)) {
        --q1;
        rest += d;
    }
    if (rest >= d) [[unlikely]] {
        ++q1;
        rest -= d;
    }
    r = rest;
    return q1;
}

/// A divisor of one limb after its factors of two are taken out: 10^n = 2^n · 5^n.
struct PowerOfTen {
    U64 divisor = 0;  ///< 5^n, shifted until its top bit is set
    U64 reciprocal = 0;
    unsigned shift =
        0;  ///< the dividend is shifted right by this: n less the normalisation; n ≥ shift
    bool left = false;  ///< small n: the dividend is shifted left instead
    uint128 value = 0;  ///< 10^n
};

constexpr PowerOfTen make_power(unsigned n) {
    U64 five = 1;
    for (unsigned i = 0; i < n; ++i)
        five *= 5;
    const auto up = static_cast<unsigned>(std::countl_zero(five));
    PowerOfTen p;
    p.divisor = five << up;
    p.reciprocal = reciprocal_of(p.divisor);
    p.left = up > n;
    p.shift = p.left ? up - n : n - up;
    p.value = power_of_ten(n);
    return p;
}

constexpr auto powers = [] {
    std::array<PowerOfTen, 28> table{};  // 5^27 is the last power of five below 2^64
    for (unsigned n = 0; n < table.size(); ++n)
        table[n] = make_power(n);
    return table;
}();

/// ⌊a / 10^n⌋ for a of 128 bits: the common case of values and balances.
constexpr uint128 divide_by_power(uint128 a, const PowerOfTen& p) {
    U64 r = 0;
    U64 n1 = high_half(a);
    U64 n0 = low_half(a);
    if (p.left) {
        const unsigned s = p.shift;  // 1 to 63
        r = n1 >> (64U - s);
        n1 = (n1 << s) | (n0 >> (64U - s));
        n0 <<= s;
    } else {
        const uint128 shifted = a >> p.shift;
        n1 = high_half(shifted);
        n0 = low_half(shifted);
    }
    U64 q1 = 0;
    if (r != 0 || n1 >= p.divisor)
        q1 = divide_2by1(r, n1, p.divisor, p.reciprocal);
    else
        r = n1;
    const U64 q0 = divide_2by1(r, n0, p.divisor, p.reciprocal);
    return (uint128{q1} << 64U) | q0;
}

/// ⌊a / 10^n⌋. The shift drops bits below the divisor's own factor of two, which cannot change a floor.
constexpr Uint256 divide_by_power(const Uint256& a, const PowerOfTen& p) {
    if (a.high() == 0) return Uint256{divide_by_power(a.low(), p)};
    std::array<U64, 5> n{};  // the shifted dividend
    const auto& l = a.limb;
    if (p.left) {
        const unsigned s = p.shift;
        n = {l[0] << s, (l[1] << s) | (l[0] >> (64U - s)), (l[2] << s) | (l[1] >> (64U - s)),
             (l[3] << s) | (l[2] >> (64U - s)), l[3] >> (64U - s)};
    } else if (p.shift == 0) {
        n = {l[0], l[1], l[2], l[3], 0};
    } else {
        const unsigned s = p.shift;
        n = {(l[0] >> s) | (l[1] << (64U - s)), (l[1] >> s) | (l[2] << (64U - s)),
             (l[2] >> s) | (l[3] << (64U - s)), l[3] >> s, 0};
    }
    Uint256 q;
    U64 r = n[4];  // below the divisor: at most 63 bits were shifted into it
    if (r != 0 || n[3] >= p.divisor)
        q.limb[3] = divide_2by1(r, n[3], p.divisor, p.reciprocal);
    else
        r = n[3];
    if (r != 0 || n[2] >= p.divisor)
        q.limb[2] = divide_2by1(r, n[2], p.divisor, p.reciprocal);
    else
        r = n[2];
    q.limb[1] = divide_2by1(r, n[1], p.divisor, p.reciprocal);
    q.limb[0] = divide_2by1(r, n[0], p.divisor, p.reciprocal);
    return q;
}

const PowerOfTen& power(unsigned n) {
    REQUIRE(n < powers.size());
    return powers[n];
}

}  // namespace

Division divide(const Uint256& a, uint128 c) {
    REQUIRE(c != 0);
    Division out;
    if (a.high() == 0 && high_half(c) == 0 && high_half(a.low()) < low_half(c)) {
        const Quotient q = divide_to_limb(high_half(a.low()), low_half(a.low()), low_half(c));
        out.quotient = Uint256{q.whole};
        out.remainder = q.rest;
        return out;
    }
    const auto& l = a.limb;
    if (high_half(c) == 0) {
        const auto s = static_cast<unsigned>(std::countl_zero(low_half(c)));
        const U64 d = low_half(c) << s;
        const U64 v = reciprocal_of(d);
        const auto carry = [s](U64 x) { return s == 0 ? 0 : x >> (64U - s); };
        U64 r = carry(l[3]);
        for (std::size_t i = 4; i-- > 0;) {
            const U64 next = (l[i] << s) | (i == 0 ? 0 : carry(l[i - 1]));
            if (r == 0 && next < d)  // a leading zero of the quotient
                r = next;
            else
                out.quotient.limb[i] = divide_2by1(r, next, d, v);
        }
        out.remainder = r >> s;
        return out;
    }
    const auto s = static_cast<unsigned>(std::countl_zero(high_half(c)));
    const uint128 d = c << s;
    const U64 v = reciprocal_of(d);
    const auto carry = [s](U64 x) { return s == 0 ? 0 : x >> (64U - s); };
    uint128 r = (uint128{carry(l[3])} << 64U) | (l[3] << s) | carry(l[2]);
    for (std::size_t i = 3; i-- > 0;) {
        const U64 next = (l[i] << s) | (i == 0 ? 0 : carry(l[i - 1]));
        if (high_half(r) == 0 && ((r << 64U) | next) < d)  // a leading zero of the quotient
            r = (r << 64U) | next;
        else
            out.quotient.limb[i] = divide_3by2(r, next, d, v);
    }
    out.remainder = r >> s;
    return out;
}

uint128 Checked::mul_div_down(uint128 a, uint128 b, uint128 c) {
    if (is_meaningless(c)) return 0;
    return narrow(divide(mul_wide(a, b), c).quotient);
}

uint128 Checked::mul_div_up(uint128 a, uint128 b, uint128 c) {
    if (is_meaningless(c)) return 0;
    const Division d = divide(mul_wide(a, b), c);
    return add(narrow(d.quotient), d.remainder != 0 ? 1 : 0);
}

uint128 Checked::mul_div_half_up(uint128 a, uint128 b, uint128 c) {
    if (is_meaningless(c)) return 0;
    return narrow(divide(add_wide(mul_wide(a, b), c / 2), c).quotient);
}

uint128 Checked::div_down(const Uint256& a, uint128 c) {
    return narrow(divide(a, c).quotient);
}

uint128 Checked::ray_mul_down(uint128 a, uint128 b) {
    return narrow(divide_by_power(mul_wide(a, b), powers[27]));
}

uint128 Checked::ray_mul_up(uint128 a, uint128 b) {
    return narrow(divide_by_power(add_wide(mul_wide(a, b), ray - 1), powers[27]));
}

uint128 Checked::ray_mul_half_up(uint128 a, uint128 b) {
    return narrow(divide_by_power(add_wide(mul_wide(a, b), ray / 2), powers[27]));
}

uint128 Checked::percent_mul_down(uint128 v, uint128 bps) {
    return narrow(divide_by_power(mul_wide(v, bps), powers[4]));
}

uint128 Checked::percent_mul_up(uint128 v, uint128 bps) {
    return narrow(divide_by_power(add_wide(mul_wide(v, bps), bps_one - 1), powers[4]));
}

uint128 Checked::percent_mul_half_up(uint128 v, uint128 bps) {
    return narrow(divide_by_power(add_wide(mul_wide(v, bps), bps_one / 2), powers[4]));
}

uint128 Checked::mul_div_unit_down(uint128 a, uint128 b, unsigned decimals) {
    if ((high_half(a) | high_half(b)) == 0)
        return divide_by_power(uint128{low_half(a)} * low_half(b), power(decimals));
    return narrow(divide_by_power(mul_wide(a, b), power(decimals)));
}

uint128 Checked::mul_div_unit_up(uint128 a, uint128 b, unsigned decimals) {
    const PowerOfTen& p = power(decimals);
    if ((high_half(a) | high_half(b)) == 0) {
        const uint128 product = uint128{low_half(a)} * low_half(b);
        if (product <= uint128_max - p.value) return divide_by_power(product + (p.value - 1), p);
    }
    return narrow(divide_by_power(add_wide(mul_wide(a, b), p.value - 1), p));
}

namespace {

/// ⌊√a⌋ for a from 2^62 on: the tangent of the root at 9/16 · 2^64 lies at most 8 % above it, and
/// three steps of Newton, which stay above, leave less than a unit of that.
U64 normal_root_down(U64 a) {
    U64 root = ((a >> 32U) + (U64{9} << 28U)) * 2 / 3 + 1;
    for (int step = 0; step < 3; ++step)
        root = (root + a / root) / 2;
    while (uint128{root} * root > a)
        --root;
    return root;
}

}  // namespace

std::uint64_t square_root_down(uint128 a) {
    if (a == 0) return 0;
    if (high_half(a) == 0) {
        const auto pairs = static_cast<unsigned>(std::countl_zero(low_half(a))) / 2;
        return normal_root_down(low_half(a) << (2 * pairs)) >> pairs;
    }
    // The root of a number below 4^n is below 2^n.
    const auto length = 128 - static_cast<unsigned>(std::countl_zero(high_half(a)));
    U64 root = 0;
    for (unsigned bit = (length + 1) / 2; bit-- > 0;) {
        const U64 candidate = root | (U64{1} << bit);
        if (uint128{candidate} * candidate <= a) root = candidate;
    }
    return root;
}

}  // namespace breakwater
