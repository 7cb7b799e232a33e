// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "breakwater/calc/input.hpp"

/// A formula by its name: JSON in, JSON out, for spreadsheets, for other languages and for
/// checking us against a protocol's own numbers. To add some: a file `x.cpp` with a table of
/// `Function`, one line in families.hpp, one in registry.cpp. Source: docs/rules.md, CALC-001.
namespace breakwater::calc {

struct Function {
    std::string_view name;     ///< "black76", "dydx_v4.maintenance_margin"
    std::string_view summary;  ///< one line: what it answers
    std::string_view units;    ///< of input and output
    std::string_view source;   ///< protocol file, documentation page or paper
    nlohmann::json (*run)(Input& in);
    bool official = true;  ///< false: a third party's reading, or not replayed; reported apart
};

/// All functions, sorted by name.
const std::vector<Function>& functions();

/// nullptr where there is none.
const Function* find_function(std::string_view name);

/// Runs it on a parsed object. InputError where a field is missing, unknown, of a wrong type or out
/// of range, or where the result is no finite number.
/// @param from what messages name: a file, "standard input"
nlohmann::json call(const Function& function, const nlohmann::json& input, const std::string& from);

/// The names, what they answer and their units, as an aligned table.
std::string list_functions();

}  // namespace breakwater::calc
