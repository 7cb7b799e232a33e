// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <cstdint>

#include "breakwater/core/units.hpp"

/// One sentence for loans and derivatives: equity ≥ requirement. Every part of an account adds its own equity and
/// requirement on one scale, fine enough that values in 1e-8 USD times rates in ppm or bps are whole numbers, so that
/// the comparison divides nothing and rounds nothing.
/// Source: docs/rules.md, MARGIN-001.
namespace breakwater {

inline constexpr std::uint32_t ppm_one = 1'000'000;  ///< [ppm] one

/// [1e-14 USD: 1e-8 USD × ppm]
struct Standing {
    int128 equity = 0;
    int128 requirement = 0;

    [[nodiscard]] constexpr bool holds() const { return equity >= requirement; }
    friend constexpr Standing operator+(Standing a, Standing b) {
        return {.equity = a.equity + b.equity, .requirement = a.requirement + b.requirement};
    }
};

/// ⌈x / 1e6⌉: a requirement in whole 1e-8 USD, rounded against the holder.
/// @param scaled [1e-14 USD]
constexpr uint128 requirement_up(uint128 scaled) {
    return scaled / ppm_one + (scaled % ppm_one != 0 ? 1U : 0U);
}

}  // namespace breakwater
