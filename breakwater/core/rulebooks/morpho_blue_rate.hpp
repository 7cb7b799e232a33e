// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include "breakwater/core/rulebooks/morpho_blue_market.hpp"

/// How Morpho Blue interest grows. Source: docs/rules.md, MORPHO-002 and MORPHO-003; reference: lending 1.3.
namespace breakwater::morpho_blue {

inline constexpr std::uint64_t seconds_per_year = 31'536'000;

struct Rate {
    Ratio borrow;                      ///< [wad/s] averaged over the time since the last touch
    std::uint64_t rate_at_target = 0;  ///< [wad/s] from now on
};

/// What the market's rate model says for `elapsed` seconds that end now.
Rate rate_of(Checked& math, const Totals& totals, std::uint64_t elapsed);

/// e^(rate·elapsed) − 1 to the third term, each product floored. [wad]  Source: MORPHO-002.
uint128 growth_down(Checked& math, Ratio rate, std::uint64_t elapsed);

/// What borrowers are charged for `elapsed` seconds that end now. Source: MORPHO-002.
struct Charge {
    Rate rate;
    Amount interest;
};
Charge interest_of(Checked& math, const Totals& totals, std::uint64_t elapsed);

/// e^x to the second term around the nearest multiple of ln 2, clipped at both ends. [wad] → [wad]  Source: MORPHO-003.
Uint256 exponential(Checked& math, int128 x);

}  // namespace breakwater::morpho_blue
