// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <algorithm>

#include "breakwater/core/require.hpp"
#include "breakwater/report/json_parts.hpp"
#include "breakwater/report/venue_storm_figures.hpp"

namespace breakwater {
namespace {

double hours_at(const VenueSetup& setup, std::size_t point) {
    return static_cast<double>(point) * setup.grid_stride * setup.scenario.step_seconds / 3600;
}
std::vector<double> hours_from(const VenueSetup& setup, std::size_t first) {
    std::vector<double> out;
    for (std::size_t k = first; k <= setup.grid_points; ++k)
        out.push_back(hours_at(setup, k));
    return out;
}

Json run_json(const VenueStormInput& input, const VenueFigures& figures) {
    const Scenario& scenario = input.scenario();
    const Book& book = input.setup->venue.book;
    return {{"book", book.name},
            {"scenario", scenario.name},
            {"scenario_title", scenario.title},
            {"conditional", scenario.conditional},
            {"horizon_hours", scenario.horizon_seconds / 3600},
            {"step_seconds", scenario.step_seconds},
            {"paths", input.paths()},
            {"accounts", input.setup->venue.market().set().accounts},
            {"rulebook", book.rulebook},
            {"as_of", time_text(book.state.now())},
            {"supplied_usd", figures.deposits},
            {"borrowed_usd", figures.loans}};
}

Json answer(const VenueStormInput& input, const VenueFigures& figures) {
    const double whole = std::max(1e-9, figures.distribution[1].estimate.value);
    std::vector<BorneRow> largest = figures.borne;
    std::ranges::stable_sort(
        largest, [](const BorneRow& a, const BorneRow& b) { return a.mean.value > b.mean.value; });
    Json drivers = Json::array();
    for (const BorneRow& row : largest) {
        if (!row.mean.supported || row.mean.value <= 0 || drivers.size() == 3) continue;
        drivers.push_back({{"name", row.layer},
                           {"kind", "layer"},
                           {"share", std::min(1.0, row.mean.value / whole)},
                           {"loss", to_json(row.mean)},
                           {"detail", row.definition}});
    }
    Json limits = Json::array();
    for (const Limit& limit : venue_limits())
        if (limits.size() < limits_in_answer) limits.push_back(to_json(limit));
    Json data = Json::array();
    data.push_back({{"what", "book"},
                    {"as_of", time_text(input.setup->venue.book.state.now())},
                    {"source", input.setup->venue.book.source}});
    std::vector<Figure> beside;
    for (const Figure& f : figures.distribution)
        if (f.id != figures.headline().id && f.estimate.supported && beside.size() < 3)
            beside.push_back(f);
    for (const Figure& f : figures.liquidations)
        if (f.id == "debt_repaid" && f.estimate.supported) beside.push_back(f);
    return {{"asked", venue_question(input)},
            {"figure", to_json(figures.headline())},
            {"beside", to_json(beside)},
            {"drivers", drivers},
            {"not_modelled", limits},
            {"data", data},
            {"reproduce", provenance_json(input.facts, input.setup->seed)}};
}

Json exceedance(const VenueStormInput& input) {
    const Distribution losses(input.run->column(&VenuePathResult::bad_debt));
    return exceedance_json(losses,
                           "Probability that the bad debt after " + horizon_text(input.scenario()) +
                               " is x or more, at the venue's marks. The band holds at each point "
                               "by itself.");
}

Json path_json(const VenueStormInput& input, std::uint32_t path, const char* journal) {
    return {{"path", path},
            {"loss", usd(input.run->paths[path].bad_debt())},
            {"replay",
             input.facts.command + " --path " + std::to_string(path) + " --journal " + journal}};
}

Json price_fan(const VenueStormInput& input) {
    const VenueRunResult& run = *input.run;
    const VenueBook& book = input.setup->venue;
    const auto levels = supported({0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99}, input.paths());
    const std::size_t n = book.underlyings.size();
    const auto course = [n](const VenueSeries& s, std::size_t u) {
        std::vector<double> out;
        for (std::size_t at = u; at < s.price.size(); at += n)
            out.push_back(s.price[at]);
        return out;
    };
    Json assets = Json::array();
    for (std::size_t u = 0; u < n; ++u) {
        const AssetId asset = book.underlyings[u].asset;
        const double start = static_cast<double>(book.book.state.feeds[index(asset)].point) * 1e-8;
        assets.push_back({{"symbol", book.book.assets[index(asset)].symbol},
                          {"quantiles", quantiles(run.price[u], 0, levels, start * 1e-6)},
                          {"worst", column(course(run.worst_series, u))},
                          {"median", column(course(run.median_series, u))}});
    }
    return {{"definition",
             "Market price of the underlyings by time: quantiles over all paths; the two lines are "
             "the path with the largest and the path with the median bad debt."},
            {"hours", hours_from(*input.setup, 0)},
            {"levels", levels},
            {"paths",
             {{"worst", path_json(input, run.worst, "worst.jsonl")},
              {"median", path_json(input, run.median, "median.jsonl")}}},
            {"assets", assets}};
}

Json flow(const QuantileBands& bands, const std::vector<double>& levels, std::string definition) {
    std::vector<double> mean;
    for (std::size_t k = 1; k < bands.steps(); ++k) {
        // Of 64 strata of equal weight.
        double sum = 0;
        for (int i = 0; i < 64; ++i)
            sum += bands.at(k).quantile((i + 0.5) / 64);
        mean.push_back(sum / 64 * 0.01);
    }
    return {{"definition", std::move(definition)},
            {"mean", column(mean)},
            {"quantiles", quantiles(bands, 1, levels, 0.01)}};
}

Json over_time(const VenueStormInput& input) {
    const auto levels = supported({0.5, 0.95, 0.99}, input.paths());
    const double interval = hours_at(*input.setup, 1);
    return {{"hours", hours_from(*input.setup, 1)},
            {"interval_hours", interval},
            {"levels", levels},
            {"volume",
             flow(input.run->liquidated, levels,
                  "Notional liquidated within each " + hours_text(interval) + ", at the mark.")},
            {"backlog",
             flow(input.run->backlog, levels,
                  "Notional of accounts in liquidation at the end of each " + hours_text(interval) +
                      ": depth, limits, margin of liquidators or an outage keep it "
                      "waiting.")}};
}

Json loss_by(const VenueStormInput& input, const VenueFigures& figures) {
    Json layers = Json::array();
    for (const BorneRow& row : figures.borne) {
        Json one{{"layer", row.layer},
                 {"asset", "all"},
                 {"cover_usd", row.cover ? Json(*row.cover) : Json(nullptr)},
                 {"paid", to_json(row.mean)}};
        if (row.quantile_95.supported) one["paid_95"] = to_json(row.quantile_95);
        if (row.quantile_99.supported) one["paid_99"] = to_json(row.quantile_99);
        layers.push_back(one);
    }
    Json accounts = Json::array();
    for (const VenueAccountRow& row : figures.accounts)
        accounts.push_back({{"account", std::string(input.setup->venue.book.accounts[row.account])},
                            {"loss", to_json(row.loss)},
                            {"probability", to_json(row.probability)},
                            {"collateral_usd", row.equity},
                            {"debt_usd", row.notional},
                            {"health", row.health},
                            {"position", row.position}});
    return {{"layers",
             {{"definition",
               "Who bore the losses of accounts that ended below zero, in the order in which they "
               "are asked."},
              {"rows", layers}}},
            {"accounts",
             {{"definition",
               "The " + std::to_string(figures.accounts.size()) +
                   " accounts with the largest mean loss; equity (as collateral), notional (as "
                   "debt) and equity / maintenance as they stand in the book."},
              {"rows", accounts}}}};
}

Json parameters(const VenueStormInput& input) {
    Json limits = Json::array();
    for (const Limit& limit : venue_limits())
        limits.push_back(to_json(limit));
    Json warnings = Json::array();
    for (const std::string& note : input.setup->venue.book.notes)
        warnings.push_back(note);
    return {{"provenance", provenance_json(input.facts, input.setup->seed)},
            {"warnings", warnings},
            {"limits", limits}};
}

}  // namespace

std::string venue_storm_json(const VenueStormInput& input) {
    REQUIRE(input.paths() > 0);
    const VenueFigures figures = venue_figures_of(input);
    Json out;
    out["format"] = "breakwater-report/1";
    out["title"] = venue_title(input);
    if (!input.facts.notices.empty()) out["notices"] = input.facts.notices;
    out["run"] = run_json(input, figures);
    out["answer"] = answer(input, figures);
    out["summary"] = {{"loss",
                       "What accounts owed beyond what they had, at the venue's marks, whoever "
                       "then bore it."},
                      {"distribution", to_json(figures.distribution)},
                      {"liquidations_at_risk", to_json(figures.liquidations)}};
    out["exceedance"] = exceedance(input);
    out["price_fan"] = price_fan(input);
    out["liquidation_over_time"] = over_time(input);
    out["loss_by"] = loss_by(input, figures);
    out["parameters"] = parameters(input);
    return dump(out);
}

}  // namespace breakwater
