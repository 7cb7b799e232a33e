// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <algorithm>
#include <set>
#include <vector>

#include "breakwater/calc/input.hpp"
#include "breakwater/calc/integers.hpp"
#include "breakwater/io/error.hpp"
#include "breakwater/io/text_file.hpp"

namespace breakwater::calc {
namespace {

using nlohmann::json;

constexpr std::size_t depth_max = 64;

bool is_integer_text(std::string_view text) {
    return text.find_first_not_of("-0123456789") == std::string_view::npos;
}

/// Builds the value, keeps the digits of long integers and refuses a name that comes twice.
class Builder {
  public:
    Builder(std::string_view text, std::string from) : text_(text), from_(std::move(from)) {}

    json take() { return std::move(root_); }

    // What the parser calls, with the names it asks for.
    bool null() { return put(nullptr); }
    bool boolean(bool v) { return put(v); }
    bool number_integer(json::number_integer_t v) { return put(v); }
    bool number_unsigned(json::number_unsigned_t v) { return put(v); }
    bool number_float(json::number_float_t v, const std::string& digits) {
        return put(is_integer_text(digits) ? long_integer(digits) : json(v));
    }
    bool string(std::string& v) { return put(std::move(v)); }
    bool binary(json::binary_t& /*unused*/) { return false; }
    bool start_object(std::size_t /*unused*/) { return open(json::object()); }
    bool start_array(std::size_t /*unused*/) { return open(json::array()); }
    bool end_object() { return close(); }
    bool end_array() { return close(); }
    bool key(std::string& name) {
        if (stack_.back()->contains(name))
            throw InputError(from_, 0, "field " + quote(name) + " stands twice", "each field once");
        name_ = std::move(name);
        return true;
    }
    bool parse_error(std::size_t position, const std::string& /*unused*/,
                     const json::exception& e) {
        const std::size_t end = std::min(position, text_.size());
        const auto line = 1 + std::ranges::count(text_.substr(0, end), '\n');
        const bool is_range =
            std::string_view(e.what()).find("out_of_range") != std::string_view::npos;
        throw InputError(from_, static_cast<std::uint64_t>(line),
                         is_range ? "a number is too large" : "not JSON",
                         is_range ? "finite numbers" : "one object, {\"field\": value, ...}");
    }

  private:
    json* place(json value) {
        if (stack_.empty()) {
            root_ = std::move(value);
            return &root_;
        }
        json& top = *stack_.back();
        if (top.is_array()) {
            top.push_back(std::move(value));
            return &top.back();
        }
        return &(top[name_] = std::move(value));
    }
    bool put(json value) {
        place(std::move(value));
        return true;
    }
    bool open(json value) {
        if (stack_.size() == depth_max)
            throw InputError(from_, 0, "nested too deep", "at most 64 levels");
        stack_.push_back(place(std::move(value)));
        return true;
    }
    bool close() {
        stack_.pop_back();
        return true;
    }

    std::string_view text_;
    std::string from_;
    json root_;
    std::vector<json*> stack_;
    std::string name_;
};

}  // namespace

json parse_object(std::string_view text, const std::string& from) {
    Builder builder(text, from);
    json::sax_parse(text, &builder);
    json out = builder.take();
    if (!out.is_object())
        throw InputError(from, 0, "not a JSON object", "one object, {\"field\": value, ...}");
    return out;
}

}  // namespace breakwater::calc
