// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/io/decimal.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "breakwater/core/math.hpp"

namespace breakwater {
namespace {

constexpr bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// A number as digits · 10^exponent; no leading or trailing zeros are kept.
struct Written {
    uint128 digits = 0;
    int exponent = 0;
};

/// digits · 10 + next; false where that does not fit.
bool append(uint128& digits, char c) {
    constexpr uint128 safe = uint128_max / 10 - 1;
    const auto next = static_cast<unsigned>(c - '0');
    if (digits > safe && (digits > uint128_max / 10 || digits * 10 > uint128_max - next))
        return false;
    digits = digits * 10 + next;
    return true;
}

std::expected<int, NumberFault> parse_exponent(std::string_view text) {
    if (text.starts_with('+')) text.remove_prefix(1);
    int exponent = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), exponent);
    if (error == std::errc::result_out_of_range) return std::unexpected(NumberFault::too_large);
    if (error != std::errc{} || end != text.data() + text.size())
        return std::unexpected(NumberFault::not_a_number);
    if (exponent > 1'000 || exponent < -1'000) return std::unexpected(NumberFault::too_large);
    return exponent;
}

std::expected<Written, NumberFault> parse_written(std::string_view text, unsigned decimals) {
    if (text.empty()) return std::unexpected(NumberFault::empty);
    if (text.front() == '-') return std::unexpected(NumberFault::negative);
    std::size_t end = 0;
    while (end < text.size() && is_digit(text[end]))
        ++end;
    const std::string_view whole = text.substr(0, end);
    std::string_view fraction;
    if (end < text.size() && text[end] == '.') {
        const std::size_t begin = ++end;
        while (end < text.size() && is_digit(text[end]))
            ++end;
        fraction = text.substr(begin, end - begin);
        if (fraction.empty()) return std::unexpected(NumberFault::not_a_number);
    }
    if (whole.empty()) return std::unexpected(NumberFault::not_a_number);
    Written out;
    if (end < text.size()) {
        if (text[end] != 'e' && text[end] != 'E') return std::unexpected(NumberFault::not_a_number);
        const auto exponent = parse_exponent(text.substr(end + 1));
        if (!exponent) return std::unexpected(exponent.error());
        out.exponent = *exponent;
    }
    while (fraction.ends_with('0'))
        fraction.remove_suffix(1);
    for (const char c : whole)
        if (!append(out.digits, c)) return std::unexpected(NumberFault::too_large);
    for (const char c : fraction)
        if (!append(out.digits, c))
            return std::unexpected(fraction.size() > decimals ? NumberFault::too_precise
                                                              : NumberFault::too_large);
    out.exponent -= static_cast<int>(fraction.size());
    return out;
}

enum class Rounding : std::uint8_t { refuse, half_up };

std::expected<uint128, NumberFault> parse_scaled(std::string_view text, unsigned decimals,
                                                 Rounding rounding) {
    const auto written = parse_written(text, decimals);
    if (!written) return std::unexpected(written.error());
    if (written->digits == 0) return uint128{0};
    const int shift = written->exponent + static_cast<int>(decimals);
    if (shift > 38) return std::unexpected(NumberFault::too_large);
    if (shift >= 0) {
        Checked math;
        const uint128 value = math.mul(written->digits, power_of_ten(static_cast<unsigned>(shift)));
        if (math.overflow()) return std::unexpected(NumberFault::too_large);
        return value;
    }
    if (shift < -38) {
        if (rounding == Rounding::refuse) return std::unexpected(NumberFault::too_precise);
        return uint128{0};
    }
    const uint128 unit = power_of_ten(static_cast<unsigned>(-shift));
    const uint128 quotient = written->digits / unit;
    const uint128 rest = written->digits % unit;
    if (rest == 0) return quotient;
    if (rounding == Rounding::refuse) return std::unexpected(NumberFault::too_precise);
    return quotient + (rest >= unit - rest ? 1U : 0U);
}

}  // namespace

std::string describe(NumberFault fault, unsigned decimals) {
    switch (fault) {
        case NumberFault::empty:
            return "is empty";
        case NumberFault::not_a_number:
            return "is not a number";
        case NumberFault::negative:
            return "is negative";
        case NumberFault::too_precise:
            return "has more than " + std::to_string(decimals) + " fractional digits";
        case NumberFault::too_large:
            return "is too large";
    }
    return {};
}

std::expected<uint128, NumberFault> parse_decimal(std::string_view text, unsigned decimals) {
    return parse_scaled(text, decimals, Rounding::refuse);
}

std::expected<uint128, NumberFault> parse_decimal_half_up(std::string_view text,
                                                          unsigned decimals) {
    // More digits than 128 bits hold cannot change the rounding of a price or an amount.
    const std::size_t exponent = std::min(text.find_first_of("eE"), text.size());
    const std::size_t point = std::min(text.find('.'), exponent);
    const std::size_t kept = std::min(exponent, point + 1 + std::size_t{decimals} + 10);
    if (exponent == text.size())
        return parse_scaled(text.substr(0, kept), decimals, Rounding::half_up);
    return parse_scaled(text, decimals, Rounding::half_up);
}

std::expected<uint128, NumberFault> parse_integer(std::string_view text) {
    if (text.empty()) return std::unexpected(NumberFault::empty);
    if (text.front() == '-') return std::unexpected(NumberFault::negative);
    uint128 value = 0;
    for (const char c : text) {
        if (!is_digit(c)) return std::unexpected(NumberFault::not_a_number);
        if (!append(value, c)) return std::unexpected(NumberFault::too_large);
    }
    return value;
}

std::expected<Uint256, NumberFault> parse_wide_integer(std::string_view text) {
    if (text.empty()) return std::unexpected(NumberFault::empty);
    if (text.front() == '-') return std::unexpected(NumberFault::negative);
    Uint256 value;
    Checked math;
    for (const char c : text) {
        if (!is_digit(c)) return std::unexpected(NumberFault::not_a_number);
        const Uint256 digit{static_cast<uint128>(c - '0')};
        value = math.add_wide(math.mul_wide_by(value, 10), digit);
        if (math.overflow()) return std::unexpected(NumberFault::too_large);
    }
    return value;
}

std::expected<double, NumberFault> parse_number(std::string_view text) {
    if (text.empty()) return std::unexpected(NumberFault::empty);
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error == std::errc::result_out_of_range) return std::unexpected(NumberFault::too_large);
    if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value))
        return std::unexpected(NumberFault::not_a_number);
    return value;
}

std::string format_integer(uint128 value) {
    std::array<char, 40> digits{};
    std::size_t at = digits.size();
    do {
        digits[--at] = static_cast<char>('0' + static_cast<int>(value % 10));
        value /= 10;
    } while (value != 0);
    return {digits.data() + at, digits.size() - at};
}

std::string format_integer(Uint256 value) {
    std::array<char, 78> digits{};  // 2^256 < 10^78
    std::size_t at = digits.size();
    do {
        const Division d = divide(value, 10);
        digits[--at] = static_cast<char>('0' + static_cast<int>(d.remainder));
        value = d.quotient;
    } while (value != Uint256{});
    return {digits.data() + at, digits.size() - at};
}

std::string format_decimal(uint128 atomic, unsigned decimals) {
    const uint128 unit = power_of_ten(decimals);
    std::string text = format_integer(atomic / unit);
    const uint128 rest = atomic % unit;
    if (rest == 0) return text;
    std::string fraction = format_integer(rest);
    fraction.insert(0, decimals - fraction.size(), '0');
    while (fraction.ends_with('0'))
        fraction.pop_back();
    return text + "." + fraction;
}

std::string format_number(double value) {
    std::array<char, 32> text{};
    const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), value);
    return {text.data(), error == std::errc{} ? end : text.data()};
}

}  // namespace breakwater
