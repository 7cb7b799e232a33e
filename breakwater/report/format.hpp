// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <string>
#include <string_view>

#include "breakwater/core/units.hpp"

/// Numbers as a reader of a memo wants them: three significant digits. The same text for the same
/// bits everywhere: no locale, no library that rounds its own way.
namespace breakwater {

enum class Unit : std::uint8_t { usd, ratio, multiple, count, hours, number, percentage_points };
const char* to_string(Unit unit);  ///< as in the schema: "usd", …

std::string usd_text(double usd);        ///< "$1.23M", "-$45.0K", "$0.12", "<$0.01"
std::string percent_text(double ratio);  ///< "61.2 %", "0.150 %"
std::string count_text(double count);    ///< "1,874", "0.4"
std::string hours_text(double hours);    ///< "24 h", "15 min", "7 d"
std::string number_text(double number);  ///< up to six significant digits, no zeros at the end
std::string quantity_text(double value, Unit unit);
/// With its sign.
std::string difference_text(double value, Unit unit);

/// `digits` digits after the point, half to even on the exact binary value.
std::string fixed(double value, int digits);
/// The number nearest to `value` with that many significant digits; keeps order.
double rounded(double value, int significant);

/// "2025-06-10T00:00:00Z"
std::string time_text(Time time);

/// Why a figure is refused, as the words after "not supported": "rests on 4 losses, …".
std::string reason_text(const std::string& reason);

/// Fit for a terminal: control characters, overrides of the direction of text and what is no UTF-8
/// become "?".
std::string printable(std::string_view text);
/// Columns that UTF-8 text takes on a terminal, one a character.
std::size_t width_of(std::string_view text);

}  // namespace breakwater
