// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/core/rulebooks/drift_v2.hpp"

#include <algorithm>

#include "breakwater/core/math_signed.hpp"

namespace breakwater::drift_v2 {
namespace {

std::optional<std::uint32_t> narrow(const Checked& checked, uint128 x) {
    if (checked.overflow() || x > uint32_top) return std::nullopt;
    return static_cast<std::uint32_t>(x);
}

/// ⌊√(10 size + 1)⌋ [1e-5 √base].
uint128 size_root(Checked& checked, uint128 size) {
    return square_root_down(checked.add(checked.mul(size, 10), 1));
}

}  // namespace

std::optional<std::uint32_t> size_premium_liability_weight(uint128 size, std::uint32_t imf_factor,
                                                           std::uint32_t weight,
                                                           std::uint32_t precision) {
    if (imf_factor == 0) return weight;
    const uint128 divisor = uint128{100'000} * imf_precision / precision;
    if (divisor == 0) return std::nullopt;
    Checked checked;
    const uint128 premium = checked.mul(size_root(checked, size), imf_factor) / divisor;
    const auto raised = narrow(checked, checked.add(weight - weight / 5, premium));
    if (!raised) return std::nullopt;
    return std::max(weight, *raised);
}

std::optional<std::uint32_t> size_discount_asset_weight(uint128 size, std::uint32_t imf_factor,
                                                        std::uint32_t weight) {
    if (imf_factor == 0) return weight;
    constexpr uint128 numerator = (uint128{imf_precision} + imf_precision / 10) * weight_precision;
    Checked checked;
    const uint128 root = checked.mul(size_root(checked, size), imf_factor) / 100'000;
    const uint128 divisor = checked.add(imf_precision, root);
    if (checked.overflow()) return std::nullopt;
    return static_cast<std::uint32_t>(std::min<uint128>(weight, numerator / divisor));
}

std::optional<std::uint32_t> margin_ratio(uint128 size, const MarginRatios& ratios,
                                          MarginType type) {
    const std::uint64_t both = std::uint64_t{ratios.initial} + ratios.maintenance;
    if (type == MarginType::fill && both > uint32_top) return std::nullopt;
    const std::uint32_t ratio = type == MarginType::initial ? ratios.initial
                                : type == MarginType::fill  ? static_cast<std::uint32_t>(both / 2)
                                                            : ratios.maintenance;
    return size_premium_liability_weight(size, ratios.imf_factor, ratio);
}

std::optional<std::uint32_t> scaled_initial_asset_weight(std::uint32_t weight, std::uint64_t start,
                                                         uint128 deposit_value) {
    if (start == 0 || deposit_value < start) return weight;
    return static_cast<std::uint32_t>(uint128{weight} * start / deposit_value);
}

std::optional<uint128> base_asset_value(int128 base, std::int64_t price) {
    Checked checked;
    const uint128 value =
        checked.mul(magnitude(base), price > 0 ? static_cast<std::uint64_t>(price) : 0U) /
        base_precision;
    if (checked.overflow()) return std::nullopt;
    return value;
}

std::optional<WorstCase> worst_case_base_asset_amount(std::int64_t base, std::int64_t open_bids,
                                                      std::int64_t open_asks, std::int64_t price) {
    std::int64_t with_bids = 0;
    std::int64_t with_asks = 0;
    if (__builtin_add_overflow(base, open_bids, &with_bids)) return std::nullopt;
    if (__builtin_add_overflow(base, open_asks, &with_asks)) return std::nullopt;
    const auto bids = base_asset_value(with_bids, price);
    const auto asks = base_asset_value(with_asks, price);
    if (!bids || !asks) return std::nullopt;
    if (*asks >= *bids) return WorstCase{.base = with_asks, .value = *asks};
    return WorstCase{.base = with_bids, .value = *bids};
}

std::optional<uint128> perp_margin_requirement(uint128 worst_case_value, std::uint32_t ratio,
                                               std::uint32_t open_orders,
                                               std::int64_t quote_price) {
    constexpr uint128 per_open_order = quote_precision / 100;
    if (quote_price < 0) return std::nullopt;
    Checked checked;
    const uint128 value =
        checked.mul(worst_case_value, static_cast<std::uint64_t>(quote_price)) / price_precision;
    const uint128 requirement =
        checked.add(checked.mul(value, ratio) / margin_precision, per_open_order * open_orders);
    if (checked.overflow()) return std::nullopt;
    return requirement;
}

std::optional<std::uint32_t> unrealized_asset_weight(int128 unrealised, int128 net_unsettled,
                                                     const UnrealisedRules& rules,
                                                     MarginType type) {
    constexpr uint128 base_per_quote = base_precision / quote_precision;
    const bool is_maintenance = type == MarginType::maintenance;
    std::uint32_t weight = is_maintenance ? rules.maintenance_weight : rules.initial_weight;
    Checked checked;
    if (!is_maintenance && weight > 0 && rules.max_imbalance > 0 &&
        net_unsettled > static_cast<int128>(rules.max_imbalance)) {
        const auto scaled = narrow(checked, checked.mul(weight, rules.max_imbalance) /
                                                static_cast<uint128>(net_unsettled));
        if (!scaled) return std::nullopt;
        weight = *scaled;
    }
    if (unrealised <= 0) return weight_precision;
    if (is_maintenance || weight == 0) return weight;
    const uint128 size = checked.mul(magnitude(unrealised), base_per_quote);
    if (checked.overflow()) return std::nullopt;
    return size_discount_asset_weight(size, rules.imf_factor, weight);
}

std::optional<int128> weighted_unrealized_pnl(int128 unrealised, std::uint32_t weight,
                                              std::int64_t quote_price, MarginType type) {
    constexpr int128 initial_max = int128{100} * quote_precision;
    int128 out = unrealised;
    if (weight != weight_precision) {
        if (__builtin_mul_overflow(out, int128{weight}, &out)) return std::nullopt;
        out /= weight_precision;
    }
    if (quote_price != price_precision) {
        if (__builtin_mul_overflow(out, int128{quote_price}, &out)) return std::nullopt;
        out /= price_precision;
    }
    return type == MarginType::initial ? std::min(out, initial_max) : out;
}

std::optional<int128> token_value(int128 amount, std::uint32_t decimals, std::int64_t price) {
    if (amount == 0) return 0;
    if (decimals > 38) return std::nullopt;
    const auto precision = static_cast<int128>(power_of_ten(decimals));
    int128 product = 0;
    if (__builtin_mul_overflow(amount, int128{price}, &product)) return std::nullopt;
    const int128 quotient = product / precision;
    return product < 0 && product % precision != 0 ? quotient - 1 : quotient;
}

std::optional<int128> strict_token_value(int128 amount, std::uint32_t decimals, std::int64_t price,
                                         std::int64_t twap_5min) {
    return token_value(amount, decimals,
                       amount > 0 ? std::min(price, twap_5min) : std::max(price, twap_5min));
}

std::optional<bool> can_exit_liquidation(int128 collateral, uint128 maintenance, uint128 of,
                                         std::uint32_t buffer) {
    Checked checked;
    const uint128 needed = checked.add(maintenance, checked.mul(of, buffer) / margin_precision);
    if (checked.overflow() || needed > int128_top) return std::nullopt;
    return collateral >= static_cast<int128>(needed);
}

}  // namespace breakwater::drift_v2
