// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/core/rulebooks/drift_v2_liquidation.hpp"

#include <algorithm>

#include "breakwater/core/math_signed.hpp"
#include "breakwater/core/rulebooks/drift_v2.hpp"

namespace breakwater::drift_v2 {
namespace {

constexpr unsigned decimals_max = 38;

/// A price as the program casts it: below 0 it fails.
std::optional<uint128> price_of(std::int64_t price) {
    if (price < 0) return std::nullopt;
    return static_cast<std::uint64_t>(price);
}

std::optional<std::uint32_t> ratio_in_fee_units(std::uint32_t margin_ratio) {
    const std::uint64_t ratio = std::uint64_t{margin_ratio} * fee_per_margin;
    if (ratio > uint32_top) return std::nullopt;
    return static_cast<std::uint32_t>(ratio);
}

uint128 saturating_sub(uint128 a, uint128 b) {
    return a > b ? a - b : 0;
}

uint128 div_up(uint128 a, uint128 b) {
    return a / b + static_cast<uint128>(a % b != 0);
}

}  // namespace

std::optional<std::uint64_t> base_asset_amount_to_cover(const PerpLiquidation& l,
                                                        std::uint32_t if_liquidation_fee) {
    const auto ratio = ratio_in_fee_units(l.margin_ratio);
    if (!ratio) return std::nullopt;
    if (l.oracle_price == 0 || *ratio <= l.liquidation_fee) return no_limit_64;
    const auto price = price_of(l.oracle_price);
    const auto quote = price_of(l.quote_oracle_price);
    if (!price || !quote) return std::nullopt;
    Checked checked;
    const uint128 freed =
        checked.mul(checked.mul(*price, *quote) / price_precision, *ratio - l.liquidation_fee) /
        fee_precision;
    const uint128 divisor =
        checked.sub(freed, checked.mul(*price, if_liquidation_fee) / fee_precision);
    const uint128 numerator = checked.mul(l.margin_shortage, base_precision);
    if (checked.overflow() || divisor == 0) return std::nullopt;
    const uint128 amount = numerator / divisor;
    if (amount > no_limit_64) return std::nullopt;
    return static_cast<std::uint64_t>(amount);
}

std::optional<std::uint32_t> perp_if_fee(const PerpLiquidation& l, std::uint64_t base_amount,
                                         std::uint32_t max_if_fee) {
    const auto ratio = ratio_in_fee_units(l.margin_ratio);
    if (!ratio) return std::nullopt;
    if (l.oracle_price == 0 || l.quote_oracle_price == 0 || *ratio <= l.liquidation_fee ||
        base_amount == 0)
        return 0;
    const auto oracle = price_of(l.oracle_price);
    const auto quote = price_of(l.quote_oracle_price);
    if (!oracle || !quote) return std::nullopt;
    Checked checked;
    const uint128 price = checked.mul(*oracle, *quote) / price_precision;
    if (checked.overflow() || price == 0) return std::nullopt;
    const uint128 per_base = checked.mul(l.margin_shortage, base_precision) / base_amount;
    const uint128 shortage = std::min(checked.mul(per_base, price_precision) / price, uint32_top);
    if (checked.overflow()) return std::nullopt;
    const auto left =
        static_cast<std::uint32_t>(saturating_sub(*ratio - l.liquidation_fee, shortage));
    const std::uint64_t most = std::uint64_t{left} * 19;
    if (most > uint32_top) return std::nullopt;
    return std::min(max_if_fee, static_cast<std::uint32_t>(most / 20));
}

std::optional<std::uint32_t> liquidation_fee(std::uint32_t base_fee, std::uint32_t max_fee,
                                             std::uint64_t last_active_slot, std::uint64_t slot) {
    if (slot < last_active_slot) return std::nullopt;
    const std::uint64_t elapsed = slot - last_active_slot;
    if (elapsed < fee_grace_slots) return base_fee;
    const uint128 raised = std::min(uint128{base_fee} + elapsed, uint32_top);
    return std::min(static_cast<std::uint32_t>(raised), max_fee);
}

std::optional<uint128> max_pct_to_liquidate(const Pace& p) {
    constexpr uint128 small = uint128{50} * quote_precision;
    if (p.margin_shortage < small) return pct_precision;
    if (p.slot < p.last_active_slot) return std::nullopt;
    Checked checked;
    const uint128 elapsed = checked.mul(p.slot - p.last_active_slot, pct_precision);
    const uint128 paced = p.duration == 0 ? pct_precision : elapsed / p.duration;
    const uint128 pct = std::min<uint128>(checked.add(paced, p.initial_pct), pct_precision);
    const uint128 total = checked.add(p.margin_shortage, p.margin_freed);
    const uint128 freeable =
        saturating_sub(checked.mul(total, pct) / pct_precision, p.margin_freed);
    const uint128 share = checked.mul(freeable, pct_precision) / p.margin_shortage;
    if (checked.overflow()) return std::nullopt;
    return share;
}

std::optional<uint128> liability_transfer_to_cover(uint128 margin_shortage, const SpotSide& asset,
                                                   const SpotSide& liability,
                                                   std::uint32_t if_liquidation_fee) {
    if (asset.weight >= liability.weight) return uint128_max;
    const auto price = price_of(liability.price);
    if (!price || liability.multiplier == 0 || liability.decimals > decimals_max)
        return std::nullopt;
    const uint128 liability_part = uint128{liability.weight} * 10;
    const uint128 asset_part = uint128{asset.weight} * 10 * asset.multiplier / liability.multiplier;
    if (asset_part >= liability_part) return uint128_max;

    const bool is_fine = liability.decimals > 6;
    Checked checked;
    const uint128 scaled =
        checked.mul(margin_shortage, is_fine ? power_of_ten(liability.decimals - 6) : uint128{1});
    const uint128 numerator = checked.mul(scaled, uint128{price_precision} * weight_precision * 10);
    const uint128 fee = checked.mul(
        checked.mul(checked.mul(*price, if_liquidation_fee) / fee_precision, liability.weight), 10);
    const uint128 divisor = checked.sub(checked.mul(*price, liability_part - asset_part), fee);
    if (checked.overflow() || divisor == 0) return std::nullopt;
    return numerator / divisor / (is_fine ? uint128{1} : power_of_ten(6 - liability.decimals));
}

std::optional<uint128> liability_transfer_implied(uint128 amount, const SpotSide& asset,
                                                  const SpotSide& liability) {
    const auto asset_price = price_of(asset.price);
    const auto liability_price = price_of(liability.price);
    if (!asset_price || !liability_price || asset.decimals > decimals_max ||
        liability.decimals > decimals_max)
        return std::nullopt;
    const bool is_finer = liability.decimals > asset.decimals;
    Checked checked;
    const uint128 scaled = checked.mul(
        amount, is_finer ? power_of_ten(liability.decimals - asset.decimals) : uint128{1});
    const uint128 numerator = checked.mul(checked.mul(scaled, *asset_price), liability.multiplier);
    const uint128 divisor = checked.mul(*liability_price, asset.multiplier);
    if (checked.overflow() || divisor == 0) return std::nullopt;
    return div_up(div_up(numerator, divisor),
                  is_finer ? uint128{1} : power_of_ten(asset.decimals - liability.decimals));
}

std::optional<uint128> asset_transfer(uint128 amount, const SpotSide& asset, uint128 transfer,
                                      const SpotSide& liability) {
    const auto asset_price = price_of(asset.price);
    const auto liability_price = price_of(liability.price);
    if (!asset_price || !liability_price || asset.decimals > decimals_max ||
        liability.decimals > decimals_max)
        return std::nullopt;
    const bool is_finer = asset.decimals > liability.decimals;
    Checked checked;
    const uint128 scaled = checked.mul(
        transfer, is_finer ? power_of_ten(asset.decimals - liability.decimals) : uint128{1});
    const uint128 numerator = checked.mul(checked.mul(scaled, *liability_price), asset.multiplier);
    const uint128 divisor = checked.mul(*asset_price, liability.multiplier);
    if (checked.overflow() || divisor == 0) return std::nullopt;
    const uint128 cost = std::max<uint128>(
        numerator / divisor /
            (is_finer ? uint128{1} : power_of_ten(liability.decimals - asset.decimals)),
        1);

    // The program scales the difference to 1e-6 in the wrong direction for more than six decimals,
    // which makes the dollar smaller; and for fewer it fails.
    if (asset.decimals < 6) return std::nullopt;
    const uint128 difference = cost > amount ? cost - amount : amount - cost;
    const uint128 value = checked.mul(checked.mul(difference, *asset_price) / price_precision,
                                      power_of_ten(asset.decimals - 6));
    if (checked.overflow()) return std::nullopt;
    return value < quote_precision ? amount : cost;
}

std::optional<std::uint32_t> spot_if_fee(uint128 margin_shortage, uint128 token_amount,
                                         const SpotSide& asset, const SpotSide& liability,
                                         std::uint32_t max_if_fee) {
    if (asset.weight >= liability.weight || liability.price == 0 || token_amount == 0 ||
        liability.multiplier == 0)
        return 0;
    const auto price = price_of(liability.price);
    if (!price || liability.decimals > decimals_max) return std::nullopt;
    constexpr uint128 fee_per_weight = fee_precision / weight_precision;
    const uint128 liability_weight = uint128{liability.weight} * fee_per_weight;
    const uint128 asset_weight =
        uint128{asset.weight} * fee_per_weight * asset.multiplier / liability.multiplier;
    Checked checked;
    const uint128 shortage =
        checked.mul(checked.mul(margin_shortage, fee_precision), power_of_ten(liability.decimals)) /
        token_amount / *price;
    const uint128 left = saturating_sub(saturating_sub(liability_weight, asset_weight), shortage);
    const uint128 implied = checked.mul(left, fee_precision) / liability_weight;
    if (checked.overflow()) return std::nullopt;
    return static_cast<std::uint32_t>(std::min<uint128>(max_if_fee, implied));
}

std::optional<int128> funding_rate_delta_to_resolve(int128 loss, int128 base_long,
                                                    int128 base_short) {
    constexpr uint128 funding_per_quote = 1'000;
    Checked checked;
    const uint128 open = checked.add(magnitude(base_long), magnitude(base_short));
    if (open == 0) return std::nullopt;
    const uint128 scaled = checked.mul(magnitude(loss), base_precision);
    if (checked.overflow() || open > int128_top || scaled > int128_top) return std::nullopt;
    const uint128 delta = checked.mul(div_up(scaled, open), funding_per_quote);
    if (checked.overflow() || delta > int128_top) return std::nullopt;
    return static_cast<int128>(delta);
}

std::optional<uint128> deposit_interest_delta_to_resolve(uint128 cumulative_interest, uint128 loss,
                                                         uint128 total_deposits) {
    Checked checked;
    const uint128 product = checked.mul(cumulative_interest, loss);
    if (checked.overflow()) return std::nullopt;
    return total_deposits == 0 ? uint128{0} : div_up(product, total_deposits);
}

BankruptcyPayers resolve_perp_bankruptcy(uint128 loss, uint128 max_insurance,
                                         uint128 settled_insurance, uint128 vault,
                                         uint128 fee_pool) {
    BankruptcyPayers out;
    out.insurance = std::min(
        {loss, saturating_sub(max_insurance, settled_insurance), saturating_sub(vault, 1)});
    out.fee_pool = std::min(loss - out.insurance, fee_pool);
    out.socialised = loss - out.insurance - out.fee_pool;
    return out;
}

}  // namespace breakwater::drift_v2
