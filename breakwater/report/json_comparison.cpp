// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/report/comparison.hpp"
#include "breakwater/report/json_parts.hpp"

namespace breakwater {

Json comparison_json(const ReportInput& input) {
    Json changes = Json::array();
    for (const ParameterChange& c : input.changes)
        changes.push_back(
            {{"parameter", c.parameter}, {"current", c.current}, {"proposed", c.proposed}});
    Json cases = Json::array();
    for (const Comparison& c : comparisons_of(input)) {
        Json rows = Json::array();
        for (const ComparisonRow& row : c.rows) {
            Json one{{"id", row.id}, {"label", row.label}, {"unit", to_string(row.unit)}};
            if (!row.definition.empty()) one["definition"] = row.definition;
            one["current"] = to_json(row.current);
            one["proposed"] = to_json(row.proposed);
            one["difference_unit"] = to_string(row.difference_unit());
            one["difference"] = to_json(row.difference);
            rows.push_back(one);
        }
        Json one{{"id", c.id},
                 {"label", c.label},
                 {"definition",
                  c.definition + " Bad debt, all figures together: " + to_string(c.verdict) + "."}};
        if (c.demand)
            one["demand"] = {{"borrowers", c.demand->borrowers},
                             {"wanted_usd", c.demand->wanted},
                             {"borrowed_usd", c.demand->borrowed},
                             {"repaid_usd", c.demand->repaid}};
        one["rows"] = rows;
        cases.push_back(one);
    }
    return {{"changes", changes}, {"cases", cases}};
}

}  // namespace breakwater
