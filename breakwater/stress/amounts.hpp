// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <cmath>

#include "breakwater/core/units.hpp"
#include "breakwater/stress/estimates.hpp"

/// From exact integers to the figures of a report, and nowhere back.
namespace breakwater {

/// Within one unit in the last place, and a third of the library's conversion.
inline double to_double(uint128 v) {
    return static_cast<double>(static_cast<std::uint64_t>(v >> 64U)) * 0x1p64 +
           static_cast<double>(static_cast<std::uint64_t>(v));
}

/// [USD] to [1e-6 USD], to the nearest.
inline MicroUsd micro(double usd_value) { return static_cast<MicroUsd>(std::floor(usd_value * 1e6 + 0.5)); }

}  // namespace breakwater
