// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <string>

#include "breakwater/report/format.hpp"
#include "breakwater/stress/estimates.hpp"

/// Lines around the tables of a terminal, and estimates as text. All text passes `printable`.
namespace breakwater {

/// Blank line, the title, a newline.
std::string heading(const std::string& title);
/// One line, whatever its length.
std::string line(const std::string& text);
/// Wrapped at 110 columns.
std::string note(const std::string& text);
/// "Asked        How much …", wrapped and indented under itself.
std::string labelled(const std::string& label, const std::string& text);

std::string value_text(const Estimate& estimate,
                       Unit unit);  ///< "$1.23M"; "n/s" where not supported
std::string interval_text(const Estimate& estimate,
                          Unit unit);  ///< "$1.1M to $1.4M"; the reason where not supported
/// " [$1.1M to $1.4M]", nothing for an exact figure, " (reason)" where not supported.
std::string interval_in_words(const Estimate& estimate, Unit unit);

}  // namespace breakwater
