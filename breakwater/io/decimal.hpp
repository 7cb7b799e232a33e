// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

#include "breakwater/core/math.hpp"

/// Text to numbers and back. Money never passes through a double: "0.1" of a token of 18 decimals
/// is 10^17 atomic units, exactly, or an error. Plain ("12.5") and scientific ("1.25e1") forms are
/// read; signs, blanks, NaN, infinity, digit separators and hexadecimal are not.
namespace breakwater {

inline constexpr unsigned price_decimals = 8;  ///< prices are integers of 1e-8 USD

enum class NumberFault : std::uint8_t { empty, not_a_number, negative, too_precise, too_large };

/// "is negative", "has more than 18 fractional digits", ... : finishes the sentence "amount '…'
/// ...".
std::string describe(NumberFault fault, unsigned decimals);

/// text · 10^decimals, exact; too_precise where that is no integer. decimals ≤ 27.
std::expected<uint128, NumberFault> parse_decimal(std::string_view text, unsigned decimals);
/// The same rounded half up, for outside feeds that give more digits than the book keeps.
std::expected<uint128, NumberFault> parse_decimal_half_up(std::string_view text, unsigned decimals);
/// Digits only.
std::expected<uint128, NumberFault> parse_integer(std::string_view text);
std::expected<Uint256, NumberFault> parse_wide_integer(std::string_view text);
/// A finite double in decimal or scientific form, for what is not money.
std::expected<double, NumberFault> parse_number(std::string_view text);

/// Shortest text that parse_decimal reads back as `atomic`: no trailing zeros, no point where there
/// is no fraction.
std::string format_decimal(uint128 atomic, unsigned decimals);
std::string format_integer(uint128 value);
std::string format_integer(Uint256 value);
/// Shortest text that reads back as the same double.
std::string format_number(double value);

}  // namespace breakwater
