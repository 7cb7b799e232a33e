// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/report/buffer_table.hpp"

#include <cmath>

#include "breakwater/report/text_lines.hpp"
#include "breakwater/report/text_table.hpp"

namespace breakwater {
namespace {

const std::string& symbol(const BufferReport& report, AssetId asset) {
    return report.book->assets[index(asset)].symbol;
}

const TextTable::Column asset_column{.head = "Asset", .words = true, .width_max = 20};

/// "2.61 % [2.55 to 2.68]"
std::string estimate_text(const Estimate& e) {
    if (!e.supported) return "n/s";
    const auto bare = [](double ratio) {
        const std::string text = percent_text(ratio);
        return text.substr(0, text.size() - 2);
    };
    return percent_text(e.value) + " [" + bare(e.low) + " to " + bare(e.high) + "]";
}

/// No probability that is possible reads as zero.
std::string chance_text(double p) {
    return p > 0 && p < 5e-6 ? "<0.001 %" : percent_text(p);
}

std::string time_table(const BufferReport& report) {
    TextTable table({asset_column,
                     {.head = "Detection"},
                     {.head = "Oracle"},
                     {.head = "Congestion"},
                     {.head = "Block space"},
                     {.head = "Unwinding"},
                     {.head = "Time to liquidate"}});
    for (const BufferRow& row : report.buffers->rows) {
        const TimeToLiquidate& t = row.time;
        table.add({symbol(report, row.asset), seconds_text(t.detection), seconds_text(t.oracle),
                   seconds_text(t.congestion), seconds_text(t.block_space),
                   seconds_text(t.unwinding), seconds_text(t.total())});
    }
    return table.text();
}

std::string sold_table(const BufferReport& report) {
    TextTable table({asset_column,
                     {.head = "Collateral"},
                     {.head = "In e-mode"},
                     {.head = "At −20 %"},
                     {.head = "Largest"},
                     {.head = "Liquidations"},
                     {.head = "Limit"},
                     {.head = "At once"},
                     {.head = "Rate per hour"},
                     {.head = "Impact"}});
    for (const BufferRow& row : report.buffers->rows) {
        const Unwinding& u = row.unwinding;
        table.add({symbol(report, row.asset), usd_text(row.collateral),
                   percent_text(row.emode_share), usd_text(u.at_fall), usd_text(u.largest),
                   count_text(static_cast<double>(u.accounts)), percent_text(u.slippage_max),
                   usd_text(u.at_once), usd_text(u.per_hour), percent_text(u.impact)});
    }
    return table.text();
}

std::string room_table(const BufferReport& report, std::size_t level) {
    TextTable table({asset_column,
                     {.head = "Gap"},
                     {.head = "Fall, law"},
                     {.head = "simulated [95 %]"},
                     {.head = "Needed, law"},
                     {.head = "simulated [95 %]"},
                     {.head = "In force"},
                     {.head = "Verdict", .words = true, .width_max = 42}});
    for (const BufferRow& row : report.buffers->rows) {
        const BufferAt& at = row.at.at(level);
        table.add({symbol(report, row.asset), percent_text(at.gap), percent_text(at.fall),
                   estimate_text(at.fall_simulated), percent_text(at.needed),
                   estimate_text(at.needed_simulated), percent_text(row.room), verdict_text(at)});
    }
    return table.text();
}

std::string probability_table(const BufferReport& report) {
    TextTable table({asset_column,
                     {.head = "LT"},
                     {.head = "Bonus"},
                     {.head = "1−LT(1+b)"},
                     {.head = "1/LT−1−b"},
                     {.head = "P(used up), law"},
                     {.head = "simulated [95 %]"},
                     {.head = "LT that holds"},
                     {.head = "SmartLTV c=7"},
                     {.head = "c in force"}});
    for (const BufferRow& row : report.buffers->rows) {
        const BufferAt& at = row.at.back();
        table.add({symbol(report, row.asset), percent_text(row.threshold), percent_text(row.bonus),
                   percent_text(row.room_of_fall), percent_text(row.rise),
                   chance_text(at.probability), estimate_text(at.probability_simulated),
                   percent_text(std::max(0.0, 1 - at.needed)), percent_text(row.screen),
                   std::isfinite(row.screen_level) ? fixed(row.screen_level, 2) : "none"});
    }
    return table.text();
}

std::string left_out(const BufferReport& report) {
    TextTable table({asset_column, {.head = "Left out because", .words = true, .width_max = 80}});
    for (const BufferLeftOut& l : report.buffers->left_out)
        table.add({symbol(report, l.asset), l.reason});
    return table.empty() ? "" : heading("No buffer") + table.text();
}

}  // namespace

std::string buffer_table(const BufferReport& report) {
    const Buffers& buffers = *report.buffers;
    std::string out = line(report.book->name + " as of " + time_text(report.book->state.now()) +
                           ", scenario " + report.scenario->name + ": " + report.scenario->title);
    out +=
        note("Prices: " + model_text(*report.scenario) + ". " + count_text(buffers.options.paths) +
             " simulated moves per asset, seed " + std::to_string(buffers.options.seed) +
             ", input " + report.facts.input_hash + ", commit " + report.facts.commit + ".");
    out += note(verdict_summary(report));
    if (!buffers.rows.empty()) {
        out += heading("Time to liquidate") + time_table(report) + note(BufferWords::time);
        out += heading("What has to be sold") + sold_table(report) + note(BufferWords::sold);
        for (std::size_t i = 0; i < buffer_levels.size(); ++i)
            out += heading("Room at " + number_text(buffer_levels.at(i) * 100) + " %") +
                   room_table(report, i);
        out += note(BufferWords::needed) + note(BufferWords::meaning);
        if (const std::string said = support_text(buffers); !said.empty()) out += note(said);
        out += heading("How sure, and the quick screen") + probability_table(report) +
               note(BufferWords::probability) + note(BufferWords::screen);
    }
    out += left_out(report);
    if (!report.facts.notices.empty()) out += heading("Said while loading");
    for (const std::string& said : report.facts.notices)
        out += note(said);
    return out;
}

}  // namespace breakwater
