// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "breakwater/report/input.hpp"

/// Texts of the command line and what they mean. Faults are InputError with "command line" in the place of the file.
namespace breakwater {

/// @throws InputError of the command line
[[noreturn]] void fail(const std::string& what, const std::string& expected);

/// [s] "24h", "7d", "90m".
double duration_of(const std::string& text);

/// "WETH.lt=0.84": applies the change to the book's state as governance would, through the engine. Names: ltv, lt,
/// bonus, protocol_fee, reserve_factor, optimal_usage, base_rate, slope1, slope2 (fractions), supply_cap, borrow_cap
/// (whole tokens); "emode1.lt" for an e-mode. One line for the report.
ParameterChange apply_setting(Book& book, std::string_view text);

/// All of them, in any order that the rulebook accepts: a lower ltv may have to come before a lower lt.
std::vector<ParameterChange> apply_settings(Book& book, std::vector<std::string> settings);

/// "WETH.lt=0.84,WETH.bonus=0.06" and repeated options, apart.
std::vector<std::string> split_settings(const std::vector<std::string>& options);

/// The rulebook of `--rulebook`, "" for the book's own, among those that a book of that kind can stand under.
void require_rulebook(const std::string& rulebook, std::span<const std::string_view> names, const char* kind);

/// A word of the shell, quoted where it must be.
std::string shell_word(const std::string& text);

}  // namespace breakwater
