// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <cstdint>
#include <optional>

#include "breakwater/core/math.hpp"

/// Drift v2: which oracle price is good for what, whose insurance may pay whose loss, how fast deposits
/// may leave. Units as in drift_v2.hpp. Source: docs/rules.md, DRIFT-012 to DRIFT-014.
namespace breakwater::drift_v2 {

/// By severity: the first that holds.
enum class OracleValidity : std::uint8_t {
    non_positive,
    too_volatile,   ///< max(price, average) / min of them above the ratio
    too_uncertain,  ///< confidence / price above the limit of the market's tier
    stale_for_margin,
    insufficient_data_points,
    stale_for_amm,
    valid,
};

struct OracleReport {
    std::int64_t price = 0;        ///< [1e-6]
    std::uint64_t confidence = 0;  ///< [1e-6]
    std::int64_t delay = 0;        ///< [slots]
    bool has_enough_points = true;
    bool is_stablecoin = false;  ///< three times the delay for margin
};
struct GuardRails {
    std::int64_t too_volatile_ratio = 5;
    std::uint64_t confidence_max = 20'000;  ///< [1e-6 of the price] 2 %
    std::int64_t slots_before_stale_for_margin = 120;
    std::int64_t slots_before_stale_for_amm = 10;
};

enum class Tier : std::uint8_t { a, b, c, speculative, highly_speculative, isolated };
enum class AssetTier : std::uint8_t { collateral, protected_, cross, isolated, unlisted };

/// 1, 1, 2, 10, 50, 50: times the confidence limit.
std::uint64_t confidence_multiplier(Tier tier);

/// @param average last average of the oracle [1e-6]
std::optional<OracleValidity> oracle_validity(const OracleReport& report, std::int64_t average,
                                              const GuardRails& rails,
                                              std::uint64_t confidence_multiplier);

enum class Action : std::uint8_t {
    update_funding,
    settle_pnl,
    trigger_order,
    fill_order_match,
    fill_order_amm,
    liquidate,
    margin_calc,
    update_twap,
    update_amm_curve,
    oracle_order_price,
};
bool is_oracle_valid_for(OracleValidity validity, Action action);

/// ⌊|price − average| · 1e6 / average⌋ at or above the limit: liquidation is refused.
/// @param divergence_max [1e-6] 500 000 is 50 %
std::optional<bool> is_too_divergent(std::int64_t price, std::int64_t average_5min,
                                     std::int64_t divergence_max);

/// DRIFT-013: may deposits pay the loss of a contract of this tier, when the account's safest other liabilities
/// are of these: contract not riskier than the best contract, and, unless no asset is owed, tier c or
/// better with assets of cross tier or below.
bool is_as_safe_as(Tier contract, Tier best_contract, AssetTier best_asset);

/// average − max(⌊average/4⌋, min(threshold, average)): what must stay after a withdrawal.
uint128 min_deposit_token_amount(uint128 deposit_average, uint128 guard_threshold);

/// Largest borrow of the main pool (a sixth to four fifths of deposits, a tenth above its average) or
/// of an isolated pool (half to nine tenths, a third).
std::optional<uint128> max_borrow_token_amount(uint128 deposits, uint128 deposit_average,
                                               uint128 borrow_average, uint128 guard_threshold,
                                               uint128 max_borrows, bool is_main_pool);

}  // namespace breakwater::drift_v2
