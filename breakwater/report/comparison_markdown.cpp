// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/report/comparison_markdown.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "breakwater/core/require.hpp"

namespace breakwater {
namespace {

const ComparisonRow& row_of(const Comparison& comparison, std::string_view id) {
    const auto found = std::ranges::find(comparison.rows, id, &ComparisonRow::id);
    REQUIRE(found != comparison.rows.end());
    return *found;
}

std::string value(const Estimate& e, Unit unit) {
    return e.supported ? quantity_text(e.value, unit) : "n/s";
}

std::string difference(const ComparisonRow& row) {
    const Estimate& d = row.difference;
    if (!d.supported) return "n/s";
    if (d.low == 0 && d.high == 0) return "0";
    return difference_text(d.value, row.unit) + " [" + difference_text(d.low, row.unit) + " to " +
           difference_text(d.high, row.unit) + "]";
}

/// One line a scenario; for each figure both values and the difference.
std::string table_of(std::span<const ScenarioComparison> scenarios,
                     std::span<const std::string_view> ids, bool with_verdict) {
    std::string head = "| scenario |";
    std::string rule = "|---|";
    for (const std::string_view id : ids) {
        const ComparisonRow& row = row_of(scenarios.front().comparison, id);
        head += " " + row.label + " | difference |";
        rule += "---|---|";
    }
    if (with_verdict) {
        head += " together |";
        rule += "---|";
    }
    std::string out = head + "\n" + rule + "\n";
    for (const ScenarioComparison& s : scenarios) {
        out += "| " + s.scenario + " |";
        for (const std::string_view id : ids) {
            const ComparisonRow& row = row_of(s.comparison, id);
            out += " " + value(row.current, row.unit) + " → " + value(row.proposed, row.unit) +
                   " | " + difference(row) + " |";
        }
        if (with_verdict) out += " " + std::string(to_string(s.comparison.verdict)) + " |";
        out += "\n";
    }
    return out;
}

}  // namespace

std::string comparison_markdown(const ComparisonFacts& facts,
                                const std::vector<ScenarioComparison>& scenarios) {
    REQUIRE(!scenarios.empty());
    constexpr std::array<std::string_view, 2> bad_debt{"mean", "expected_shortfall_99"};
    constexpr std::array<std::string_view, 3> volume{"debt_repaid", "borrowers_cost", "ltv_raised"};
    constexpr std::array<std::string_view, 2> away{"turned_away_left", "turned_away_recovered"};
    constexpr std::array<std::string_view, 2> hidden{"unrealised", "stuck_debt"};
    std::string out = "# " + facts.proposed + " against " + facts.current + "\n\n";
    out += "Written by one command, which writes the same bytes on every machine:\n\n    " +
           facts.command + "\n\n";
    out +=
        "Book: " + facts.book + ". Each scenario runs " + std::to_string(facts.paths) +
        " storms of seed " + std::to_string(facts.seed) +
        " over the\nsame positions with the same "
        "thresholds, and so the same borrowing capacity, once under each rulebook. Both see the "
        "same\nprices, congestion and outages (common random numbers), so that the difference is "
        "known better than either figure. Input\n`" +
        facts.input_hash + "`.\n\n";
    out += "Read `a → b` as " + facts.current + " → " + facts.proposed +
           "; the difference is the paired one with its 95 % interval. \"n/s\": not supported,\n"
           "fewer than 20 paths differ. Money at the oracle's price, means per path.\n\n";
    out += "## Bad debt\n\n" + table_of(scenarios, bad_debt, true) + "\n";
    out +=
        "\"Together\" weighs P(bad debt > 0), mean and shortfall at once, each at a third of the "
        "error.\n\n";
    out += "## What is liquidated, and what it costs borrowers\n\n" +
           table_of(scenarios, volume, false) + "\n";
    out +=
        "## What such a rule could hide\n\n"
        "A capped bonus may not pay. Accounts that keepers turned away for that, and that nobody "
        "liquidated since, are on paths\nthat did not recover (\"left\", still liquidatable at the "
        "end) or on paths that did. Their loss is in the bad debt above:\nit counts what is "
        "unrealised at the end.\n\n" +
        table_of(scenarios, away, false) + "\n" + table_of(scenarios, hidden, false);
    return out;
}

}  // namespace breakwater
