// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/io/toml.hpp"

#include <chrono>
#include <toml++/toml.h>

#include "breakwater/io/error.hpp"

namespace breakwater {
namespace {

std::int64_t seconds_of(const toml::date& date, const toml::time& time) {
    const std::chrono::sys_days day =
        std::chrono::year{date.year} / std::chrono::month{date.month} / std::chrono::day{date.day};
    const auto days = std::int64_t{day.time_since_epoch().count()};
    return days * 86'400 + std::int64_t{time.hour} * 3'600 + std::int64_t{time.minute} * 60 +
           time.second;
}

TomlTime time_of(const toml::date_time& value) {
    TomlTime out{.seconds = seconds_of(value.date, value.time), .is_utc_known = false};
    if (value.offset) {
        out.seconds -= std::int64_t{value.offset->minutes} * 60;
        out.is_utc_known = true;
    }
    return out;
}

TomlValue convert(const toml::node& node);

TomlTable convert_table(const toml::table& table) {
    TomlTable out;
    for (const auto& [key, value] : table)
        out.push_back({.key = std::string(key.str()), .value = convert(value)});
    return out;
}

TomlValue convert(const toml::node& node) {
    TomlValue out;
    out.line = node.source().begin.line;
    if (const auto* table = node.as_table()) {
        out.data = convert_table(*table);
    } else if (const auto* array = node.as_array()) {
        TomlArray values;
        for (const toml::node& item : *array)
            values.push_back(convert(item));
        out.data = std::move(values);
    } else if (const auto* text = node.as_string()) {
        out.data = text->get();
    } else if (const auto* integer = node.as_integer()) {
        out.data = integer->get();
    } else if (const auto* number = node.as_floating_point()) {
        out.data = number->get();
    } else if (const auto* flag = node.as_boolean()) {
        out.data = flag->get();
    } else if (const auto* moment = node.as_date_time()) {
        out.data = time_of(moment->get());
    } else if (const auto* day = node.as_date()) {
        out.data = TomlTime{.seconds = seconds_of(day->get(), {}), .is_utc_known = false};
    } else {
        out.data = TomlTime{};  // a time of day without a date: no reader takes it
    }
    return out;
}

}  // namespace

TomlValue parse_toml(const TextFile& file) {
    try {
        const toml::table root = toml::parse(file.text(), file.name());
        return {.data = convert_table(root), .line = 1};
    } catch (const toml::parse_error& error) {
        throw InputError(file.name(), error.source().begin.line, std::string(error.description()),
                         "valid TOML 1.0");
    }
}

std::string toml_quoted(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out = "\"";
    for (const char c : text) {
        const auto code = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (code < 0x20 || code == 0x7f) {
            out += "\\u00";
            out += digits[code >> 4U];
            out += digits[code & 15U];
        } else {
            out += c;
        }
    }
    return out + "\"";
}

}  // namespace breakwater
