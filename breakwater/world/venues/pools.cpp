// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/world/venues/pools.hpp"

#include <cmath>

#include "breakwater/world/math.hpp"

namespace breakwater::synthetix {

double fill_price(double skew, double size, double oracle, double skew_scale) {
    const double before = oracle * (1.0 + skew / skew_scale);
    const double after = oracle * (1.0 + (skew + size) / skew_scale);
    return 0.5 * (before + after);
}

Margins required_margins(double size, double price, const MarginRules& rules) {
    const double initial =
        std::fabs(size) / rules.skew_scale * rules.initial_ratio + rules.initial_ratio_min;
    const double maintenance = initial * rules.maintenance_scalar;
    const double notional = std::fabs(size) * price;
    return {.initial_ratio = initial,
            .maintenance_ratio = maintenance,
            .initial = notional * initial + rules.minimum_position_margin,
            .maintenance = notional * maintenance + rules.minimum_position_margin};
}

double liquidation_window(double maker_fee, double taker_fee, double skew_scale, double multiplier,
                          double seconds) {
    return (maker_fee + taker_fee) * skew_scale * multiplier * seconds;
}

}  // namespace breakwater::synthetix

namespace breakwater::gmx {
namespace {

/// |x|^exponent; exact where the exponent is a small integer.
double power(double x, double exponent) {
    const double base = std::fabs(x);
    if (exponent == 1.0) return base;
    if (exponent == 2.0) return base * base;
    return pow_(base, exponent);
}

}  // namespace

double price_impact(double before, double after, double exponent, double factor) {
    return power(before, exponent) * factor - power(after, exponent) * factor;
}

Liquidatable liquidatable(const PositionState& p, double factor_min, double collateral_min) {
    const double remaining = p.collateral + p.profit + p.capped_negative_impact + p.fees;
    return {.remaining = remaining,
            .is_liquidatable =
                remaining < collateral_min || remaining <= 0.0 || remaining < p.size * factor_min};
}

}  // namespace breakwater::gmx
