// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/calc/input.hpp"

#include <algorithm>
#include <cmath>

#include "breakwater/calc/integers.hpp"
#include "breakwater/io/error.hpp"

namespace breakwater::calc {
namespace {

constexpr std::size_t shown_max = 60;

/// What a message shows of a value.
std::string shown(const nlohmann::json& value) {
    if (value.is_object()) return "an object";
    if (value.is_array()) return "a list";
    std::string text = is_long_integer(value) ? long_integer_text(value) : value.dump();
    if (text.size() > shown_max) text = text.substr(0, shown_max) + "...";
    return text;
}

bool lies_in(double x, const Bounds& b) {
    return std::isfinite(x) && (b.above_min ? x > b.min : x >= b.min) &&
           (b.below_max ? x < b.max : x <= b.max);
}

std::string range_text(int128 min, int128 max) {
    return "an integer from " + decimal(min) + " to " + decimal(max);
}

constexpr auto int128_max = static_cast<int128>(uint128_max >> 1U);
constexpr int128 int128_min = -int128_max - 1;

}  // namespace

Input::Input(const nlohmann::json& object, Asked& asked, std::string path)
    : object_(&object), asked_(&asked), path_(std::move(path)) {
    asked_->values.insert(object_);
    if (!object.is_object()) fail_whole("is " + shown(object), "an object of named fields");
}

std::string Input::path_of(std::string_view key) const {
    return path_.empty() ? std::string(key) : path_ + "." + std::string(key);
}

void Input::fail(std::string_view key, std::string_view fault, std::string_view expected) const {
    throw InputError(asked_->from, 0, "'" + path_of(key) + "' " + std::string(fault),
                     std::string(expected));
}

void Input::fail_whole(std::string_view fault, std::string_view expected) const {
    const std::string what = path_.empty() ? "the input" : "'" + path_ + "'";
    throw InputError(asked_->from, 0, what + " " + std::string(fault), std::string(expected));
}

bool Input::has(std::string_view key) const {
    const auto found = object_->find(key);
    if (found == object_->end()) return false;
    asked_->values.insert(&*found);
    return !found->is_null();
}

const nlohmann::json& Input::at(std::string_view key, std::string_view expected) {
    const auto found = object_->find(key);
    if (found == object_->end()) fail(key, "is missing", expected);
    asked_->values.insert(&*found);
    return *found;
}

double Input::number(std::string_view key, const Bounds& bounds) {
    const nlohmann::json& value = at(key, bounds.expected);
    const auto x = number_of(value);
    if (!x || !lies_in(*x, bounds)) fail(key, "is " + shown(value), bounds.expected);
    return *x;
}

double Input::number_or(std::string_view key, double fallback, const Bounds& bounds) {
    return has(key) ? number(key, bounds) : fallback;
}

std::optional<double> Input::optional_number(std::string_view key, const Bounds& bounds) {
    if (!has(key)) return std::nullopt;
    return number(key, bounds);
}

std::vector<double> Input::numbers(std::string_view key, const Bounds& bounds) {
    const nlohmann::json& list = at(key, "a list of numbers");
    if (!list.is_array()) fail(key, "is " + shown(list), "a list of numbers");
    std::vector<double> out;
    for (const nlohmann::json& value : list) {
        const auto x = number_of(value);
        if (!x || !lies_in(*x, bounds))
            fail(std::string(key) + "[" + std::to_string(out.size()) + "]", "is " + shown(value),
                 bounds.expected);
        out.push_back(*x);
    }
    return out;
}

uint128 Input::natural(std::string_view key, uint128 max) {
    const std::string expected = "an integer from 0 to " + decimal(max);
    const nlohmann::json& value = at(key, expected);
    const auto n = integer_of(value);
    if (!n || n->negative || n->magnitude > Uint256{max}) fail(key, "is " + shown(value), expected);
    return n->magnitude.low();
}

uint128 Input::natural_or(std::string_view key, uint128 fallback, uint128 max) {
    return has(key) ? natural(key, max) : fallback;
}

std::optional<uint128> Input::optional_natural(std::string_view key) {
    if (!has(key)) return std::nullopt;
    return natural(key);
}

Uint256 Input::wide_natural(std::string_view key) {
    const std::string expected = "an integer from 0 to 2^256 - 1";
    const nlohmann::json& value = at(key, expected);
    const auto n = integer_of(value);
    if (!n || n->negative) fail(key, "is " + shown(value), expected);
    return n->magnitude;
}

BigInteger Input::big(std::string_view key) {
    const std::string expected = "an integer of at most 256 bits";
    const nlohmann::json& value = at(key, expected);
    const auto n = integer_of(value);
    if (!n) fail(key, "is " + shown(value), expected);
    return BigInteger(n->magnitude, n->negative);
}

BigInteger Input::big_or(std::string_view key, const BigInteger& fallback) {
    return has(key) ? big(key) : fallback;
}

int128 Input::integer(std::string_view key, int128 min, int128 max) {
    const nlohmann::json& value = at(key, range_text(min, max));
    const auto n = integer_of(value);
    const auto x = n ? narrow(*n) : std::nullopt;
    if (!x || *x < min || *x > max) fail(key, "is " + shown(value), range_text(min, max));
    return *x;
}

int128 Input::integer(std::string_view key) {
    return integer(key, int128_min, int128_max);
}

int128 Input::integer_or(std::string_view key, int128 fallback) {
    return has(key) ? integer(key) : fallback;
}

std::vector<int128> Input::integers(std::string_view key) {
    const nlohmann::json& list = at(key, "a list of integers");
    if (!list.is_array()) fail(key, "is " + shown(list), "a list of integers");
    std::vector<int128> out;
    for (const nlohmann::json& value : list) {
        const auto n = integer_of(value);
        const auto x = n ? narrow(*n) : std::nullopt;
        if (!x)
            fail(std::string(key) + "[" + std::to_string(out.size()) + "]", "is " + shown(value),
                 range_text(int128_min, int128_max));
        out.push_back(*x);
    }
    return out;
}

std::vector<uint128> Input::naturals(std::string_view key) {
    std::vector<uint128> out;
    for (const int128 x : integers(key)) {
        if (x < 0) fail(key, "holds " + decimal(x), "a list of integers, each 0 or more");
        out.push_back(static_cast<uint128>(x));
    }
    return out;
}

std::uint64_t Input::count(std::string_view key, std::uint64_t min, std::uint64_t max) {
    return static_cast<std::uint64_t>(integer(key, min, max));
}

std::uint64_t Input::count_or(std::string_view key, std::uint64_t fallback, std::uint64_t min,
                              std::uint64_t max) {
    return has(key) ? count(key, min, max) : fallback;
}

bool Input::flag(std::string_view key) {
    const nlohmann::json& value = at(key, "true or false");
    if (!value.is_boolean()) fail(key, "is " + shown(value), "true or false");
    return value.get<bool>();
}

bool Input::flag_or(std::string_view key, bool fallback) {
    return has(key) ? flag(key) : fallback;
}

std::string Input::text(std::string_view key) {
    const nlohmann::json& value = at(key, "a text");
    if (!value.is_string()) fail(key, "is " + shown(value), "a text");
    return value.get<std::string>();
}

std::size_t Input::choice(std::string_view key, const std::vector<std::string_view>& words) {
    std::string expected;
    for (const std::string_view w : words)
        expected += (expected.empty() ? "" : ", ") + std::string(w);
    expected = "one of " + expected;
    const nlohmann::json& value = at(key, expected);
    if (value.is_string())
        for (std::size_t i = 0; i < words.size(); ++i)
            if (value.get_ref<const std::string&>() == words[i]) return i;
    fail(key, "is " + shown(value), expected);
}

Input Input::object(std::string_view key) {
    return {at(key, "an object of named fields"), *asked_, path_of(key)};
}

std::vector<Input> Input::objects(std::string_view key) {
    const nlohmann::json& list = at(key, "a list of objects");
    if (!list.is_array()) fail(key, "is " + shown(list), "a list of objects");
    std::vector<Input> out;
    for (const nlohmann::json& value : list)
        out.emplace_back(value, *asked_, path_of(key) + "[" + std::to_string(out.size()) + "]");
    return out;
}

std::vector<std::pair<std::string, double>> Input::named_numbers(std::string_view key) {
    const Input inner = object(key);
    std::vector<std::pair<std::string, double>> out;
    for (const auto& [name, value] : inner.object_->items()) {
        const auto x = number_of(value);
        if (!x || !lies_in(*x, any_number))
            inner.fail(name, "is " + shown(value), "a finite number");
        asked_->values.insert(&value);
        out.emplace_back(name, *x);
    }
    return out;
}

namespace {

void ask_for_all(const nlohmann::json& value, Asked& asked) {
    asked.values.insert(&value);
    if (!value.is_structured()) return;
    for (const nlohmann::json& inner : value)
        ask_for_all(inner, asked);
}

}  // namespace

const nlohmann::json& Input::raw(std::string_view key) {
    const nlohmann::json& value = at(key, "a value");
    ask_for_all(value, *asked_);
    return value;
}

void refuse_unknown(const nlohmann::json& object, const Asked& asked, const std::string& path) {
    if (object.is_array()) {
        for (std::size_t i = 0; i < object.size(); ++i)
            if (asked.values.contains(&object[i]))
                refuse_unknown(object[i], asked, path + "[" + std::to_string(i) + "]");
        return;
    }
    if (!object.is_object()) return;
    for (const auto& [key, value] : object.items()) {
        std::string inner = path;
        if (!inner.empty()) inner += '.';
        inner += key;
        if (!asked.values.contains(&value))
            throw InputError(asked.from, 0, "unknown field '" + inner + "'",
                             "only fields that the function knows (docs/calc.md)");
        refuse_unknown(value, asked, inner);
    }
}

}  // namespace breakwater::calc
