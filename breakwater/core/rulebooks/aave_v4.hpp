// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include "breakwater/core/big_integer.hpp"
#include "breakwater/core/error.hpp"

/// What is new in Aave v4's liquidations: a bonus that grows as health falls, and a size that brings the position back
/// to a target health. **Unverified**: transcribed from the published library, not replayed against the contract.
/// Values are [1e-26 USD], prices [1e-8 USD]; ratios [wad] unless said.
/// Source: docs/rules.md, AAVE4-001 to AAVE4-003.
namespace breakwater::aave_v4 {

struct BonusTerms {
    std::uint32_t bonus_max = 0;  ///< [bps] 10'500 is 5 %
    std::uint64_t health_for_bonus_max =
        0;                               ///< [wad] below 1; at or below it the bonus is the largest
    std::uint32_t bonus_min_factor = 0;  ///< [bps] the smallest bonus as a part of the largest
};
/// [bps] Floored, for a position that is below 1. Source: AAVE4-001.
std::uint32_t liquidation_bonus(std::uint64_t health_factor, const BonusTerms& terms);

struct Position {
    BigInteger total_debt_value;          ///< [1e-26 USD] over all debts
    std::uint64_t health_factor = 0;      ///< [wad]
    std::uint64_t target_health = 0;      ///< [wad] at least 1
    std::uint32_t collateral_factor = 0;  ///< [bps] of the collateral that is seized
    std::uint32_t bonus = 0;              ///< [bps]
    std::uint32_t protocol_fee = 0;       ///< [bps] of the bonus
    BigInteger debt;                      ///< [atomic] of the reserve that is repaid
    BigInteger debt_unit;                 ///< 10^decimals
    BigInteger debt_price;
    BigInteger collateral;  ///< [atomic] of the reserve that is seized
    BigInteger collateral_unit;
    BigInteger collateral_price;
};

/// [atomic] rounded up: the repayment after which health is the target. Lost where the bonus eats what a repayment
/// heals, that is target ≤ bonus × collateral factor. Source: AAVE4-002.
BigInteger debt_to_target_up(const Position& position);

struct LiquidationSize {
    BigInteger repaid;
    BigInteger seized;  ///< fee included
    BigInteger to_liquidator;
};
/// dust_left where `debt_to_cover` is less than what may not be left over. Source: AAVE4-003.
Result<LiquidationSize> liquidation_size(const Position& position, const BigInteger& debt_to_cover);

}  // namespace breakwater::aave_v4
