// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "breakwater/io/decimal.hpp"
#include "breakwater/io/toml.hpp"

/// Writes a TOML file: lines "key = value" in the order they are added.
namespace breakwater {

class TomlText {
  public:
    void line(std::string_view key, std::string_view value) {
        text_ += key;
        text_ += " = ";
        text_ += value;
        text_ += '\n';
    }
    void integer(std::string_view key, std::uint64_t value) { line(key, std::to_string(value)); }
    void number(std::string_view key, double value) { line(key, format_number(value)); }
    void quoted(std::string_view key, std::string_view value) { line(key, toml_quoted(value)); }
    void flag(std::string_view key, bool value) { line(key, value ? "true" : "false"); }
    void raw(std::string_view text) { text_ += text; }
    std::string take() { return std::move(text_); }

  private:
    std::string text_;
};

}  // namespace breakwater
