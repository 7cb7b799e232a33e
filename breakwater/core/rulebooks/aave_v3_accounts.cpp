// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/core/rulebooks/aave_v3_accounts.hpp"

#include <algorithm>

namespace breakwater::aave_v3 {
namespace {

/// 10^18 · 10^4: the health factor's scale before its last division.
constexpr uint128 health_scale = wad * bps_one;

constexpr Uint256 sum(const Uint256& a, uint128 b) {  // callers: a < 2^190
    uint128 low = 0;
    const bool carry = __builtin_add_overflow(a.low(), b, &low);
    return {a.high() + (carry ? 1U : 0U), low};
}

}  // namespace

GrownIndices::Entry& GrownIndices::entry(std::vector<Entry>& table, AssetId asset) {
    if (table.size() <= index(asset)) table.resize(reserves_max);
    return table[index(asset)];
}

Ray GrownIndices::income(Checked& math, AssetId asset, const Reserve& reserve, Time now) {
    if (reserve.updated == seconds(now)) return reserve.liquidity_index;
    Entry& e = entry(income_, asset);
    if (e.now != seconds(now) || e.updated != reserve.updated || e.index != reserve.liquidity_index ||
        e.rate != reserve.liquidity_rate) {
        const Ray growth = linear_growth(math, reserve.liquidity_rate, seconds(now) - reserve.updated);
        e = {.now = seconds(now),
             .updated = reserve.updated,
             .index = reserve.liquidity_index,
             .rate = reserve.liquidity_rate,
             .grown = {math.ray_mul_half_up(growth.raw, reserve.liquidity_index.raw)}};
        if (math.overflow()) e.index = {};  // never remembered: it must overflow again
    }
    return e.grown;
}

Ray GrownIndices::debt(Checked& math, AssetId asset, const Reserve& reserve, Time now) {
    if (reserve.updated == seconds(now)) return reserve.borrow_index;
    Entry& e = entry(debt_, asset);
    if (e.now != seconds(now) || e.updated != reserve.updated || e.index != reserve.borrow_index ||
        e.rate != reserve.borrow_rate) {
        const Ray growth = compound_growth(math, reserve.borrow_rate, seconds(now) - reserve.updated);
        e = {.now = seconds(now),
             .updated = reserve.updated,
             .index = reserve.borrow_index,
             .rate = reserve.borrow_rate,
             .grown = {math.ray_mul_half_up(growth.raw, reserve.borrow_index.raw)}};
        if (math.overflow()) e.index = {};  // never remembered: it must overflow again
    }
    return e.grown;
}

// HF = ⌊⌊(S·wad + ⌊D/2⌋)/D⌋/10^4⌋ < h  ⟺  S·wad + ⌊D/2⌋ < h·10^4·D, all integers.
bool AccountData::is_unhealthy() const {
    if (debt.is_zero()) return false;
    return sum(mul_wide(threshold_sum, wad), debt.raw / 2) < mul_wide(debt.raw, health_scale);
}

bool AccountData::health_factor_above(Ratio ratio) const {
    if (debt.is_zero()) return true;
    return sum(mul_wide(threshold_sum, wad), debt.raw / 2) >= mul_wide(debt.raw, (ratio.raw + 1) * bps_one);
}

Uint256 AccountData::health_factor() const {
    if (debt.is_zero()) return uint256_max;
    const Uint256 ratio = divide(sum(mul_wide(threshold_sum, wad), debt.raw / 2), debt.raw).quotient;
    return divide(ratio, bps_one).quotient;
}

std::uint32_t AccountData::average_threshold() const {
    return collateral.is_zero() ? 0 : static_cast<std::uint32_t>(threshold_sum / collateral.raw);
}

std::uint32_t AccountData::average_ltv() const {
    return collateral.is_zero() ? 0 : static_cast<std::uint32_t>(ltv_sum / collateral.raw);
}

Value AccountData::available_borrows() const {
    Checked math;
    const uint128 power = math.percent_mul_down(collateral.raw, average_ltv());
    return {power > debt.raw ? power - debt.raw : 0};
}

Thresholds thresholds(const Market& market, std::uint16_t emode, AssetId asset) {
    return thresholds(market, emode, asset, Time{~std::uint64_t{0}});
}

Thresholds thresholds(const Market& market, std::uint16_t emode, AssetId asset, Time now) {
    const Parameters& p = market.parameters[index(asset)];
    const Thresholds own{.ltv = p.ltv,
                         .liquidation_threshold = p.ramp.threshold(p.liquidation_threshold, now),
                         .liquidation_bonus = p.liquidation_bonus};
    if (emode == 0) return own;
    const EMode& e = market.emodes[emode];
    const uint128 bit = uint128{1} << index(asset);
    if ((e.collateral & bit) != 0)
        return {.ltv = (e.ltv_zero & bit) != 0 ? 0U : e.ltv,
                .liquidation_threshold = e.ramp.threshold(e.liquidation_threshold, now),
                .liquidation_bonus = e.liquidation_bonus};
    Thresholds outside_map = own;
    if (e.isolated != 0) outside_map.ltv = 0;
    return outside_map;
}

Amount supply_balance(Checked& math, const View& view, const Leg& leg) {
    const AssetId asset = leg.asset();
    const Ray income = view.grown.income(math, asset, view.reserve(asset), view.now);
    return {math.ray_mul_down(leg.supplied().raw, income.raw)};
}

Amount debt_balance(Checked& math, const View& view, const Leg& leg) {
    const AssetId asset = leg.asset();
    const Ray debt = view.grown.debt(math, asset, view.reserve(asset), view.now);
    return {math.ray_mul_up(leg.borrowed().raw, debt.raw)};
}

Price price_in_band(const FeedRow& row, Side side, Pricing pricing) {
    const bool is_collateral = side == Side::collateral;
    switch (pricing) {
        case Pricing::point:
            break;
        case Pricing::best:
            return {is_collateral ? row.hi : row.lo};
        case Pricing::worst:
            return {is_collateral ? row.lo : row.hi};
        case Pricing::opening:
            return {is_collateral ? std::min(row.lo, row.slow) : std::max(row.hi, row.slow)};
    }
    return {row.point};
}

namespace {

struct LegPrices {
    Price collateral;
    Price debt;
};

/// The prices of the band that a leg is assessed at. An account that owes what it holds has one price for both.
LegPrices prices_of(Checked& math, const View& view, const Leg& leg, std::uint32_t threshold) {
    const AssetId asset = leg.asset();
    const LegPrices apart{.collateral = view.price(asset, Side::collateral), .debt = view.price(asset, Side::debt)};
    const bool is_end = view.pricing == Pricing::best || view.pricing == Pricing::worst;
    if (!is_end || !leg.is_collateral() || !leg.is_borrowing()) return apart;
    const uint128 held = math.mul(supply_balance(math, view, leg).raw, threshold);
    const uint128 owed = math.mul(debt_balance(math, view, leg).raw, bps_one);
    // `apart.collateral` is the end that helps (best) or hurts (worst) who gains with the price.
    const Price one = held >= owed ? apart.collateral : apart.debt;
    return {.collateral = one, .debt = one};
}

}  // namespace

Result<AccountData> account_data(const View& view, std::span<const Leg> legs, std::uint16_t emode) {
    AccountData data;
    Checked math;
    for (const Leg& leg : legs) {
        if (!leg.is_collateral() && !leg.is_borrowing()) continue;
        const AssetId asset = leg.asset();
        const Price price = view.price(asset, Side::collateral);
        if (price.is_zero()) return std::unexpected(Error::price_missing);
        const unsigned decimals = view.market.parameters[index(asset)].decimals;
        Thresholds t;
        if (leg.is_collateral()) t = thresholds(view.market, emode, asset, view.now);
        LegPrices at{.collateral = price, .debt = price};
        if (view.pricing != Pricing::point) at = prices_of(math, view, leg, t.liquidation_threshold);
        if (leg.is_collateral()) {
            if (t.liquidation_threshold != 0) {
                const Amount balance = supply_balance(math, view, leg);
                const uint128 value = math.mul_div_unit_down(balance.raw, at.collateral.raw, decimals);
                data.collateral.raw = math.add(data.collateral.raw, value);
                data.threshold_sum = math.add(data.threshold_sum, math.mul(value, t.liquidation_threshold));
                data.ltv_sum = math.add(data.ltv_sum, math.mul(value, t.ltv));
                data.has_ltv_zero_collateral |= t.ltv == 0;
            }
        }
        if (leg.is_borrowing()) {
            const Amount owed = debt_balance(math, view, leg);
            data.debt.raw = math.add(data.debt.raw, math.mul_div_unit_up(owed.raw, at.debt.raw, decimals));
        }
    }
    if (math.overflow()) return std::unexpected(Error::amount_overflow);
    return data;
}

}  // namespace breakwater::aave_v3
