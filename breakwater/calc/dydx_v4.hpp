// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <string>
#include <string_view>

#include "breakwater/calc/input.hpp"
#include "breakwater/core/rulebooks/dydx_v4.hpp"

/// What the two files of dYdX functions read and write alike.
namespace breakwater::calc {

dydx_v4::Conversion conversion_of(Input& in);             ///< atomic_resolution, price, exponent
std::uint32_t ppm_of(Input& in, std::string_view key);    ///< at most one
std::string text_of(Input& in, const BigInteger& value);  ///< refuses what is lost

}  // namespace breakwater::calc
