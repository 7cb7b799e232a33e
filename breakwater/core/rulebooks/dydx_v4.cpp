// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/core/rulebooks/dydx_v4.hpp"

namespace breakwater::dydx_v4 {
namespace {

constexpr std::int32_t eight_hours = 60 * 60 * 8;  ///< [s]

/// x · 10^exponent toward zero; lost beyond what fits anyway.
BigInteger scale(const BigInteger& x, std::int64_t exponent) {
    constexpr std::int64_t exponent_max = 150;
    if (exponent > exponent_max || exponent < -exponent_max)
        return x.sign() == 0 ? BigInteger{0} : exponent > 0 ? BigInteger::lost() : BigInteger{0};
    if (exponent >= 0) return x * big_power_of_ten(static_cast<unsigned>(exponent));
    return div_toward_zero(x, big_power_of_ten(static_cast<unsigned>(-exponent)));
}

BigInteger of(std::uint64_t x) {
    return BigInteger::of_unsigned(x);
}

std::int64_t exponent_of(const Conversion& c) {
    return std::int64_t{c.exponent} + c.atomic_resolution - quote_atomic_resolution;
}

BigInteger ppm_up(const BigInteger& x, const BigInteger& ppm) {
    return div_up(x * ppm, of(one_million));
}

}  // namespace

BigInteger notional(const BigInteger& base, const Conversion& c) {
    return scale(base * of(c.price), exponent_of(c));
}

BigInteger base_quantums(const BigInteger& quote, const Conversion& c) {
    const std::int64_t exponent = exponent_of(c);
    // One division: what multiplies goes above, what divides below.
    const BigInteger above = exponent < 0 ? scale(quote, -exponent) : quote;
    const BigInteger below = exponent < 0 ? of(c.price) : scale(of(c.price), exponent);
    return div_toward_zero(above, below);
}

BigInteger initial_margin_fraction(const LiquidityTier& tier, const BigInteger& open_notional) {
    const BigInteger base = of(tier.initial_margin_ppm);
    const BigInteger lower = of(tier.open_interest_lower_cap);
    const BigInteger upper = of(tier.open_interest_upper_cap);
    if (upper.sign() == 0 || open_notional <= lower) return base;
    if (open_notional >= upper) return of(one_million);
    return base + div_down((of(one_million) - base) * (open_notional - lower), upper - lower);
}

std::uint32_t maintenance_margin_fraction(const LiquidityTier& tier) {
    return static_cast<std::uint32_t>(std::uint64_t{tier.initial_margin_ppm} *
                                      tier.maintenance_fraction_ppm / one_million);
}

BigInteger initial_margin(const BigInteger& notional, const LiquidityTier& tier,
                          const BigInteger& open_notional, std::uint32_t custom_ppm) {
    return ppm_up(notional.magnitude(),
                  max(initial_margin_fraction(tier, open_notional), of(custom_ppm)));
}

BigInteger maintenance_margin(const BigInteger& notional, const LiquidityTier& tier) {
    return ppm_up(ppm_up(notional.magnitude(), of(tier.initial_margin_ppm)),
                  of(tier.maintenance_fraction_ppm));
}

Risk operator+(const Risk& a, const Risk& b) {
    return {.net_collateral = a.net_collateral + b.net_collateral,
            .initial_margin = a.initial_margin + b.initial_margin,
            .maintenance_margin = a.maintenance_margin + b.maintenance_margin};
}

bool is_initial_collateralized(const Risk& risk) {
    return risk.net_collateral >= risk.initial_margin;
}

bool is_maintenance_collateralized(const Risk& risk) {
    return risk.net_collateral >= risk.maintenance_margin;
}

bool is_liquidatable(const Risk& risk) {
    return risk.maintenance_margin.sign() > 0 && risk.maintenance_margin > risk.net_collateral;
}

namespace {

int sign_of(std::strong_ordering order) {
    return order < 0 ? -1 : static_cast<int>(order > 0);
}

}  // namespace

int compare(const Risk& a, const Risk& b) {
    const int by_ratio = sign_of(b.net_collateral * a.maintenance_margin <=>
                                 a.net_collateral * b.maintenance_margin);
    if (by_ratio != 0) return by_ratio;
    if (a.maintenance_margin.sign() == 0 && b.maintenance_margin.sign() == 0)
        return sign_of(b.net_collateral <=> a.net_collateral);
    return sign_of(a.maintenance_margin <=> b.maintenance_margin);
}

UpdateResult undercollateralized_update(const Risk& before, const Risk& after) {
    const UpdateResult refused = is_initial_collateralized(before)
                                     ? UpdateResult::newly_undercollateralized
                                     : UpdateResult::still_undercollateralized;
    if (after.maintenance_margin > before.maintenance_margin) return refused;
    const bool was_zero = before.maintenance_margin.sign() == 0;
    const bool is_zero = after.maintenance_margin.sign() == 0;
    if (was_zero || is_zero)
        return was_zero && is_zero && after.net_collateral > before.net_collateral
                   ? UpdateResult::success
                   : refused;
    const bool is_riskier = after.net_collateral * before.maintenance_margin <
                            before.net_collateral * after.maintenance_margin;
    return is_riskier ? refused : UpdateResult::success;
}

BigInteger funding_clamp(const LiquidityTier& tier, std::uint32_t clamp_factor_ppm) {
    const std::uint32_t spread = tier.initial_margin_ppm - maintenance_margin_fraction(tier);
    return div_down(of(clamp_factor_ppm) * of(spread), of(one_million));
}

BigInteger funding_rate(const BigInteger& premium_ppm, const BigInteger& default_ppm,
                        const BigInteger& clamp_ppm) {
    return min(max(premium_ppm + default_ppm, -clamp_ppm), clamp_ppm);
}

BigInteger funding_index_delta(const BigInteger& rate_8h_ppm, std::uint32_t seconds,
                               const Conversion& conversion) {
    return div_toward_zero(notional(rate_8h_ppm * of(seconds), conversion), eight_hours);
}

BigInteger funding_settlement_ppm(const BigInteger& size, const BigInteger& index,
                                  const BigInteger& position_index) {
    return -((index - position_index) * size);
}

BigInteger funding_settlement(const BigInteger& sum_ppm) {
    return div_down(sum_ppm, of(one_million));
}

}  // namespace breakwater::dydx_v4
