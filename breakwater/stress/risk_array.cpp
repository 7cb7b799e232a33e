// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/stress/risk_array.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "breakwater/world/math.hpp"
#include "breakwater/world/option_batch.hpp"

namespace breakwater {
namespace {

constexpr double days_per_year = 365.0;
constexpr double days_min = 1.0;  // (30 / days)^power without it has no bound on the last day

double years_left(const OptionContract& c, const VolatilitySurface& surface) {
    return static_cast<double>(c.expiry - surface.as_of) / seconds_per_year;
}

double price_of(const OptionContract& c, double years, double forward, double volatility) {
    return black76_price({.kind = c.kind, .strike = c.strike, .years = years},
                         {.forward = forward, .volatility = volatility, .rate = 0.0});
}

double volatility_of(const OptionContract& c, const VolatilitySurface& surface) {
    return surface_volatility(surface, log_(c.strike / c.forward), years_left(c, surface));
}

double value_of(const OptionContract& c, const VolatilitySurface& surface) {
    return price_of(c, years_left(c, surface), c.forward, volatility_of(c, surface));
}

/// [quote] of the coins that one contract is equivalent to.
double delta_value_of(const OptionContract& c, const VolatilitySurface& surface) {
    const Option option{.kind = c.kind, .strike = c.strike, .years = years_left(c, surface)};
    return c.forward *
           black76_greeks(
               option, {.forward = c.forward, .volatility = volatility_of(c, surface), .rate = 0.0})
               .delta;
}

/// ⌊x⌋ as an integer; nullopt beyond 63 bits.
std::optional<std::int64_t> rounded_down(double x) {
    constexpr double limit = 0x1p63;
    const double whole = std::floor(x);
    if (!(whole >= -limit) || !(whole < limit)) return std::nullopt;
    return static_cast<std::int64_t>(whole);
}

}  // namespace

RiskGrid own_grid(double range) {
    constexpr int each_side = 4;
    constexpr std::array extended{-0.66, -0.33, 0.5, 1.0, 2.0, 3.0, 4.0, 5.0};
    RiskGrid out;
    out.shock = {.range_up = 0.5,
                 .range_down = 0.25,
                 .short_power = 0.30,
                 .long_power = 0.13,
                 .up_min = 0.5};
    for (int i = -each_side; i <= each_side; ++i)
        for (const double volatility : {-1.0, 0.0, 1.0})
            out.scenarios.push_back(
                {.move = range * i / each_side, .volatility = volatility, .weight = 1.0});
    for (const double move : extended)
        out.scenarios.push_back(
            {.move = move, .volatility = 1.0, .weight = std::min(range / std::fabs(move), 1.0)});
    return out;
}

std::vector<double> scenario_profits(const OptionContract& c, const VolatilitySurface& surface,
                                     const RiskGrid& grid) {
    const double years = years_left(c, surface);
    const double days = std::max(years * days_per_year, days_min);
    const double today = value_of(c, surface);
    // A volatility that sticks to its strike is the same under every move.
    const auto volatility_at = [&](double forward) {
        const double volatility = surface_volatility(surface, log_(c.strike / forward), years);
        return std::pair(volatility, deribit::shock_volatility(volatility, days, grid.shock));
    };
    const auto unmoved = volatility_at(c.forward);
    const Option option{.kind = c.kind, .strike = c.strike, .years = years};
    OptionBatch batch;
    for (const RiskScenario& s : grid.scenarios) {
        const double forward = c.forward * (1.0 + s.move);
        const auto [volatility, shocked] =
            grid.stickiness == Stickiness::strike ? unmoved : volatility_at(forward);
        const double end = s.volatility > 0.0 ? shocked.up : shocked.down;
        batch.add(option, forward, volatility + std::fabs(s.volatility) * (end - volatility));
    }
    const std::span<const double> then = batch.prices();
    std::vector<double> out(then.size());
    for (std::size_t i = 0; i < out.size(); ++i)
        out[i] = grid.scenarios[i].weight * (then[i] - today);
    return out;
}

std::optional<RiskArray> risk_array_of(const OptionContract& c, const VolatilitySurface& surface,
                                       const RiskGrid& grid, const Publication& p) {
    RiskArray out{.contract = c.id,
                  .grid = p.grid,
                  .version = p.version,
                  .as_of = surface.as_of,
                  .expires = surface.as_of + p.lifetime,
                  .value_down = 0,
                  .delta = 0,
                  .long_profits = {},
                  .short_profits = {}};
    const double scale = p.lot / p.unit;
    const auto value = rounded_down(value_of(c, surface) * scale);
    const auto delta = rounded_down(delta_value_of(c, surface) * scale + 0.5);
    if (!value || !delta) return std::nullopt;
    out.value_down = *value;
    out.delta = *delta;
    for (const double profit : scenario_profits(c, surface, grid)) {
        const auto held = rounded_down(profit * scale);
        const auto sold = rounded_down(-profit * scale);
        if (!held || !sold) return std::nullopt;
        out.long_profits.push_back(*held);
        out.short_profits.push_back(*sold);
    }
    return out;
}

}  // namespace breakwater
