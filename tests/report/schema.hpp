// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

/// A small validator for what docs/report.schema.json uses of JSON Schema, and for what a schema
/// cannot say.
namespace breakwater::testing {

/// Faults of a report against the schema file of the project; empty when valid. An unknown keyword
/// of the schema is a fault.
std::vector<std::string> schema_faults(const nlohmann::json& report);

/// Intervals that miss their value, columns that differ in length or cross.
std::vector<std::string> chart_faults(const nlohmann::json& report);

}  // namespace breakwater::testing
