// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/report/json_parts.hpp"

#include <algorithm>
#include <cmath>

namespace breakwater {

Json to_json(const Estimate& e) {
    if (!e.supported) return {{"unsupported", reason_text(e.reason)}};
    if (!std::isfinite(e.value) || !std::isfinite(e.low) || !std::isfinite(e.high))
        return {{"unsupported", "not a finite number"}};
    // An interval that was cut to what is possible may miss its own value by a rounding.
    Json out{
        {"value", e.value}, {"low", std::min(e.low, e.value)}, {"high", std::max(e.high, e.value)}};
    if (e.confidence != 0.95) out["confidence"] = e.confidence;
    return out;
}

Json to_json(const Figure& figure) {
    Json out{{"id", figure.id},
             {"label", figure.label},
             {"unit", to_string(figure.unit)},
             {"estimate", to_json(figure.estimate)}};
    if (!figure.definition.empty()) out["definition"] = figure.definition;
    return out;
}

Json to_json(const std::vector<Figure>& figures) {
    Json out = Json::array();
    for (const Figure& figure : figures)
        out.push_back(to_json(figure));
    return out;
}

Json to_json(const Limit& limit) {
    Json out{{"what", limit.what}, {"bias", to_string(limit.bias)}, {"modelled", limit.modelled}};
    if (!limit.detail.empty()) out["detail"] = limit.detail;
    return out;
}

Json finite(double value) {
    return std::isfinite(value) ? Json(value) : Json(nullptr);
}

Json column(const std::vector<double>& values) {
    Json out = Json::array();
    for (const double v : values)
        out.push_back(rounded(v, 6));
    return out;
}

std::string dump(const Json& json) {
    return json.dump(1, ' ', false, Json::error_handler_t::replace);
}

std::vector<double> supported(std::initializer_list<double> levels, std::size_t paths) {
    std::vector<double> out;
    for (const double level : levels) {
        const double resting = static_cast<double>(paths) * std::min(level, 1 - level);
        if (level == 0.5 || resting >= static_cast<double>(losses_needed) - 1e-6)
            out.push_back(level);
    }
    return out;
}

Json quantiles(const QuantileBands& bands, std::size_t first, const std::vector<double>& levels,
               double scale) {
    Json out = Json::array();
    for (const double level : levels) {
        std::vector<double> line;
        for (std::size_t k = first; k < bands.steps(); ++k)
            line.push_back(bands.at(k).quantile(level) * scale);
        out.push_back(column(line));
    }
    return out;
}

Json exceedance_json(const Distribution& losses, const std::string& definition) {
    std::vector<double> loss;
    std::vector<double> probability;
    std::vector<double> low;
    std::vector<double> high;
    for (const ExceedancePoint& point : losses.exceedance()) {
        loss.push_back(point.loss);
        probability.push_back(point.probability.value);
        low.push_back(point.probability.low);
        high.push_back(point.probability.high);
    }
    const double n = static_cast<double>(losses.paths());
    return {{"definition", definition},
            {"confidence", 0.95},
            {"paths", losses.paths()},
            {"supported_from", std::min(1.0, static_cast<double>(losses_needed) / n)},
            {"loss", loss},
            {"probability", probability},
            {"low", low},
            {"high", high}};
}

Json provenance_json(const RunFacts& facts, std::uint64_t seed) {
    return {{"command", facts.command},
            {"seed", std::to_string(seed)},
            {"commit", facts.commit},
            {"version", facts.version},
            {"input_hash", facts.input_hash}};
}

}  // namespace breakwater
