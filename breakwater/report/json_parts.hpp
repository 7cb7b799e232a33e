// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <initializer_list>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "breakwater/report/attribution.hpp"
#include "breakwater/report/limits.hpp"

/// The parts of the JSON document, one function a section; docs/report-schema.md names every field.
/// Private to report/.
namespace breakwater {

using Json = nlohmann::ordered_json;

/// {value, low, high}, or {unsupported: reason}.
Json to_json(const Estimate& estimate);
Json to_json(const Figure& figure);
Json to_json(const std::vector<Figure>& figures);
Json to_json(const Limit& limit);
/// A finite number as it is, anything else null.
Json finite(double value);
/// A column for a chart: six significant digits, which keep order.
Json column(const std::vector<double>& values);
/// Those levels that rest on at least 20 paths; the median in any case.
std::vector<double> supported(std::initializer_list<double> levels, std::size_t paths);
/// One column a level, from step `first` on.
Json quantiles(const QuantileBands& bands, std::size_t first, const std::vector<double>& levels,
               double scale);
/// The curve with its band at each point.
Json exceedance_json(const Distribution& losses, const std::string& definition);
Json provenance_json(const RunFacts& facts, std::uint64_t seed);
/// The document as text, indented by one blank; what is no UTF-8 becomes U+FFFD.
std::string dump(const Json& json);

Json run_json(const ReportInput& input);
Json answer_json(const ReportInput& input, const Figures& figures, const Attribution& attribution);
Json summary_json(const Figures& figures);
Json exceedance_json(const ReportInput& input, const Figures& figures);
Json price_fan_json(const ReportInput& input);
Json liquidation_over_time_json(const ReportInput& input);
Json wall_json(const Book& book, const Wall& wall);
Json loss_by_json(const ReportInput& input, const Attribution& attribution);
Json utilisation_json(const ReportInput& input);
/// Without assets where there is no guard.
Json trust_json(const ReportInput& input);
Json comparison_json(const ReportInput& input);
Json parameters_json(const ReportInput& input);
Json scenario_groups_json(const ReportInput& input);

}  // namespace breakwater
