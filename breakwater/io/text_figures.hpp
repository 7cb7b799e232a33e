// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <cstddef>
#include <string>

/// Figures as people read them, the same on every machine.
namespace breakwater {

/// At least zero, rounded half up, `digits` ≤ 9 after the point.
std::string fixed(double value, unsigned digits);
/// "12.34M".
std::string millions(double usd);
/// "1234 USD", from a million on "1.23M USD".
std::string dollars(double usd);
/// "12.3 %"; 0 where `whole` is 0.
std::string percent(double part, double whole);
std::string percent(std::size_t part, std::size_t whole);

}  // namespace breakwater
