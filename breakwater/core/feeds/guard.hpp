// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <span>

#include "breakwater/core/feeds/asset.hpp"
#include "breakwater/core/math.hpp"

/// What the band means for an account. Opening risk is valued against the account; a liquidation needs an account that
/// is unhealthy at every price of the band. Between the two it is contested: no new risk, and it is counted.
/// Source: docs/rules.md, FEEDS-025 (opening values), FEEDS-026 (guarded liquidation) and FEEDS-027 (liars).
namespace breakwater::feeds {

/// FEEDS-025: collateral at min(lo, slow), debt at max(hi, slow).
Price opening_price(const Mark& mark, Side side);

/// The two ends of the band as an account sees them.
enum class End : std::uint8_t { best, worst };

/// Best: collateral at hi, debt at lo. Worst: the other way round.
constexpr Price price_at(const Mark& mark, Side side, End end) {
    return (side == Side::collateral) == (end == End::best) ? mark.hi : mark.lo;
}

enum class Standing : std::uint8_t { healthy, contested, liquidatable };

/// FEEDS-026, for any rulebook whose health falls with the price of collateral and with a rise of the price of debt.
/// @param is_unhealthy  (End) → bool: the rulebook's own question at the prices of that end
template <class IsUnhealthy>
Standing guarded(IsUnhealthy&& is_unhealthy) {
    if (is_unhealthy(End::best)) return Standing::liquidatable;
    return is_unhealthy(End::worst) ? Standing::contested : Standing::healthy;
}

/// One line of an account, for a market that weighs collateral by a threshold.
struct Holding {
    Side side{};
    unsigned decimals = 0;
    std::uint32_t threshold = bps_one;  ///< [bps] of collateral
    Amount amount;
    Mark mark;
};

/// debt > Σ threshold · collateral at both ends, rounded for the account at its best and against it at its worst. A
/// number that does not fit makes the account contested: nothing is certain.
Standing standing_of(std::span<const Holding> account);

/// Debt above 98 % of the whole collateral at both ends: what may be liquidated while a price recovers.
bool is_certainly_insolvent(std::span<const Holding> account);

/// The strictest of the account's assets decides.
Permissions permitted(std::span<const Holding> account, const Limits& limits);

/// Standing and state of trust together.
bool may_liquidate(std::span<const Holding> account, const Limits& limits);

}  // namespace breakwater::feeds
