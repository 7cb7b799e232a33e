// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <span>

#include "breakwater/core/rulebooks/aave_v3_accounts.hpp"

/// The closed forms of our own liquidations: pure, in integers, rounding in favour of the borrower.
namespace breakwater::house {

/// a − b, 0 where that is negative.
constexpr uint128 less(uint128 a, uint128 b) {
    return a > b ? a - b : 0;
}
/// [wad]
constexpr uint128 ratio_of(std::uint32_t bps) {
    return wad / bps_one * bps;
}

/// [bps] The bonus that a keeper needs for this account: `bonus_least`, or that of the collateral
/// with the smallest.
std::uint32_t least_bonus(const aave_v3::View& view, std::span<const aave_v3::Leg> legs,
                          std::uint16_t emode);
/// What collateral repays when its keeper gets `least` [bps]. Source: BREAKWATER-007.
Value repayable(Checked& math, Value collateral, std::uint32_t least);
/// [wad] 1 + bonus for a collateral with these thresholds: from bonus_start at health factor 1 to
/// the whole bonus at bonus_whole_at, at least `least`, and capped by collateral/debt and by
/// health/threshold. Source: BREAKWATER-004.
Ratio grossed_bonus(Checked& math, const Rules& rules, const aave_v3::AccountData& data,
                    const aave_v3::Thresholds& thresholds, std::uint32_t least);
/// The largest repayment after which the health factor is not above the target, when `rounding` of
/// the collateral may stay where it is by rounding; all debt where no repayment reaches the target.
/// Source: BREAKWATER-003.
Value repay_to_target(Checked& math, const Rules& rules, const aave_v3::AccountData& data,
                      Ratio grossed, std::uint32_t threshold, Value rounding);

}  // namespace breakwater::house
