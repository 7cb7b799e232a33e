// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

/// Writes one JSON object on one line, keys in the order they are added.
namespace breakwater {

/// Text in quotes, escaped for JSON.
std::string json_quoted(std::string_view text);

class JsonLine {
  public:
    JsonLine& text(std::string_view key, std::string_view value) {
        return raw(key, json_quoted(value));
    }
    JsonLine& integer(std::string_view key, std::uint64_t value) {
        return raw(key, std::to_string(value));
    }
    JsonLine& flag(std::string_view key, bool value) { return raw(key, value ? "true" : "false"); }
    JsonLine& raw(std::string_view key, std::string_view json) {
        line_ += line_.size() == 1 ? "" : ",";
        line_ += json_quoted(key);
        line_ += ':';
        line_ += json;
        return *this;
    }
    /// "{...}" without a line end.
    [[nodiscard]] std::string finish() const { return line_ + "}"; }

  private:
    std::string line_ = "{";
};

}  // namespace breakwater
