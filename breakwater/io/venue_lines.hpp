// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <string_view>

#include "breakwater/core/event.hpp"
#include "breakwater/io/json_line.hpp"
#include "breakwater/stress/book.hpp"

/// The part of event_lines.hpp that tells of derivatives venues: contracts by their row, integers
/// of amounts, lots and prices in quotes, lists as arrays. Source: docs/formats.md; docs/units.md.
namespace breakwater {

std::string_view native_name(const venue::Action& action);
std::string_view native_name(const venue::Effect& effect);

void add_native(const Book& book, JsonLine& line, const venue::Action& action);
void add_native(const Book& book, JsonLine& line, const venue::Effect& effect);

}  // namespace breakwater
