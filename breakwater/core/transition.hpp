// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <span>
#include <vector>

#include "breakwater/core/book.hpp"
#include "breakwater/core/event.hpp"

/// A transition is the complete outcome of an event before anything is written: a short list of {cell, old, new} over
/// the 128-bit words of the state, and the effects. Writing it cannot fail; writing it backwards undoes it; invariants,
/// journals and the end of a simulated path all use the same list.
namespace breakwater {

/// From `native` on: the tables of a market that names its own (desk.hpp), in its order.
enum class Table : std::uint8_t {
    clock, feed, custody, layer, parameters, reserve, emode, legs_end, account, leg, native,
};

/// One word of the state.
struct Cell {
    std::uint32_t row = 0;
    MarketId market{};
    Table table{};
    std::uint8_t word = 0;

    friend bool operator==(const Cell&, const Cell&) = default;
};

struct Change {
    Cell cell;
    uint128 before = 0;
    uint128 after = 0;
};

struct Transition {
    std::vector<Change> changes;
    std::vector<Effect> effects;

    void clear() {
        changes.clear();
        effects.clear();
    }
};

/// Writes the transition. Cannot fail: the plan has refused everything that could.
void execute(State& state, std::span<const Change> changes);
/// Writes the old values, last change first. Source: ENGINE-005.
void undo(State& state, std::span<const Change> changes);

}  // namespace breakwater
