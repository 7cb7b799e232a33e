// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <functional>
#include <optional>
#include <string_view>

#include "breakwater/core/event.hpp"
#include "breakwater/io/json_line.hpp"
#include "breakwater/stress/book.hpp"

/// The part of event_lines.hpp that tells of derivatives venues: accounts and contracts by name,
/// integers of amounts, lots and prices in quotes, lists as arrays. Source: docs/formats.md;
/// docs/units.md.
namespace breakwater {

class JsonReader;

std::string_view native_name(const venue::Action& action);
std::string_view native_name(const venue::Effect& effect);

void add_native(const Book& book, JsonLine& line, const venue::Action& action);
void add_native(const Book& book, JsonLine& line, const venue::Effect& effect);

/// Its name, or "#" and its row where the book has none.
std::string contract_text(const Book& book, venue::ContractId contract);

/// Who is meant by a name, or an InputError.
struct LineNames {
    const Book& book;
    std::function<AssetId(const std::string&)> asset;
    std::function<AccountId(const std::string&)> account;
    bool tokens = false;  ///< amounts are whole tokens
};
/// The event of that name, or nullopt where it is not one of a venue. InputError for a field that
/// is missing or none.
std::optional<venue::Action> read_venue_event(std::string_view name, JsonReader& in,
                                              const LineNames& names);

}  // namespace breakwater
