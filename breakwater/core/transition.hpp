// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <bit>
#include <cstddef>
#include <cstring>
#include <span>
#include <type_traits>
#include <vector>

#include "breakwater/core/book.hpp"
#include "breakwater/core/event.hpp"

/// A transition is the complete outcome of an event before anything is written: a short list of {cell, old, new} over
/// the 128-bit words of the state, and the effects. Writing it cannot fail; writing it backwards undoes it; invariants,
/// journals and the end of a simulated path all use the same list.
namespace breakwater {

/// From `native` on: the tables of a market that names its own (desk.hpp), in its order.
enum class Table : std::uint8_t {
    clock, feed, custody, layer, parameters, reserve, emode, legs_end, account, leg,
    wiring, asset_feed, source, source_row, guard, notice,  // these grow to hold the row that is written
    native,
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

/// note(word, before, after) for each word in which two versions of a row differ.
template <class Row, class Note>
void each_changed_word(const Row& before, const Row& after, Note note) {
    static_assert(std::is_trivially_copyable_v<Row> && sizeof(Row) % sizeof(uint128) == 0);
    constexpr std::size_t words = sizeof(Row) / sizeof(uint128);
    static_assert(words <= 64);
    const auto word = [](const Row& row, std::size_t w) {
        uint128 out = 0;
        std::memcpy(&out, reinterpret_cast<const std::byte*>(&row) + w * sizeof out,  // NOLINT
                    sizeof out);
        return out;
    };
    std::uint64_t changed = 0;  // by bit, found without a branch
    for (std::size_t w = 0; w < words; ++w)
        changed |= std::uint64_t{word(before, w) != word(after, w)} << w;
    for (; changed != 0; changed &= changed - 1) {
        const auto w = static_cast<std::size_t>(std::countr_zero(changed));
        note(static_cast<std::uint8_t>(w), word(before, w), word(after, w));
    }
}

/// A row of a growing table that does not exist yet, whatever its members' defaults are: an undo leaves it behind.
template <class Row>
Row zero_row() {
    Row zero;
    std::memset(static_cast<void*>(&zero), 0, sizeof zero);
    return zero;
}

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
