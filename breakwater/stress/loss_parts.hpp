// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <cstdint>

#include "breakwater/core/math.hpp"
#include "breakwater/stress/estimates.hpp"

/// What every estimate over losses needs.
namespace breakwater {

/// Exact below 2^53.
inline double count(std::uint64_t n) {
    return static_cast<double>(n);
}

/// [1e-6 USD] max(0, loss − threshold). In 128 bits: the difference of two losses may need 65.
inline int128 beyond(MicroUsd loss, MicroUsd threshold) {
    return loss > threshold ? static_cast<int128>(loss) - threshold : 0;
}

}  // namespace breakwater
