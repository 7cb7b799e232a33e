// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "breakwater/core/big_integer.hpp"
#include "breakwater/core/math.hpp"

/// What a function is given: one JSON object, read field by field. What is missing, of a wrong type
/// or out of range is an InputError that names the field ("'tiers[1].max_leverage' is 0; expected a
/// number above 0"). What nobody asked for is found afterwards by the caller of the function.
/// Source: docs/rules.md, CALC-002.
namespace breakwater::calc {

/// Where a number may lie; the text is what a message says was expected.
struct Bounds {
    double min = -std::numeric_limits<double>::max();
    double max = std::numeric_limits<double>::max();
    bool above_min = false;  ///< min itself is refused
    bool below_max = false;  ///< max itself is refused
    std::string_view expected = "a finite number";
};
inline constexpr Bounds any_number{};
inline constexpr Bounds not_negative{.min = 0.0, .expected = "a number, 0 or more"};
inline constexpr Bounds positive{.min = 0.0, .above_min = true, .expected = "a number above 0"};
inline constexpr Bounds fraction{.min = 0.0, .max = 1.0, .expected = "a number from 0 to 1"};
inline constexpr Bounds open_fraction{.min = 0.0,
                                      .max = 1.0,
                                      .above_min = true,
                                      .below_max = true,
                                      .expected = "a number between 0 and 1"};

/// The fields of the whole text that somebody asked for.
struct Asked {
    std::string from;  ///< "standard input", a file
    std::set<const nlohmann::json*> values;
};

class Input {
  public:
    /// @param path of `object` in the text, "" for the whole
    Input(const nlohmann::json& object, Asked& asked, std::string path = {});

    [[nodiscard]] bool has(std::string_view key) const;  ///< present and not null

    // Floating point: JSON numbers only.
    double number(std::string_view key, const Bounds& bounds = any_number);
    double number_or(std::string_view key, double fallback, const Bounds& bounds = any_number);
    std::optional<double> optional_number(std::string_view key, const Bounds& bounds = any_number);
    std::vector<double> numbers(std::string_view key, const Bounds& bounds = any_number);

    // Exact: decimal strings ("-12") or JSON integers of any length; never through a double.
    uint128 natural(std::string_view key, uint128 max = uint128_max);
    uint128 natural_or(std::string_view key, uint128 fallback, uint128 max = uint128_max);
    std::optional<uint128> optional_natural(std::string_view key);
    std::vector<uint128> naturals(std::string_view key);
    int128 integer(std::string_view key);
    int128 integer(std::string_view key, int128 min, int128 max);
    int128 integer_or(std::string_view key, int128 fallback);
    std::vector<int128> integers(std::string_view key);
    Uint256 wide_natural(std::string_view key);
    BigInteger big(std::string_view key);  ///< up to 256 bits and a sign
    BigInteger big_or(std::string_view key, const BigInteger& fallback);
    /// Integers of the machine's widths.
    template <class T>
    T sized(std::string_view key) {
        using Limits = std::numeric_limits<T>;
        return static_cast<T>(integer(key, Limits::min(), Limits::max()));
    }
    template <class T>
    T sized_or(std::string_view key, T fallback) {
        return has(key) ? sized<T>(key) : fallback;
    }
    /// A number of things, for loops and indices.
    std::uint64_t count(std::string_view key, std::uint64_t min, std::uint64_t max);
    std::uint64_t count_or(std::string_view key, std::uint64_t fallback, std::uint64_t min,
                           std::uint64_t max);

    bool flag(std::string_view key);
    bool flag_or(std::string_view key, bool fallback);
    std::string text(std::string_view key);
    /// One of the words, by its number.
    std::size_t choice(std::string_view key, const std::vector<std::string_view>& words);

    Input object(std::string_view key);
    /// An array of objects.
    std::vector<Input> objects(std::string_view key);
    /// The names and values of an object of numbers, sorted by name.
    std::vector<std::pair<std::string, double>> named_numbers(std::string_view key);
    /// The value as it is, with all that is in it.
    const nlohmann::json& raw(std::string_view key);

    /// Refuses: "'key' fault; expected ...".
    [[noreturn]] void fail(std::string_view key, std::string_view fault,
                           std::string_view expected) const;
    [[noreturn]] void fail_whole(std::string_view fault, std::string_view expected) const;

  private:
    const nlohmann::json& at(std::string_view key, std::string_view expected);
    [[nodiscard]] std::string path_of(std::string_view key) const;

    const nlohmann::json* object_;
    Asked* asked_;
    std::string path_;
};

/// Text to an object. Integers that need more than 64 bits keep their digits. InputError where the
/// text is no JSON object, names a field twice or has something after it.
nlohmann::json parse_object(std::string_view text, const std::string& from);

/// InputError at the first field that nobody asked for.
void refuse_unknown(const nlohmann::json& object, const Asked& asked, const std::string& path = {});

// Integers as the decimal strings that `natural` and `integer` read.
std::string decimal(uint128 value);
std::string decimal(int128 value);
std::string decimal(Uint256 value);
std::string decimal(BigInteger value);

}  // namespace breakwater::calc
