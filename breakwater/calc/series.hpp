// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <vector>

#include "breakwater/calc/input.hpp"

/// The series of returns that functions of volatility read: "returns", a list, or "generator", a
/// text that describes a reproducible one:
///
///   x=(1103515245*x+12345) mod 2^31, seed 12345; each z = sum of 12 u - 6; r = vol*z with
///   vol .02 for i<900, .06 for 900<=i<1000, .03 after; n=1500
///
/// Seed, levels, borders and n may differ; u = x / 2^31.
namespace breakwater::calc {

/// Of them the first "use_first", where that is given. At least `least` or refused.
std::vector<double> returns_of(Input& in, std::size_t least);

/// Refuses a text other than `ours`: some inputs state the method in words, and there is one.
void expect_words(Input& in, std::string_view key, std::string_view ours);

}  // namespace breakwater::calc
