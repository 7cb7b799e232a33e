// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/core/draft.hpp"

#include <cstring>

namespace breakwater {
namespace {

constexpr std::size_t assets_max = 256;
constexpr std::size_t layers_max = 1024;

/// What stands on the desk where prices are reported to a market without reserves.
const aave_v3::Market no_reserves{};

}  // namespace

Draft::Draft()
    : feeds_(assets_max),
      custody_(assets_max),
      layers_(layers_max),
      parameters_(1),
      reserves_(aave_v3::reserves_max),
      emodes_(1),
      wirings_(1),
      asset_feeds_(assets_max),
      sources_(feeds::sources_max),
      source_rows_(assets_max * feeds::sources_max),
      guards_(1),
      notices_(1) {}

void Draft::begin(const State& state, const Event& event, Transition& out) {
    math = {};
    state_ = &state;
    market_id_ = event.market;
    const auto* market = std::get_if<aave_v3::Market>(&state.markets[index(event.market)]);
    market_ = market != nullptr ? market : &no_reserves;
    out_ = &out;
    now_ = event.time;
    legs_end_ = market_->legs.size();
    feeds_.clear();
    custody_.clear();
    layers_.clear();
    parameters_.clear();
    reserves_.clear();
    emodes_.clear();
    wirings_.clear();
    asset_feeds_.clear();
    sources_.clear();
    source_rows_.clear();
    guards_.clear();
    notices_.clear();
    accounts_used_ = 0;
    out.clear();
}

AccountDraft& Draft::account(AccountId id) {
    for (std::size_t i = 0; i < accounts_used_; ++i)
        if (accounts_[i].id == id) return accounts_[i];
    REQUIRE(accounts_used_ < accounts_.size());
    AccountDraft& draft = accounts_[accounts_used_++];
    draft.id = id;
    draft.row = market_->accounts[index(id)];
    const auto stored = market_->legs_of(id);
    draft.legs.assign(stored.begin(), stored.end());
    draft.legs.reserve(draft.legs.size() +
                       2);  // a leg that is added must not move one that is held
    return draft;
}

bool Draft::has_room_for(AccountId id) const {
    for (std::size_t i = 0; i < accounts_used_; ++i)
        if (accounts_[i].id == id) return true;
    return accounts_used_ < accounts_.size();
}

void Draft::receive(AssetId asset, Amount amount) {
    Custody& c = custody_.touch(index(asset), state_->custody[index(asset)]);
    c.held.raw = math.add(c.held.raw, amount.raw);
}

void Draft::pay(AssetId asset, Amount amount) {
#if BREAKWATER_MUTANT_BOOK_001
    amount.raw += 1;
#endif
    Custody& c = custody_.touch(index(asset), state_->custody[index(asset)]);
    c.held.raw = math.sub(c.held.raw, amount.raw);
}

/// A word that differs.
inline void Draft::note(Table table, std::uint32_t row, std::uint8_t word, uint128 before, uint128 after) {
#if BREAKWATER_MUTANT_BOOK_005
    if (table == Table::reserve && word == 8) return;  // a deficit is not written down
#endif
    out_->changes.push_back(
        {.cell = {.row = row, .market = market_id_, .table = table, .word = word},
         .before = before,
         .after = after});
}

template <class Row>
void Draft::note_row(Table table, std::uint32_t row, const Row& before, const Row& after) {
    // As each_changed_word, but read in place: a tick of many sources compares a thousand words.
    const auto* old_bytes = reinterpret_cast<const std::byte*>(&before);  // NOLINT
    const auto* new_bytes = reinterpret_cast<const std::byte*>(&after);   // NOLINT
    for (std::size_t w = 0; w < sizeof(Row) / sizeof(uint128); ++w) {
        uint128 old_word = 0;
        uint128 new_word = 0;
        std::memcpy(&old_word, old_bytes + w * sizeof old_word, sizeof old_word);
        std::memcpy(&new_word, new_bytes + w * sizeof new_word, sizeof new_word);
        if (old_word != new_word) note(table, row, static_cast<std::uint8_t>(w), old_word, new_word);
    }
}

template <class Touched, class Row>
void Draft::note_grown(Table table, const Touched& touched, const std::vector<Row>& stored) {
    for (const auto& e : touched.entries()) {
        if (e.row < stored.size())
            note_row(table, e.row, stored[e.row], e.copy);
        else
            note_row(table, e.row, zero_row<Row>(), e.copy);
    }
}

void Draft::finish_account(const AccountDraft& account) {
    const aave_v3::AccountRow& stored = market_->accounts[index(account.id)];
    aave_v3::AccountRow row = account.row;
    row.count = static_cast<std::uint16_t>(account.legs.size());
    const aave_v3::Leg nothing;
    if (row.count > row.capacity) {  // outgrown: move to the end, with room for as many again
        row.first = static_cast<std::uint32_t>(legs_end_);
        row.capacity = static_cast<std::uint16_t>(2 * row.count);
        note(Table::legs_end, 0, 0, legs_end_, legs_end_ + row.capacity);
        legs_end_ += row.capacity;
        for (std::uint32_t i = 0; i < row.count; ++i)
            note_row(Table::leg, row.first + i, nothing, account.legs[i]);
    } else {
        for (std::uint32_t i = 0; i < row.count; ++i)
            note_row(Table::leg, row.first + i, market_->legs[row.first + i], account.legs[i]);
    }
    note_row(Table::account, index(account.id), stored, row);
}

void Draft::finish() {
    const auto note_all = [this](Table table, const auto& touched, const auto& stored) {
        for (const auto& e : touched.entries())
            note_row(table, e.row, stored[e.row], e.copy);
    };
    note_all(Table::feed, feeds_, state_->feeds);
    note_all(Table::custody, custody_, state_->custody);
    note_all(Table::layer, layers_, state_->layers);
    note_all(Table::parameters, parameters_, market_->parameters);
    note_all(Table::reserve, reserves_, market_->reserves);
    note_all(Table::emode, emodes_, market_->emodes);
    note_grown(Table::wiring, wirings_, state_->wirings);
    note_grown(Table::asset_feed, asset_feeds_, state_->asset_feeds);
    note_grown(Table::source, sources_, state_->sources);
    note_grown(Table::source_row, source_rows_, state_->source_rows);
    note_grown(Table::guard, guards_, state_->guards);
    note_grown(Table::notice, notices_, state_->notices);
    for (const AccountDraft& account : touched_accounts())
        finish_account(account);
    const Clock next{.now = seconds(now_), .events = state_->clock.events + 1};
    note_row(Table::clock, 0, state_->clock, next);
}

}  // namespace breakwater
