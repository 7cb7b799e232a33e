// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>

#include "breakwater/world/math.hpp"

/// What generated borrowers of native markets have in common. `u` is uniform on (0, 1).
namespace breakwater {

/// Log-normal, nobody beyond three deviations.
inline double borrower_size(double u) {
    constexpr double deviation = 2;
    constexpr double most = 3;
    return exp_(deviation * std::min(normal_quantile(u), most));
}

/// [1] health factor: bunched near the edge; correlated pairs are looped close to it.
inline double borrower_health(bool correlated, double u) {
    if (correlated) return 1.015 + 0.06 * u;
    return 1.02 + std::min(0.45 * exp_(0.8 * normal_quantile(u)), 8.0);
}

inline std::string borrower_name(std::uint32_t i) {
    const std::string digits = std::to_string(i + 1);
    return "b" + std::string(digits.size() < 6 ? 6 - digits.size() : 0, '0') + digits;
}

}  // namespace breakwater
