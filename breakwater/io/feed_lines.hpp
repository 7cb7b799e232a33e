// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <functional>
#include <optional>
#include <string_view>

#include "breakwater/core/event.hpp"
#include "breakwater/io/json_line.hpp"
#include "breakwater/stress/book.hpp"

/// Events and effects of assets with several sources as lines of JSON. Source: docs/formats.md, "Events".
namespace breakwater {

class JsonReader;

std::string_view native_name(const ReportSources&);
std::string_view native_name(const SetFeed&);
std::string_view native_name(const DirectFeed&);
std::string_view native_name(const SetGuard&);
std::string_view native_name(const Marked&);
std::string_view native_name(const ReportRefused&);
std::string_view native_name(const NoticeGiven&);

void add_native(const Book& book, JsonLine& line, const ReportSources& e);
void add_native(const Book& book, JsonLine& line, const SetFeed& e);
void add_native(const Book& book, JsonLine& line, const DirectFeed& e);
void add_native(const Book& book, JsonLine& line, const SetGuard& e);
void add_native(const Book& book, JsonLine& line, const Marked& e);
void add_native(const Book& book, JsonLine& line, const ReportRefused& e);
void add_native(const Book& book, JsonLine& line, const NoticeGiven& e);

/// Nothing for a change without notice.
void add_notice(JsonLine& line, Notice notice);
Notice read_notice(JsonReader& in);

/// The event of that name, or nullopt where it is not one of these.
/// @param asset  the asset of a symbol, or an InputError
using AssetNamed = std::function<AssetId(const std::string&)>;
std::optional<Action> read_feed_event(std::string_view name, JsonReader& in,
                                      const AssetNamed& asset);

}  // namespace breakwater
