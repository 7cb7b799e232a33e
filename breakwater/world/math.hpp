// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <bit>
#include <cstdint>
#include <limits>
#include <span>

/// Elementary functions made of + − × ÷ and square root only, so that every compiler, optimisation
/// level and CPU gives the same bits; those of libm differ between versions and with FMA.
/// Polynomials were fitted near-minimax on Chebyshev nodes at 60 digits and rounded to double; the
/// errors below are measured by tests/world/test_math.cpp. The names end in _ so that a bare exp(
/// or log(, which is libm's, is seen by eye and by a search.
namespace breakwater {

namespace elementary {

inline constexpr double log2_e = 0x1.71547652b82fep+0;
inline constexpr double ln2 = 0.693147180559945309417;
inline constexpr double ln2_high =
    0x1.62e42feep-1;  // 33 bits, so that k · ln2_high is exact for |k| < 2^20
inline constexpr double ln2_low = 0x1.a39ef35793c76p-33;
inline constexpr double round_shift =
    0x1.8p52;  // adding it leaves the nearest integer in the low bits

/// e^x for |x| ≤ 708 or NaN. No branch: loops over it become vector code.
[[gnu::always_inline]] inline double exp_in_range(double x) {
    // e^x = 2^k · e^r, r = x − k ln 2 in [−ln2/2, ln2/2], kept as high − low; e^r = 1 + (high −
    // (low − r² q(r))).
    const double shifted = x * log2_e + round_shift;
    const double k = shifted - round_shift;
    const double high = x - k * ln2_high;
    const double low = k * ln2_low;
    const double r = high - low;
    double q = 0x1.af38d53857513p-26;
    q = q * r + 0x1.2891a8c1d838dp-22;
    q = q * r + 0x1.71de0d9c145d0p-19;
    q = q * r + 0x1.a019b8ef67c6cp-16;
    q = q * r + 0x1.a01a01a7c8d47p-13;
    q = q * r + 0x1.6c16c17893833p-10;
    q = q * r + 0x1.11111111109adp-7;
    q = q * r + 0x1.5555555553d4fp-5;
    q = q * r + 0x1.5555555555556p-3;
    q = q * r + 0x1.0000000000001p-1;
    const double e_r = 1.0 + (high - (low - r * r * q));
    const std::uint64_t exponent = std::bit_cast<std::uint64_t>(shifted) << 52U;
    return std::bit_cast<double>(std::bit_cast<std::uint64_t>(e_r) + exponent);
}

/// ln x for a normal x > 0. No branch.
[[gnu::always_inline]] inline double log_of_normal(double x) {
    // x = 2^k · (1 + f) with 1 + f in [√½, √2); s = f / (2 + f); ln(1 + f) = f − (f²/2 − s (f²/2 +
    // R(s²))).
    constexpr std::uint64_t one = 0x3ff0000000000000U;
    constexpr std::uint64_t root_half = 0x3fe6a09e667f3bcdU;
    const std::uint64_t bits = std::bit_cast<std::uint64_t>(x) + (one - root_half);
    // Exponent plus 2^52 as a double, built from its bits: vector units lack int64 → double before
    // AVX-512.
    const double k = std::bit_cast<double>((bits >> 52U) | 0x4330000000000000U) - (0x1p52 + 1023.0);
    const double m = std::bit_cast<double>((bits & 0x000fffffffffffffU) + root_half);
    const double f = m - 1.0;
    const double s = f / (2.0 + f);
    const double z = s * s;
    double p = 0x1.2b6686d1072f3p-3;
    p = p * z + 0x1.39fd39474ad34p-3;
    p = p * z + 0x1.7462bd8e53c17p-3;
    p = p * z + 0x1.c71c62c63e016p-3;
    p = p * z + 0x1.2492492e09d1ap-2;
    p = p * z + 0x1.9999999995204p-2;
    p = p * z + 0x1.5555555555558p-1;
    const double half_square = 0.5 * f * f;
    return k * ln2_high - ((half_square - (s * (half_square + p * z) + k * ln2_low)) - f);
}

}  // namespace elementary

/// e^x, error below 1 ulp. Below −708 the result is 0 (no subnormals), above 709.78 infinity; NaN
/// stays NaN.
[[gnu::always_inline]] inline double exp_(double x) {
    const double y = elementary::exp_in_range(x);
    const double finite = x < -708.0 ? 0.0 : y;
    return x > 709.782712893384 ? std::numeric_limits<double>::infinity() : finite;
}

/// Natural logarithm, error below 1 ulp. log_(0) = −infinity; negative or NaN gives NaN.
double log_(double x);

/// x^y = e^(y ln x) for x ≥ 0; relative error about (1 + |y ln x|) · 2^-52. pow_(x, 0) = 1, pow_(0,
/// y > 0) = 0.
double pow_(double x, double y);

/// Replaces every x by e^x.
void exp_batch(std::span<double> values);

/// Standard normal distribution P(Z ≤ x), relative error below 2e-15 in both tails.
double normal_cdf(double x);

/// Standard normal density.
double normal_density(double x);

/// Standard normal quantile of p in (0, 1), relative error below 1e-15: algorithm AS 241, PPND16
/// (Wichura, Applied Statistics 37, 1988). One rising curve: antithetic draws and importance
/// sampling stay valid.
double normal_quantile(double p);

/// ln Γ(x) for x > 0; absolute error below 1e-14 · max(1, |ln Γ|).
double log_gamma(double x);

/// Incomplete gamma function: lower = P(a, x), upper = Q(a, x) = 1 − P, each with its own relative
/// accuracy (1e-12).
struct GammaTails {
    double lower;
    double upper;
};

/// P and Q of the gamma distribution with shape a > 0 at x ≥ 0.
GammaTails gamma_tails(double a, double x);

}  // namespace breakwater
