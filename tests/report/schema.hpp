// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

/// A small validator for what the schemas in docs/ use of JSON Schema, and for what a schema cannot
/// say.
namespace breakwater::test {

/// Faults of a document against that schema of docs/; empty when valid. An unknown keyword of the
/// schema is a fault.
std::vector<std::string> schema_faults(const nlohmann::json& document,
                                       const std::string& schema = "report.schema.json");

/// Intervals that miss their value, columns that differ in length or cross.
std::vector<std::string> chart_faults(const nlohmann::json& report);

}  // namespace breakwater::test
