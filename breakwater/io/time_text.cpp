// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/io/time_text.hpp"

#include <array>
#include <charconv>
#include <chrono>

#include "breakwater/io/decimal.hpp"

namespace breakwater {
namespace {

/// Takes exactly `digits` digits off the front.
std::optional<int> take_number(std::string_view& text, std::size_t digits) {
    if (text.size() < digits) return std::nullopt;
    int value = 0;
    for (const char c : text.substr(0, digits)) {
        if (c < '0' || c > '9') return std::nullopt;
        value = value * 10 + (c - '0');
    }
    text.remove_prefix(digits);
    return value;
}

bool take(std::string_view& text, char c) {
    if (!text.starts_with(c)) return false;
    text.remove_prefix(1);
    return true;
}

/// [s since 1970] of midnight.
std::optional<std::int64_t> take_date(std::string_view& text) {
    const auto year = take_number(text, 4);
    if (!year || !take(text, '-')) return std::nullopt;
    const auto month = take_number(text, 2);
    if (!month || !take(text, '-')) return std::nullopt;
    const auto day = take_number(text, 2);
    if (!day) return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year{*year},
                                           std::chrono::month{static_cast<unsigned>(*month)},
                                           std::chrono::day{static_cast<unsigned>(*day)}};
    if (!date.ok()) return std::nullopt;
    return std::int64_t{std::chrono::sys_days{date}.time_since_epoch().count()} * 86'400;
}

/// [s since midnight] "hh:mm", "hh:mm:ss", "hh:mm:ss.fff".
std::optional<std::int64_t> take_time(std::string_view& text) {
    const auto hour = take_number(text, 2);
    if (!hour || *hour > 23 || !take(text, ':')) return std::nullopt;
    const auto minute = take_number(text, 2);
    if (!minute || *minute > 59) return std::nullopt;
    std::int64_t seconds = *hour * 3'600 + *minute * 60;
    if (take(text, ':')) {
        const auto second = take_number(text, 2);
        if (!second || *second > 60) return std::nullopt;
        seconds += *second;
        if (take(text, '.'))
            while (!text.empty() && text.front() >= '0' && text.front() <= '9')
                text.remove_prefix(1);
    }
    return seconds;
}

/// [s] to subtract.
std::optional<std::int64_t> take_offset(std::string_view& text) {
    if (text.empty() || take(text, 'Z')) return 0;
    const bool is_east = text.starts_with('+');
    if (!is_east && !text.starts_with('-')) return std::nullopt;
    text.remove_prefix(1);
    const auto hours = take_number(text, 2);
    if (!hours) return std::nullopt;
    take(text, ':');
    const auto minutes = take_number(text, 2);
    if (!minutes) return std::nullopt;
    const std::int64_t seconds = *hours * 3'600 + *minutes * 60;
    return is_east ? seconds : -seconds;
}

std::string padded(unsigned value) {
    return value < 10 ? "0" + std::to_string(value) : std::to_string(value);
}

}  // namespace

std::optional<std::int64_t> parse_utc(std::string_view text) {
    const auto date = take_date(text);
    if (!date) return std::nullopt;
    if (text.empty()) return date;
    if (!take(text, 'T') && !take(text, ' ')) return std::nullopt;
    const auto time = take_time(text);
    if (!time) return std::nullopt;
    const auto offset = take_offset(text);
    if (!offset || !text.empty()) return std::nullopt;
    return *date + *time - *offset;
}

std::string format_utc(std::int64_t seconds) {
    const std::chrono::sys_seconds moment{std::chrono::seconds{seconds}};
    const auto midnight = std::chrono::floor<std::chrono::days>(moment);
    const std::chrono::year_month_day date{midnight};
    const std::chrono::hh_mm_ss<std::chrono::seconds> time{moment - midnight};
    std::string year = std::to_string(static_cast<int>(date.year()));
    if (year.size() < 4) year.insert(0, 4 - year.size(), '0');
    return year + "-" + padded(static_cast<unsigned>(date.month())) + "-" +
           padded(static_cast<unsigned>(date.day())) + "T" +
           padded(static_cast<unsigned>(time.hours().count())) + ":" +
           padded(static_cast<unsigned>(time.minutes().count())) + ":" +
           padded(static_cast<unsigned>(time.seconds().count())) + "Z";
}

std::optional<double> parse_duration(std::string_view text) {
    if (text.empty()) return std::nullopt;
    double unit = 0;
    switch (text.back()) {
        case 's':
            unit = 1;
            break;
        case 'm':
            unit = 60;
            break;
        case 'h':
            unit = 3'600;
            break;
        case 'd':
            unit = 86'400;
            break;
        default:
            return std::nullopt;
    }
    text.remove_suffix(1);
    const auto count = parse_number(text);
    if (!count || !(*count > 0) || *count > 1e6) return std::nullopt;
    return *count * unit;
}

}  // namespace breakwater
