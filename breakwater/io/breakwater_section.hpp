// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <string>

#include "breakwater/core/rulebooks/breakwater_rules.hpp"
#include "breakwater/io/toml_reader.hpp"

/// [breakwater] of market.toml: the dials of our own rulebook, each with a default.
/// Source: docs/formats.md.
namespace breakwater {

/// Without the depths, which follow from the assets. InputError for what is out of bounds.
house::Rules read_breakwater_section(TomlReader& root);

/// The table as the reader takes it.
std::string breakwater_section_text(const house::Rules& rules);

}  // namespace breakwater
