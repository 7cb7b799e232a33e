// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/core/rulebooks/dydx_v4_liquidation.hpp"

namespace breakwater::dydx_v4 {
namespace {

constexpr auto integer = &BigInteger::of_unsigned;

BigInteger round_to_multiple(const BigInteger& x, const BigInteger& multiple, bool up) {
    return (up ? div_up(x, multiple) : div_down(x, multiple)) * multiple;
}

BigInteger clamp(const BigInteger& x, const BigInteger& low, const BigInteger& high) {
    if (x < low) return low;
    return x > high ? high : x;
}

}  // namespace

BigInteger bankruptcy_price(const Risk& delta, const Risk& account) {
    return -delta.net_collateral -
           div_down(account.net_collateral * delta.maintenance_margin.magnitude(),
                    account.maintenance_margin);
}

Ratio fillable_price(const Risk& position, const BigInteger& size, const Risk& account,
                     const FillablePriceConfig& config) {
    // ABR = BA (TMMR − TNC) / (1e6 TMMR), kept as a ratio.
    const BigInteger whole = account.maintenance_margin * integer(one_million);
    const BigInteger rating = clamp(integer(config.bankruptcy_adjustment_ppm) *
                                        (account.maintenance_margin - account.net_collateral),
                                    0, whole);
    const BigInteger spread =
        position.maintenance_margin * integer(config.spread_to_maintenance_margin_ratio_ppm);
    BigInteger above = position.net_collateral * whole * integer(one_million) - rating * spread;
    BigInteger below = whole * integer(one_million) * size;
    if (below.sign() < 0) {
        above = -above;
        below = -below;
    }
    return {.numerator = above, .denominator = below};
}

BigInteger to_subticks(const Ratio& price, std::int32_t quantum_conversion_exponent,
                       std::uint32_t subticks_per_tick, bool is_liquidating_long) {
    const bool is_inverse = quantum_conversion_exponent < 0;
    const BigInteger power = big_power_of_ten(static_cast<unsigned>(
        is_inverse ? -std::int64_t{quantum_conversion_exponent} : quantum_conversion_exponent));
    const BigInteger above = is_inverse ? price.numerator * power : price.numerator;
    const BigInteger below = is_inverse ? price.denominator : price.denominator * power;
    const BigInteger subticks = is_liquidating_long ? div_up(above, below) : div_down(above, below);
    const BigInteger tick = integer(subticks_per_tick);
    constexpr std::uint64_t all = ~std::uint64_t{0};
    return clamp(round_to_multiple(subticks, tick, is_liquidating_long), tick,
                 integer(all - all % subticks_per_tick));
}

BigInteger insurance_fund_delta(const BigInteger& delta_quote, const BigInteger& bankruptcy_price,
                                std::uint32_t max_liquidation_fee_ppm) {
    const BigInteger left = delta_quote - bankruptcy_price;
    if (left.sign() <= 0) return left;
    const BigInteger fee_max =
        div_down(delta_quote.magnitude() * integer(max_liquidation_fee_ppm), integer(one_million));
    return min(fee_max, left);
}

BigInteger liquidation_size(const BigInteger& size, const Conversion& conversion,
                            const LiquidationLimits& limits) {
    const BigInteger value = notional(size, conversion).magnitude();
    const BigInteger least = min(integer(limits.min_position_notional), value);
    const BigInteger portion =
        div_down(value * integer(limits.max_position_portion_ppm), integer(one_million));
    const BigInteger left =
        integer(limits.max_subaccount_notional) - integer(limits.subaccount_already_liquidated);
    const BigInteger value_max = min(max(least, portion), left);
    const BigInteger step = integer(limits.step_base_quantums);
    if (value <= value_max.magnitude() || size.magnitude() <= step) return -size;
    const BigInteger quantums =
        clamp(round_to_multiple(base_quantums(value_max, conversion), step, false), step,
              size.magnitude());
    return size.sign() > 0 ? -quantums : quantums;
}

Deleveraging deleveraging(const BigInteger& net_collateral, bool is_final_settlement) {
    if (net_collateral.sign() < 0) return Deleveraging::at_bankruptcy_price;
    return is_final_settlement ? Deleveraging::at_oracle_price : Deleveraging::none;
}

bool is_withdrawal_blocked(std::uint64_t block, std::uint64_t last_negative_block,
                           std::uint64_t blocks) {
    if (block < last_negative_block) return true;
    return block - last_negative_block < blocks;
}

BigInteger withdrawal_capacity(const BigInteger& total_value, const BigInteger& baseline,
                               std::uint32_t fraction_ppm) {
    return max(baseline, div_down(total_value * integer(fraction_ppm), integer(one_million)));
}

}  // namespace breakwater::dydx_v4
