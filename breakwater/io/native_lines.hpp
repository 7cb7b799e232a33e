// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <optional>
#include <string_view>

#include "breakwater/core/event.hpp"
#include "breakwater/io/json_line.hpp"
#include "breakwater/stress/book.hpp"

/// The part of event_lines.hpp that tells of native markets: names begin with the protocol's, amounts and shares are
/// integers in quotes. Those of Morpho Blue and Compound v3 are read back; Maker's are told only.
/// Source: docs/formats.md.
namespace breakwater {

std::string_view native_name(const morpho_blue::Action& action);
std::string_view native_name(const compound_v3::Action& action);
std::string_view native_name(const morpho_blue::Effect& effect);
std::string_view native_name(const compound_v3::Effect& effect);

void add_native(const Book& book, JsonLine& line, const morpho_blue::Action& action);
void add_native(const Book& book, JsonLine& line, const compound_v3::Action& action);
void add_native(const Book& book, JsonLine& line, const morpho_blue::Effect& effect);
void add_native(const Book& book, JsonLine& line, const compound_v3::Effect& effect);

class JsonReader;
struct LineNames;

/// An event of a native market by its name in `in`; nullopt where it is none. InputError as the reader of events.
std::optional<Action> read_native_event(std::string_view name, JsonReader& in,
                                        const LineNames& names, MarketId market);

/// The part of it for Compound v3, by what follows the protocol's name.
std::optional<Action> read_comet_event(std::string_view what, JsonReader& in,
                                       const LineNames& names, MarketId market);

}  // namespace breakwater
