// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/report/utilisation.hpp"

#include <algorithm>

#include "breakwater/report/format.hpp"
#include "breakwater/stress/solvency.hpp"

namespace breakwater {
namespace {

constexpr double part_per_million = 1e-6;
constexpr double usd_per_cent = 0.01;

double hours_of_point(const ReportInput& input) {
    return input.setup->grid_stride * input.scenario().step_seconds / 3600;
}

Estimate hours_without_exit(const ReportInput& input, const ReserveOutcome& outcome) {
    const double horizon = input.scenario().horizon_seconds / 3600;
    const double each = hours_of_point(input);
    if (outcome.full_points.positives() == 0)
        return {0, 0, outcome.full_points.probability_above_zero().high * horizon, 0.95, true, {}};
    Estimate hours = outcome.full_points.mean(each);
    hours.high = std::min(horizon + each, hours.high);
    return hours;
}

}  // namespace

std::vector<UtilisationRow> utilisation_of(const ReportInput& input) {
    std::vector<UtilisationRow> out;
    for (const ReserveStanding& r : solvency_of(input.book()).reserves) {
        if (!(r.borrowed > 0)) continue;
        const ReserveOutcome& a = input.run->assets[index(r.asset)];
        out.push_back({.asset = r.asset,
                       .before = r.utilisation,
                       .after = a.utilisation_end.mean(part_per_million),
                       .after_95 = a.utilisation_end.quantile(0.95, part_per_million),
                       .after_99 = a.utilisation_end.quantile(0.99, part_per_million),
                       .at_99 = a.full_points.probability_above_zero(),
                       .at_99_end = probability_estimate(a.full_at_end, input.paths()),
                       .hours_without_exit = hours_without_exit(input, a),
                       .cash_before = r.cash,
                       .cash_after = a.cash_end.mean(usd_per_cent),
                       .cash_after_5 = a.cash_end.quantile(0.05, usd_per_cent),
                       .cash_after_1 = a.cash_end.quantile(0.01, usd_per_cent)});
    }
    return out;
}

std::string utilisation_definition(const ReportInput& input) {
    return "Share of the supplied amount that is lent out; at 99 % and above a supplier cannot "
           "leave. P(reaches 99 %) and the hours look every " +
           hours_text(hours_of_point(input)) +
           ", the rest at the end of the path. Cash is valued at the price of the book, so that "
           "only what was paid in and out changes it; nobody deposits or withdraws.";
}

}  // namespace breakwater
