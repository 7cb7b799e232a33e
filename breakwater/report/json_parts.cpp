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

}  // namespace breakwater
