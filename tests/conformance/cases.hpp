// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

/// One case of each file through the engine: what is wrong with it, empty when nothing is.
namespace breakwater::conformance {

using Wrong = std::vector<std::string>;

Wrong aave_liquidation(const nlohmann::json& c);
Wrong aave_trace(const nlohmann::json& t);
Wrong morpho_liquidation(const nlohmann::json& c);
Wrong morpho_trace(const nlohmann::json& t);
Wrong comet_case(const nlohmann::json& c);
Wrong maker_case(const nlohmann::json& c);

/// `step(s)` for each step, up to the first in which something is wrong; that one is named.
template <class Step>
Wrong each_step(const nlohmann::json& steps, Step step) {
    for (std::size_t k = 0; k < steps.size(); ++k) {
        Wrong wrong = step(steps[k]);
        if (wrong.empty()) continue;
        wrong.insert(wrong.begin(),
                     "step " + std::to_string(k) + " " + steps[k].at("op").get<std::string>());
        return wrong;
    }
    return {};
}

}  // namespace breakwater::conformance
