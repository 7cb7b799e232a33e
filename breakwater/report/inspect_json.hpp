// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <string>

#include "breakwater/stress/inspect.hpp"

namespace breakwater {

/// The book as it stands, format breakwater-inspect/1: the same names, units and null for "no
/// limit" as in a report.
std::string inspect_json(const Book& book, const Inspection& inspection);

}  // namespace breakwater
