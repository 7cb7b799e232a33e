// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/report/format.hpp"

#include <array>
#include <charconv>
#include <cmath>

#include "breakwater/io/time_text.hpp"

namespace breakwater {
namespace {

std::string chars(double value, std::chars_format format, int precision) {
    std::array<char, 400> buffer{};
    const auto done =
        std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, format, precision);
    return {buffer.data(), done.ptr};
}

std::string grouped(const std::string& digits) {
    const std::size_t point = std::min(digits.find('.'), digits.size());
    std::string out;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        if (i > 0 && i < point && (point - i) % 3 == 0) out += ',';
        out += digits[i];
    }
    return out;
}

std::string signed_text(double value, const std::string& size) {
    return value < 0 ? "-" + size : size;
}

/// Three significant digits of a number in [1, 1000).
std::string three(double value) {
    return fixed(value, value >= 100 ? 0 : value >= 10 ? 1 : 2);
}

}  // namespace

const char* to_string(Unit unit) {
    switch (unit) {
        case Unit::usd:
            return "usd";
        case Unit::ratio:
            return "ratio";
        case Unit::multiple:
            return "multiple";
        case Unit::count:
            return "count";
        case Unit::hours:
            return "hours";
        case Unit::percentage_points:
            return "percentage_points";
        case Unit::number:
            break;
    }
    return "number";
}

std::string fixed(double value, int digits) {
    return chars(value, std::chars_format::fixed, digits);
}

double rounded(double value, int significant) {
    const std::string text = chars(value, std::chars_format::scientific, significant - 1);
    double out = 0;
    std::from_chars(text.data(), text.data() + text.size(), out);
    return out;
}

std::string usd_text(double usd) {
    if (std::isinf(usd)) return usd < 0 ? "-unlimited" : "unlimited";
    const double size = std::fabs(usd);
    if (size == 0) return "$0";
    if (size < 0.01) return signed_text(usd, "<$0.01");
    // 999.6 thousand reads 1.00M, so the scale is chosen after rounding.
    const double round = rounded(size, 3);
    constexpr std::array<const char*, 5> suffixes{"", "K", "M", "B", "T"};
    double scale = 1;
    std::size_t s = 0;
    while (s + 1 < suffixes.size() && round >= scale * 1'000) {
        scale *= 1'000;
        ++s;
    }
    const bool whole = s == 0 && (round >= 100 || round == std::floor(round));
    const std::string number = whole    ? fixed(round, 0)
                               : s == 0 ? fixed(round, 2)
                                        : three(round / scale);
    return signed_text(usd, "$" + number + suffixes[s]);
}

std::string percent_text(double ratio) {
    if (std::isinf(ratio)) return ratio < 0 ? "-unlimited" : "unlimited";
    const double size = std::fabs(ratio * 100);
    const int digits = size == 0 || size >= 99.95 ? 0 : size >= 10 ? 1 : size >= 0.1 ? 2 : 3;
    return signed_text(ratio, fixed(size, digits) + " %");
}

std::string count_text(double count) {
    const double size = std::fabs(count);
    const bool whole = size == std::floor(size) || size >= 100;
    return signed_text(count, grouped(fixed(size, whole ? 0 : size >= 0.1 ? 1 : 3)));
}

std::string hours_text(double hours) {
    const double size = std::fabs(hours);
    if (size >= 48 && size / 24 == std::floor(size / 24))
        return signed_text(hours, number_text(size / 24) + " d");
    if (size != 0 && size < 1) {
        const double minutes = size * 60;
        return signed_text(hours, fixed(minutes, minutes < 10 ? 1 : 0) + " min");
    }
    return signed_text(hours, number_text(rounded(size, 3)) + " h");
}

std::string number_text(double number) {
    const double size = std::fabs(rounded(number, 6));
    if (size >= 1e15 || (size != 0 && size < 1e-6))
        return signed_text(number, chars(size, std::chars_format::general, 6));
    std::string text = fixed(size, size >= 1e5 ? 0 : size >= 1 ? 5 : 9);
    if (text.find('.') != std::string::npos) {
        text.erase(text.find_last_not_of('0') + 1);
        if (text.back() == '.') text.pop_back();
    }
    return signed_text(number, grouped(text));
}

std::string quantity_text(double value, Unit unit) {
    switch (unit) {
        case Unit::usd:
            return usd_text(value);
        case Unit::ratio:
            return percent_text(value);
        case Unit::multiple:
            return fixed(value, 2) + "×";
        case Unit::count:
            return count_text(value);
        case Unit::hours:
            return hours_text(value);
        case Unit::percentage_points: {
            std::string text = percent_text(value / 100);
            return text.replace(text.find('%'), 1, "pp");
        }
        case Unit::number:
            break;
    }
    return number_text(value);
}

std::string difference_text(double value, Unit unit) {
    return (value > 0 ? "+" : "") + quantity_text(value, unit);
}

std::string reason_text(const std::string& reason) {
    // The statistics say "not supported by N paths: …"; beside "not supported" that is said twice.
    constexpr std::string_view twice = "not supported by ";
    if (reason.empty()) return "not supported";
    return reason.starts_with(twice) ? reason.substr(twice.size()) : reason;
}

std::string time_text(Time time) {
    return format_utc(static_cast<std::int64_t>(seconds(time)));
}

namespace {

/// The character at the front of the text: its length in bytes, 0 where it is no UTF-8.
struct Character {
    std::size_t length = 0;
    std::uint32_t code = 0;
};
Character front(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned first = byte(0);
    if (first < 0x80) return {1, first};
    const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc2 || first > 0xf4 || text.size() < length) return {};
    std::uint32_t code = first & (0xffU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xc0U) != 0x80U) return {};
        code = code << 6U | (byte(i) & 0x3fU);
    }
    constexpr std::array<std::uint32_t, 5> least{0, 0, 0x80, 0x800, 0x10000};
    const bool valid =
        code >= least[length] && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
    return valid ? Character{length, code} : Character{};
}

bool is_harmless(std::uint32_t code) {
    if (code < 0x20 || (code >= 0x7f && code < 0xa0)) return false;
    const bool overrides = (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
    return !overrides && code != 0x2028 && code != 0x2029;
}

}  // namespace

std::string printable(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const Character c = front(text);
        const std::size_t length = c.length == 0 ? 1 : c.length;
        if (c.length != 0 && is_harmless(c.code))
            out += text.substr(0, length);
        else
            out += '?';
        text.remove_prefix(length);
    }
    return out;
}

std::size_t width_of(std::string_view text) {
    std::size_t width = 0;
    for (const char c : text)
        if ((static_cast<unsigned char>(c) & 0xc0U) != 0x80U) ++width;
    return width;
}

}  // namespace breakwater
