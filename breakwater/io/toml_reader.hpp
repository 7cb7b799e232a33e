// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "breakwater/core/units.hpp"
#include "breakwater/io/toml.hpp"

/// Reads one table of a TOML file key by key. Every key that is missing, of a wrong type, out of
/// bounds or unknown is an InputError with its line, the table it stands in and what was expected.
/// `finish` refuses keys that nobody asked for, so that a typing error is never a silent default.
namespace breakwater {

inline constexpr double above_zero = 1e-9;  ///< a lower bound where zero itself is not allowed

class TomlReader {
  public:
    /// @param where names the table in messages: "asset WETH"; empty for the root
    TomlReader(const TomlValue& table, std::string file, std::string where);

    [[nodiscard]] bool has(std::string_view key) const { return find(key) != nullptr; }
    [[nodiscard]] std::uint64_t line() const { return line_; }
    /// Line of the key, or of the table where it is absent.
    [[nodiscard]] std::uint64_t line_of(std::string_view key) const;
    void rename(std::string where) { where_ = std::move(where); }

    std::string text(std::string_view key);
    std::string text_or(std::string_view key, std::string_view fallback);
    std::vector<std::string> texts(std::string_view key);
    std::vector<std::string> texts_or_none(std::string_view key);
    bool flag(std::string_view key);
    bool flag_or(std::string_view key, bool fallback);
    std::uint64_t integer(std::string_view key, std::uint64_t min, std::uint64_t max);
    std::uint64_t integer_or(std::string_view key, std::uint64_t min, std::uint64_t max,
                             std::uint64_t fallback);
    /// Bounds are closed; an open lower bound is written as the smallest number allowed.
    double number(std::string_view key, double min, double max);
    double number_or(std::string_view key, double min, double max, double fallback);
    /// Exact: a string, or a TOML integer. A TOML float is refused, because it is binary.
    uint128 decimal(std::string_view key, unsigned decimals);
    std::optional<uint128> decimal_if(std::string_view key, unsigned decimals);
    /// A time with its offset, since 1970.
    Time time(std::string_view key);
    /// One of `words`, by its position.
    std::size_t word(std::string_view key, std::span<const std::string_view> words);
    std::optional<TomlReader> table_if(std::string_view key, std::string where);
    TomlReader table(std::string_view key, std::string where);
    std::vector<TomlReader> tables(std::string_view key, const std::string& where);
    const TomlArray& array(std::string_view key);

    /// InputError at the first key that was never asked for.
    void finish() const;
    [[noreturn]] void fail(std::string_view key, const std::string& fault,
                           const std::string& expected) const;
    [[noreturn]] static void fail_at(const TomlReader& reader, std::uint64_t line,
                                     const std::string& fault, const std::string& expected);

  private:
    [[nodiscard]] const TomlValue* find(std::string_view key) const;
    const TomlValue* ask(std::string_view key);
    const TomlValue& need(std::string_view key, const char* expected);
    template <class T>
    const T& as(const TomlValue& value, std::string_view key, const char* expected) const;
    [[nodiscard]] std::string in() const { return where_.empty() ? "" : " in " + where_; }

    const TomlTable* members_;
    std::uint64_t line_;
    std::string file_;
    std::string where_;
    std::vector<std::string_view> asked_;
};

/// One of `candidates` that differs from `word` by at most two edits.
std::optional<std::string_view> nearest_word(std::string_view word,
                                             std::span<const std::string_view> candidates);

}  // namespace breakwater
