// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "breakwater/core/math.hpp"

/// Integers of JSON digit by digit. A literal of more than 64 bits is kept as its digits, in the
/// binary type of the JSON library, which no text can produce. Source: docs/rules.md, CALC-003.
namespace breakwater::calc {

struct SignedWide {
    bool negative = false;
    Uint256 magnitude;
};

nlohmann::json long_integer(std::string_view digits);
bool is_long_integer(const nlohmann::json& value);
std::string long_integer_text(const nlohmann::json& value);

/// A decimal string, a JSON integer or a long integer; nullopt for anything else and above 256 bits.
std::optional<SignedWide> integer_of(const nlohmann::json& value);
std::optional<int128> narrow(const SignedWide& value);

/// Any JSON number; nullopt for anything else.
std::optional<double> number_of(const nlohmann::json& value);

}  // namespace breakwater::calc
