// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "breakwater/io/error.hpp"
#include "breakwater/io/text_file.hpp"

/// Reads one JSON object key by key, as TomlReader does: what is missing, of a wrong type or
/// unknown is an InputError with the line. Only for the .cpp files that read JSON; the library
/// stays out of other headers.
namespace breakwater {

class JsonReader {
  public:
    JsonReader(const nlohmann::json& object, std::string file, std::uint64_t line)
        : object_(object), file_(std::move(file)), line_(line) {
        if (!object.is_object()) fail("not a JSON object", "{...}");
    }

    [[nodiscard]] bool has(std::string_view key) const { return object_.contains(key); }

    const nlohmann::json& at(std::string_view key, std::string_view expected) {
        asked_.push_back(key);
        const auto found = object_.find(key);
        if (found == object_.end()) fail("missing " + quote(key), std::string(expected));
        return *found;
    }
    std::string text(std::string_view key) {
        const nlohmann::json& value = at(key, "a text");
        if (!value.is_string()) fail(quote(key) + " is not a text", "text in quotes");
        return value.get<std::string>();
    }
    std::string text_or(std::string_view key, std::string fallback) {
        asked_.push_back(key);
        return has(key) ? text(key) : std::move(fallback);
    }
    std::uint64_t integer(std::string_view key, std::uint64_t max) {
        const nlohmann::json& value = at(key, "an integer");
        if (!value.is_number_unsigned() || value.get<std::uint64_t>() > max)
            fail(quote(key) + " is " + quote(value.dump()),
                 "an integer from 0 to " + std::to_string(max));
        return value.get<std::uint64_t>();
    }
    std::uint64_t integer_or(std::string_view key, std::uint64_t max, std::uint64_t fallback) {
        asked_.push_back(key);
        return has(key) ? integer(key, max) : fallback;
    }
    bool flag(std::string_view key) {
        const nlohmann::json& value = at(key, "true or false");
        if (!value.is_boolean()) fail(quote(key) + " is " + quote(value.dump()), "true or false");
        return value.get<bool>();
    }
    bool flag_or(std::string_view key, bool fallback) {
        asked_.push_back(key);
        return has(key) ? flag(key) : fallback;
    }
    [[nodiscard]] const std::string& file() const { return file_; }
    [[nodiscard]] std::uint64_t line() const { return line_; }
    /// InputError at a key that nobody asked for.
    void finish() const {
        for (const auto& [key, value] : object_.items()) {
            bool known = false;
            for (const std::string_view asked : asked_)
                known |= asked == key;
            if (!known)
                fail("unknown key " + quote(key), "no other keys than those of docs/formats.md");
        }
    }
    [[noreturn]] void fail(const std::string& fault, const std::string& expected) const {
        throw InputError(file_, line_, fault, expected);
    }

  private:
    const nlohmann::json& object_;
    std::string file_;
    std::uint64_t line_;
    std::vector<std::string_view> asked_;
};

}  // namespace breakwater
