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

bool OptionProfiler::is_other_kind(const OptionContract& c, double years, double volatility,
                                   const RiskGrid& grid) const {
    return last_.grid == &grid && grid.stickiness == Stickiness::strike && last_.kind != c.kind &&
           last_.strike == c.strike && last_.forward == c.forward && last_.years == years &&
           last_.volatility == volatility;
}

OptionProfile OptionProfiler::of(const OptionContract& c, const VolatilitySurface& surface,
                                 const RiskGrid& grid) {
    const double years = years_left(c, surface);
    const double days = std::max(years * days_per_year, days_min);
    const double root = years > 0.0 ? std::sqrt(years) : 0.0;
    // A volatility that sticks to its strike is the same under every move.
    const auto volatility_at = [&](double forward) {
        const double volatility = surface_volatility(surface, log_(c.strike / forward), years);
        return std::pair(volatility, deribit::shock_volatility(volatility, days, grid.shock));
    };
    const auto unmoved = volatility_at(c.forward);
    std::span<const double> then;
    if (is_other_kind(c, years, unmoved.first, grid)) {
        then = batch_.others(last_.count);
        last_ = {};
    } else {
        batch_.begin(c.kind, c.strike, grid.scenarios.size() + 1);
        batch_.set(0, c.forward, unmoved.first * root);
        places_.clear();
        std::size_t at = 0;
        const RiskScenario* before = nullptr;
        for (const RiskScenario& s : grid.scenarios) {
            // A scenario that differs from the one before by what collateral does has its price.
            const bool is_new =
                before == nullptr || before->move != s.move || before->volatility != s.volatility;
            before = &s;
            if (is_new) {
                const double forward = c.forward * (1.0 + s.move);
                const auto [volatility, shocked] =
                    grid.stickiness == Stickiness::strike ? unmoved : volatility_at(forward);
                const double end = s.volatility > 0.0 ? shocked.up : shocked.down;
                batch_.set(++at, forward,
                           (volatility + std::fabs(s.volatility) * (end - volatility)) * root);
            }
            places_.push_back(at);
        }
        then = batch_.prices(at + 1);
        last_ = {.grid = &grid,
                 .kind = c.kind,
                 .strike = c.strike,
                 .forward = c.forward,
                 .years = years,
                 .volatility = unmoved.first,
                 .count = at + 1};
    }
    profits_.resize(places_.size());
    for (std::size_t i = 0; i < places_.size(); ++i)
        profits_[i] = grid.scenarios[i].weight * (then[places_[i]] - then[0]);
    const Option option{.kind = c.kind, .strike = c.strike, .years = years};
    const double delta = black76_delta(
        option, {.forward = c.forward, .volatility = unmoved.first, .rate = 0.0});
    return {.value = then[0], .delta_value = c.forward * delta, .profits = profits_};
}

std::vector<double> scenario_profits(const OptionContract& c, const VolatilitySurface& surface,
                                     const RiskGrid& grid) {
    OptionProfiler profiler;
    const std::span<const double> profits = profiler.of(c, surface, grid).profits;
    return {profits.begin(), profits.end()};
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
    OptionProfiler profiler;
    const OptionProfile profile = profiler.of(c, surface, grid);
    const auto value = rounded_down(profile.value * scale);
    const auto delta = rounded_down(profile.delta_value * scale + 0.5);
    if (!value || !delta) return std::nullopt;
    out.value_down = *value;
    out.delta = *delta;
    for (const double profit : profile.profits) {
        const auto held = rounded_down(profit * scale);
        const auto sold = rounded_down(-profit * scale);
        if (!held || !sold) return std::nullopt;
        out.long_profits.push_back(*held);
        out.short_profits.push_back(*sold);
    }
    return out;
}

}  // namespace breakwater
