// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/core/rulebooks/maker_auction.hpp"

#include <algorithm>

namespace breakwater::maker {

Ray power_half_up(Checked& math, Ray x, std::uint64_t n) {
    Ray z{n % 2 == 0 ? ray : x.raw};
    for (n /= 2; n != 0; n /= 2) {
        x.raw = math.ray_mul_half_up(x.raw, x.raw);
        if (n % 2 != 0) z.raw = math.ray_mul_half_up(z.raw, x.raw);
    }
    return z;
}

Ray auction_price_down(Checked& math, const PriceCurve& curve, Ray top, std::uint64_t age) {
    switch (curve.curve) {
        case Curve::linear:
            if (age >= curve.tau) return {};
            return {math.ray_mul_down(top.raw, math.mul_div_down(curve.tau - age, ray, curve.tau))};
        case Curve::stairstep:
            return {
                math.ray_mul_down(top.raw, power_half_up(math, curve.cut, age / curve.step).raw)};
        case Curve::exponential:
            break;
    }
    return {math.ray_mul_down(top.raw, power_half_up(math, curve.cut, age).raw)};
}

bool is_void(Checked& math, Ray price, Ray top, std::uint64_t age, std::uint64_t tail, Ray cusp) {
    return age > tail || math.ray_div_down(price.raw, top.raw) < cusp.raw;
}

Rad incentive_down(Checked& math, const Rad& tab, const Rad& tip, Ratio chip) {
    return math.add_wide(tip, mul_div_down(math, tab, chip.raw, wad));
}

Ray feed_price_down(Checked& math, Ratio price, Ray par) {
    constexpr uint128 wad_to_ray = 1'000'000'000U;
    return {math.mul_div_down(math.mul(price.raw, wad_to_ray), ray, par.raw)};
}

bool is_unsafe(Amount locked, Scaled debt, Ray rate, Ray spot) {
    return !spot.is_zero() && mul_wide(locked.raw, spot.raw) < mul_wide(debt.raw, rate.raw);
}

Result<BarkSize> bark_size(Checked& math, const BarkInputs& in) {
    if (!is_unsafe(in.locked, in.debt, in.rate, in.spot))
        return std::unexpected(Error::health_factor_not_below_one);
    if (is_zero(in.room)) return std::unexpected(Error::liquidation_limit_hit);
    // ⌊⌊room · wad / rate⌋ / chop⌋; an unsafe vault has debt, so the rate is not zero.
    const Uint256 fits =
        div_wide_down(div_wide_down(math.mul_wide_by(in.room, wad), in.rate.raw), in.chop.raw);
    BarkSize size{.sold = {}, .debt = in.debt, .due = {}, .tab = {}};
    if (fits < Uint256{in.debt.raw}) {
        const Scaled part{fits.low()};
#if BREAKWATER_MUTANT_MAKER_010
        size.debt = part;
#else
        if (mul_wide(in.debt.raw - part.raw, in.rate.raw) >= in.dust) {
            if (mul_wide(part.raw, in.rate.raw) < in.dust)
                return std::unexpected(Error::auction_dusty);
            size.debt = part;
        }
#endif
    }
    size.sold.raw = math.mul_div_down(in.locked.raw, size.debt.raw, in.debt.raw);
    if (size.sold.is_zero()) return std::unexpected(Error::auction_empty);
    size.due = mul_wide(size.debt.raw, in.rate.raw);
    size.tab = mul_div_down(math, size.due, in.chop.raw, wad);
    if (is_zero(size.tab)) return std::unexpected(Error::auction_empty);
    return size;
}

Result<TakeSize> take_size(Checked& math, const TakeInputs& in, Amount amount_max) {
    TakeSize size{.bought = std::min(in.lot, amount_max), .paid = {}};
    size.paid = mul_wide(size.bought.raw, in.price.raw);
    if (size.paid > in.tab) {
        size.paid = in.tab;
        size.bought.raw = math.div_down(size.paid, in.price.raw);
    } else if (size.paid < in.tab && size.bought < in.lot) {
        // The rest of the tab must be worth somebody's while, or nothing.
#if BREAKWATER_MUTANT_MAKER_013
        if (false) {
#else
        if (sub_wide(math, in.tab, size.paid) < in.chost) {
#endif
            if (in.tab <= in.chost) return std::unexpected(Error::partial_purchase_refused);
            // Here something is paid, so the price is not zero.
            size.paid = sub_wide(math, in.tab, in.chost);
            size.bought.raw = math.div_down(size.paid, in.price.raw);
        }
    }
    return size;
}

}  // namespace breakwater::maker
