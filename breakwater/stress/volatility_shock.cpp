// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/stress/volatility_shock.hpp"

#include <algorithm>

#include "breakwater/world/math.hpp"

namespace breakwater::deribit {

ShockedVolatility shock_volatility(double volatility, double days, const VolatilityShock& shock) {
    const double power = days < 30.0 ? shock.short_power : shock.long_power;
    const double scale = pow_(30.0 / days, power);
    return {.up = std::max(volatility * (1.0 + shock.range_up * scale), shock.up_min),
            .down = std::max(volatility * (1.0 - shock.range_down * scale), 0.0)};
}

}  // namespace breakwater::deribit
