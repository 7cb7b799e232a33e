// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/core/rulebooks/drift_v2_guards.hpp"

#include <algorithm>

#include "breakwater/core/rulebooks/drift_v2.hpp"

namespace breakwater::drift_v2 {
namespace {

constexpr uint128 uint64_top = ~std::uint64_t{0};

}  // namespace

std::uint64_t confidence_multiplier(Tier tier) {
    switch (tier) {
        case Tier::a:
        case Tier::b:
            return 1;
        case Tier::c:
            return 2;
        case Tier::speculative:
            return 10;
        case Tier::highly_speculative:
        case Tier::isolated:
            return 50;
    }
    return 1;
}

std::optional<OracleValidity> oracle_validity(const OracleReport& report, std::int64_t average,
                                              const GuardRails& rails, std::uint64_t multiplier) {
    if (report.price <= 0) return OracleValidity::non_positive;
    const std::int64_t low = std::max<std::int64_t>(std::min(report.price, average), 1);
    if (std::max(report.price, average) / low > rails.too_volatile_ratio)
        return OracleValidity::too_volatile;
    const uint128 confidence = uint128{report.confidence} * price_precision;
    const uint128 limit = uint128{rails.confidence_max} * multiplier;
    if (confidence > uint64_top || limit > uint64_top) return std::nullopt;
    if (confidence / static_cast<std::uint64_t>(report.price) > limit)
        return OracleValidity::too_uncertain;
    const int128 patience =
        int128{rails.slots_before_stale_for_margin} * (report.is_stablecoin ? 3 : 1);
    if (report.delay > patience) return OracleValidity::stale_for_margin;
    if (!report.has_enough_points) return OracleValidity::insufficient_data_points;
    if (report.delay > rails.slots_before_stale_for_amm) return OracleValidity::stale_for_amm;
    return OracleValidity::valid;
}

bool is_oracle_valid_for(OracleValidity validity, Action action) {
    using enum OracleValidity;
    switch (action) {
        case Action::fill_order_amm:
            return validity == valid;
        case Action::oracle_order_price:
        case Action::margin_calc:
            return validity >= insufficient_data_points;
        case Action::update_funding:
        case Action::settle_pnl:
        case Action::fill_order_match:
            return validity >= stale_for_margin;
        case Action::trigger_order:
        case Action::liquidate:
            return validity >= too_uncertain;
        case Action::update_twap:
        case Action::update_amm_curve:
            return validity != non_positive;
    }
    return false;
}

std::optional<bool> is_too_divergent(std::int64_t price, std::int64_t average_5min,
                                     std::int64_t divergence_max) {
    if (average_5min == 0) return std::nullopt;
    const int128 difference = int128{price} - average_5min;
    const int128 average = average_5min < 0 ? -int128{average_5min} : int128{average_5min};
    return (difference < 0 ? -difference : difference) * price_precision / average >=
           divergence_max;
}

bool is_as_safe_as(Tier contract, Tier best_contract, AssetTier best_asset) {
    if (contract > best_contract) return false;
    if (best_asset == AssetTier::unlisted) return true;
    return best_asset >= AssetTier::cross && contract <= Tier::c;
}

uint128 min_deposit_token_amount(uint128 deposit_average, uint128 guard_threshold) {
    return deposit_average -
           std::max(deposit_average / 4, std::min(guard_threshold, deposit_average));
}

std::optional<uint128> max_borrow_token_amount(uint128 deposits, uint128 deposit_average,
                                               uint128 borrow_average, uint128 guard_threshold,
                                               uint128 max_borrows, bool is_main_pool) {
    const uint128 d = std::min(deposits, deposit_average);
    const uint128 least = d / (is_main_pool ? 6 : 2);
    const uint128 most = d - d / (is_main_pool ? 5 : 10);
    Checked checked;
    const uint128 step = checked.add(borrow_average, d / (is_main_pool ? 10 : 3));
    if (checked.overflow()) return std::nullopt;
    return std::min(std::max(guard_threshold, std::min(std::max(least, step), most)), max_borrows);
}

}  // namespace breakwater::drift_v2
