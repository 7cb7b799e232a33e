// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/report/surface_report.hpp"

#include <array>
#include <charconv>
#include <cmath>

#include <nlohmann/json.hpp>

#include "breakwater/io/time_text.hpp"
#include "breakwater/report/format.hpp"
#include "breakwater/report/text_table.hpp"

namespace breakwater {
namespace {

using nlohmann::json;

constexpr std::size_t refusals_shown = 5;

std::string written(double x, std::chars_format form, int digits) {
    std::array<char, 64> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), x, form, digits);
    return {text.data(), end.ptr};
}

std::string millions(double x) {
    return fixed(x / 1e6, 1) + "M";
}

std::string of(std::uint64_t part, std::uint64_t all) {
    return std::to_string(part) + "/" + std::to_string(all);
}

double share(const QuoteCount& q) {
    return q.two_sided == 0 ? 0.0
                            : static_cast<double>(q.inside) / static_cast<double>(q.two_sided);
}

bool has_smile(const ExpiryStudy& e) {
    return e.source == SmileSource::fresh || e.source == SmileSource::aged;
}

/// "+16 %, volatility up".
std::string words_of(const RiskScenario& s) {
    const char* volatility = s.volatility > 0.0 ? "up" : s.volatility < 0.0 ? "down" : "as it is";
    return (s.move > 0.0 ? "+" : "") + fixed(100.0 * s.move, 0) + " %, volatility " + volatility;
}

std::string sources_of(const VolatilitySurface& surface) {
    std::string out;
    const auto counts = surface.counts();
    for (std::size_t i = 0; i < counts.size(); ++i)
        out += (i == 0 ? "" : ", ") + std::to_string(counts[i]) + " " +
               name(static_cast<SmileSource>(i));
    return out;
}

std::string expiries_table(const ChainStudy& s) {
    TextTable table({{.head = "expiry", .words = true},
                     {.head = "source", .words = true},
                     {.head = "forward"},
                     {.head = "a"},
                     {.head = "b"},
                     {.head = "rho"},
                     {.head = "m"},
                     {.head = "s"},
                     {.head = "RMSE vp"},
                     {.head = "inside"},
                     {.head = "below ask"},
                     {.head = "least g"},
                     {.head = "calendar"}});
    for (const ExpiryStudy& e : s.expiries) {
        const auto only = [&](const std::string& text) { return has_smile(e) ? text : "-"; };
        table.add({format_utc(e.expiry).substr(0, 10), name(e.source), fixed(e.forward, 2),
                   only(fixed(e.svi.a, 5)), only(fixed(e.svi.b, 5)), only(fixed(e.svi.rho, 3)),
                   only(fixed(e.svi.m, 4)), only(fixed(e.svi.s, 4)),
                   only(fixed(100.0 * e.error, 2)), of(e.quotes.inside, e.quotes.two_sided),
                   of(e.quotes.below_ask, e.quotes.one_sided), only(fixed(e.least_durrleman, 4)),
                   has_smile(e) && std::isfinite(e.least_calendar_gap)
                       ? fixed(e.least_calendar_gap, 6)
                       : "-"});
    }
    return table.text();
}

std::string margin_table_of(const ChainStudy& s) {
    TextTable table({{.head = "side", .words = true},
                     {.head = "value"},
                     {.head = "requirement"},
                     {.head = "each alone"},
                     {.head = "worst scenario", .words = true}});
    for (const auto& [side, m] : {std::pair{"held", &s.held}, {"sold", &s.sold}})
        table.add({side, millions(m->value), millions(m->requirement), millions(m->alone),
                   words_of(s.grid.scenarios[m->worst])});
    return table.text();
}

/// "0.00483 at k 5.290"; "none" where there was nothing to compare.
std::string nearest_text(const NearestInTime& n, int digits) {
    if (!std::isfinite(n.nearest.value)) return "none";
    return fixed(n.nearest.value, digits) + " at k " + fixed(n.nearest.k, 3);
}

std::string study_text(const ChainStudy& s) {
    return s.currency + " at " + format_utc(s.as_of) + ", index " + fixed(s.index, 2) +
           "; expiries: " + sources_of(s.surface) + "\n\n" + expiries_table(s) +
           "\nquotes inside " + "bid and ask: " + of(s.quotes.inside, s.quotes.two_sided) + " (" +
           fixed(100.0 * share(s.quotes), 1) +
           " %); without a bid, below ask: " + of(s.quotes.below_ask, s.quotes.one_sided) +
           "\nleast g, between the expiries too: " + nearest_text(s.durrleman, 5) +
           "\nleast calendar gap, relative: " + nearest_text(s.calendar, 6) +
           "\nput-call parity, largest relative error: " +
           written(s.parity_error, std::chars_format::scientific, 1) + "\n\nmargin of the open " +
           "interest, " + fixed(s.open_interest, 0) + " " + s.currency + " in " +
           std::to_string(s.contracts) + " contracts, " + std::to_string(s.grid.scenarios.size()) +
           " scenarios, USD\n\n" + margin_table_of(s);
}

json quotes_json(const QuoteCount& q) {
    return {{"two_sided", q.two_sided},
            {"inside", q.inside},
            {"inside_share", share(q)},
            {"one_sided", q.one_sided},
            {"below_ask", q.below_ask}};
}

json expiry_json(const ExpiryStudy& e) {
    json out = {{"expiry", format_utc(e.expiry)},  {"years", e.years},
                {"source", name(e.source)},        {"forward", e.forward},
                {"quotes", quotes_json(e.quotes)}, {"parity_error", e.parity_error}};
    if (!has_smile(e)) return out;
    out["svi"] = {
        {"a", e.svi.a}, {"b", e.svi.b}, {"rho", e.svi.rho}, {"m", e.svi.m}, {"s", e.svi.s}};
    out["rmse_volatility"] = e.error;
    out["least_durrleman"] = e.least_durrleman;
    if (std::isfinite(e.least_calendar_gap)) out["least_calendar_gap"] = e.least_calendar_gap;
    return out;
}

json nearest_json(const NearestInTime& n) {
    if (!std::isfinite(n.nearest.value)) return nullptr;
    return {{"value", n.nearest.value}, {"k", n.nearest.k}, {"years", n.years}};
}

json side_json(const SideMargin& m, const RiskGrid& grid) {
    const RiskScenario& worst = grid.scenarios[m.worst];
    return {
        {"value", m.value},
        {"requirement", m.requirement},
        {"each_alone", m.alone},
        {"worst", {{"scenario", m.worst}, {"move", worst.move}, {"volatility", worst.volatility}}}};
}

json study_json(const ChainStudy& s) {
    json expiries = json::array();
    for (const ExpiryStudy& e : s.expiries)
        expiries.push_back(expiry_json(e));
    json sources;
    const auto counts = s.surface.counts();
    for (std::size_t i = 0; i < counts.size(); ++i)
        sources[name(static_cast<SmileSource>(i))] = counts[i];
    return {{"currency", s.currency},
            {"as_of", format_utc(s.as_of)},
            {"index", s.index},
            {"sources", sources},
            {"stressed_volatility", s.surface.stressed_volatility},
            {"expiries", expiries},
            {"quotes", quotes_json(s.quotes)},
            {"least_durrleman", nearest_json(s.durrleman)},
            {"least_calendar_gap", nearest_json(s.calendar)},
            {"parity_error", s.parity_error},
            {"margin",
             {{"open_interest", s.open_interest},
              {"contracts", s.contracts},
              {"scenarios", s.grid.scenarios.size()},
              {"held", side_json(s.held, s.grid)},
              {"sold", side_json(s.sold, s.grid)}}}};
}

}  // namespace

std::string surface_table(const SurfaceReport& report) {
    std::string out;
    for (const auto& [file, studies] : report.snapshots) {
        out += file.source + ": " + std::to_string(file.rows) + " rows, " +
               std::to_string(file.refused.size()) + " refused, " +
               std::to_string(file.forwards_implied) + " forwards implied by put-call parity\n";
        for (std::size_t i = 0; i < std::min(file.refused.size(), refusals_shown); ++i)
            out += file.source + ":" + std::to_string(file.refused[i].line) + ": " +
                   file.refused[i].reason + "\n";
        if (file.refused.size() > refusals_shown)
            out += "... " + std::to_string(file.refused.size() - refusals_shown) +
                   " more (--json tells all)\n";
        for (const ChainStudy& s : studies)
            out += "\n" + study_text(s);
        out += "\n";
    }
    return out;
}

std::string surface_json(const SurfaceReport& report) {
    json snapshots = json::array();
    for (const auto& [file, studies] : report.snapshots) {
        json refused = json::array();
        for (const RefusedRow& r : file.refused)
            refused.push_back({{"line", r.line}, {"reason", r.reason}});
        json chains = json::array();
        for (const ChainStudy& s : studies)
            chains.push_back(study_json(s));
        snapshots.push_back({{"source", file.source},
                             {"rows", file.rows},
                             {"refused", refused},
                             {"forwards_implied", file.forwards_implied},
                             {"chains", chains}});
    }
    return json{{"format", "breakwater-option-surface/1"}, {"snapshots", snapshots}}.dump(2);
}

}  // namespace breakwater
