// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "breakwater/core/error.hpp"
#include "breakwater/core/event.hpp"
#include "breakwater/stress/book.hpp"

/// Events, effects and refusals as JSON lines, "breakwater-events/1". Amounts are integers of
/// atomic units in quotes, prices decimal USD in quotes, assets symbols, accounts names. Source:
/// docs/formats.md.
namespace breakwater {

/// One event, without a line end.
std::string event_line(const Book& book, const Event& event);

/// One effect of event `number` (from 0, as counted by the state's clock).
std::string effect_line(const Book& book, std::uint64_t number, Time time, const Effect& effect);

/// An event that was refused, with the reason's name and its sentence.
std::string refusal_line(std::uint64_t number, Time time, Error error);

/// [atomic units] or "all".
std::string size_text(const Size& size);

/// By DeficitPart; the first is not written.
inline constexpr std::array<std::string_view, 3> deficit_parts{"whole", "offset", "pending"};

/// "(outside)" for whoever stands outside the book.
std::string account_text(const Book& book, AccountId account);

}  // namespace breakwater
