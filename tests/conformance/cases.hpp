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

}  // namespace breakwater::conformance
