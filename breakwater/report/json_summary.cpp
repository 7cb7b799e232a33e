// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/report/json_parts.hpp"

namespace breakwater {

Json summary_json(const Figures& figures) {
    Json rows = Json::array();
    for (const BadDebtRow& row : figures.bad_debt)
        rows.push_back({{"id", row.id},
                        {"label", row.label},
                        {"statistic", row.statistic},
                        {"definition", row.definition},
                        {"oracle", to_json(row.oracle)},
                        {"market", to_json(row.market)},
                        {"after_exit_cost", to_json(row.exit)}});
    Json out{{"loss", figures.loss},
             {"distribution", to_json(figures.distribution)},
             {"bad_debt",
              {{"prices",
                {{"oracle", PriceBases::oracle},
                 {"market", PriceBases::market},
                 {"after_exit_cost", PriceBases::exit}}},
               {"rows", rows}}},
             {"stuck", to_json(figures.stuck)},
             {"liquidations_at_risk", to_json(figures.liquidations)}};
    if (!figures.cascade.empty()) out["cascade"] = to_json(figures.cascade);
    Json refusals = Json::array();
    for (const RefusalRow& row : figures.refusals)
        refusals.push_back({{"id", row.id},
                            {"label", row.label},
                            {"definition", row.definition},
                            {"mean", to_json(row.mean)},
                            {"share", to_json(row.share)},
                            {"paths", to_json(row.paths)}});
    out["refusals"] = {{"definition", Figures::refusals_definition}, {"rows", refusals}};
    if (!figures.guard.empty()) out["guard"] = to_json(figures.guard);
    return out;
}

Json exceedance_json(const ReportInput& input, const Figures& figures) {
    const Distribution losses = bad_debt_of(input);
    Json marks = Json::array();
    const bool conditional = input.scenario().conditional;
    for (const auto& [id, label, beyond] :
         {std::tuple{"95", "95 %", 0.05}, std::tuple{"99", "99 %", 0.01}}) {
        const Figure& figure =
            figures.distribution_figure(std::string(conditional ? "quantile_" : "var_") + id);
        if (figure.estimate.supported && figure.estimate.value > 0)
            marks.push_back(
                {{"label", label}, {"loss", figure.estimate.value}, {"probability", beyond}});
    }
    Json out = exceedance_json(
        losses, std::string("Probability") + (conditional ? ", given the scenario," : "") +
                    " that the bad debt after " + horizon_text(input.scenario()) +
                    " (at the oracle's price) is x or more. The band holds at each point by itself.");
    out["marks"] = marks;
    return out;
}

}  // namespace breakwater
