// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <cstdint>
#include <optional>

#include "breakwater/core/math.hpp"

/// Drift v2: weights and margin requirements, exact. Fixed point as in the program: prices and quote
/// 1e-6, base 1e-9, margin ratios and weights 1e-4, imf factors and fees 1e-6. The program computes
/// in checked 128-bit integers and fails where one does not fit; here that is `nullopt`.
/// Source: docs/rules.md, DRIFT-001 to DRIFT-005.
namespace breakwater::drift_v2 {

inline constexpr std::uint32_t margin_precision = 10'000;
inline constexpr std::uint32_t weight_precision = 10'000;
inline constexpr std::uint32_t imf_precision = 1'000'000;
inline constexpr std::uint32_t price_precision = 1'000'000;
inline constexpr std::uint32_t quote_precision = 1'000'000;
inline constexpr std::uint32_t base_precision = 1'000'000'000;

// The program casts to these widths and fails above.
inline constexpr uint128 uint32_top = ~std::uint32_t{0};
inline constexpr uint128 int128_top = uint128_max >> 1U;

enum class MarginType : std::uint8_t { initial, fill, maintenance };

/// max(w, w − ⌊w/5⌋ + ⌊⌊√(10 size + 1)⌋ · imf / (1e5 · 1e6 / precision)⌋); w where imf is 0.
/// @param size [1e-9 base]
/// @param weight margin ratio or liability weight, in units of 1/precision
std::optional<std::uint32_t> size_premium_liability_weight(
    uint128 size, std::uint32_t imf_factor, std::uint32_t weight,
    std::uint32_t precision = margin_precision);

/// min(w, ⌊1.1 · 1e6 · 1e4 / (1e6 + ⌊⌊√(10 size + 1)⌋ · imf / 1e5⌋)⌋); w where imf is 0.
std::optional<std::uint32_t> size_discount_asset_weight(uint128 size, std::uint32_t imf_factor,
                                                        std::uint32_t weight);

struct MarginRatios {
    std::uint32_t initial = 0;      ///< [1e-4]
    std::uint32_t maintenance = 0;  ///< [1e-4]
    std::uint32_t imf_factor = 0;   ///< [1e-6]
};
/// DRIFT-002: the ratio of the kind (fill: ⌊(initial + maintenance)/2⌋), raised by size.
std::optional<std::uint32_t> margin_ratio(uint128 size, const MarginRatios& ratios,
                                          MarginType type);

/// w where all deposits are worth less than `start` or start is 0, else ⌊w · start / value⌋.
/// @param start, deposit_value [1e-6 quote]
std::optional<std::uint32_t> scaled_initial_asset_weight(std::uint32_t weight, std::uint64_t start,
                                                         uint128 deposit_value);

/// DRIFT-003: the worse of all bids filled and all asks filled, by value; of equals the asks.
struct WorstCase {
    int128 base = 0;    ///< [1e-9 base]
    uint128 value = 0;  ///< [1e-6 quote]
};
/// @param open_asks 0 or less
std::optional<WorstCase> worst_case_base_asset_amount(std::int64_t base, std::int64_t open_bids,
                                                      std::int64_t open_asks, std::int64_t price);

/// ⌊|base| · price / 1e9⌋; a price below 0 counts as 0.
std::optional<uint128> base_asset_value(int128 base, std::int64_t price);

/// ⌊⌊value · quote price / 1e6⌋ · ratio / 1e4⌋ + 0.01 USD for each open order.
std::optional<uint128> perp_margin_requirement(uint128 worst_case_value, std::uint32_t ratio,
                                               std::uint32_t open_orders, std::int64_t quote_price);

struct UnrealisedRules {
    std::uint32_t initial_weight = 0;      ///< [1e-4]
    std::uint32_t maintenance_weight = 0;  ///< [1e-4]
    std::uint32_t imf_factor = 0;          ///< [1e-6]
    std::uint64_t max_imbalance = 0;       ///< [1e-6 quote] 0: none
};
/// DRIFT-004: weight of unrealised profit. Losses weigh 1. For initial and fill margin the market's weight is
/// scaled by max imbalance / net unsettled profit where that is larger, then discounted by size.
std::optional<std::uint32_t> unrealized_asset_weight(int128 unrealised, int128 net_unsettled,
                                                     const UnrealisedRules& rules, MarginType type);

/// unrealised · weight / 1e4 · quote price / 1e6, toward zero; for initial margin at most 100 USD.
std::optional<int128> weighted_unrealized_pnl(int128 unrealised, std::uint32_t weight,
                                              std::int64_t quote_price, MarginType type);

/// DRIFT-005: amount · price / 10^decimals, toward zero for assets, toward −infinity for liabilities.
std::optional<int128> token_value(int128 amount, std::uint32_t decimals, std::int64_t price);
/// Strict: assets at the lower and liabilities at the higher of oracle and 5-minute average.
std::optional<int128> strict_token_value(int128 amount, std::uint32_t decimals, std::int64_t price,
                                         std::int64_t twap_5min);

/// Collateral ≥ maintenance + ⌊of · buffer / 1e4⌋: who was liquidatable stays so until then.
/// @param of what the buffer is a share of: the maintenance requirement, or the liabilities
std::optional<bool> can_exit_liquidation(int128 collateral, uint128 maintenance, uint128 of,
                                         std::uint32_t buffer);

}  // namespace breakwater::drift_v2
