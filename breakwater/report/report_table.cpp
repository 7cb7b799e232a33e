// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/report/report_table.hpp"

#include <algorithm>

#include "breakwater/core/require.hpp"
#include "breakwater/report/answer.hpp"
#include "breakwater/report/attribution.hpp"
#include "breakwater/report/comparison.hpp"
#include "breakwater/report/limits.hpp"
#include "breakwater/report/text_lines.hpp"
#include "breakwater/report/text_table.hpp"
#include "breakwater/report/trust.hpp"
#include "breakwater/report/utilisation.hpp"

namespace breakwater {
namespace {

using Column = TextTable::Column;

constexpr std::size_t definition_width = 56;

const Column figure_column{.head = "Figure", .words = true, .width_max = 40};
const Column interval_column{.head = "95 % interval", .words = true, .width_max = 30};
const Column definition_column{.head = "Definition", .words = true, .width_max = definition_width};

std::string six_lines(const ReportInput& input, const Figures& figures, const Attribution& found) {
    std::string out = labelled("Asked", question_of(input));
    const Figure& headline = figures.headline();
    std::string answer = headline.label + " " + value_text(headline.estimate, headline.unit) +
                         interval_in_words(headline.estimate, headline.unit);
    for (const Figure& f : beside_headline(input, figures)) {
        const bool difference = f.id.starts_with("difference_");
        const auto text = difference ? difference_text : quantity_text;
        answer += "; " + f.label;
        if (f.estimate.supported)
            answer += " " + text(f.estimate.value, f.unit) + " [" + text(f.estimate.low, f.unit) +
                      " to " + text(f.estimate.high, f.unit) + "]";
        else
            answer += interval_in_words(f.estimate, f.unit);
    }
    out += labelled("Answer", answer);
    std::string drivers;
    for (const Driver& d : found.drivers)
        drivers += (drivers.empty() ? "" : "; ") + d.name + " " + percent_text(d.share) +
                   " of the mean (" + d.detail + ")";
    out += labelled("Driven by", drivers.empty() ? "no loss, no driver" : drivers);
    std::string limits;
    std::size_t shown = 0;
    for (const Limit& limit : limits_of(input)) {
        if (shown++ == limits_in_answer) break;
        limits += (limits.empty() ? "" : "; ") + limit.what + " (" + in_words(limit.bias) + ")";
    }
    out += labelled("Not modelled", limits);
    std::string data;
    for (const DataAge& d : data_of(input))
        data += (data.empty() ? "" : "; ") + d.what + " " + time_text(d.as_of);
    out += labelled("Data", data);
    out +=
        labelled("Reproduce", input.facts.command + "  (seed " + std::to_string(input.setup->seed) +
                                  ", commit " + input.facts.commit + ", version " +
                                  input.facts.version + ", input " + input.facts.input_hash + ")");
    return out;
}

std::string figure_table(const std::vector<Figure>& figures) {
    TextTable table({figure_column, {.head = "Value"}, interval_column, definition_column});
    for (const Figure& f : figures)
        table.add({f.label, value_text(f.estimate, f.unit), interval_text(f.estimate, f.unit),
                   f.definition});
    return table.text();
}

std::string bad_debt_table(const Figures& figures) {
    TextTable table({{.head = "Bad debt", .words = true, .width_max = 24},
                     {.head = "Statistic", .words = true, .width_max = 14},
                     {.head = "At oracle price"},
                     {.head = "At market"},
                     {.head = "After exit cost"}});
    for (const BadDebtRow& row : figures.bad_debt)
        table.add({row.label, row.statistic, value_text(row.oracle, Unit::usd),
                   value_text(row.market, Unit::usd), value_text(row.exit, Unit::usd)});
    return table.text() + note(std::string("Oracle price: ") + PriceBases::oracle + " Market: " +
                               PriceBases::market + " After exit cost: " + PriceBases::exit +
                               " n/s: not supported; the JSON report says why.");
}

std::string assets_table(const ReportInput& input, const Attribution& found) {
    TextTable table({{.head = "Debt asset", .words = true, .width_max = 20},
                     {.head = "Mean loss"},
                     interval_column,
                     {.head = "Share"},
                     {.head = "Debt in the book"}});
    for (const AssetLossRow& row : found.assets)
        table.add({input.book().assets[index(row.asset)].symbol, value_text(row.loss, Unit::usd),
                   interval_text(row.loss, Unit::usd), percent_text(row.share),
                   usd_text(row.debt)});
    return table.text();
}

std::string accounts_table(const ReportInput& input, const Attribution& found) {
    TextTable table({{.head = "Account", .words = true, .width_max = 44},
                     {.head = "Mean loss"},
                     {.head = "95 % interval", .words = true, .width_max = 22},
                     {.head = "P(loss)"},
                     {.head = "Debt"},
                     {.head = "Collateral"},
                     {.head = "Health"},
                     {.head = "Position", .words = true, .width_max = 22}});
    for (const AccountLossRow& row : found.accounts)
        table.add({std::string(input.book().accounts[row.account]), value_text(row.loss, Unit::usd),
                   interval_text(row.loss, Unit::usd), value_text(row.probability, Unit::ratio),
                   usd_text(row.debt), usd_text(row.collateral), fixed(row.health, 3),
                   row.position});
    return table.text();
}

std::string layers_table(const Attribution& found) {
    TextTable table({{.head = "Layer", .words = true, .width_max = 32},
                     {.head = "Asset", .words = true, .width_max = 12},
                     {.head = "Cover"},
                     {.head = "Pays, mean"},
                     interval_column,
                     {.head = "99 %"},
                     {.head = "P(exhausted)"}});
    for (const LayerRow& row : found.layers)
        table.add({row.layer, row.asset, row.cover ? usd_text(*row.cover) : "no limit",
                   value_text(row.paid, Unit::usd), interval_text(row.paid, Unit::usd),
                   row.paid_99 ? value_text(*row.paid_99, Unit::usd) : "",
                   row.exhausted ? value_text(*row.exhausted, Unit::ratio) : ""});
    return table.text() + note(found.layers_definition);
}

std::string utilisation_table(const ReportInput& input) {
    TextTable table({{.head = "Debt asset", .words = true, .width_max = 16},
                     {.head = "Before"},
                     {.head = "At the end"},
                     {.head = "95 % interval", .words = true, .width_max = 22},
                     {.head = "99 %"},
                     {.head = "P(>= 99 %)"},
                     {.head = "Cash before"},
                     {.head = "At the end"},
                     {.head = "95 % interval", .words = true, .width_max = 22},
                     {.head = "5 %"}});
    for (const UtilisationRow& row : utilisation_of(input))
        table.add({input.book().assets[index(row.asset)].symbol, percent_text(row.before),
                   value_text(row.after, Unit::ratio), interval_text(row.after, Unit::ratio),
                   value_text(row.after_99, Unit::ratio), value_text(row.at_99, Unit::ratio),
                   usd_text(row.cash_before), value_text(row.cash_after, Unit::usd),
                   interval_text(row.cash_after, Unit::usd),
                   value_text(row.cash_after_5, Unit::usd)});
    return table.text() + note(utilisation_definition(input) + " 99 % and 5 %: quantiles.");
}

std::string trust_table(const ReportInput& input, const std::vector<TrustRow>& rows) {
    std::vector<TextTable::Column> columns{{.head = "Asset", .words = true, .width_max = 16}};
    for (std::size_t t = 0; t < feeds::trusts; ++t)
        columns.push_back({.head = plain(feeds::name(static_cast<feeds::Trust>(t)))});
    columns.push_back({.head = "Reports refused, mean", .words = true, .width_max = 40});
    TextTable table(std::move(columns));
    for (const TrustRow& row : rows) {
        std::vector<std::string> cells{input.book().assets[index(row.asset)].symbol};
        for (const Estimate& share : row.share) cells.push_back(value_text(share, Unit::ratio));
        std::string refused;
        for (const TrustRow::Refused& r : row.refused)
            refused += (refused.empty() ? "" : ", ") + plain(feeds::name(r.reason)) + " " +
                       value_text(r.mean, Unit::number);
        cells.push_back(refused.empty() ? "none" : refused);
        table.add(std::move(cells));
    }
    return table.text() + note(trust_definition(input));
}

std::string refusals_table(const Figures& figures) {
    TextTable table({{.head = "Reason", .words = true, .width_max = 16},
                     {.head = "Mean a path"},
                     interval_column,
                     {.head = "Share"},
                     {.head = "P(any)"},
                     definition_column});
    for (const RefusalRow& row : figures.refusals)
        table.add({row.label, value_text(row.mean, Unit::count),
                   row.mean.supported ? interval_text(row.mean, Unit::count) : "",
                   value_text(row.share, Unit::ratio), value_text(row.paths, Unit::ratio),
                   row.definition});
    return table.text() + note(Figures::refusals_definition);
}

std::string comparison_tables(const ReportInput& input) {
    std::string out;
    for (const Comparison& c : comparisons_of(input)) {
        TextTable table({figure_column,
                         {.head = "Current"},
                         {.head = "Proposed"},
                         {.head = "Difference"},
                         interval_column,
                         {.head = "Reading", .words = true, .width_max = 12}});
        for (const ComparisonRow& row : c.rows)
            table.add({row.label, value_text(row.current, row.unit),
                       value_text(row.proposed, row.unit),
                       row.difference.supported
                           ? difference_text(row.difference.value, row.difference_unit())
                           : "n/s",
                       row.difference.supported
                           ? difference_text(row.difference.low, row.difference_unit()) + " to " +
                                 difference_text(row.difference.high, row.difference_unit())
                           : reason_text(row.difference.reason),
                       reading(row.difference)});
        out += heading("Current against proposed: " + c.label) + table.text() +
               note(c.definition + " Paired on the same paths. Bad debt, all figures together: " +
                    to_string(c.verdict) + ".");
    }
    return out;
}

std::string limits_table(const ReportInput& input) {
    TextTable table({{.head = "Not modelled, or simply", .words = true, .width_max = 60},
                     {.head = "Bias", .words = true, .width_max = 20},
                     {.head = "Detail", .words = true, .width_max = definition_width}});
    for (const Limit& limit : limits_of(input))
        table.add({limit.what, in_words(limit.bias), limit.detail});
    return table.text();
}

}  // namespace

std::string report_table(const ReportInput& input) {
    REQUIRE(input.paths() > 0);
    const Figures figures = figures_of(input);
    const Attribution found = attribution_of(input, figures);
    std::string out = line(title_of(input)) + "\n";
    for (const std::string& notice : input.facts.notices)
        out += labelled("Note", notice);
    out += six_lines(input, figures, found);
    out += heading("Loss") + note(figures.loss) + "\n" + figure_table(figures.distribution);
    out += heading("Bad debt, by when and at which price") + bad_debt_table(figures);
    out +=
        heading("Liquidations at risk, apart from bad debt") + figure_table(figures.liquidations);
    out += heading("Stuck positions") + figure_table(figures.stuck);
    out += heading("Why liquidations waited") + refusals_table(figures);
    if (!figures.guard.empty()) out += heading("Guard") + figure_table(figures.guard);
    if (!figures.cascade.empty()) out += heading("Cascade") + figure_table(figures.cascade);
    out += comparison_tables(input);
    if (!found.assets.empty()) out += heading("Loss by debt asset") + assets_table(input, found);
    if (!found.layers.empty()) out += heading("Who bears it") + layers_table(found);
    if (!found.accounts.empty())
        out += heading("Accounts with the largest mean loss") + accounts_table(input, found);
    out += heading("Utilisation and cash") + utilisation_table(input);
    if (const auto rows = trust_rows_of(input); !rows.empty())
        out += heading("Trust in the feeds") + trust_table(input, rows);
    out += heading("Limits") + limits_table(input);
    std::string said;
    for (const std::string& one : input.book().notes)
        if (std::ranges::find(input.facts.notices, one) == input.facts.notices.end())
            said += note(one);
    if (!said.empty()) out += heading("Said while loading") + said;
    return out;
}

}  // namespace breakwater
