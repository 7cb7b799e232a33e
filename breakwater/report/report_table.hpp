// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <string>

#include "breakwater/report/input.hpp"

namespace breakwater {

/// The report for a terminal: the answer in six lines, then tables of figure, value, interval and
/// definition. Plain text without colour, so it needs no NO_COLOR and reads the same in a file.
std::string report_table(const ReportInput& input);

}  // namespace breakwater
