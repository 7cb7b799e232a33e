// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <string_view>

#include "breakwater/core/event.hpp"
#include "breakwater/io/json_line.hpp"
#include "breakwater/stress/book.hpp"

/// The part of event_lines.hpp that tells of Maker markets: every integer in the protocol's own unit, in quotes.
/// Source: docs/formats.md; docs/units.md.
namespace breakwater {

std::string_view native_name(const maker::Action& action);
std::string_view native_name(const maker::Effect& effect);

void add_native(const Book& book, JsonLine& line, const maker::Action& action);
void add_native(const Book& book, JsonLine& line, const maker::Effect& effect);

}  // namespace breakwater
