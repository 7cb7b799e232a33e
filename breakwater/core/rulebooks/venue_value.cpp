// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/core/rulebooks/venue_value.hpp"

#include "breakwater/core/math_signed.hpp"

namespace breakwater::venue {
namespace {

std::optional<std::int64_t> fitting(const Checked& math, int128 value) {
    if (math.overflow() || value <= -value_max || value >= value_max) return std::nullopt;
    return static_cast<std::int64_t>(value);
}

}  // namespace

std::optional<std::int64_t> unit_value(const Terms& terms, std::int64_t ticks) {
    if (ticks < 0 || (ticks == 0 && !terms.is_option())) return std::nullopt;
    Checked math;
    if (terms.is_inverse()) return fitting(math, -(terms.unit / ticks));
    return fitting(math, mul_signed(math, terms.unit, ticks));
}

std::optional<std::int64_t> settlement_value(const Terms& terms, std::int64_t average) {
    if (average <= 0) return std::nullopt;
    if (!terms.is_option()) return unit_value(terms, average);
    Checked math;
    const int128 intrinsic =
        terms.form == Form::call ? int128{average} - terms.strike : int128{terms.strike} - average;
    if (intrinsic <= 0) return 0;
    if (terms.settled == Settled::linear)
        return fitting(math, mul_signed(math, intrinsic, terms.payoff_unit));
    return fitting(math, mul_div_floor(math, intrinsic, static_cast<uint128>(terms.payoff_unit),
                                       static_cast<uint128>(average)));
}

std::optional<std::int64_t> notional_up(const Terms& terms, std::int64_t value, Price price,
                                        std::uint8_t decimals) {
    Checked math;
    const uint128 unit = power_of_ten(decimals) << terms.grain_bits;
    return fitting(math,
                   with_sign(math, math.mul_div_up(magnitude(value), price.raw, unit), false));
}

}  // namespace breakwater::venue
