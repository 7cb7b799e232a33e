// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors

/// Volatility, filtered history and anti-procyclicality, by name.

#include "breakwater/world/volatility.hpp"

#include <array>
#include <cmath>

#include "breakwater/calc/families.hpp"
#include "breakwater/calc/series.hpp"
#include "breakwater/stress/procyclicality.hpp"

namespace breakwater::calc {
namespace {

using nlohmann::json;

constexpr std::string_view v0_words = "mean of first 60 squared returns";

std::vector<std::size_t> indices(Input& in, const std::vector<std::size_t>& fallback,
                                 std::size_t n) {
    std::vector<std::size_t> out;
    if (in.has("at")) {
        for (const int128 i : in.integers("at")) {
            if (i < 0 || i >= static_cast<int128>(n))
                in.fail("at", "holds " + decimal(i), "indices below " + std::to_string(n));
            out.push_back(static_cast<std::size_t>(i));
        }
        return out;
    }
    for (const std::size_t i : fallback)
        if (i < n) out.push_back(i);
    return out;
}

json run_ewma(Input& in) {
    const auto returns = returns_of(in, 1);
    const double lambda = in.number("lambda", fraction);
    expect_words(in, "v0", v0_words);
    const auto variance = ewma_variance(returns, lambda, seed_variance(returns));
    json out = {{"sigma", std::sqrt(variance.back())}};
    for (const std::size_t i : indices(in, {899, 999, 1499}, returns.size()))
        out["sigma_" + std::to_string(i)] = std::sqrt(variance[i]);
    return out;
}

json run_garch(Input& in) {
    const auto returns = returns_of(in, 1);
    const Garch model{.omega = in.number("omega", positive),
                      .alpha = in.number("alpha", fraction),
                      .beta = in.number("beta", fraction)};
    if (!(model.persistence() < 1.0))
        in.fail("beta", "makes alpha + beta 1 or more", "alpha + beta below 1");
    expect_words(in, "v0", v0_words);
    const auto horizon = static_cast<unsigned>(in.count("horizon", 1, 100'000));
    const double next = model.next_variance(returns, seed_variance(returns));
    return {{"var_next", next},
            {"long_run_var", model.long_run_variance()},
            {"sum_h_var", model.sum_of_variances(next, horizon)},
            {"sqrt_time_var", static_cast<double>(horizon) * next}};
}

json run_fhs(Input& in) {
    FilteredHistory settings;
    settings.window = in.count("window", 1, 10'000'000);
    const auto returns = returns_of(in, settings.window + 1);
    settings.lambda = in.number("lambda", fraction);
    settings.confidence = in.number("confidence", open_fraction);
    expect_words(in, "quantile", "order statistic ceil(n*p), 1-based");
    expect_words(in, "rescale", "r_i/sigma_{i-1}*sigma_n");
    if (in.has("position"))
        settings.is_long =
            in.choice("position", {"long 1 unit notional", "short 1 unit notional"}) == 0;
    const TailLoss tail = filtered_history(returns, settings);
    return {{"VaR", tail.value_at_risk},
            {"ES", tail.expected_shortfall},
            {"VaR_mpor2_sqrt", tail.value_at_risk * std::sqrt(2.0)}};
}

struct Tools {
    std::vector<double> base;
    std::vector<double> buffer;
    std::vector<double> stress;
    std::vector<double> floor;
};

/// The margin 2.326 σ of an EWMA and what each tool makes of it.
Tools tools_of(Input& in) {
    const auto returns = returns_of(in, 1);
    const double multiplier = in.number_or("multiplier", 2.326, positive);
    const double lambda = in.number_or("lambda", 0.97, fraction);
    const double stressed = in.number_or("stressed_volatility", 0.06, not_negative);
    Tools out;
    for (const double v : ewma_variance(returns, lambda, seed_variance(returns)))
        out.base.push_back(multiplier * std::sqrt(v));
    out.buffer = buffered(out.base, {});
    out.stress = stress_weighted(out.base, {.weight = 0.25, .stressed = multiplier * stressed});
    out.floor = floored(out.base, multiplier * root_mean_square(returns));
    return out;
}

json by_index(const std::vector<double>& series, const std::vector<std::size_t>& at) {
    json out = json::object();
    for (const std::size_t i : at)
        out[std::to_string(i)] = series[i];
    return out;
}

json run_apc_tools(Input& in) {
    expect_words(in, "base_margin", "2.326*EWMA(0.97) sigma");
    expect_words(in, "buffer",
                 "25%: charged=1.25*base normally; when base>1.2*base[t-20]: "
                 "charged=max(base,min(1.25*base,1.25*min(base[t-20..t])))");
    expect_words(in, "stress_weight",
                 "0.75*base+0.25*stressed with stressed=2.326*0.06, floored at base");
    expect_words(in, "floor", "max(base, 2.326*std of all returns)");
    const Tools tools = tools_of(in);
    const auto at = indices(in, {500, 899, 905, 920, 950, 999, 1100, 1499}, tools.base.size());
    return {{"base", by_index(tools.base, at)},
            {"buffer25", by_index(tools.buffer, at)},
            {"stress25", by_index(tools.stress, at)},
            {"floor10y", by_index(tools.floor, at)}};
}

json measures(std::span<const double> margins) {
    const Procyclicality p = procyclicality(margins);
    return {{"peak_to_trough", p.peak_to_trough},
            {"max_1d_increase", p.increase_1},
            {"max_5d_increase", p.increase_5},
            {"max_30d_increase", p.increase_30},
            {"std_log_change", p.deviation_of_change}};
}

json run_procyclicality(Input& in) {
    if (in.has("margins")) {
        const auto margins = in.numbers("margins", positive);
        if (margins.size() < 2) in.fail("margins", "has fewer than two", "two margins or more");
        return measures(margins);
    }
    expect_words(in, "series",
                 "base, buffer25, stress25, floor as in apc_tools; use indices 60..1499");
    const Tools tools = tools_of(in);
    constexpr std::size_t warm_up = 60;
    if (tools.base.size() < warm_up + 2)
        in.fail_whole("has too few returns", "at least " + std::to_string(warm_up + 2));
    json out;
    const auto add = [&](const char* key, const std::vector<double>& series) {
        out[key] = measures(std::span<const double>(series).subspan(warm_up));
    };
    add("base", tools.base);
    add("buffer25", tools.buffer);
    add("stress25", tools.stress);
    add("floor", tools.floor);
    return out;
}

constexpr std::array<Function, 5> table{{
    {.name = "ewma_vol",
     .summary = "Exponentially weighted volatility of returns",
     .units = "returns: per step; sigma: per √step, after the return of the index",
     .source = "RiskMetrics (1996)",
     .run = run_ewma},
    {.name = "garch11",
     .summary = "GARCH(1,1): variance of the next step and of a horizon",
     .units = "returns, horizon: steps; variances: per step; sum_h_var: of the horizon",
     .source = "Bollerslev (1986)",
     .run = run_garch},
    {.name = "fhs_margin",
     .summary = "Filtered historical simulation: value at risk and expected shortfall",
     .units = "share of notional; window: steps",
     .source = "Hull and White (1998); Barone-Adesi, Giannopoulos and Vosper (1999)",
     .run = run_fhs},
    {.name = "apc_tools",
     .summary = "The three anti-procyclicality tools on an EWMA margin",
     .units = "share of notional, by index of the return",
     .source = "EMIR RTS 153/2013, article 28 (a), (b), (c); the algorithms are our own",
     .run = run_apc_tools},
    {.name = "procyclicality",
     .summary = "Peak to trough and largest increases of a margin",
     .units = "ratios; increases over 1, 5 and 30 steps",
     .source = "Murphy, Vasios and Vause (2014)",
     .run = run_procyclicality},
}};

}  // namespace

std::span<const Function> volatility_functions() {
    return table;
}

}  // namespace breakwater::calc
