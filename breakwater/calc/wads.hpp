// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include "breakwater/calc/input.hpp"

/// Numbers of JSON as whole 1e-18, for rulebooks that compute in wads, and back: digit by digit
/// from the shortest decimal that names the number, so that 0.1 is a tenth.
/// Source: docs/rules.md, CALC-004.
namespace breakwater::calc {

/// What lies beyond 18 places is cut off; a number of 100 digits and more is lost.
BigInteger wad_of(double number);

BigInteger wad(Input& in, std::string_view key, const Bounds& bounds = any_number);
BigInteger wad_or(Input& in, std::string_view key, double fallback,
                  const Bounds& bounds = any_number);
std::optional<BigInteger> optional_wad(Input& in, std::string_view key,
                                       const Bounds& bounds = any_number);

/// The nearest double; InputError where the result was lost.
double from_wad(const Input& in, const BigInteger& value);

}  // namespace breakwater::calc
