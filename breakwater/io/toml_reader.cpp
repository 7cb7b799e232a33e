// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/io/toml_reader.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "breakwater/io/decimal.hpp"
#include "breakwater/io/error.hpp"

namespace breakwater {
namespace {

const TomlTable& members_of(const TomlValue& value, const std::string& file,
                            const std::string& where) {
    const auto* table = std::get_if<TomlTable>(&value.data);
    if (table == nullptr)
        throw InputError(file, value.line, where + " is not a table", "[" + where + "]");
    return *table;
}

/// Levenshtein distance.
std::size_t edits_between(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = std::exchange(row[0], i);
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0U : 1U);
            diagonal = row[j];
            row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
        }
    }
    return row.back();
}

/// slope1 and slope2 are two keys, not one and its misspelling.
bool differ_only_in_digits(std::string a, std::string b) {
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    std::erase_if(a, is_digit);
    std::erase_if(b, is_digit);
    return a == b;
}

std::string joined(std::span<const std::string_view> words) {
    std::string out;
    for (const std::string_view word : words) {
        if (!out.empty()) out += ", ";
        out += word;
    }
    return out;
}

std::string bounds(const std::string& min, const std::string& max) {
    return "from " + min + " to " + max;
}

}  // namespace

std::optional<std::string_view> nearest_word(std::string_view word,
                                             std::span<const std::string_view> candidates) {
    constexpr std::size_t edits_max = 2;
    const auto edits = [word](std::string_view c) { return edits_between(word, c); };
    const auto best = std::ranges::min_element(candidates, {}, edits);
    if (best == candidates.end() || edits(*best) > edits_max) return std::nullopt;
    return *best;
}

TomlReader::TomlReader(const TomlValue& table, std::string file, std::string where)
    : members_(&members_of(table, file, where)),
      line_(table.line),
      file_(std::move(file)),
      where_(std::move(where)) {}

const TomlValue* TomlReader::find(std::string_view key) const {
    for (const auto& [name, value] : *members_)
        if (name == key) return &value;
    return nullptr;
}

const TomlValue* TomlReader::ask(std::string_view key) {
    asked_.push_back(key);
    return find(key);
}

std::uint64_t TomlReader::line_of(std::string_view key) const {
    const TomlValue* value = find(key);
    return value == nullptr ? line_ : value->line;
}

void TomlReader::fail_at(const TomlReader& reader, std::uint64_t line, const std::string& fault,
                         const std::string& expected) {
    throw InputError(reader.file_, line, fault + reader.in(), expected);
}

void TomlReader::fail(std::string_view key, const std::string& fault,
                      const std::string& expected) const {
    fail_at(*this, line_of(key), std::string(key) + " " + fault, expected);
}

const TomlValue& TomlReader::need(std::string_view key, const char* expected) {
    if (const TomlValue* value = ask(key)) return *value;
    std::vector<std::string_view> unasked;
    for (const auto& [name, value] : *members_)
        if (std::ranges::find(asked_, name) == asked_.end() &&
            !differ_only_in_digits(name, std::string(key)))
            unasked.emplace_back(name);
    if (const auto near = nearest_word(key, unasked))
        fail(*near, "is no key", "'" + std::string(key) + "'");
    fail_at(*this, line_, "missing " + std::string(key), std::string(key) + " = " + expected);
}

template <class T>
const T& TomlReader::as(const TomlValue& value, std::string_view key, const char* expected) const {
    const T* data = std::get_if<T>(&value.data);
    if (data == nullptr) fail(key, "has the wrong type", expected);
    return *data;
}

std::string TomlReader::text(std::string_view key) {
    return as<std::string>(need(key, "\"text\""), key, "text in quotes");
}

std::string TomlReader::text_or(std::string_view key, std::string_view fallback) {
    const TomlValue* value = ask(key);
    return value == nullptr ? std::string(fallback)
                            : as<std::string>(*value, key, "text in quotes");
}

std::vector<std::string> TomlReader::texts(std::string_view key) {
    std::vector<std::string> out;
    for (const TomlValue& item : as<TomlArray>(need(key, "[\"text\"]"), key, "a list of texts"))
        out.push_back(as<std::string>(item, key, "a list of texts"));
    return out;
}

std::vector<std::string> TomlReader::texts_or_none(std::string_view key) {
    if (has(key)) return texts(key);
    asked_.push_back(key);
    return {};
}

bool TomlReader::flag(std::string_view key) {
    return as<bool>(need(key, "true or false"), key, "true or false");
}

bool TomlReader::flag_or(std::string_view key, bool fallback) {
    const TomlValue* value = ask(key);
    return value == nullptr ? fallback : as<bool>(*value, key, "true or false");
}

std::uint64_t TomlReader::integer(std::string_view key, std::uint64_t min, std::uint64_t max) {
    const auto value = as<std::int64_t>(need(key, "an integer"), key, "an integer");
    if (std::cmp_less(value, min) || std::cmp_greater(value, max))
        fail(key, "is " + std::to_string(value),
             "an integer " + bounds(std::to_string(min), std::to_string(max)));
    return static_cast<std::uint64_t>(value);
}

std::uint64_t TomlReader::integer_or(std::string_view key, std::uint64_t min, std::uint64_t max,
                                     std::uint64_t fallback) {
    if (has(key)) return integer(key, min, max);
    asked_.push_back(key);
    return fallback;
}

double TomlReader::number(std::string_view key, double min, double max) {
    const TomlValue& value = need(key, "a number");
    double out = 0;
    if (const auto* integer = std::get_if<std::int64_t>(&value.data))
        out = static_cast<double>(*integer);
    else
        out = as<double>(value, key, "a number");
    if (std::isnan(out) || out < min || out > max)
        fail(key, "is " + (std::isnan(out) ? std::string("NaN") : format_number(out)),
             "a number " + bounds(format_number(min), format_number(max)));
    return out;
}

double TomlReader::number_or(std::string_view key, double min, double max, double fallback) {
    if (has(key)) return number(key, min, max);
    asked_.push_back(key);
    return fallback;
}

uint128 TomlReader::decimal(std::string_view key, unsigned decimals) {
    const TomlValue& value = need(key, "\"a decimal number\"");
    constexpr auto expected = "a decimal number in quotes, such as \"0.25\"";
    if (const auto* integer = std::get_if<std::int64_t>(&value.data)) {
        const auto parsed = parse_decimal(std::to_string(*integer), decimals);
        if (!parsed) fail(key, describe(parsed.error(), decimals), expected);
        return *parsed;
    }
    const std::string& written = as<std::string>(value, key, expected);
    const auto parsed = parse_decimal(written, decimals);
    if (!parsed) fail(key, quote(written) + " " + describe(parsed.error(), decimals), expected);
    return *parsed;
}

std::optional<uint128> TomlReader::decimal_if(std::string_view key, unsigned decimals) {
    if (has(key)) return decimal(key, decimals);
    asked_.push_back(key);
    return std::nullopt;
}

Time TomlReader::time(std::string_view key) {
    constexpr auto expected = "a UTC time such as 2025-06-10T00:00:00Z";
    const auto& value = as<TomlTime>(need(key, "2025-06-10T00:00:00Z"), key, expected);
    if (!value.is_utc_known) fail(key, "has no time zone", expected);
    if (value.seconds < 0) fail(key, "lies before 1970", expected);
    return Time{static_cast<std::uint64_t>(value.seconds)};
}

std::size_t TomlReader::word(std::string_view key, std::span<const std::string_view> words) {
    const std::string given = text(key);
    const auto found = std::ranges::find(words, given);
    if (found == words.end()) fail(key, "is " + quote(given), "one of " + joined(words));
    return static_cast<std::size_t>(found - words.begin());
}

std::optional<TomlReader> TomlReader::table_if(std::string_view key, std::string where) {
    const TomlValue* value = ask(key);
    if (value == nullptr) return std::nullopt;
    return TomlReader(*value, file_, std::move(where));
}

TomlReader TomlReader::table(std::string_view key, std::string where) {
    return {need(key, "a table"), file_, std::move(where)};
}

std::vector<TomlReader> TomlReader::tables(std::string_view key, const std::string& where) {
    std::vector<TomlReader> out;
    const TomlValue* value = ask(key);
    if (value == nullptr) return out;
    for (const TomlValue& item : as<TomlArray>(*value, key, "a list of tables"))
        out.emplace_back(item, file_, where);
    return out;
}

const TomlArray& TomlReader::array(std::string_view key) {
    return as<TomlArray>(need(key, "[...]"), key, "a list");
}

void TomlReader::finish() const {
    const TomlMember* first = nullptr;
    for (const auto& member : *members_) {
        const bool asked = std::ranges::find(asked_, member.key) != asked_.end();
        if (!asked && (first == nullptr || member.value.line < first->value.line)) first = &member;
    }
    if (first == nullptr) return;
    const auto near = nearest_word(first->key, asked_);
    fail_at(*this, first->value.line, "unknown key " + quote(first->key),
            near ? "'" + std::string(*near) + "'" : "one of " + joined(asked_));
}

}  // namespace breakwater
