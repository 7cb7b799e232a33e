// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/report/inspect_table.hpp"

#include <algorithm>
#include <cmath>

#include "breakwater/core/each_number.hpp"
#include "breakwater/report/inspect_words.hpp"
#include "breakwater/report/text_lines.hpp"
#include "breakwater/report/text_table.hpp"

namespace breakwater {
namespace {

std::string solvency_table(const Book& book, const Solvency& solvency) {
    TextTable table({{.head = "Reserve", .words = true, .width_max = 20},
                     {.head = "Price"},
                     {.head = "Supplied"},
                     {.head = "Borrowed"},
                     {.head = "Cash"},
                     {.head = "Utilisation"},
                     {.head = "Deficit"},
                     {.head = "Borrow rate"}});
    for (const ReserveStanding& r : solvency.reserves)
        table.add({symbol(book, r.asset), usd_text(r.price), usd_text(r.supplied),
                   usd_text(r.borrowed), usd_text(r.cash), percent_text(r.utilisation),
                   usd_text(r.deficit), percent_text(r.borrow_rate)});
    table.add({"all", "", usd_text(solvency.supplied), usd_text(solvency.borrowed),
               usd_text(solvency.cash), "", usd_text(solvency.deficit), ""});
    return table.text();
}

std::string markets_table(const Book& book, const std::vector<MarketStanding>& markets) {
    TextTable table({{.head = "Market", .words = true, .width_max = 32},
                     {.head = "Against", .words = true, .width_max = 16},
                     {.head = "LLTV"},
                     {.head = "Bonus"},
                     {.head = "Price"},
                     {.head = "Oracle", .words = true, .width_max = 12},
                     {.head = "Supplied"},
                     {.head = "Borrowed"},
                     {.head = "Utilisation"},
                     {.head = "Collateral"},
                     {.head = "Borrow rate"},
                     {.head = "Borrowers"}});
    for (const MarketStanding& m : markets)
        table.add({m.name, symbol(book, m.collateral), percent_text(m.lltv), percent_text(m.bonus),
                   number_text(m.price) + " " + symbol(book, m.loan),
                   m.is_fixed ? "hard-wired" : "feeds", usd_text(m.supplied), usd_text(m.borrowed),
                   percent_text(m.utilisation), usd_text(m.collateral_usd),
                   percent_text(m.borrow_rate), count_text(m.borrowers)});
    return table.text();
}

std::string health_table(const Inspection& inspection) {
    TextTable table({{.head = "Health factor", .words = true, .width_max = 24},
                     {.head = "Accounts"},
                     {.head = "Debt"},
                     {.head = "Of all debt"},
                     {.head = "Collateral"}});
    for (const HealthBin& bin : inspection.health) {
        const double share =
            inspection.concentration.debt > 0 ? bin.debt / inspection.concentration.debt : 0;
        table.add({bin_text(bin), count_text(bin.accounts), usd_text(bin.debt), percent_text(share),
                   usd_text(bin.collateral)});
    }
    return table.text();
}

/// The capacity beside it: where more would have to be sold than the market takes, a mark.
std::string wall_table(const Wall& wall, double WallPoint::*figure, bool against_capacity) {
    constexpr std::array<std::size_t, 7> shown{0, 1, 3, 5,
                                               7, 9, 13};  // −5, −10, −20, −30, −40, −50, −70 %
    std::vector<TextTable::Column> columns{{.head = "Falls", .words = true, .width_max = 20}};
    if (against_capacity) columns.push_back({.head = "Capacity"});
    for (const std::size_t i : shown)
        columns.push_back({.head = fixed(wall.moves[i] * 100, 0) + " %"});
    TextTable table(std::move(columns));
    for (const WallCurve& curve : wall.curves) {
        std::vector<std::string> cells{curve.symbol};
        if (against_capacity) cells.push_back(usd_text(curve.points[0].capacity));
        for (const std::size_t i : shown) {
            const WallPoint& point = curve.points[i];
            const bool beyond = against_capacity && point.liquidatable > point.capacity;
            cells.push_back(usd_text(point.*figure) + (!against_capacity ? ""
                                                       : beyond          ? " !"
                                                                         : "  "));
        }
        table.add(std::move(cells));
    }
    return table.text();
}

std::string matrix_table(const Book& book, const Backing& backing) {
    std::vector<AssetId> debts;
    for (const std::uint8_t d : each_number<std::uint8_t>(backing.assets())) {
        double sum = backing.unbacked(AssetId{d});
        for (const std::uint8_t c : each_number<std::uint8_t>(backing.assets()))
            sum += backing.at(AssetId{c}, AssetId{d}).debt;
        if (sum > 0) debts.push_back(AssetId{d});
    }
    std::vector<TextTable::Column> columns{{.head = "Collateral", .words = true, .width_max = 20}};
    for (const AssetId d : debts)
        columns.push_back({.head = symbol(book, d)});
    columns.push_back({.head = "Debt"});
    columns.push_back({.head = "Correlated"});
    TextTable table(std::move(columns));
    for (const std::uint8_t c : each_number<std::uint8_t>(backing.assets())) {
        const double all = backing.debt_backed_by(AssetId{c});
        if (!(all > 0)) continue;
        std::vector<std::string> cells{symbol(book, AssetId{c})};
        double correlated = 0;
        for (const AssetId d : debts) {
            const Backing::Cell& cell = backing.at(AssetId{c}, d);
            const bool loop = cell.correlated > 0.5 * cell.debt;
            cells.push_back(cell.debt > 0 ? usd_text(cell.debt) + (loop ? "*" : " ") : "");
            correlated += cell.correlated;
        }
        cells.push_back(usd_text(all));
        cells.push_back(percent_text(correlated / all));
        table.add(std::move(cells));
    }
    return table.text();
}

std::string drain_table(const Book& book, const std::vector<Drain>& drains) {
    TextTable table({{.head = "Goes to zero", .words = true, .width_max = 20},
                     {.head = "Cap room"},
                     {.head = "LTV"},
                     {.head = "E-mode"},
                     {.head = "Lendable"},
                     {.head = "Largest drain"},
                     {.head = "Bound by", .words = true, .width_max = 24},
                     {.head = "Minutes"},
                     {.head = "Backs already"}});
    for (const Drain& d : drains)
        table.add({symbol(book, d.collateral), usd_text(d.room), percent_text(d.ltv),
                   d.emode == 0 ? "none" : std::to_string(d.emode), usd_text(d.lendable),
                   usd_text(d.largest), to_string(d.limit),
                   d.largest > 0 ? fixed(d.minutes, 1) : "", usd_text(d.backs)});
    return table.text();
}

std::string nearest_table(const Book& book, const Positions& nearest) {
    TextTable table({{.head = "Account", .words = true, .width_max = 44},
                     {.head = "Health"},
                     {.head = "Debt"},
                     {.head = "Collateral"},
                     {.head = "E-mode"},
                     {.head = "Assets", .words = true, .width_max = 40}});
    for (const Position& p : nearest.borrowers)
        table.add({std::string(book.accounts[p.account]), fixed(p.health, 4), usd_text(p.debt),
                   usd_text(p.collateral), p.emode == 0 ? "none" : std::to_string(p.emode),
                   legs_text(book, nearest.legs_of(p))});
    return table.text();
}

std::string concentration_lines(const Concentration& c) {
    std::string out = count_text(c.borrowers) + " borrowers owe " + usd_text(c.debt) + ".";
    for (std::size_t i = 0; i < c.tops.size(); ++i)
        out += (i == 0 ? " The largest " : ", ") + std::to_string(c.tops[i]) + ": " +
               percent_text(c.share[i]);
    out += ". Herfindahl-Hirschman index " + fixed(c.hhi, 4);
    if (c.hhi > 0)
        out += ", as many as " + count_text(std::floor(1 / c.hhi + 0.5)) + " equal borrowers";
    return note(out + ".");
}

}  // namespace

std::string inspect_table(const Book& book, const Inspection& inspection) {
    std::string out = line(book.name + " as of " + time_text(book.state.now()));
    out += note(count_text(static_cast<double>(inspection.accounts)) + " accounts, " +
                count_text(inspection.concentration.borrowers) + " with debt; borrowing power " +
                usd_text(inspection.borrowing_power) + "; input " + book.input_hash + ".");
    out += heading("Solvency") + solvency_table(book, inspection.solvency);
    if (!inspection.markets.empty())
        out += heading("Markets") + markets_table(book, inspection.markets);
    out += heading("Health of borrowers") + health_table(inspection);
    out += heading("Liquidation wall: collateral that becomes liquidatable") +
           wall_table(inspection.wall, &WallPoint::liquidatable, true) + note(InspectWords::wall) +
           note(wall_now_text(inspection.wall.now));
    out += heading("Liquidation wall: bad debt that appears") +
           wall_table(inspection.wall, &WallPoint::bad_debt, false);
    out += heading("Collateral × debt") + matrix_table(book, inspection.backing) +
           note(backing_text(inspection.backing)) + note(InspectWords::backing);
    if (!book.is_native())
        out += heading("Instant zero") + drain_table(book, inspection.drains) +
               note(drain_text(inspection.options.drain));
    out += heading("Concentration") + concentration_lines(inspection.concentration);
    out += heading("Nearest to the edge") + nearest_table(book, inspection.nearest) +
           note("Healthy accounts that owe at least " +
                usd_text(inspection.options.nearest_debt_min) + ".");
    if (!book.notes.empty()) {
        out += heading("Said while loading");
        for (const std::string& said : book.notes)
            out += note(said);
    }
    return out;
}

}  // namespace breakwater
