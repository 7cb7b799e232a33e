// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/core/digest.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <span>

#include "breakwater/core/transition.hpp"

namespace breakwater {
namespace {

template <class Row>
void absorb_row(Digest& d, const Row& row) {
    std::array<uint128, sizeof(Row) / sizeof(uint128)> words{};
    std::memcpy(words.data(), &row, sizeof row);
    for (const uint128 w : words) d.absorb(w);
}

template <class Rows>
void absorb_table(Digest& d, std::uint64_t tag, const Rows& rows) {
    d.absorb(tag);
    d.absorb(std::uint64_t{rows.size()});
    for (const auto& row : rows) absorb_row(d, row);
}

/// What is pending is state of an Umbrella alone: every other layer has the digest that it always had.
void absorb_layers(Digest& d, const std::vector<Layer>& layers) {
    constexpr std::size_t words_of_all = offsetof(Layer, pending) / sizeof(uint128);
    d.absorb(std::uint64_t{3});
    d.absorb(std::uint64_t{layers.size()});
    for (const Layer& layer : layers) {
        std::array<uint128, words_of_all> words{};
        std::memcpy(words.data(), &layer, sizeof words);
        for (const uint128 w : words) d.absorb(w);
        if (layer.kind == LayerKind::umbrella || !layer.pending.is_zero())
            d.absorb(layer.pending.raw);
    }
}

void absorb_accounts(Digest& d, const aave_v3::Market& market) {
    d.absorb(std::uint64_t{market.accounts.size()});
    std::vector<aave_v3::Leg> legs;
    for (const auto& row : market.accounts) {
        legs.assign(market.legs.begin() + row.first, market.legs.begin() + row.first + row.count);
        std::erase_if(legs, [](const aave_v3::Leg& leg) { return leg.is_empty(); });
        std::ranges::sort(legs, {}, [](const aave_v3::Leg& leg) { return index(leg.asset()); });
        d.absorb(std::uint64_t{row.emode} << 32U | legs.size());
        for (const aave_v3::Leg& leg : legs) absorb_row(d, leg);
    }
}

/// Tables of assets with several sources, of guarded markets, and those that a native market has got later: nothing
/// where there are none, so that a book without them has the digest that it always had.
template <class Rows>
void absorb_table_if_used(Digest& d, std::uint64_t tag, const Rows& rows) {
    const auto zero = zero_row<typename Rows::value_type>();
    std::size_t size = rows.size();
    while (size > 0 && std::memcmp(&rows[size - 1], &zero, sizeof zero) == 0) --size;
    if (size > 0) absorb_table(d, tag, std::span(rows).first(size));
}

/// Rows that a table has grown and an undo has emptied are not state: zero rows at its end do not show.
template <class M, class Rows>
void absorb_native_table(Digest& d, std::uint64_t number, const Rows& rows) {
    if constexpr (requires { M::tables_at_first; })
        if (number >= M::tables_at_first) return absorb_table_if_used(d, number, rows);
    using Row = typename Rows::value_type;
    const Row zero{};
    std::size_t size = rows.size();
    while (size > 0 && std::memcmp(&rows[size - 1], &zero, sizeof zero) == 0) --size;
    absorb_table(d, number, std::span(rows).first(size));
}

void absorb_rules(Digest& d, const house::Rules& rules) {
    absorb_row(d, rules.target_health);
    absorb_row(d, rules.bonus_whole_at);
    absorb_row(d, rules.leftover_min);
    for (const std::uint32_t dial : {rules.bonus_start, rules.bonus_least})
        d.absorb(std::uint64_t{dial});
    d.absorb(std::uint64_t{rules.impaired_withdrawals} << 32U | rules.notice_hours);
    absorb_table(d, 7, rules.depth);
}

void absorb_market(Digest& d, const aave_v3::Market& market) {
    absorb_table(d, 4, market.parameters);
    absorb_table(d, 5, market.reserves);
    absorb_table(d, 6, market.emodes);
    d.absorb(std::uint64_t{index(market.treasury)});
    absorb_accounts(d, market);
    if (market.house) absorb_rules(d, *market.house);
}

template <NativeMarket M>
void absorb_market(Digest& d, const M& market) {
    d.absorb(M::kind << 32U);
    std::uint64_t number = 0;
    std::apply([&](auto... tables) { (absorb_native_table<M>(d, number++, market.*tables), ...); }, M::tables());
}

}  // namespace

void Digest::absorb(std::uint64_t word) {
    a_ = (a_ ^ word) * 0x9e37'79b9'7f4a'7c15U;
    a_ ^= a_ >> 29U;
    b_ = (b_ + word) * 0xc2b2'ae3d'27d4'eb4fU;
    b_ ^= (b_ >> 31U) ^ (a_ << 7U);
}

std::string Digest::hex() const {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    for (const std::uint64_t lane : {a_, b_})
        for (int shift = 60; shift >= 0; shift -= 4) out += digits[(lane >> static_cast<unsigned>(shift)) & 15U];
    return out;
}

std::string digest_of(const State& state) {
    Digest d;
    d.absorb(std::uint64_t{1});  // version of this form
    absorb_row(d, state.clock);
    absorb_table(d, 1, state.feeds);
    absorb_table(d, 2, state.custody);
    absorb_layers(d, state.layers);
    for (const Market& any : state.markets)
        std::visit([&d](const auto& market) { absorb_market(d, market); }, any);
    absorb_table_if_used(d, 7, state.wirings);
    absorb_table_if_used(d, 8, state.asset_feeds);
    absorb_table_if_used(d, 9, state.sources);
    absorb_table_if_used(d, 10, state.source_rows);
    absorb_table_if_used(d, 11, state.guards);
    absorb_table_if_used(d, 12, state.notices);
    return d.hex();
}

}  // namespace breakwater
