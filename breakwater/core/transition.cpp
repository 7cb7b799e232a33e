// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/core/transition.hpp"

#include <cstring>
#include <ranges>

#include "breakwater/core/desk.hpp"
#include "breakwater/core/require.hpp"

namespace breakwater {
namespace {

template <class Row>
void put(Row& row, std::uint8_t word, uint128 value) {
    static_assert(sizeof(Row) % sizeof(uint128) == 0);
    std::memcpy(static_cast<void*>(reinterpret_cast<std::byte*>(&row) + word * sizeof(uint128)),  // NOLINT
                &value, sizeof value);
}

void write_to_native_table(State& state, const Cell& cell, uint128 value) {
    std::visit(
        [&]<class M>(M& market) {
            if constexpr (NativeMarket<M>)
                write_native(market, cell.table, cell.row, cell.word, value);
            else
                REQUIRE(!"a native cell of a reserve set");
        },
        state.markets[index(cell.market)]);
}

void write(State& state, const Cell& cell, uint128 value) {
    if (cell.table >= Table::native) return write_to_native_table(state, cell, value);
    switch (cell.table) {
        case Table::clock: return put(state.clock, cell.word, value);
        case Table::feed: return put(state.feeds[cell.row], cell.word, value);
        case Table::custody: return put(state.custody[cell.row], cell.word, value);
        case Table::layer: return put(state.layers[cell.row], cell.word, value);
        default: break;
    }
    auto& market = aave_market(state, cell.market);
    switch (cell.table) {
        case Table::parameters: return put(market.parameters[cell.row], cell.word, value);
        case Table::reserve: return put(market.reserves[cell.row], cell.word, value);
        case Table::emode: return put(market.emodes[cell.row], cell.word, value);
        case Table::legs_end: return market.legs.resize(static_cast<std::size_t>(value));
        case Table::account: return put(market.accounts[cell.row], cell.word, value);
        case Table::leg: return put(market.legs[cell.row], cell.word, value);
        default: REQUIRE(!"a cell of no table");
    }
}

}  // namespace

void execute(State& state, std::span<const Change> changes) {
    for (const Change& c : changes) write(state, c.cell, c.after);
}

void undo(State& state, std::span<const Change> changes) {
    for (const Change& c : std::views::reverse(changes)) {
#if BREAKWATER_MUTANT_ENGINE_005
        if (c.cell.table == Table::legs_end) continue;
#endif
        write(state, c.cell, c.before);
    }
}

}  // namespace breakwater
