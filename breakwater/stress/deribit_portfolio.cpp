// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/stress/deribit_portfolio.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "breakwater/world/math.hpp"

namespace breakwater::deribit {

double inverse_profit(double quantity, double move) {
    return quantity * (1.0 - 1.0 / (1.0 + move));
}

namespace {

std::vector<double> moves_of(const Parameters& p) {
    const int n = static_cast<int>(p.buckets_each_side);
    std::vector<double> out;
    for (int i = -n; i <= n; ++i)
        out.push_back(n == 0 ? 0.0 : p.price_range * i / n);
    return out;
}

double roll_shock(std::span<const Expiry> expiries, const Parameters& p) {
    double sum = 0.0;
    for (const Expiry& e : expiries) {
        const double net = std::accumulate(e.quantities.begin(), e.quantities.end(), 0.0);
        sum += std::fabs(net) *
               std::max(p.annualised_move_min, p.annualised_move_risk * std::max(e.years, 0.0));
    }
    return sum;
}

}  // namespace

Margin portfolio_margin(std::span<const Expiry> expiries, const Parameters& p,
                        const Contingencies& c) {
    Margin out;
    out.moves = moves_of(p);
    for (const double move : out.moves) {
        double profit = 0.0;
        for (const Expiry& e : expiries)
            for (const double q : e.quantities)
                profit += inverse_profit(q, move);
        out.profits.push_back(profit);
        out.aggregated.push_back(profit > 0.0 ? profit * p.profit_offset : profit);
    }
    out.worst_case = std::max(-std::ranges::min(out.aggregated), 0.0);
    out.roll_shock = roll_shock(expiries, p);
    out.risk_matrix = out.worst_case + out.roll_shock + c.delta_shock + c.correlation;
    out.initial = out.risk_matrix + c.spot_margin + c.mmp_margin + c.open_orders;
    out.maintenance = p.maintenance_factor * out.risk_matrix;
    return out;
}

ShockedVolatility shock_volatility(double volatility, double days, const VolatilityShock& shock) {
    const double power = days < 30.0 ? shock.short_power : shock.long_power;
    const double scale = pow_(30.0 / days, power);
    return {.up = std::max(volatility * (1.0 + shock.range_up * scale), shock.up_min),
            .down = std::max(volatility * (1.0 - shock.range_down * scale), 0.0)};
}

double extended_profit(double profit, double move, const ExtendedTable& t) {
    const double edge = 1.0 + (move < 0.0 ? -t.price_range : t.price_range);
    const double size = std::fabs(move);
    const double scaled = profit * t.factor * (t.price_range / size) * (1.0 + move) / edge;
    const double damp =
        std::min((std::max(size / t.price_range, 1.0) - 1.0) * t.dampener / (edge * t.index),
                 std::fabs(scaled));
    return scaled < 0.0 ? scaled + damp : scaled - damp;
}

}  // namespace breakwater::deribit
