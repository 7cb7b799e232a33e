// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <algorithm>
#include <cstdio>
#include <map>
#include <memory>
#include <optional>

#include "breakwater/io/atomic_output.hpp"
#include "breakwater/io/candles_file.hpp"
#include "breakwater/io/error.hpp"
#include "breakwater/io/text_file.hpp"
#include "breakwater/io/time_text.hpp"
#include "breakwater/report/margin_report.hpp"
#include "commands.hpp"
#include "options.hpp"

namespace breakwater {
namespace {

struct BacktestOptions {
    std::string prices;
    std::string symbol;
    std::string from;
    std::string to;
    std::string every;
    std::string model = "all";
    std::string side = "long";
    std::string json;
    MarginSettings settings;
    bool quiet = false;
};

std::int64_t time_or(const std::string& text, std::int64_t fallback) {
    if (text.empty()) return fallback;
    const auto time = parse_utc(text);
    if (!time) fail(quote(text) + " is no time", "ISO 8601 in UTC, as in 2020-03-12");
    return *time;
}

const CandleSeries& series_of(const CandleFile& file, const BacktestOptions& o) {
    if (o.symbol.empty() && file.series.size() == 1) return file.series.front();
    for (const CandleSeries& s : file.series)
        if (s.name == base_symbol(o.symbol)) return s;
    std::string names;
    for (const CandleSeries& s : file.series)
        names += (names.empty() ? "" : ", ") + s.name;
    fail("the file has no prices of " + quote(o.symbol), "--symbol, one of " + names);
}

/// Last close in each whole period, by the period's start.
std::vector<Candle> thinned(std::span<const Candle> candles, std::int64_t every) {
    std::vector<Candle> out;
    for (const Candle& c : candles) {
        const std::int64_t start = c.time - (c.time % every + every) % every;
        if (!out.empty() && out.back().time == start) {
            out.back().close = c.close;
            continue;
        }
        out.push_back(c);
        out.back().time = start;
    }
    return out;
}

double step_of(std::span<const Candle> candles) {
    std::map<std::int64_t, std::size_t> counts;
    for (std::size_t i = 1; i < candles.size(); ++i)
        ++counts[candles[i].time - candles[i - 1].time];
    const auto most = std::ranges::max_element(counts, {}, [](const auto& c) { return c.second; });
    return most == counts.end() ? 0.0 : static_cast<double>(most->first);
}

/// Simple returns between candles that join; what does not is counted.
std::vector<double> returns_of(std::span<const Candle> candles, double step, std::uint64_t& gaps) {
    std::vector<double> out;
    for (std::size_t i = 1; i < candles.size(); ++i) {
        if (static_cast<double>(candles[i].time - candles[i - 1].time) == step)
            out.push_back(candles[i].close / candles[i - 1].close - 1.0);
        else
            ++gaps;
    }
    return out;
}

std::string tools_of(const MarginSettings& s) {
    std::string out;
    const auto add = [&](bool is_on, const char* tool) {
        if (is_on) out += (out.empty() ? "" : ", ") + std::string(tool);
    };
    add(s.floor, "floor");
    add(s.stress_weight, "stress");
    add(s.buffer, "buffer");
    return out.empty() ? "none" : out;
}

std::vector<MarginModel> models_of(const std::string& text) {
    std::vector<MarginModel> out;
    for (const MarginModel m : {MarginModel::ewma, MarginModel::garch, MarginModel::fhs})
        if (text == "all" || text == name(m)) out.push_back(m);
    return out;
}

int run_backtest(const BacktestOptions& o) {
    const CandleFile file = read_candles(o.prices, o.symbol);
    const CandleSeries& series = series_of(file, o);
    const std::int64_t from = time_or(o.from, INT64_MIN);
    const std::int64_t to = time_or(o.to, INT64_MAX);
    std::vector<Candle> candles;
    for (const Candle& c : series.candles)
        if (c.time >= from && c.time <= to) candles.push_back(c);
    if (!o.every.empty())
        candles = thinned(candles, static_cast<std::int64_t>(duration_of(o.every)));

    MarginReport report{
        .source = o.prices, .symbol = series.name, .from = {}, .to = {}, .rows = {}};
    report.step_seconds = step_of(candles);
    const auto returns = returns_of(candles, report.step_seconds, report.gaps);
    MarginSettings settings = o.settings;
    if (returns.size() < settings.window + 2)
        throw InputError(o.prices, 0, "has " + std::to_string(returns.size()) + " returns",
                         "at least the window and two: " + std::to_string(settings.window + 2));
    report.from = format_utc(candles.front().time);
    report.to = format_utc(candles.back().time);
    constexpr double seconds_per_day = 86'400.0;
    settings.steps_per_day = seconds_per_day / report.step_seconds;
    settings.is_long = o.side == "long";
    report.level = settings.level;
    report.is_long = settings.is_long;
    for (const MarginModel model : models_of(o.model)) {
        settings.model = model;
        report.rows.push_back({.model = name(model),
                               .tools = tools_of(settings),
                               .result = backtest_margin(returns, settings)});
    }
    if (o.json == "-") {
        std::printf("%s\n", margin_json(report).c_str());
        return 0;
    }
    if (!o.json.empty()) write_file_atomically(o.json, margin_json(report) + "\n");
    if (o.quiet) return 0;
    for (const std::string& note : file.notes)
        std::printf("note: %s\n", note.c_str());
    std::fputs(margin_table(report).c_str(), stdout);
    return 0;
}

}  // namespace

void add_margin(CLI::App& app, int& result) {
    CLI::App* margin = app.add_subcommand("margin", "Margin models against real prices");
    margin->require_subcommand(1);
    const auto o = std::make_shared<BacktestOptions>();
    CLI::App* c = margin->add_subcommand(
        "backtest", "Does a margin cover what it promises, and how does it move (docs/margin.md)");
    c->add_option("--prices", o->prices, "candles: CSV or JSON (docs/formats.md)")->required();
    c->add_option("--symbol", o->symbol, "which of the file's; default: its only one");
    c->add_option("--from", o->from, "first opening, UTC");
    c->add_option("--to", o->to, "last opening, UTC");
    c->add_option("--every", o->every, "one step for each such period, 24h; default: each candle");
    c->add_option("--model", o->model, "ewma, garch, fhs or all")
        ->capture_default_str()
        ->check(CLI::IsMember({"ewma", "garch", "fhs", "all"}));
    c->add_option("--level", o->settings.level, "share of losses to cover")
        ->capture_default_str()
        ->check(CLI::Range(0.5, 0.9999));
    c->add_option("--side", o->side, "long or short")
        ->capture_default_str()
        ->check(CLI::IsMember({"long", "short"}));
    c->add_option("--lambda", o->settings.lambda, "decay of the EWMA")
        ->capture_default_str()
        ->check(CLI::Range(0.5, 0.9999));
    c->add_option("--window", o->settings.window, "steps of history before the first margin")
        ->capture_default_str()
        ->check(CLI::Range(std::size_t{60}, std::size_t{1'000'000}));
    c->add_flag("--floor", o->settings.floor, "at least what ten years' volatility asks for");
    c->add_flag("--stress", o->settings.stress_weight,
                "a quarter of the weight to the worst month");
    c->add_flag("--buffer", o->settings.buffer, "a quarter more, used up when margins rise fast");
    c->add_option("--json", o->json, "write JSON; - for standard output");
    c->add_flag("--quiet", o->quiet, "print nothing but errors");
    c->callback([o, &result] { result = run_backtest(*o); });
}

}  // namespace breakwater
