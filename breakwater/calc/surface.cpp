// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors

/// Smiles, surfaces and risk arrays, by name.

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "breakwater/calc/families.hpp"
#include "breakwater/stress/risk_array.hpp"
#include "breakwater/world/svi_fit.hpp"
#include "breakwater/world/volatility_surface.hpp"

namespace breakwater::calc {
namespace {

using nlohmann::json;

constexpr Bounds slope{.min = 0.0, .max = 100.0, .expected = "a number from 0 to 100"};
constexpr Bounds correlation{.min = -1.0,
                             .max = 1.0,
                             .above_min = true,
                             .below_max = true,
                             .expected = "a number between -1 and 1"};
constexpr Bounds moneyness{.min = -50.0, .max = 50.0, .expected = "a number from -50 to 50"};
constexpr Bounds volatility_bounds{
    .min = 0.0, .max = 100.0, .expected = "a volatility from 0 to 100 (1 is 100 %)"};
constexpr Bounds some_years{
    .min = 0.0, .max = 1000.0, .above_min = true, .expected = "years above 0, at most 1000"};

Svi svi_of(Input& in) {
    return {.a = in.number("a"),
            .b = in.number("b", slope),
            .rho = in.number("rho", correlation),
            .m = in.number("m", moneyness),
            .s = in.number("s", positive)};
}

json run_total_variance(Input& in) {
    const Variance v = svi_variance(svi_of(in), in.number("k", moneyness));
    return {{"w", v.w}, {"first_derivative", v.first}, {"second_derivative", v.second}};
}

json run_durrleman(Input& in) {
    const double k = in.number("k", moneyness);
    const Variance v = svi_variance(svi_of(in), k);
    if (!(v.w > 0.0)) in.fail_whole("the total variance is not above 0", "a smile above 0");
    return {{"g", durrleman(k, v)}};
}

json run_arbitrage(Input& in) {
    const Svi svi = svi_of(in);
    const Nearest g = least_durrleman(svi);
    const Wings wings = svi_wings(svi);
    json out = {{"least_g", g.value},
                {"at_k", g.k},
                {"left_wing", wings.left},
                {"right_wing", wings.right},
                {"is_free_of_butterflies", is_free_of_butterflies(svi)}};
    if (in.has("later")) {
        Input object = in.object("later");
        const Svi later = svi_of(object);
        const Nearest gap = least_calendar_gap(svi, later);
        out["least_calendar_gap"] = gap.value;
        out["calendar_at_k"] = gap.k;
        out["is_free_of_calendars"] = is_free_of_calendars(svi, later);
    }
    return out;
}

json run_fit(Input& in) {
    const double years = in.number("T", some_years);
    std::vector<VolatilityQuote> quotes;
    for (Input& q : in.objects("quotes")) {
        VolatilityQuote quote{
            .k = q.number("k", moneyness),
            .bid = q.number_or("bid", 0.0, volatility_bounds),
            .ask = q.number_or("ask", std::numeric_limits<double>::infinity(), volatility_bounds),
            .counts_middle = false};
        quote.counts_middle = q.has("bid") && q.has("ask");
        if (quote.bid > quote.ask) q.fail("bid", "is above ask", "bid <= ask");
        quotes.push_back(quote);
    }
    const auto svi = fit_svi(quotes, years, nullptr);
    if (!svi) in.fail("quotes", "are too few", "five or more two-sided at different k");
    const auto inside = std::ranges::count_if(quotes, [&](const VolatilityQuote& q) {
        const double v = std::sqrt(svi_total_variance(*svi, q.k) / years);
        return q.bid <= v && v <= q.ask;
    });
    return {{"a", svi->a},      {"b", svi->b},
            {"rho", svi->rho},  {"m", svi->m},
            {"s", svi->s},      {"rmse", fit_error(quotes, years, *svi)},
            {"inside", inside}, {"least_g", least_durrleman(*svi).value}};
}

VolatilitySurface surface_of(Input& in) {
    VolatilitySurface out{.as_of = 0, .smiles = {}, .listed = {}, .stressed_volatility = 0.0};
    out.stressed_volatility = in.number("stressed_vol", volatility_bounds);
    for (Input& s : in.objects("smiles")) {
        const double years = s.number("T", some_years);
        const Svi svi = svi_of(s);
        if (!is_free_of_butterflies(svi)) s.fail_whole("has butterfly arbitrage", "none");
        if (!out.smiles.empty()) {
            if (!(years > out.smiles.back().years)) s.fail("T", "does not rise", "rising T");
            if (!is_free_of_calendars(out.smiles.back().svi, svi))
                s.fail_whole("has calendar arbitrage against the one before", "none");
        }
        out.smiles.push_back({.expiry = 0, .years = years, .svi = svi, .fitted = 0});
    }
    return out;
}

json run_surface_vol(Input& in) {
    const VolatilitySurface surface = surface_of(in);
    const double k = in.number("k", moneyness);
    const double years = in.number("T", some_years);
    return {{"vol", surface_volatility(surface, k, years)},
            {"total_variance", surface_variance(surface, k, years).w}};
}

json run_risk_array(Input& in) {
    const VolatilitySurface surface = surface_of(in);
    constexpr double days_max = 365'000.0;
    const double days =
        in.number("days", {.min = 0.0, .max = days_max, .expected = "days from 0 to 365000"});
    RiskGrid grid = own_grid(in.number_or(
        "range", 0.16, {.min = 0.01, .max = 0.9, .expected = "a number from 0.01 to 0.9"}));
    grid.stickiness = in.has("sticky") && in.choice("sticky", {"strike", "moneyness"}) == 1
                          ? Stickiness::moneyness
                          : Stickiness::strike;
    const OptionContract contract{
        .id = 0,
        .kind = in.choice("type", {"call", "put"}) == 0 ? OptionKind::call : OptionKind::put,
        .strike = in.number("strike", positive),
        .expiry = static_cast<std::int64_t>(days * 86'400.0),
        .forward = in.number("forward", positive)};
    const auto array = risk_array_of(contract, surface, grid,
                                     {.grid = 0,
                                      .version = 0,
                                      .lot = in.number_or("lot", 1.0, positive),
                                      .unit = in.number("unit", positive)});
    if (!array) in.fail("unit", "is too small", "values below 2^63 units");
    json scenarios = json::array();
    for (const RiskScenario& s : grid.scenarios)
        scenarios.push_back({{"move", s.move}, {"vol", s.volatility}, {"weight", s.weight}});
    const auto texts = [](const std::vector<std::int64_t>& values) {
        json out = json::array();
        for (const std::int64_t v : values)
            out.push_back(decimal(int128{v}));
        return out;
    };
    return {{"scenarios", scenarios},
            {"value_down", decimal(int128{array->value_down})},
            {"delta", decimal(int128{array->delta})},
            {"long_profits", texts(array->long_profits)},
            {"short_profits", texts(array->short_profits)}};
}

constexpr std::string_view gatheral = "Gatheral and Jacquier (2014), section 3";

constexpr std::array<Function, 6> table{{
    {.name = "svi_total_variance",
     .summary = "SVI: total variance of a smile and its derivatives",
     .units = "k: ln(strike/forward); w: σ²T",
     .source = gatheral,
     .run = run_total_variance},
    {.name = "svi_durrleman",
     .summary = "SVI: Durrleman's g; below 0: butterfly arbitrage",
     .units = "k: ln(strike/forward); g: none",
     .source = gatheral,
     .run = run_durrleman},
    {.name = "svi_arbitrage",
     .summary = "SVI: is a smile free of arbitrage, and against a later one",
     .units = "k: ln(strike/forward); gap: share of the later total variance",
     .source = gatheral,
     .run = run_arbitrage},
    {.name = "svi_fit",
     .summary = "SVI: a smile without butterfly arbitrage through quotes",
     .units = "k: ln(strike/forward); bid, ask, rmse: per √year; T: years",
     .source = "own; docs/surface.md",
     .run = run_fit},
    {.name = "surface_vol",
     .summary = "Volatility between smiles: linear in total variance",
     .units = "k: ln(strike/forward); T: years; vol: per √year",
     .source = "own; docs/surface.md",
     .run = run_surface_vol},
    {.name = "risk_array",
     .summary = "What an option gains in each scenario of our grid, rounded down",
     .units = "strike, forward: quote; days: of 1/365 year; lot: coins; unit: quote; results: "
              "units a lot",
     .source = "own; docs/surface.md",
     .run = run_risk_array},
}};

}  // namespace

std::span<const Function> surface_functions() {
    return table;
}

}  // namespace breakwater::calc
