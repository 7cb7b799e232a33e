// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/io/calibrated_scenario.hpp"

#include <algorithm>

#include "breakwater/io/error.hpp"
#include "breakwater/io/text_figures.hpp"
#include "breakwater/io/time_text.hpp"

namespace breakwater {
namespace {

/// Candles of `seconds` each, from those that lie wholly inside one.
CandleSeries joined(const CandleSeries& series, std::int64_t seconds) {
    CandleSeries out{.name = series.name, .candles = {}};
    for (const Candle& c : series.candles) {
        const std::int64_t start = c.time - c.time % seconds;
        if (out.candles.empty() || out.candles.back().time != start) {
            out.candles.push_back(c);
            out.candles.back().time = start;
            continue;
        }
        Candle& whole = out.candles.back();
        whole.high = std::max(whole.high, c.high);
        whole.low = std::min(whole.low, c.low);
        whole.close = c.close;
    }
    // The first and the last may be cut off.
    if (!out.candles.empty()) out.candles.erase(out.candles.begin());
    if (!out.candles.empty()) out.candles.pop_back();
    return out;
}

/// What an asset of the book is called whose price these candles are; empty: none that is volatile.
std::string volatile_asset(const CandleSeries& series, std::span<const AssetDescription> assets) {
    for (const AssetDescription& a : assets)
        if (a.kind == AssetKind::volatile_ && prices_asset(series.name, a.symbol)) return a.symbol;
    return {};
}

void set_rule(std::vector<PriceScenario::Rule>& rules, const std::string& symbol,
              double volatility) {
    const auto known = std::ranges::find_if(
        rules, [&](const PriceScenario::Rule& r) { return !r.kind && r.symbol == symbol; });
    if (known != rules.end())
        known->volatility = volatility;
    else
        rules.insert(rules.begin(), {.symbol = symbol, .kind = {}, .volatility = volatility});
}

/// Mean correlation of two different assets.
double mean_correlation(const std::vector<double>& correlation, std::size_t n) {
    double sum = 0;
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < i; ++j)
            sum += correlation[i * n + j];
    return sum / (0.5 * static_cast<double>(n) * static_cast<double>(n - 1));
}

std::string list(const std::vector<std::string>& names) {
    std::string out;
    for (const std::string& name : names)
        out += (out.empty() ? "" : ", ") + name;
    return out;
}

std::string span_text(double seconds) {
    return seconds < 3'600 ? fixed(seconds / 60, 0) + " min" : fixed(seconds / 3'600, 0) + " h";
}

Calibration calibrated(const std::vector<CandleSeries>& series) {
    auto found = calibrate(series);
    if (!found)
        throw InputError("candles", 0, found.error(),
                         "candles that a price model can be fitted to");
    return std::move(*found);
}

/// The series that price a volatile asset of the book, from `from` on; their symbols into the measured ones.
std::vector<CandleSeries> series_used(PriceScenario& price, const CandleFile& candles,
                                      std::optional<std::int64_t> from,
                                      std::span<const AssetDescription> assets,
                                      std::vector<std::string>& said) {
    std::vector<CandleSeries> used;
    price.measured = {};
    for (const CandleSeries& series : candles.series) {
        const std::string symbol = volatile_asset(series, assets);
        if (symbol.empty()) {
            said.push_back("candles of " + series.name +
                           ": no volatile asset of the book has this name, not used");
            continue;
        }
        if (std::ranges::find(price.measured.symbols, symbol) != price.measured.symbols.end()) {
            said.push_back("candles of " + series.name + ": there are others of " + symbol +
                           ", not used");
            continue;
        }
        CandleSeries& kept = used.emplace_back(series);
        if (from) std::erase_if(kept.candles, [&](const Candle& c) { return c.time < *from; });
        price.measured.symbols.push_back(symbol);
    }
    if (used.empty())
        throw InputError("candles", 0, "none prices a volatile asset of the book",
                         "a series with the name of one");
    return used;
}

}  // namespace

std::vector<std::string> calibrate_scenario(Scenario& scenario, const CandleFile& candles,
                                            std::optional<std::int64_t> from, Time as_of,
                                            std::span<const AssetDescription> assets) {
    std::vector<std::string> said;
    PriceScenario& price = scenario.price;
    const std::vector<CandleSeries> used = series_used(price, candles, from, assets, said);
    const Calibration own = calibrated(used);
    const double day = std::min(scenario.horizon_seconds, 86'400.0);
    std::vector<CandleSeries> daily;
    daily.reserve(used.size());
    for (const CandleSeries& series : used)
        daily.push_back(joined(series, static_cast<std::int64_t>(day)));
    const auto over_day = calibrate(daily);
    const Calibration& tail = over_day && own.interval_seconds < day ? *over_day : own;

    price.model = PriceScenario::Model::student_t;
    price.degrees_of_freedom = tail.degrees_of_freedom;
    price.mixing_seconds = tail.interval_seconds;
    price.jump = {};
    price.histories.clear();
    for (PriceScenario::Rule& rule : price.rules)
        rule.drift = 0;
    const std::size_t n = used.size();
    for (std::size_t i = 0; i < n; ++i)
        set_rule(price.rules, price.measured.symbols[i], own.volatility[i]);
    price.measured.correlation = own.correlation;
    if (n > 1) price.correlation = std::max(0.0, mean_correlation(own.correlation, n));

    std::int64_t first = used.front().candles.front().time;
    std::int64_t last = used.front().candles.back().time;
    for (const CandleSeries& series : used) {
        first = std::max(first, series.candles.front().time);
        last = std::min(last, series.candles.back().time);
    }
    scenario.calibrated_on = "candles of " + span_text(own.interval_seconds) + " of " +
                             list(price.measured.symbols) + ", " + format_utc(first) + " to " +
                             format_utc(last);
    scenario.calibrated_until = last;
    std::vector<std::string> volatilities;
    volatilities.reserve(n);
    for (std::size_t i = 0; i < n; ++i)
        volatilities.push_back(price.measured.symbols[i] + " " + fixed(own.volatility[i], 3));
    said.push_back("prices: drift-free Student-t model on " + std::to_string(own.returns) +
                   " common returns of " + scenario.calibrated_on + "; volatility a year " +
                   list(volatilities) +
                   (n > 1 ? ", mean correlation " + fixed(price.correlation, 2) : std::string()) +
                   ", degrees of freedom " + fixed(tail.degrees_of_freedom, 1) + " over " +
                   span_text(tail.interval_seconds));
    std::vector<std::string> rest;
    for (const AssetDescription& a : assets)
        if (a.kind == AssetKind::volatile_ &&
            std::ranges::find(price.measured.symbols, a.symbol) == price.measured.symbols.end())
            rest.push_back(a.symbol);
    if (!rest.empty())
        said.push_back("no candles of " + list(rest) + ": the volatility is the scenario's");
    const auto book_time = static_cast<std::int64_t>(seconds(as_of));
    if (const std::int64_t days = (book_time - last) / 86'400; days > 7)
        said.push_back("the candles end " + std::to_string(days) + " days before the book");
    return said;
}

}  // namespace breakwater
