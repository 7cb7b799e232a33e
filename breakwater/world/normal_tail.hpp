// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "breakwater/world/math.hpp"

/// The tail of the normal distribution without a branch, so that loops over it become vector code.
/// math.hpp has the distribution itself.
namespace breakwater::elementary {

/// Both sides are worked out: a branch would keep a loop from becoming vector code.
[[gnu::always_inline]] inline double select(bool first, double a, double b) {
    const std::uint64_t mask = 0 - static_cast<std::uint64_t>(first);
    return std::bit_cast<double>((std::bit_cast<std::uint64_t>(a) & mask) |
                                 (std::bit_cast<std::uint64_t>(b) & ~mask));
}

/// exp_ of what is not above 0.
[[gnu::always_inline]] inline double exp_of_negative(double x) {
    return select(x < -708.0, 0.0, exp_in_range(x));
}

/// e^(−x²/2) without the error that rounding x² would bring: x = high + rest with high² exact.
[[gnu::always_inline]] inline double exp_of_minus_half_square(double x) {
    // ⌊16x⌋ for 0 ≤ 16x < 2^51: to the nearest integer, and one less where that is above. floor()
    // itself is no vector code where it may raise a flag.
    const double nearest = (x * 16.0 + 0x1p52) - 0x1p52;
    const double high = (nearest - select(nearest > x * 16.0, 1.0, 0.0)) / 16.0;
    const double rest = (x - high) * (x + high);
    return exp_of_negative(-0.5 * high * high) * exp_of_negative(-0.5 * rest);
}

/// Σ c[k]·t^k by Horner, written out by the compiler: a loop inside would keep loops over this from becoming vector
/// code, and so would a call, which GCC makes of a lambda in a large unit.
template <std::size_t N, std::size_t... I>
[[gnu::always_inline]] inline double polynomial(const std::array<double, N>& c, double t,
                                                std::index_sequence<I...> /*steps*/) {
    double sum = c[N - 1];
    ((sum = sum * t + c[N - 2 - I]), ...);
    return sum;
}

/// P(Z > x) for x in [0, 38].
[[gnu::always_inline]] inline double normal_tail(double x) {
    // (1 + x) e^(x²/2) P(Z > x) is smooth in t = (x − 4) / (x + 4); fitted on x in [0, 40] at 60
    // digits, error 4e-17.
    constexpr std::array<double, 23> c = {
        0.47205320650984467,     -0.09670347732652537,    0.013999634724430079,
        0.028600364053505894,    -0.032197837428343264,   0.017936097481039324,
        -0.005002378585404055,   -0.0002856231167159992,  0.0006948970401931862,
        -9.443011548018516e-05,  -8.785274947955092e-05,  2.12494552279694e-05,
        1.3625025193974047e-05,  -3.4306982771660744e-06, -2.607839079804581e-06,
        4.0242748101432243e-07,  5.430039920605985e-07,   2.3513362577996063e-09,
        -1.0104644569536361e-07, -1.8538542083563312e-08, 1.1400867865785583e-08,
        4.2378542227893796e-09,  1.5513438905918424e-10};
    const double t = (x - 4.0) / (x + 4.0);
    const double p = polynomial(c, t, std::make_index_sequence<c.size() - 1>{});
    return p / (1.0 + x) * exp_of_minus_half_square(x);
}

}  // namespace breakwater::elementary
