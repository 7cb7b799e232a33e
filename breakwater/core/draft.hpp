// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <array>
#include <vector>

#include "breakwater/core/math.hpp"
#include "breakwater/core/touched.hpp"
#include "breakwater/core/transition.hpp"

/// The desk on which an event is worked out. A rulebook reads and changes copies of the few rows that it touches; the
/// state stays const. `finish` compares the copies with the state and writes down what differs. A desk is kept and used
/// again, so that planning allocates nothing once it is warm.
namespace breakwater {

/// One account on the desk: its row and its legs.
class AccountDraft {
 public:
    AccountId id{};
    aave_v3::AccountRow row;
    std::vector<aave_v3::Leg> legs;

    /// nullptr where the account has never had the asset.
    aave_v3::Leg* find(AssetId asset) {
        for (aave_v3::Leg& leg : legs)
            if (leg.asset() == asset) return &leg;
        return nullptr;
    }
    aave_v3::Leg& leg(AssetId asset) {
        if (aave_v3::Leg* found = find(asset)) return *found;
        return legs.emplace_back(asset);
    }
    [[nodiscard]] bool is_borrowing_any() const {
        for (const aave_v3::Leg& leg : legs)
            if (leg.is_borrowing()) return true;
        return false;
    }
};

class Draft {
 public:
    Draft();

    /// Lays `event` out against `state`; both must outlive the draft's use.
    void begin(const State& state, const Event& event, Transition& out);
    /// Writes what differs into the transition, the clock last.
    void finish();

    Checked math;

    [[nodiscard]] const State& state() const { return *state_; }
    [[nodiscard]] const aave_v3::Market& market() const { return *market_; }
    [[nodiscard]] Time now() const { return now_; }
    [[nodiscard]] std::uint64_t event_number() const { return state_->clock.events; }

    /// The rows as they will be; one that does not exist yet reads as zero, or as it is configured by default.
    [[nodiscard]] const FeedRow& feed_now(AssetId asset) const { return now(feeds_, state_->feeds, index(asset)); }
    [[nodiscard]] const feeds::Wiring& wiring(AssetId asset) const {
        return now(wirings_, state_->wirings, index(asset));
    }
    [[nodiscard]] const feeds::AssetRow& asset_feed(AssetId asset) const {
        return now(asset_feeds_, state_->asset_feeds, index(asset));
    }
    [[nodiscard]] const feeds::Source& source(std::uint32_t row) const { return now(sources_, state_->sources, row); }
    [[nodiscard]] const feeds::SourceRow& source_row(std::uint32_t row) const {
        return now(source_rows_, state_->source_rows, row);
    }
    feeds::Wiring& change_wiring(AssetId asset) { return wirings_.touch(index(asset), wiring(asset)); }
    feeds::AssetRow& change_asset_feed(AssetId asset) { return asset_feeds_.touch(index(asset), asset_feed(asset)); }
    feeds::Source& change_source(std::uint32_t row) { return sources_.touch(row, source(row)); }
    feeds::SourceRow& change_source_row(std::uint32_t row) { return source_rows_.touch(row, source_row(row)); }
    GuardRow& change_guard() {
        return guards_.touch(index(market_id_), now(guards_, state_->guards, index(market_id_)));
    }
    NoticeRow& change_notice(std::uint32_t row) { return notices_.touch(row, now(notices_, state_->notices, row)); }
    [[nodiscard]] MarketId market_id() const { return market_id_; }

    FeedRow& feed(AssetId asset) { return feeds_.touch(index(asset), state_->feeds[index(asset)]); }
    [[nodiscard]] Price price(AssetId asset) const { return {state_->feeds[index(asset)].point}; }
    Layer& layer(std::uint32_t k) { return layers_.touch(k, state_->layers[k]); }
    [[nodiscard]] const Layer& layer_now(std::uint32_t k) const { return now(layers_, state_->layers, k); }

    [[nodiscard]] const aave_v3::Parameters& parameters(AssetId asset) const {
        return market_->parameters[index(asset)];
    }
    aave_v3::Parameters& change_parameters(AssetId asset) {
        return parameters_.touch(index(asset), parameters(asset));
    }
    aave_v3::EMode& change_emode(std::uint16_t id) { return emodes_.touch(id, market_->emodes[id]); }
    /// The reserve as it will be: the copy on the desk, or the stored row.
    [[nodiscard]] const aave_v3::Reserve& reserve(AssetId asset) const {
        const aave_v3::Reserve* copy = reserves_.find(index(asset));
        return copy != nullptr ? *copy : market_->reserves[index(asset)];
    }
    aave_v3::Reserve& change_reserve(AssetId asset) {
        return reserves_.touch(index(asset), market_->reserves[index(asset)]);
    }
    AccountDraft& account(AccountId id);
    [[nodiscard]] bool has_room_for(AccountId id) const;

    // The five flows between custody and the outside world are these two and nothing else.
    void receive(AssetId asset, Amount amount);
    void pay(AssetId asset, Amount amount);

    void emit(Effect effect) { out_->effects.push_back(effect); }
    [[nodiscard]] std::span<Effect> effects() { return out_->effects; }
    [[nodiscard]] std::span<const Effect> effects() const { return out_->effects; }
    /// The liquidation that was emitted last, to say how it left the account.
    Liquidated& last_liquidation() { return std::get<Liquidated>(out_->effects.back()); }

    // For the invariants, and for a look at what a change would do.
    [[nodiscard]] const Touched<aave_v3::Parameters>& touched_parameters() const { return parameters_; }
    [[nodiscard]] const Touched<aave_v3::EMode>& touched_emodes() const { return emodes_; }
    [[nodiscard]] const Touched<NoticeRow>& touched_notices() const { return notices_; }
    [[nodiscard]] const TouchedMany<FeedRow>& touched_feeds() const { return feeds_; }
    [[nodiscard]] const Touched<feeds::Wiring>& touched_wirings() const { return wirings_; }
    [[nodiscard]] const TouchedMany<feeds::AssetRow>& touched_asset_feeds() const { return asset_feeds_; }
    [[nodiscard]] const TouchedMany<feeds::SourceRow>& touched_source_rows() const { return source_rows_; }
    [[nodiscard]] const Touched<aave_v3::Reserve>& touched_reserves() const { return reserves_; }
    [[nodiscard]] std::span<const AccountDraft> touched_accounts() const { return {accounts_.data(), accounts_used_}; }
    [[nodiscard]] Amount custody(AssetId asset) const {
        const Custody* copy = custody_.find(index(asset));
        return copy != nullptr ? copy->held : state_->custody[index(asset)].held;
    }

 private:
    template <class Touched, class Row>
    [[nodiscard]] static const Row& now(const Touched& touched, const std::vector<Row>& stored, std::uint32_t row) {
        static const Row zero = zero_row<Row>();
        if (const Row* copy = touched.find(row)) return *copy;
        return row < stored.size() ? stored[row] : zero;
    }
    void finish_account(const AccountDraft& account);
    void note(Table table, std::uint32_t row, std::uint8_t word, uint128 before, uint128 after);
    template <class Row>
    void note_row(Table table, std::uint32_t row, const Row& before, const Row& after);
    template <class Touched, class Row>
    void note_grown(Table table, const Touched& touched, const std::vector<Row>& stored);

    const State* state_ = nullptr;
    const aave_v3::Market* market_ = nullptr;
    Transition* out_ = nullptr;
    MarketId market_id_{};
    Time now_{};
    std::uint64_t legs_end_ = 0;
    TouchedMany<FeedRow> feeds_;
    Touched<Custody> custody_;
    Touched<Layer> layers_;
    Touched<aave_v3::Parameters> parameters_;
    Touched<aave_v3::Reserve> reserves_;
    Touched<aave_v3::EMode> emodes_;
    Touched<feeds::Wiring> wirings_;
    TouchedMany<feeds::AssetRow> asset_feeds_;
    Touched<feeds::Source> sources_;
    TouchedMany<feeds::SourceRow> source_rows_;
    Touched<GuardRow> guards_;
    Touched<NoticeRow> notices_;
    std::array<AccountDraft, 8> accounts_;  ///< borrower, liquidator, treasury, and suppliers that pay for a loss
    std::size_t accounts_used_ = 0;
};

}  // namespace breakwater
