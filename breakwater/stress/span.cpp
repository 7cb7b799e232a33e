// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/stress/span.hpp"

#include <algorithm>

namespace breakwater::span {

std::vector<Scenario> sixteen_scenarios(double extreme, double extreme_fraction) {
    std::vector<Scenario> out;
    for (const double third : {0.0, 1.0, -1.0, 2.0, -2.0, 3.0, -3.0})
        for (const double volatility : {1.0, -1.0})
            out.push_back({.price_multiple = third / 3.0,
                           .volatility_multiple = volatility,
                           .fraction = 1.0});
    for (const double side : {1.0, -1.0})
        out.push_back({.price_multiple = side * extreme,
                       .volatility_multiple = 0.0,
                       .fraction = extreme_fraction});
    return out;
}

std::vector<double> risk_array(std::span<const Position> portfolio, const Ranges& ranges,
                               std::span<const Scenario> scenarios) {
    std::vector<double> out;
    out.reserve(scenarios.size());
    for (const Scenario& s : scenarios) {
        const double move = s.price_multiple * ranges.price_scan;
        double loss = 0.0;
        for (const Position& p : portfolio) {
            if (!p.is_option) {
                loss -= p.quantity * move;
                continue;
            }
            const OptionMarket today{
                .forward = ranges.forward, .volatility = p.volatility, .rate = 0.0};
            const OptionMarket then{
                .forward = ranges.forward + move,
                .volatility =
                    std::max(p.volatility + s.volatility_multiple * ranges.volatility_scan, 0.0),
                .rate = 0.0};
            Option aged = p.option;
            aged.years = std::max(aged.years - ranges.lookahead_years, 0.0);
            loss -= p.quantity * (black76_price(aged, then) - black76_price(p.option, today));
        }
        out.push_back(loss * s.fraction);
    }
    return out;
}

Requirement requirement(std::span<const double> losses) {
    Requirement out;
    if (losses.empty()) return out;
    const auto worst = std::ranges::max_element(losses);
    out.scan_risk = std::max(*worst, 0.0);
    out.worst = static_cast<std::size_t>(worst - losses.begin());
    return out;
}

double total(double scan_risk, const Charges& charges) {
    return std::max(
        scan_risk + charges.intra_commodity + charges.delivery - charges.inter_commodity_credit,
        charges.short_option_minimum);
}

}  // namespace breakwater::span
