// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <array>
#include <cstddef>

/// The three rational approximations of the standard normal quantile of algorithm AS 241, PPND16
/// (Michael J. Wichura, "The percentage points of the normal distribution", Applied Statistics 37
/// (1988) 477-484), relative error 1e-16. Without branches, so that math.cpp can use them one by
/// one and random.cpp in vector loops.
namespace breakwater::quantile {

inline constexpr double central_half_width =
    0.425;                               ///< |p − ½| up to here: central(); 85 % of all draws
inline constexpr double far_from = 5.0;  ///< √(−ln p) above this: far_tail(), p < 1.4e-11

namespace detail {

using Coefficients = std::array<double, 8>;

inline constexpr Coefficients central_top = {3.3871328727963666080e0, 1.3314166789178437745e2,
                                             1.9715909503065514427e3, 1.3731693765509461125e4,
                                             4.5921953931549871457e4, 6.7265770927008700853e4,
                                             3.3430575583588128105e4, 2.5090809287301226727e3};
inline constexpr Coefficients central_bottom = {1.0,
                                                4.2313330701600911252e1,
                                                6.8718700749205790830e2,
                                                5.3941960214247511077e3,
                                                2.1213794301586595867e4,
                                                3.9307895800092710610e4,
                                                2.8729085735721942674e4,
                                                5.2264952788528545610e3};
inline constexpr Coefficients near_top = {1.42343711074968357734e0,  4.63033784615654529590e0,
                                          5.76949722146069140550e0,  3.64784832476320460504e0,
                                          1.27045825245236838258e0,  2.41780725177450611770e-1,
                                          2.27238449892691845833e-2, 7.74545014278341407640e-4};
inline constexpr Coefficients near_bottom = {1.0,
                                             2.05319162663775882187e0,
                                             1.67638483018380384940e0,
                                             6.89767334985100004550e-1,
                                             1.48103976427480074590e-1,
                                             1.51986665636164571966e-2,
                                             5.47593808499534494600e-4,
                                             1.05075007164441684324e-9};
inline constexpr Coefficients far_top = {6.65790464350110377720e0,  5.46378491116411436990e0,
                                         1.78482653991729133580e0,  2.96560571828504891230e-1,
                                         2.65321895265761230930e-2, 1.24266094738807843860e-3,
                                         2.71155556874348757815e-5, 2.01033439929228813265e-7};
inline constexpr Coefficients far_bottom = {1.0,
                                            5.99832206555887937690e-1,
                                            1.36929880922735805310e-1,
                                            1.48753612908506148525e-2,
                                            7.86869131145613259100e-4,
                                            1.84631831751005468180e-5,
                                            1.42151175831644588870e-7,
                                            2.04426310338993978564e-15};

[[gnu::always_inline]] inline double polynomial(const Coefficients& c, double x) {
    return ((((((c[7] * x + c[6]) * x + c[5]) * x + c[4]) * x + c[3]) * x + c[2]) * x + c[1]) * x +
           c[0];
}

[[gnu::always_inline]] inline double ratio(const Coefficients& top, const Coefficients& bottom,
                                           double x) {
    return polynomial(top, x) / polynomial(bottom, x);
}

}  // namespace detail

/// Quantile of ½ + q for |q| ≤ central_half_width.
[[gnu::always_inline]] inline double central(double q) {
    constexpr double square = central_half_width * central_half_width;
    return q * detail::ratio(detail::central_top, detail::central_bottom, square - q * q);
}

/// |Quantile| for the smaller tail probability p, r = √(−ln p) ≤ far_from.
[[gnu::always_inline]] inline double near_tail(double r) {
    return detail::ratio(detail::near_top, detail::near_bottom, r - 1.6);
}

/// |Quantile| for the smaller tail probability p, r = √(−ln p) > far_from.
[[gnu::always_inline]] inline double far_tail(double r) {
    return detail::ratio(detail::far_top, detail::far_bottom, r - 5.0);
}

}  // namespace breakwater::quantile
