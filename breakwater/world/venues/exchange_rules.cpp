// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/world/venues/exchange_rules.hpp"

#include <algorithm>
#include <cmath>

namespace breakwater {

BinanceMark binance_mark(double index, double last_funding, double hours_to_funding,
                         double basis_average, double last) {
    const double a = index * (1.0 + last_funding * hours_to_funding / 8.0);
    const double b = index + basis_average;
    return {.by_funding = a,
            .by_basis = b,
            .mark = std::max(std::min(a, b), std::min(std::max(a, b), last))};
}

double bankruptcy_price_linear(double side, double entry, double leverage) {
    return entry * (1.0 - side / leverage);
}

double bankruptcy_price_inverse(double side, double entry, double leverage) {
    return entry * leverage / (leverage + side);
}

double insurance_fund_flow_inverse(double side, double contracts, double bankruptcy,
                                   double executed) {
    return side * contracts * (1.0 / bankruptcy - 1.0 / executed);
}

AdlRank adl_rank_bitmex(double mark_value, double entry_value, double bankrupt_value) {
    const double profit = (mark_value - entry_value) / std::fabs(entry_value);
    const double leverage = std::fabs(mark_value) / (mark_value - bankrupt_value);
    return {.profit = profit,
            .leverage = leverage,
            .rank = profit > 0.0 ? profit * leverage : profit / leverage};
}

DeribitFutureMargin deribit_future_margin(DeribitCurrency currency, double size) {
    const double per_unit = currency == DeribitCurrency::btc ? 0.00005 : 0.000004;
    const double extra = std::fabs(size) * per_unit;
    return {.initial_rate = 0.02 + extra, .maintenance_rate = 0.01 + extra};
}

OptionMargin deribit_short_option_margin(bool is_call, double index, double strike, double mark) {
    const double out_of_money = std::max(is_call ? strike - index : index - strike, 0.0) / index;
    const double initial = std::max(0.15 - out_of_money, 0.1) + mark;
    if (is_call) return {.initial = initial, .maintenance = 0.075 + mark};
    const double maintenance = std::max(0.075, 0.075 * mark) + mark;
    return {.initial = std::max(initial, maintenance), .maintenance = maintenance};
}

}  // namespace breakwater
