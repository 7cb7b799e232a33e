// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <string>

#include "breakwater/stress/inspect.hpp"

namespace breakwater {

/// The book as it stands, for a terminal. Plain text without colour.
std::string inspect_table(const Book& book, const Inspection& inspection);

}  // namespace breakwater
