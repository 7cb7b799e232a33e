// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <cstdint>

/// European options on a forward, after Black (1976). With σ√T = s:
///
///   d₁ = ln(F/K)/s + s/2,  d₂ = d₁ − s,  price = e^(−rT) φ (F N(φ d₁) − K N(φ d₂)),  φ = ±1.
///
/// At expiry or without volatility the price is the discounted intrinsic value.
namespace breakwater {

enum class OptionKind : std::int8_t { put = -1, call = 1 };

struct Option {
    OptionKind kind = OptionKind::call;
    double strike = 0;  ///< [quote]
    double years = 0;   ///< [years] to expiry; 0 or less: expired
};

/// What it is priced with.
struct OptionMarket {
    double forward = 0;     ///< [quote] of the option's expiry; 0 or less: the forward is worthless
    double volatility = 0;  ///< [per √year]
    double rate = 0;        ///< [per year] continuous, of the quote currency
};

double black76_price(const Option& option, const OptionMarket& market);

struct Greeks {
    double delta;  ///< ∂price/∂forward: φ N(φ d₁) e^(−rT)
    double gamma;  ///< [1 / quote] ∂²price/∂forward²
    double vega;   ///< [quote] ∂price/∂σ, for σ + 1.00
    double theta;  ///< [quote / year] −∂price/∂years, forward held
};
Greeks black76_greeks(const Option& option, const OptionMarket& market);
/// Its first figure alone.
double black76_delta(const Option& option, const OptionMarket& market);

/// The volatility at which Black's price is `price`; market.volatility is not read. Bisection in the
/// side out of the money, to the last bits. 0 where the price is at or below the intrinsic value,
/// infinity at or above its upper bound.
double black76_implied_volatility(const Option& option, const OptionMarket& market, double price);

}  // namespace breakwater
