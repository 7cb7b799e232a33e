// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <cstdint>
#include <optional>

#include "breakwater/core/math.hpp"

/// Drift v2: how much is liquidated, for which fee, and who pays for a bankruptcy. Units and failures
/// as in drift_v2.hpp. Source: docs/rules.md, DRIFT-006 to DRIFT-011.
namespace breakwater::drift_v2 {

inline constexpr std::uint32_t fee_precision = 1'000'000;
inline constexpr std::uint32_t fee_per_margin = 100;     ///< 1e-6 in a 1e-4
inline constexpr std::uint32_t pct_precision = 10'000;   ///< of what may be liquidated at once
inline constexpr std::uint64_t fee_grace_slots = 1'500;  ///< about ten minutes
inline constexpr std::uint64_t no_limit_64 = ~std::uint64_t{0};

/// Of a perpetual position.
struct PerpLiquidation {
    uint128 margin_shortage = 0;                  ///< [1e-6 quote]
    std::uint32_t margin_ratio = 0;               ///< [1e-4]
    std::uint32_t liquidation_fee = 0;            ///< [1e-6] to the liquidator
    std::int64_t oracle_price = 0;                ///< [1e-6]
    std::int64_t quote_oracle_price = 1'000'000;  ///< [1e-6]
};

/// ⌊shortage · 1e9 / (⌊⌊price · quote/1e6⌋ (ratio − fee)/1e6⌋ − ⌊price · if fee/1e6⌋)⌋ [1e-9 base];
/// no_limit_64 where the price is 0 or the ratio is not above the fee.
std::optional<std::uint64_t> base_asset_amount_to_cover(const PerpLiquidation& l,
                                                        std::uint32_t if_liquidation_fee);

/// DRIFT-007: min(max fee, ⌊0.95 · max(0, ratio − fee − shortage / (size · price))⌋) [1e-6]; 0 where there is
/// nothing to divide by. The insurance fund's fee never makes the user bankrupt.
std::optional<std::uint32_t> perp_if_fee(const PerpLiquidation& l, std::uint64_t base_amount,
                                         std::uint32_t max_if_fee);

/// DRIFT-008: base fee for 1 500 slots since the user's last action, then one millionth more for each slot since
/// then, up to the maximum [1e-6].
std::optional<std::uint32_t> liquidation_fee(std::uint32_t base_fee, std::uint32_t max_fee,
                                             std::uint64_t last_active_slot, std::uint64_t slot);

struct Pace {
    uint128 margin_shortage = 0;     ///< [1e-6 quote]
    std::uint64_t margin_freed = 0;  ///< [1e-6 quote] in this liquidation already
    std::uint64_t last_active_slot = 0;
    std::uint64_t slot = 0;
    uint128 initial_pct = 0;  ///< [1e-4]
    uint128 duration = 0;     ///< [slots] until all may be liquidated; 0: at once
};
/// DRIFT-009: share of the shortage that may be freed now [1e-4]: all below 50 USD, else what min(1,
/// slots/duration + initial) of shortage and freed leaves above what was freed.
std::optional<uint128> max_pct_to_liquidate(const Pace& pace);

/// DRIFT-010: both sides of a swap of a deposit for a borrow.
struct SpotSide {
    std::uint32_t weight = 0;      ///< [1e-4]
    std::uint32_t multiplier = 0;  ///< [1e-6] liquidation multiplier
    std::uint32_t decimals = 0;
    std::int64_t price = 0;  ///< [1e-6]
};

/// shortage / (price (LW − AW · asset/liability multiplier) − price · if fee · LW) [liability token];
/// the largest number where the asset weighs as much as the liability.
std::optional<uint128> liability_transfer_to_cover(uint128 margin_shortage, const SpotSide& asset,
                                                   const SpotSide& liability,
                                                   std::uint32_t if_liquidation_fee);
/// What `amount` of the asset pays for, rounded up.
std::optional<uint128> liability_transfer_implied(uint128 amount, const SpotSide& asset,
                                                  const SpotSide& liability);
/// What `transfer` of the liability costs, rounded down, at least 1; all of `amount` where the two are
/// within a dollar.
std::optional<uint128> asset_transfer(uint128 amount, const SpotSide& asset, uint128 transfer,
                                      const SpotSide& liability);
/// Like perp_if_fee, of a borrow.
std::optional<std::uint32_t> spot_if_fee(uint128 margin_shortage, uint128 token_amount,
                                         const SpotSide& asset, const SpotSide& liability,
                                         std::uint32_t max_if_fee);

/// ⌈|loss| · 1e9 / (|long| + |short|)⌉ · 1e3: what the cumulative funding rate of longs rises and that
/// of shorts falls by. Every open unit on both sides pays the same.
std::optional<int128> funding_rate_delta_to_resolve(int128 loss, int128 base_long,
                                                    int128 base_short);
/// ⌈interest · loss / deposits⌉: what the cumulative deposit interest falls by; 0 without deposits.
std::optional<uint128> deposit_interest_delta_to_resolve(uint128 cumulative_interest, uint128 loss,
                                                         uint128 total_deposits);

/// Who pays for a perpetual bankruptcy, in this order [1e-6 quote].
struct BankruptcyPayers {
    uint128 insurance = 0;
    uint128 fee_pool = 0;
    uint128 socialised = 0;
};
/// @param vault of the insurance fund, of which one unit stays
BankruptcyPayers resolve_perp_bankruptcy(uint128 loss, uint128 max_insurance,
                                         uint128 settled_insurance, uint128 vault,
                                         uint128 fee_pool);

}  // namespace breakwater::drift_v2
