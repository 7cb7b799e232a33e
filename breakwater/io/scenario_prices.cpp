// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/io/scenario_prices.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "breakwater/io/asset_section.hpp"
#include "breakwater/io/time_text.hpp"

namespace breakwater {
namespace {

constexpr std::array<std::string_view, 4> models{"gbm", "merton", "student_t", "history"};
constexpr std::array<std::string_view, 2> mixings{"step", "day"};
constexpr double price_least = 1e-12;  ///< [USD]
constexpr double price_most = 1e12;    ///< [USD]

/// A rule names a symbol or a kind, not both.
void read_match(TomlReader& table, std::string& symbol, std::optional<AssetKind>& kind) {
    if (table.has("kind")) {
        if (table.has("symbol")) table.fail("kind", "stands beside symbol", "one of the two");
        kind = static_cast<AssetKind>(table.word("kind", asset_kinds));
    } else {
        symbol = table.text("symbol");
    }
}

PriceScenario::Rule read_rule(TomlReader& table) {
    PriceScenario::Rule rule;
    read_match(table, rule.symbol, rule.kind);
    rule.volatility = table.number("volatility", 0, 100);
    rule.drift = table.number_or("drift", -100, 100, 0);
    rule.beta = table.number_or("beta", -100, 100, 1);
    table.finish();
    return rule;
}

PriceScenario::Jump read_jump(TomlReader table) {
    PriceScenario::Jump jump;
    jump.forced = static_cast<int>(table.integer_or("forced", 0, 1'000, 0));
    jump.intensity = table.number_or("intensity", 0, 1e5, 0);
    jump.mean = table.number("mean", -0.999, 100);
    jump.deviation = table.number("deviation", 0, 10);
    table.finish();
    return jump;
}

double read_price(const TomlReader& table, const TomlValue& value) {
    double price = 0;
    if (const auto* integer = std::get_if<std::int64_t>(&value.data))
        price = static_cast<double>(*integer);
    else if (const auto* number = std::get_if<double>(&value.data))
        price = *number;
    if (std::isnan(price) || price < price_least || price > price_most)
        TomlReader::fail_at(table, value.line, "a price of a point is not a positive number",
                            "[\"2020-03-12T00:00:00Z\", price, high, low]");
    return price;
}

std::int64_t read_point_time(const TomlReader& table, const TomlValue& value) {
    const auto* text = std::get_if<std::string>(&value.data);
    const auto* time = std::get_if<TomlTime>(&value.data);
    const auto seconds = text != nullptr ? parse_utc(*text) : std::nullopt;
    if (seconds) return *seconds;
    if (time != nullptr && time->is_utc_known) return time->seconds;
    TomlReader::fail_at(table, value.line, "the time of a point is not a UTC time",
                        "[\"2020-03-12T00:00:00Z\", price, high, low]");
}

std::vector<HistoryPoint> read_points(TomlReader& table) {
    std::vector<HistoryPoint> points;
    std::int64_t start = 0;
    for (const TomlValue& item : table.array("points")) {
        const auto* point = std::get_if<TomlArray>(&item.data);
        if (point == nullptr || point->size() != 4)
            TomlReader::fail_at(table, item.line, "a point does not have four parts",
                                "[\"2020-03-12T00:00:00Z\", price, high, low]");
        const std::int64_t time = read_point_time(table, (*point)[0]);
        if (points.empty()) start = time;
        const HistoryPoint next{.time = static_cast<double>(time - start),
                                .price = read_price(table, (*point)[1]),
                                .high = read_price(table, (*point)[2]),
                                .low = read_price(table, (*point)[3])};
        if (!points.empty() && !(next.time > points.back().time))
            TomlReader::fail_at(table, item.line, "a point is not later than the one before",
                                "points in the order of time");
        if (next.low > next.price || next.high < next.price)
            TomlReader::fail_at(table, item.line,
                                "the price of a point is not between low and high",
                                "[time, price, high, low] with low <= price <= high");
        points.push_back(next);
    }
    return points;
}

PriceScenario::History read_history(TomlReader& table, const Scenario& scenario) {
    PriceScenario::History history;
    read_match(table, history.symbol, history.kind);
    history.source = table.text_or("source", "");
    if (table.has("follows")) {
        if (table.has("points")) table.fail("points", "stand beside follows", "one of the two");
        history.follows = table.text("follows");
        history.beta = table.number("beta", -100, 100);
        table.finish();
        return history;
    }
    history.points = read_points(table);
    table.finish();
    const auto steps = static_cast<std::uint32_t>(scenario.horizon_seconds / scenario.step_seconds);
    const std::string name = history.kind ? "kind" : history.symbol;
    const auto bridge = HistoryBridge::create(name, history.points, steps, scenario.step_seconds);
    if (!bridge)
        table.fail("points", "do not make a path: " + bridge.error(), "a path over the horizon");
    return history;
}

void check_follows(std::span<const TomlReader> tables, const PriceScenario& price) {
    for (std::size_t i = 0; i < tables.size(); ++i) {
        const std::string& leader = price.histories[i].follows;
        if (leader.empty()) continue;
        const auto found =
            std::ranges::find(price.histories, leader, &PriceScenario::History::symbol);
        if (found == price.histories.end() || found->points.empty())
            tables[i].fail("follows", "names " + quote(leader),
                           "the symbol of a [[price.history]] with points");
    }
}

}  // namespace

void read_scenario_prices(TomlReader table, Scenario& out) {
    PriceScenario& price = out.price;
    price.model = static_cast<PriceScenario::Model>(table.word("model", models));
    price.correlation = table.number("correlation", 0, 0.999);
    const bool is_student = price.model == PriceScenario::Model::student_t;
    if (is_student) {
        price.degrees_of_freedom = table.number("degrees_of_freedom", 2.001, 1e4);
        if (table.has("mixing"))
            price.mixing = static_cast<PriceScenario::Mixing>(table.word("mixing", mixings));
    }
    for (TomlReader& rule : table.tables("asset", "[[price.asset]]"))
        price.rules.push_back(read_rule(rule));
    if (price.model == PriceScenario::Model::merton)
        price.jump = read_jump(table.table("jump", "[price.jump]"));
    if (price.model == PriceScenario::Model::history) {
        std::vector<TomlReader> histories = table.tables("history", "[[price.history]]");
        for (TomlReader& history : histories)
            price.histories.push_back(read_history(history, out));
        check_follows(histories, price);
        if (histories.empty())
            TomlReader::fail_at(table, table.line(), "no [[price.history]]",
                                "at least one, with points");
    } else if (price.rules.empty()) {
        TomlReader::fail_at(table, table.line(), "no [[price.asset]]",
                            "at least one, such as symbol = \"*\"");
    }
    table.finish();
}

}  // namespace breakwater
