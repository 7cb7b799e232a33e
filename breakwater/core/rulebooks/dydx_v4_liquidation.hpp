// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <cstdint>

#include "breakwater/core/rulebooks/dydx_v4.hpp"

/// dYdX v4: at which price, how much and at whose cost a position is liquidated, who is deleveraged
/// and when withdrawals stop. Units as in dydx_v4.hpp. Source: docs/rules.md, DYDX-007 to DYDX-012.
namespace breakwater::dydx_v4 {

/// −ΔNC − ⌊TNC · |ΔMMR| / TMMR⌋: the quote at which the account's collateral is used up in proportion
/// to the maintenance margin that closing frees. The division rounds toward −infinity, so that the
/// insurance fund never pays for rounding. TMMR above 0.
/// @param delta what closing changes in the position's notional and maintenance margin
BigInteger bankruptcy_price(const Risk& delta, const Risk& account);

struct FillablePriceConfig {
    std::uint32_t bankruptcy_adjustment_ppm = one_million;
    std::uint32_t spread_to_maintenance_margin_ratio_ppm = 0;
};

/// numerator / denominator with denominator > 0, not reduced.
struct Ratio {
    BigInteger numerator;
    BigInteger denominator;
};
/// DYDX-008: (PNNV − ABR · SMMR · PMMR) / PS with ABR = clamp(BA (1 − TNC/TMMR), 0, 1), exact
/// [quote quantums / base quantum].
/// @param position its notional (signed) and maintenance margin
/// @param size [base quantums] signed, not 0
Ratio fillable_price(const Risk& position, const BigInteger& size, const Risk& account,
                     const FillablePriceConfig& config);

/// To the order book's grid: up for a sale that closes a long, down for a purchase, first to subticks
/// and then to ticks, within one tick and the largest multiple of it below 2^64.
/// @param quantum_conversion_exponent subtick = 10^this quote quantums per base quantum
BigInteger to_subticks(const Ratio& price, std::int32_t quantum_conversion_exponent,
                       std::uint32_t subticks_per_tick, bool is_liquidating_long);

/// DYDX-009: what the insurance fund gets from a fill: Δquote − bankruptcy price where that is 0 or less (the
/// fund pays), else at most ⌊|Δquote| · fee / 1e6⌋.
BigInteger insurance_fund_delta(const BigInteger& delta_quote, const BigInteger& bankruptcy_price,
                                std::uint32_t max_liquidation_fee_ppm);

struct LiquidationLimits {
    std::uint64_t min_position_notional = 0;          ///< [quote quantums]
    std::uint32_t max_position_portion_ppm = 0;       ///< per block
    std::uint64_t max_subaccount_notional = 0;        ///< [quote quantums] per block
    std::uint64_t subaccount_already_liquidated = 0;  ///< [quote quantums] in this block
    std::uint64_t step_base_quantums = 1;
};
/// DYDX-010 [base quantums]: change of size, against the position's sign: the whole position where its notional
/// fits the limits or it is a step or less; else the smaller of
/// max(min notional ∧ |notional|, ⌊portion · |notional|⌋) and what the block leaves the account, in
/// base quantums, rounded down to steps, at least one step.
BigInteger liquidation_size(const BigInteger& size, const Conversion& conversion,
                            const LiquidationLimits& limits);

/// DYDX-011: at which price a subaccount may be deleveraged.
enum class Deleveraging : std::uint8_t {
    none,
    at_bankruptcy_price,  ///< NC below 0
    at_oracle_price,      ///< NC 0 or above in a market in final settlement
};
Deleveraging deleveraging(const BigInteger& net_collateral, bool is_final_settlement);

/// DYDX-012: withdrawals and transfers of a collateral pool are blocked for some blocks after it was seen with
/// negative collateral, or the chain stood still: now − then < blocks.
inline constexpr std::uint32_t withdrawal_gate_blocks = 50;
bool is_withdrawal_blocked(std::uint64_t block, std::uint64_t last_negative_block,
                           std::uint64_t blocks = withdrawal_gate_blocks);

/// Capacity of a withdrawal limiter: max(baseline, ⌊total · ppm / 1e6⌋) [quote quantums].
BigInteger withdrawal_capacity(const BigInteger& total_value, const BigInteger& baseline,
                               std::uint32_t fraction_ppm);

}  // namespace breakwater::dydx_v4
