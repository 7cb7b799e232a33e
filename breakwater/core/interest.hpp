// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include "breakwater/core/math.hpp"
#include "breakwater/core/units.hpp"

/// How balances grow: a supply index grows linearly between touches, a borrow index by a three-term compound series.
/// Both are pure functions of (index, yearly rate, seconds). Source: docs/rules.md, INTEREST-001 to INTEREST-003;
/// Aave v3.7, MathUtils and DefaultReserveInterestRateStrategyV2 (reference: lending 1.1).
namespace breakwater {

/// RAY + ⌊rate·dt/year⌋, [ray]. Source: INTEREST-001.
Ray linear_growth(Checked& math, Ray rate, std::uint64_t dt);
/// RAY + x + x·(x/2 + x·(x/6)) with x = ⌊rate·dt/year⌋; products half up, quotients floored, [ray].
/// Source: INTEREST-002.
Ray compound_growth(Checked& math, Ray rate, std::uint64_t dt);

/// A curve with one kink, in bps a year. Source: INTEREST-003.
struct KinkedCurve {
    std::uint32_t optimal_usage = 0;  ///< [bps]
    std::uint32_t base = 0;           ///< [bps/year]
    std::uint32_t slope1 = 0;         ///< [bps/year] from 0 to the optimum
    std::uint32_t slope2 = 0;         ///< [bps/year] from the optimum to 1
};

struct Rates {
    Ray liquidity;  ///< [ray/year]
    Ray borrow;     ///< [ray/year]
};

/// What the curve looks at. `deficit` dilutes what suppliers earn and nothing else.
struct UsageInputs {
    Amount debt;
    Amount cash;
    Amount deficit;
    std::uint32_t reserve_factor = 0;  ///< [bps]
};

Rates next_rates(Checked& math, const KinkedCurve& curve, const UsageInputs& in);

}  // namespace breakwater
