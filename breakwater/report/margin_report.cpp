// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/report/margin_report.hpp"

#include <array>
#include <charconv>

#include <nlohmann/json.hpp>

#include "breakwater/report/format.hpp"
#include "breakwater/report/text_table.hpp"

namespace breakwater {
namespace {

std::string percent(double share) {
    return fixed(100.0 * share, 2) + " %";
}

std::string probability(double p) {
    return p < 0.0001 ? "< 0.0001" : fixed(p, 4);
}

std::string light(const MarginBacktest& b) {
    if (!b.last_250 || !b.worst_250) return "";
    return std::string(name(*b.last_250)) + " / " + name(*b.worst_250) + " (" +
           std::to_string(b.worst_250_exceptions) + ")";
}

nlohmann::json test_json(const RatioTest& t) {
    return {{"LR", t.statistic}, {"p_value", t.p_value}};
}

}  // namespace

std::string margin_table(const MarginReport& r) {
    TextTable coverage({{.head = "model", .words = true},
                        {.head = "tools", .words = true},
                        {.head = "steps"},
                        {.head = "exceptions"},
                        {.head = "coverage"},
                        {.head = "Kupiec p"},
                        {.head = "Christoffersen p"},
                        {.head = "both p"},
                        {.head = "last / worst 250", .words = true}});
    TextTable cost({{.head = "model", .words = true},
                    {.head = "tools", .words = true},
                    {.head = "mean margin"},
                    {.head = "mean excess"},
                    {.head = "worst excess"},
                    {.head = "peak to trough"},
                    {.head = "1 d"},
                    {.head = "5 d"},
                    {.head = "30 d"}});
    for (const auto& [model, tools, b] : r.rows) {
        const double n = static_cast<double>(b.steps);
        coverage.add({model, tools, std::to_string(b.steps), std::to_string(b.exceptions),
                      percent(1.0 - static_cast<double>(b.exceptions) / n),
                      probability(b.coverage.p_value), probability(b.clusters.independence.p_value),
                      probability(b.clusters.conditional.p_value), light(b)});
        cost.add({model, tools, percent(b.margin_mean), percent(b.excess_mean),
                  percent(b.excess_worst), fixed(b.peak_to_trough, 2), percent(b.increase_1d),
                  percent(b.increase_5d), percent(b.increase_30d)});
    }
    return r.symbol + " from " + r.from + " to " + r.to + ", one " +
           (r.is_long ? "long" : "short") + " unit of notional, level " + percent(r.level) +
           ", steps of " + fixed(r.step_seconds / 3600.0, 2) + " h, " + std::to_string(r.gaps) +
           " left out at gaps\n\n" + coverage.text() + "\n" + cost.text();
}

std::string margin_json(const MarginReport& r) {
    nlohmann::json rows = nlohmann::json::array();
    for (const auto& [model, tools, b] : r.rows) {
        nlohmann::json row = {
            {"model", model},
            {"tools", tools},
            {"steps", b.steps},
            {"exceptions", b.exceptions},
            {"coverage", 1.0 - static_cast<double>(b.exceptions) / static_cast<double>(b.steps)},
            {"kupiec", test_json(b.coverage)},
            {"christoffersen_independence", test_json(b.clusters.independence)},
            {"christoffersen_conditional", test_json(b.clusters.conditional)},
            {"margin_mean", b.margin_mean},
            {"excess_mean", b.excess_mean},
            {"excess_worst", b.excess_worst},
            {"peak_to_trough", b.peak_to_trough},
            {"max_increase_1d", b.increase_1d},
            {"max_increase_5d", b.increase_5d},
            {"max_increase_30d", b.increase_30d}};
        if (b.last_250 && b.worst_250)
            row["traffic_light"] = {{"last_250", name(*b.last_250)},
                                    {"worst_250", name(*b.worst_250)},
                                    {"worst_250_exceptions", b.worst_250_exceptions}};
        rows.push_back(std::move(row));
    }
    const nlohmann::json out = {{"format", "breakwater-margin-backtest/1"},
                                {"source", r.source},
                                {"symbol", r.symbol},
                                {"from", r.from},
                                {"to", r.to},
                                {"step_seconds", r.step_seconds},
                                {"gaps", r.gaps},
                                {"level", r.level},
                                {"side", r.is_long ? "long" : "short"},
                                {"rows", rows}};
    return out.dump(2);
}

}  // namespace breakwater
