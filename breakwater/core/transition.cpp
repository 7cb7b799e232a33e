// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/core/transition.hpp"

#include <array>
#include <bit>
#include <cstring>
#include <ranges>

#include "breakwater/core/desk.hpp"
#include "breakwater/core/require.hpp"

namespace breakwater {
namespace {

/// Of one table.
struct Rows {
    std::byte* first;
    std::size_t bytes;  ///< of a row
    std::size_t count;  ///< of a table that grows

    void write(const Cell& cell, uint128 value) const {
        std::memcpy(first + cell.row * bytes + cell.word * sizeof value, &value, sizeof value);
    }
};
template <class Row>
Rows rows_of(Row* first) {
    static_assert(sizeof(Row) % sizeof(uint128) == 0 && std::is_trivially_copyable_v<Row>);
    auto* bytes = reinterpret_cast<std::byte*>(first);  // NOLINT
    return {.first = bytes, .bytes = sizeof(Row), .count = 0};
}
template <class Row>
Rows rows_of(std::vector<Row>& rows) {
    Rows out = rows_of(rows.data());
    out.count = rows.size();
    return out;
}

/// The same of the tables that a native market names.
class NativeTables {
  public:
    // NOLINTNEXTLINE(*-member-init): rows are written before they are read
    explicit NativeTables(State& state) : state_(state) {}

    [[gnu::always_inline]] void write(const Cell& cell, uint128 value) {
        const std::size_t table =
            static_cast<std::size_t>(cell.table) - static_cast<std::size_t>(Table::native);
        if (table < tables_ && cell.market == market_ && cell.row < rows_[table].count) [[likely]]
            return rows_[table].write(cell, value);
        write_first(cell, value);
    }

  private:
    /// Where the market is another, or the table has to grow.
    [[gnu::noinline]] void write_first(const Cell& cell, uint128 value) {
        if (tables_ == 0 || cell.market != market_) {
            find(cell.market);
            REQUIRE(static_cast<std::size_t>(cell.table) <
                    static_cast<std::size_t>(Table::native) + tables_);
            write(cell, value);
            return;
        }
        std::visit(
            [&]<class M>(M& market) {
                if constexpr (NativeMarket<M>)
                    write_native(market, cell.table, cell.row, cell.word, value);
            },
            state_.markets[index(cell.market)]);
        find(cell.market);
    }
    void find(MarketId id) {
        market_ = id;
        tables_ = 0;
        std::visit(
            [&]<class M>(M& market) {
                if constexpr (NativeMarket<M>)
                    std::apply(
                        [&](auto... members) {
                            static_assert(sizeof...(members) <= tables_max);
                            ((rows_[tables_++] = rows_of(market.*members)), ...);
                        },
                        M::tables());
            },
            state_.markets[index(id)]);
    }

    static constexpr std::size_t tables_max = 32;
    State& state_;
    MarketId market_{};
    std::size_t tables_ = 0;
    std::array<Rows, tables_max> rows_;
};

/// Where the rows of each table are: looked up once for a run of changes of one market, and again when a table grows.
class Tables {
  public:
    // NOLINTNEXTLINE(*-member-init): as above
    explicit Tables(State& state) : state_(state), native_(state) {}

    [[gnu::always_inline]] void write(const Cell& cell, uint128 value) {
        // A row's words follow each other: what was found for the first of them holds for all.
        Cell first = cell;
        first.word = 0;
        const auto key = std::bit_cast<std::uint64_t>(first);
        if (row_ != nullptr && key == row_key_) {
            std::memcpy(row_ + cell.word * sizeof value, &value, sizeof value);
            return;
        }
        if (cell.table >= Table::native) [[unlikely]] return native_.write(cell, value);
        if (!found_ || cell.market != market_) [[unlikely]] {
            market_ = cell.market;
            find();
        }
        if (cell.table == Table::legs_end) [[unlikely]] {
            aave_market(state_, market_).legs.resize(static_cast<std::size_t>(value));
            find();
            return;
        }
        const Rows& rows = rows_[static_cast<std::size_t>(cell.table)];
        if (cell.table >= Table::wiring && cell.row >= rows.count) [[unlikely]]
            grow_to(cell);
        REQUIRE(rows.first != nullptr);
        row_ = rows.first + cell.row * rows.bytes;
        row_key_ = key;
        rows.write(cell, value);
    }

  private:
    /// The tables that end with their last row in use.
    [[gnu::noinline]] void grow_to(const Cell& cell) {
        const auto grow = [&](Table table, auto& rows) {
            if (cell.table != table || cell.row < rows.size()) return;
            rows.resize(cell.row + std::size_t{1},
                        zero_row<typename std::remove_cvref_t<decltype(rows)>::value_type>());
            find();
        };
        grow(Table::wiring, state_.wirings);
        grow(Table::asset_feed, state_.asset_feeds);
        grow(Table::source, state_.sources);
        grow(Table::source_row, state_.source_rows);
        grow(Table::guard, state_.guards);
        grow(Table::notice, state_.notices);
    }
    [[gnu::noinline]] void find() {
        found_ = true;
        row_ = nullptr;
        const auto set = [this](Table table, Rows rows) {
            rows_[static_cast<std::size_t>(table)] = rows;
        };
        rows_ = {};
        set(Table::clock, rows_of(&state_.clock));
        set(Table::feed, rows_of(state_.feeds.data()));
        set(Table::custody, rows_of(state_.custody.data()));
        set(Table::layer, rows_of(state_.layers.data()));
        set(Table::wiring, rows_of(state_.wirings));
        set(Table::asset_feed, rows_of(state_.asset_feeds));
        set(Table::source, rows_of(state_.sources));
        set(Table::source_row, rows_of(state_.source_rows));
        set(Table::guard, rows_of(state_.guards));
        set(Table::notice, rows_of(state_.notices));
        if (state_.markets.empty()) return;
        auto* reserve_set = std::get_if<aave_v3::Market>(&state_.markets[index(market_)]);
        if (reserve_set == nullptr) return;
        auto& market = *reserve_set;
        set(Table::parameters, rows_of(market.parameters.data()));
        set(Table::reserve, rows_of(market.reserves.data()));
        set(Table::emode, rows_of(market.emodes.data()));
        set(Table::account, rows_of(market.accounts.data()));
        set(Table::leg, rows_of(market.legs.data()));
    }

    State& state_;
    MarketId market_{};
    bool found_ = false;
    std::byte* row_ = nullptr;  ///< that was written last
    std::uint64_t row_key_ = 0;
    std::array<Rows, static_cast<std::size_t>(Table::native)> rows_;
    NativeTables native_;
};

}  // namespace

void execute(State& state, std::span<const Change> changes) {
    Tables tables(state);
    for (const Change& c : changes)
        tables.write(c.cell, c.after);
}

void undo(State& state, std::span<const Change> changes) {
    Tables tables(state);
    for (const Change& c : std::views::reverse(changes)) {
#if BREAKWATER_MUTANT_ENGINE_005
        if (c.cell.table == Table::legs_end) continue;
#endif
        tables.write(c.cell, c.before);
    }
}

}  // namespace breakwater
