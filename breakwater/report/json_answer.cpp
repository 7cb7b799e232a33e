// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/report/answer.hpp"
#include "breakwater/report/json_parts.hpp"
#include "breakwater/stress/positions.hpp"
#include "breakwater/stress/solvency.hpp"

namespace breakwater {

Json run_json(const ReportInput& input) {
    const Scenario& scenario = input.scenario();
    const Book& book = input.book();
    const Solvency solvency = solvency_of(book);
    return {{"book", book.name},
            {"scenario", scenario.name},
            {"scenario_title", scenario.title},
            {"conditional", scenario.conditional},
            {"horizon_hours", scenario.horizon_seconds / 3600},
            {"step_seconds", scenario.step_seconds},
            {"paths", input.paths()},
            {"accounts", accounts_of(book)},
            {"rulebook", book.rulebook},
            {"as_of", time_text(book.state.now())},
            {"supplied_usd", solvency.supplied},
            {"borrowed_usd", solvency.borrowed}};
}

Json answer_json(const ReportInput& input, const Figures& figures, const Attribution& attribution) {
    Json drivers = Json::array();
    for (const Driver& d : attribution.drivers) {
        Json one{{"name", d.name}, {"kind", to_string(d.kind)}, {"share", d.share}};
        if (d.loss.supported || !d.loss.reason.empty()) one["loss"] = to_json(d.loss);
        if (!d.detail.empty()) one["detail"] = d.detail;
        drivers.push_back(one);
    }
    Json limits = Json::array();
    for (const Limit& limit : limits_of(input)) {
        if (limits.size() == limits_in_answer) break;
        limits.push_back(to_json(limit));
    }
    Json data = Json::array();
    for (const DataAge& d : data_of(input)) {
        Json one{{"what", d.what}, {"as_of", time_text(d.as_of)}};
        if (!d.source.empty()) one["source"] = d.source;
        data.push_back(one);
    }
    Json headline = to_json(figures.headline());
    headline["definition"] = headline_definition(figures);
    return {{"asked", question_of(input)},
            {"figure", headline},
            {"beside", to_json(beside_headline(input, figures))},
            {"drivers", drivers},
            {"not_modelled", limits},
            {"data", data},
            {"reproduce", provenance_json(input.facts, input.setup->seed)}};
}

}  // namespace breakwater
