// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/world/venues/lognormal_risk.hpp"

#include <cmath>

#include "breakwater/world/math.hpp"

namespace breakwater {

RiskFactors vega_risk_factors(const LognormalModel& model, double tail, double years) {
    const double s = model.volatility * std::sqrt(years);
    const double growth = exp_(model.drift * years);
    const double q = normal_quantile(tail);
    return {.long_side = 1.0 - growth * normal_cdf(q - s) / tail,
            .short_side = growth * normal_cdf(q + s) / tail - 1.0};
}

PriceBand vega_price_bounds(const LognormalModel& model, double reference, double years,
                            double probability) {
    const double s = model.volatility * std::sqrt(years);
    const double width = s * normal_quantile(0.5 * (1.0 + probability));
    const double middle = model.drift * years - 0.5 * s * s;
    return {.min = reference * exp_(middle - width), .max = reference * exp_(middle + width)};
}

}  // namespace breakwater
