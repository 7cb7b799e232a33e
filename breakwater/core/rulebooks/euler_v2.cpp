// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/core/rulebooks/euler_v2.hpp"

namespace breakwater::euler_v2 {
namespace {

const BigInteger& one_wad() {
    static const BigInteger one = big_power_of_ten(18);
    return one;
}

}  // namespace

std::uint32_t liquidation_ltv(const RampedLtv& ltv) {
    if (ltv.target >= ltv.initial || ltv.duration == 0) return ltv.target;
    const std::uint64_t remaining = ltv.remaining < ltv.duration ? ltv.remaining : ltv.duration;
    const uint128 above = uint128{ltv.initial - ltv.target} * remaining / ltv.duration;
    return ltv.target + static_cast<std::uint32_t>(above);
}

Result<BigInteger> discount_factor(const Violation& v) {
    if (v.liability_value.sign() == 0 || v.collateral_adjusted_value > v.liability_value)
        return std::unexpected(Error::health_factor_not_below_one);
    const BigInteger health = div_down(v.collateral_adjusted_value * one_wad(), v.liability_value);
    return max(health, one_wad() - BigInteger::of_unsigned(v.discount_max));
}

Result<Takeover> takeover(const Violation& v, const BigInteger& desired) {
    const auto factor = discount_factor(v);
    if (!factor) return std::unexpected(factor.error());
    if (v.collateral_value.sign() == 0) return Takeover{.repaid = {}, .seized = v.collateral};
    BigInteger repay_value = v.liability_value;
    BigInteger yield_value = div_down(v.liability_value * one_wad(), *factor);
    if (v.collateral_value < yield_value) {
        repay_value = div_down(v.collateral_value * *factor, one_wad());
        yield_value = v.collateral_value;
    }
    Takeover most{.repaid = div_down(repay_value * v.liability, v.liability_value),
                  .seized = div_down(yield_value * v.collateral, v.collateral_value)};
    if (desired.is_lost()) return most;
    if (desired > most.repaid) return std::unexpected(Error::amount_inconsistent);
    if (desired < most.repaid) {
        most.seized = div_down(desired * most.seized, most.repaid);
        most.repaid = desired;
    }
    return most;
}

}  // namespace breakwater::euler_v2
