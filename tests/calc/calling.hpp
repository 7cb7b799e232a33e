// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <string>

#include <gtest/gtest.h>

#include "breakwater/calc/function.hpp"
#include "breakwater/io/error.hpp"

/// Functions by name in tests: texts in, values or messages out.
namespace breakwater::test {

inline nlohmann::json result_of(const std::string& name, const std::string& input) {
    const auto* function = calc::find_function(name);
    if (function == nullptr) {
        ADD_FAILURE() << "no function " << name;
        return {};
    }
    return calc::call(*function, calc::parse_object(input, "input"), "input");
}

/// The whole message of a refusal, without the name of the input; "" where there is none.
inline std::string fault_of(const std::string& name, const std::string& input) {
    try {
        result_of(name, input);
    } catch (const InputError& e) {
        const std::string what = e.what();
        return what.starts_with("input: ") ? what.substr(7) : what;
    }
    return {};
}

/// One value of the result, as JSON text: "\"-334\"", "true".
inline std::string value_of(const std::string& name, const std::string& input,
                            const std::string& key) {
    try {
        const auto result = result_of(name, input);
        return result.contains(key) ? result.at(key).dump() : "no key " + key;
    } catch (const InputError& e) {
        return e.what();
    }
}

inline std::string quoted(const std::string& digits) {
    return '"' + digits + '"';
}

}  // namespace breakwater::test
