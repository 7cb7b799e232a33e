// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/core/require.hpp"
#include "breakwater/report/text_lines.hpp"
#include "breakwater/report/text_table.hpp"
#include "breakwater/report/venue_storm_figures.hpp"

namespace breakwater {
namespace {

std::string six_lines(const VenueStormInput& input, const VenueFigures& figures) {
    std::string out = labelled("Asked", venue_question(input));
    const Figure& headline = figures.headline();
    std::string answer = headline.label + " " + value_text(headline.estimate, headline.unit) +
                         interval_in_words(headline.estimate, headline.unit);
    for (const Figure& f : {figures.distribution[0], figures.distribution[1]})
        if (f.id != headline.id)
            answer += "; " + f.label + " " + value_text(f.estimate, f.unit) +
                      interval_in_words(f.estimate, f.unit);
    out += labelled("Answer", answer);
    std::string borne;
    for (const BorneRow& row : figures.borne)
        borne += (borne.empty() ? "" : "; ") + row.layer + " " + value_text(row.mean, Unit::usd);
    out += labelled("Borne by", borne);
    std::string limits;
    for (const Limit& limit : venue_limits()) {
        limits += (limits.empty() ? "" : "; ") + limit.what + " (" + in_words(limit.bias) + ")";
        if (&limit - venue_limits().data() == 3) break;
    }
    out += labelled("Not modelled", limits);
    const VenueBook& v = input.setup->venue;
    out += labelled("Data", v.book.name + " as of " + time_text(v.book.state.now()) + ": " +
                                count_text(v.market().set().accounts) + " accounts, deposits " +
                                usd_text(figures.deposits) + ", loans " + usd_text(figures.loans) +
                                ", open interest " + usd_text(figures.open_interest));
    out +=
        labelled("Reproduce", input.facts.command + "  (seed " + std::to_string(input.setup->seed) +
                                  ", commit " + input.facts.commit + ", version " +
                                  input.facts.version + ", input " + input.facts.input_hash + ")");
    return out;
}

std::string figure_table(const std::vector<Figure>& figures) {
    TextTable table({{.head = "Figure", .words = true, .width_max = 40},
                     {.head = "Value"},
                     {.head = "95 % interval", .words = true, .width_max = 30},
                     {.head = "Definition", .words = true, .width_max = 56}});
    for (const Figure& f : figures)
        table.add({f.label, value_text(f.estimate, f.unit), interval_text(f.estimate, f.unit),
                   f.definition});
    return table.text();
}

std::string borne_table(const VenueFigures& figures) {
    TextTable table({{.head = "Borne by", .words = true, .width_max = 26},
                     {.head = "Cover"},
                     {.head = "Mean"},
                     {.head = "95 %"},
                     {.head = "99 %"},
                     {.head = "What it is", .words = true, .width_max = 56}});
    for (const BorneRow& row : figures.borne)
        table.add({row.layer, row.cover ? usd_text(*row.cover) : "no limit",
                   value_text(row.mean, Unit::usd), value_text(row.quantile_95, Unit::usd),
                   value_text(row.quantile_99, Unit::usd), row.definition});
    return table.text();
}

std::string accounts_table(const VenueStormInput& input, const VenueFigures& figures) {
    TextTable table({{.head = "Account", .words = true, .width_max = 24},
                     {.head = "Mean loss"},
                     {.head = "P(below 0)"},
                     {.head = "Equity"},
                     {.head = "Notional"},
                     {.head = "Largest position", .words = true, .width_max = 30}});
    for (const VenueAccountRow& row : figures.accounts)
        table.add({std::string(input.setup->venue.book.accounts[row.account]),
                   value_text(row.loss, Unit::usd), value_text(row.probability, Unit::ratio),
                   usd_text(row.equity), usd_text(row.notional), row.position});
    return table.text();
}

}  // namespace

std::string venue_storm_table(const VenueStormInput& input) {
    REQUIRE(input.paths() > 0);
    const VenueFigures figures = venue_figures_of(input);
    std::string out = heading(venue_title(input));
    for (const std::string& notice : input.facts.notices)
        out += note(notice);
    out += six_lines(input, figures);
    out += heading("Bad debt") + figure_table(figures.distribution);
    out += heading("Who bore it") + borne_table(figures);
    out += heading("Liquidations and deleveraging") + figure_table(figures.liquidations);
    const double ours = usd(figures.deleveraged);
    const double queue = usd(figures.queue);
    if (queue > 0)
        out += note("Deleveraging closed " + usd_text(ours) +
                    " over all paths; the queue by profit "
                    "× leverage, which closes whole positions, would have closed " +
                    usd_text(queue) + ": " + percent_text(queue / ours - 1) + " more.");
    if (!figures.accounts.empty())
        out += heading("Accounts that lost most") + accounts_table(input, figures);
    return out;
}

}  // namespace breakwater
