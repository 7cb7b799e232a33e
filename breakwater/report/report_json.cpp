// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/report/report_json.hpp"

#include "breakwater/core/require.hpp"
#include "breakwater/report/answer.hpp"
#include "breakwater/report/json_parts.hpp"

namespace breakwater {

std::string report_json(const ReportInput& input) {
    REQUIRE(input.paths() > 0);
    const Figures figures = figures_of(input);
    const Attribution attribution = attribution_of(input, figures);
    Json out;
    out["format"] = "breakwater-report/1";
    out["title"] = title_of(input);
    if (!input.facts.notices.empty()) out["notices"] = input.facts.notices;
    out["run"] = run_json(input);
    out["answer"] = answer_json(input, figures, attribution);
    out["summary"] = summary_json(figures);
    out["exceedance"] = exceedance_json(input, figures);
    out["price_fan"] = price_fan_json(input);
    out["liquidation_over_time"] = liquidation_over_time_json(input);
    if (input.wall != nullptr) out["wall"] = wall_json(input.book(), *input.wall);
    out["loss_by"] = loss_by_json(input, attribution);
    out["utilisation"] = utilisation_json(input);
    if (Json trust = trust_json(input); !trust["assets"].empty()) out["trust"] = std::move(trust);
    if (!input.cases.empty()) out["comparison"] = comparison_json(input);
    out["parameters"] = parameters_json(input);
    return dump(out);
}

}  // namespace breakwater
