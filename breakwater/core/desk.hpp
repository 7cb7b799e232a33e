// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <cstring>
#include <tuple>
#include <type_traits>

#include "breakwater/core/math.hpp"
#include "breakwater/core/touched.hpp"
#include "breakwater/core/transition.hpp"

/// The desk of a native market: like draft.hpp for the Aave reserve set, for any market that names its tables. A
/// rulebook reads and changes copies of the few rows that it touches while the state stays const; `finish` compares
/// the copies with the state and writes down which words differ.
///
/// A native market is plain data with
///     std::vector<Row> a, b, ...;                         // rows: trivially copyable, whole 128-bit words, no padding
///     static constexpr auto tables() { return std::tuple{&Market::a, &Market::b}; }
/// A row that does not exist yet reads as zero; changing it makes it exist. Rows are never given back: an undone row is
/// zero again, and zero rows at the end of a table do not count as state.
namespace breakwater {

/// Number of the table that holds `member` among `Market::tables()`.
template <class Market, auto Member>
constexpr std::size_t table_of() {
    std::size_t found = ~std::size_t{0};
    std::size_t k = 0;
    std::apply(
        [&](auto... tables) {
            const auto is_it = [&](auto table) {
                if constexpr (std::is_same_v<decltype(table), decltype(Member)>) {
                    if (table == Member) found = k;
                }
                ++k;
            };
            (is_it(tables), ...);
        },
        Market::tables());
    return found;
}

template <class Market>
class Desk {
  public:
    Desk() : touched_(make(Market::tables())), custody_(custody_rows) {}

    /// Lays an event out against `market`, a market of `state`; both must outlive the desk's use.
    void begin(const State& state, const Market& market, Time now, Transition& out) {
        math = {};
        state_ = &state;
        market_ = &market;
        now_ = now;
        out_ = &out;
        std::apply([](auto&... tables) { (tables.clear(), ...); }, touched_);
        custody_.clear();
        out.clear();
    }

    Checked math;

    [[nodiscard]] const State& state() const { return *state_; }
    [[nodiscard]] const Market& stored() const { return *market_; }
    [[nodiscard]] Time now() const { return now_; }
    [[nodiscard]] std::uint64_t event_number() const { return state_->clock.events; }

    /// The row as it will be.
    template <auto Member>
    [[nodiscard]] const auto& read(std::uint32_t row) const {
        const auto& rows = market_->*Member;
        static const typename std::remove_cvref_t<decltype(rows)>::value_type nothing{};
        if (const auto* copy = std::get<table_of<Market, Member>()>(touched_).find(row))
            return *copy;
        return row < rows.size() ? rows[row] : nothing;
    }
    /// The row, to be changed. References stay valid until the next `begin`.
    template <auto Member>
    auto& change(std::uint32_t row) {
        return std::get<table_of<Market, Member>()>(touched_).touch(row, read<Member>(row));
    }

    /// The rows of one table that were to be changed: {row, copy}.
    template <auto Member>
    [[nodiscard]] const auto& touched() const {
        return std::get<table_of<Market, Member>()>(touched_).entries();
    }

    /// What the outside world pays in, and what is paid out to it: nothing else moves custody.
    void receive(AssetId asset, Amount amount) {
        change_custody(asset).held.raw = math.add(held(asset), amount.raw);
    }
    void pay(AssetId asset, Amount amount) {
        change_custody(asset).held.raw = math.sub(held(asset), amount.raw);
    }
    [[nodiscard]] uint128 held(AssetId asset) const {
        const Custody* copy = custody_.find(index(asset));
        return copy != nullptr ? copy->held.raw : state_->custody[index(asset)].held.raw;
    }

    [[nodiscard]] bool moves_custody() const { return !custody_.entries().empty(); }

    [[nodiscard]] std::span<const Effect> effects() const { return out_->effects; }
    void emit(Effect effect) { out_->effects.push_back(effect); }

    /// Writes what differs into the transition, the clock last.
    void finish(MarketId id) {
        finish_tables(id, std::make_index_sequence<std::tuple_size_v<Tables>>{});
        for (const auto& e : custody_.entries())
            note_row(id, Table::custody, e.row, state_->custody[e.row], e.copy);
        const Clock next{.now = seconds(now_), .events = state_->clock.events + 1};
        note_row(id, Table::clock, 0, state_->clock, next);
    }

  private:
    /// Of one table in one event: 512, where a market does not say otherwise.
    static constexpr std::size_t rows_touched_max = [] {
        if constexpr (requires { Market::rows_touched_max; })
            return Market::rows_touched_max;
        else
            return std::size_t{512};
    }();
    static constexpr std::size_t custody_rows = 256;

    template <class... Rows>
    static auto make(std::tuple<std::vector<Rows> Market::*...> /*tables*/) {
        return std::tuple{Touched<Rows>(rows_touched_max)...};
    }
    using Tables = decltype(Market::tables());
    using TouchedTables = decltype(make(Market::tables()));

    Custody& change_custody(AssetId asset) {
        return custody_.touch(index(asset), state_->custody[index(asset)]);
    }

    template <std::size_t... K>
    void finish_tables(MarketId id, std::index_sequence<K...> /*tables*/) {
        (finish_table<K>(id), ...);
    }
    template <std::size_t K>
    void finish_table(MarketId id) {
        const auto& rows = market_->*std::get<K>(Market::tables());
        using Row = typename std::remove_cvref_t<decltype(rows)>::value_type;
        const auto table = static_cast<Table>(static_cast<std::size_t>(Table::native) + K);
        static const Row nothing{};
        for (const auto& e : std::get<K>(touched_).entries())
            note_row(id, table, e.row, e.row < rows.size() ? rows[e.row] : nothing, e.copy);
    }
    template <class Row>
    void note_row(MarketId id, Table table, std::uint32_t row, const Row& before,
                  const Row& after) {
        each_changed_word(before, after,
                          [&](std::uint8_t word, uint128 old_word, uint128 new_word) {
                              out_->changes.push_back(
                                  {.cell = {.row = row, .market = id, .table = table, .word = word},
                                   .before = old_word,
                                   .after = new_word});
                          });
    }

    const State* state_ = nullptr;
    const Market* market_ = nullptr;
    Transition* out_ = nullptr;
    Time now_{};
    TouchedTables touched_;
    Touched<Custody> custody_;
};

/// Writes one word of a native table; the table grows to hold its row.
template <class Market>
void write_native(Market& market, Table table, std::uint32_t row, std::uint8_t word,
                  uint128 value) {
    std::size_t k = static_cast<std::size_t>(Table::native);
    std::apply(
        [&](auto... members) {
            const auto write = [&](auto& rows) {
                if (static_cast<std::size_t>(table) != k++) return;
                if (row >= rows.size()) rows.resize(row + 1);
                void* const at = &rows[row];
                std::memcpy(static_cast<std::byte*>(at) + word * sizeof value, &value, sizeof value);
            };
            (write(market.*members), ...);
        },
        Market::tables());
}

}  // namespace breakwater
