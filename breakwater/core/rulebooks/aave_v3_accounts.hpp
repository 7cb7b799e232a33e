// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <vector>

#include "breakwater/core/draft.hpp"

/// What an account owns, owes and may: GenericLogic.calculateUserAccountData. Source: docs/rules.md, AAVE-010 to
/// AAVE-014; lending 1.1 "Account data".
namespace breakwater::aave_v3 {

/// Grown indices of each reserve, remembered: a pure function of (stored index, rate, time of the last touch, now),
/// so a stale entry is recognised by its key and never used.
class GrownIndices {
 public:
    /// ⌊index·growth⌉ of the supply side up to `now`.
    Ray income(Checked& math, AssetId asset, const Reserve& reserve, Time now);
    /// The same for the debt side.
    Ray debt(Checked& math, AssetId asset, const Reserve& reserve, Time now);

 private:
    struct Entry {
        std::uint64_t now = ~std::uint64_t{0};
        std::uint64_t updated = 0;
        Ray index;
        Ray rate;
        Ray grown;
    };
    static Entry& entry(std::vector<Entry>& table, AssetId asset);

    std::vector<Entry> income_;
    std::vector<Entry> debt_;
};

/// Sums over an account, before any division. `threshold_sum` = Σ collateral × liquidation threshold.
struct AccountData {
    Value collateral;             ///< [1e-8 USD] each leg floored
    Value debt;                   ///< [1e-8 USD] each leg rounded up
    uint128 threshold_sum = 0;    ///< [1e-8 USD × bps]
    uint128 ltv_sum = 0;          ///< [1e-8 USD × bps]
    bool has_ltv_zero_collateral = false;

    /// Health factor < 1, without a division: half-up wadDiv, then /10^4 floored, compared as integers. Source:
    /// AAVE-012.
    [[nodiscard]] bool is_unhealthy() const;
    /// Health factor > `ratio`, likewise.
    [[nodiscard]] bool health_factor_above(Ratio ratio) const;
    /// [wad] the protocol's own figure; 2^256 − 1 without debt.
    [[nodiscard]] Uint256 health_factor() const;
    /// [bps] floor(threshold_sum / collateral), 0 without collateral.
    [[nodiscard]] std::uint32_t average_threshold() const;
    [[nodiscard]] std::uint32_t average_ltv() const;
    /// max(0, ⌊collateral·ltv⌋ − debt). Source: AAVE-014.
    [[nodiscard]] Value available_borrows() const;
};

/// Which price of the band an account is valued at. A modelled protocol knows the point alone; the others are for a
/// guard: best and worst for the account, and what opens risk. Source: FEEDS-025, FEEDS-026.
enum class Pricing : std::uint8_t { point, best, worst, opening };

Price price_in_band(const FeedRow& row, Side side, Pricing pricing);

/// Where account data is read from: the state, or the desk while an event is being worked out.
struct View {
    const State& state;
    const Market& market;
    GrownIndices& grown;
    Time now;
    const Draft* draft = nullptr;
    Pricing pricing = Pricing::point;

    [[nodiscard]] View at(Pricing other) const {
        View out = *this;
        out.pricing = other;
        return out;
    }
    /// The prices that decide whether an account may be liquidated, or may open risk, under the market's rules.
    [[nodiscard]] View for_liquidation() const { return market.house ? at(Pricing::best) : *this; }
    [[nodiscard]] View for_opening() const { return market.house ? at(Pricing::opening) : *this; }
    [[nodiscard]] const Reserve& reserve(AssetId asset) const {
        return draft != nullptr ? draft->reserve(asset) : market.reserves[index(asset)];
    }
    /// The point: what the protocol itself computes with.
    [[nodiscard]] Price price(AssetId asset) const { return {state.feeds[index(asset)].point}; }
    [[nodiscard]] Price price(AssetId asset, Side side) const {
        const FeedRow& row = state.feeds[index(asset)];
        return pricing == Pricing::point ? Price{row.point} : price_in_band(row, side, pricing);
    }
};

struct Thresholds {
    std::uint32_t ltv = 0;                    ///< [bps]
    std::uint32_t liquidation_threshold = 0;  ///< [bps]
    std::uint32_t liquidation_bonus = 0;      ///< [bps]
};
/// The asset's own, or the e-mode's where the account's category has the asset as collateral. Source: AAVE-011.
/// A threshold on its way down is what holds at `now`; BREAKWATER-008.
Thresholds thresholds(const Market& market, std::uint16_t emode, AssetId asset, Time now);
/// The same when every threshold has arrived: never above what holds before.
Thresholds thresholds(const Market& market, std::uint16_t emode, AssetId asset);

/// At the prices of `view.pricing`; where one asset stands on both sides of an account, the favourable end is that of
/// its net weight. price_missing where a counted leg has no price; amount_overflow where a value leaves 128 bits.
/// Source: AAVE-010; the band: BREAKWATER-001, BREAKWATER-002.
Result<AccountData> account_data(const View& view, std::span<const Leg> legs, std::uint16_t emode);

/// [atomic] ⌊scaled·income⌋ and ⌈scaled·debt index⌉ at `view.now`.
Amount supply_balance(Checked& math, const View& view, const Leg& leg);
Amount debt_balance(Checked& math, const View& view, const Leg& leg);

}  // namespace breakwater::aave_v3
