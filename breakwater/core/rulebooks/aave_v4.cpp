// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/core/rulebooks/aave_v4.hpp"

namespace breakwater::aave_v4 {
namespace {

BigInteger of(std::uint64_t x) {
    return BigInteger::of_unsigned(x);
}

const BigInteger& one_wad() {
    static const BigInteger one = big_power_of_ten(18);
    return one;
}
/// 1,000 USD.
const BigInteger& dust() {
    static const BigInteger least = of(1'000) * big_power_of_ten(26);
    return least;
}
constexpr std::uint64_t whole = 10'000;  // [bps]

BigInteger value_of(const BigInteger& amount, const BigInteger& price, const BigInteger& unit) {
    return div_down(amount * price * one_wad(), unit);
}
bool is_dust(const BigInteger& left, const BigInteger& price, const BigInteger& unit) {
    return left.sign() > 0 && value_of(left, price, unit) < dust();
}

}  // namespace

std::uint32_t liquidation_bonus(std::uint64_t health_factor, const BonusTerms& terms) {
    if (health_factor <= terms.health_for_bonus_max) return terms.bonus_max;
    const std::uint64_t least = (terms.bonus_max - whole) * terms.bonus_min_factor / whole + whole;
    const auto one = static_cast<std::uint64_t>(wad);
    // Cannot overflow: a difference of bonuses is below 2^32, a health below 2^60.
    const uint128 part = uint128{terms.bonus_max - least} * (one - health_factor) /
                         (one - terms.health_for_bonus_max);
    return static_cast<std::uint32_t>(least + static_cast<std::uint64_t>(part));
}

BigInteger debt_to_target_up(const Position& p) {
    const BigInteger bonus = of(p.bonus) * big_power_of_ten(14);
    const BigInteger penalty = div_up(bonus * of(p.collateral_factor), of(whole));
    const BigInteger healed = of(p.target_health) - penalty;
    if (healed.sign() <= 0) return BigInteger::lost();
    return div_up(p.total_debt_value * p.debt_unit * (of(p.target_health) - of(p.health_factor)),
                  healed * p.debt_price * one_wad());
}

Result<LiquidationSize> liquidation_size(const Position& p, const BigInteger& debt_to_cover) {
    LiquidationSize out;
    // A lost number is above all others: then the target sets no limit.
    out.repaid = min(min(debt_to_cover, p.debt), debt_to_target_up(p));
    if (is_dust(p.debt - out.repaid, p.debt_price, p.debt_unit)) out.repaid = p.debt;
    const BigInteger pays = p.debt_price * p.collateral_unit * of(p.bonus);
    const BigInteger gets = p.debt_unit * p.collateral_price * of(whole);
    out.seized = div_down(out.repaid * pays, gets);
    const bool leaves_dust =
        is_dust(p.collateral - out.seized, p.collateral_price, p.collateral_unit) &&
        out.repaid < p.debt;
    if (out.seized > p.collateral || leaves_dust) {
        out.seized = p.collateral;
        out.repaid = div_up(out.seized * gets, pays);
    }
    if (debt_to_cover < out.repaid) return std::unexpected(Error::dust_left);
    const BigInteger fee =
        div_down(out.seized * of(p.protocol_fee) * of(p.bonus - whole), of(p.bonus) * of(whole));
    out.to_liquidator = out.seized - fee;
    return out;
}

}  // namespace breakwater::aave_v4
