// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "breakwater/core/units.hpp"
#include "breakwater/stress/book.hpp"

/// What a risk team asks of a book before it believes a figure from it: do the sums agree, how old
/// are prices and depth, how much of the value do we know a price, a depth and a feed for, are the
/// parameters sane, who is already under water.
namespace breakwater {

inline constexpr double age_hours_max = 24;  ///< [h] older prices are in doubt

enum class Concern : std::uint8_t { fact, doubt };

struct Finding {
    Concern concern{};
    std::string text;  ///< one sentence
};

/// Shares of the value supplied and borrowed, 0 to 1.
struct Coverage {
    double price = 0;
    double depth = 0;
    double feed = 0;
};

struct CheckReport {
    std::string name;
    std::string source;
    std::string input_hash;
    std::uint64_t as_of = 0;  ///< [s since 1970]
    std::size_t accounts = 0;
    std::size_t borrowers = 0;
    std::size_t unhealthy = 0;
    double unhealthy_debt_usd = 0;
    double insolvent_debt_usd =
        0;  ///< debt above the value of all collateral, summed over accounts
    double supplied_usd = 0;
    double borrowed_usd = 0;
    Coverage coverage;
    std::vector<Finding> findings;

    [[nodiscard]] std::size_t doubts() const;
};

/// How old prices and balances are at `now`; absent: not said.
std::vector<Finding> age_of(const Book& book, std::optional<Time> now);

/// Reads the folder and looks at it. InputError where it is no book at all.
/// @param now for the age of the data; absent: not said
CheckReport check_book(const std::filesystem::path& folder, std::optional<Time> now = {});

/// For a terminal, and as one JSON object.
std::string to_text(const CheckReport& report);
std::string to_json(const CheckReport& report);

}  // namespace breakwater
