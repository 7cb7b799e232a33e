// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include "breakwater/core/feeds/median.hpp"

/// The band [lo, hi] of prices that the evidence leaves open. Doubt acts through it and through nothing else: what
/// widens it can hold a liquidation up, and never cause one. Source: docs/rules.md, FEEDS-015.
namespace breakwater::feeds {

struct Band {
    std::uint64_t lo = 0;  ///< [1e-8 USD]
    std::uint64_t hi = 0;
    friend bool operator==(const Band&, const Band&) = default;
};

constexpr Band hull(Band band, std::uint64_t price) {
    return {.lo = std::min(band.lo, price), .hi = std::max(band.hi, price)};
}

struct Doubt {
    std::uint64_t confidence = 0;  ///< [1e-8 USD]
    std::uint64_t dispersion = 0;  ///< [1e-8 USD]
    std::uint64_t deviation = 0;   ///< [bps] of the median
    std::uint64_t age = 0;         ///< [s]
};

/// FEEDS-015: mid ± (max(confidence, dispersion, ⌈mid · deviation⌉) + ⌈k · σ · √(age in minutes) · mid⌉), clipped to
/// the hard bounds, but never past mid.
Band band_of(std::uint64_t mid, const Doubt& doubt, const Limits& limits);

/// ⌈price · k · σ · √(age / 60 s)⌉, σ of a minute.
std::uint64_t ageing_up(std::uint64_t price, std::uint64_t age, const Limits& limits);

}  // namespace breakwater::feeds
