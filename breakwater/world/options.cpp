// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/world/options.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "breakwater/world/math.hpp"

namespace breakwater {
namespace {

double sign_of(OptionKind kind) {
    return kind == OptionKind::call ? 1.0 : -1.0;
}

double discount(const Option& o, const OptionMarket& m) {
    return exp_(-m.rate * std::max(o.years, 0.0));
}

/// σ√T; 0 where nothing can move any more.
double deviation(const Option& o, const OptionMarket& m) {
    if (!(o.years > 0.0) || !(m.volatility > 0.0)) return 0.0;
    return m.volatility * std::sqrt(o.years);
}

/// Undiscounted price of the option with σ√T = s > 0 and F, K > 0.
double undiscounted(double phi, double forward, double strike, double s) {
    const double d1 = log_(forward / strike) / s + 0.5 * s;
    return phi * (forward * normal_cdf(phi * d1) - strike * normal_cdf(phi * (d1 - s)));
}

}  // namespace

double black76_price(const Option& o, const OptionMarket& m) {
    const double phi = sign_of(o.kind);
    const double s = deviation(o, m);
    const double intrinsic = std::max(phi * (m.forward - o.strike), 0.0);
    if (s == 0.0 || !(m.forward > 0.0) || !(o.strike > 0.0)) return discount(o, m) * intrinsic;
    return discount(o, m) * std::max(undiscounted(phi, m.forward, o.strike, s), 0.0);
}

double black76_delta(const Option& o, const OptionMarket& m) {
    const double phi = sign_of(o.kind);
    const double s = deviation(o, m);
    const double d = discount(o, m);
    if (s == 0.0 || !(m.forward > 0.0) || !(o.strike > 0.0))
        return phi * (m.forward - o.strike) > 0.0 ? phi * d : 0.0;
    return d * phi * normal_cdf(phi * (log_(m.forward / o.strike) / s + 0.5 * s));
}

Greeks black76_greeks(const Option& o, const OptionMarket& m) {
    const double s = deviation(o, m);
    const double d = discount(o, m);
    const double price = black76_price(o, m);
    const double delta = black76_delta(o, m);
    if (s == 0.0 || !(m.forward > 0.0) || !(o.strike > 0.0)) {
        return {.delta = delta, .gamma = 0.0, .vega = 0.0, .theta = m.rate * price};
    }
    const double d1 = log_(m.forward / o.strike) / s + 0.5 * s;
    const double density = d * normal_density(d1);
    const double root = std::sqrt(o.years);
    return {.delta = delta,
            .gamma = density / (m.forward * s),
            .vega = m.forward * density * root,
            .theta = m.rate * price - 0.5 * m.forward * density * m.volatility / root};
}

double black76_implied_volatility(const Option& o, const OptionMarket& m, double price) {
    if (!(o.years > 0.0) || !(m.forward > 0.0) || !(o.strike > 0.0)) return 0.0;
    // Put-call parity takes an option in the money to the other side, where the price is all time
    // value and keeps its digits.
    const double phi = m.forward > o.strike ? -1.0 : 1.0;
    double value = price / discount(o, m);
    if (phi != sign_of(o.kind)) value -= sign_of(o.kind) * (m.forward - o.strike);
    if (!(value > 0.0)) return 0.0;
    if (value >= (phi > 0.0 ? m.forward : o.strike)) return std::numeric_limits<double>::infinity();
    double low = 0.0;
    double high = 1.0;
    while (undiscounted(phi, m.forward, o.strike, high) < value && high < 80.0)
        high *= 2.0;
    for (int i = 0; i < 200; ++i) {
        const double middle = 0.5 * (low + high);
        if (middle <= low || middle >= high) break;
        (undiscounted(phi, m.forward, o.strike, middle) < value ? low : high) = middle;
    }
    return 0.5 * (low + high) / std::sqrt(o.years);
}

}  // namespace breakwater
