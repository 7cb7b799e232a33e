// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/core/rulebooks/aave_v3_reserves.hpp"

namespace breakwater::aave_v3 {

Reserve& accrue(Draft& draft, GrownIndices& grown, AssetId asset) {
    Reserve& r = draft.change_reserve(asset);
    if (r.updated == seconds(draft.now())) return r;
    Checked& math = draft.math;
    const Ray debt_index_before = r.borrow_index;
    const Ray income =
        r.liquidity_rate.is_zero() ? r.liquidity_index : grown.income(math, asset, r, draft.now());
    const Ray debt =
        r.borrowed.is_zero() ? r.borrow_index : grown.debt(math, asset, r, draft.now());
    r.liquidity_index = income;
    r.borrow_index = debt;
#if BREAKWATER_MUTANT_BOOK_004
    if (r.borrowed.is_zero() && debt.raw > ray) r.borrow_index.raw -= 1;
#endif
    r.updated = seconds(draft.now());

    const std::uint32_t factor = draft.parameters(asset).reserve_factor;
    if (factor != 0 && !r.borrowed.is_zero()) {
        const uint128 interest =
            math.ray_mul_down(r.borrowed.raw, debt.raw - debt_index_before.raw);
        const Amount share{math.percent_mul_half_up(interest, factor)};
        if (!share.is_zero())
            r.accrued_to_treasury.raw =
                math.add(r.accrued_to_treasury.raw, shares_minted(math, r, share).raw);
#if BREAKWATER_MUTANT_BOOK_003
        r.accrued_to_treasury.raw =
            math.add(r.accrued_to_treasury.raw, shares_minted(math, r, {interest}).raw);
#endif
    }
    draft.emit(Accrued{.asset = asset, .liquidity_index = income, .borrow_index = debt});
    return r;
}

Rates rates_of(Checked& math, const Parameters& parameters, const Reserve& reserve) {
    return next_rates(math, parameters.curve(),
                      {.debt = debt_worth(math, reserve, reserve.borrowed),
                       .cash = reserve.cash,
                       .deficit = reserve.deficit,
                       .reserve_factor = parameters.reserve_factor});
}

Status update_rates(Draft& draft, AssetId asset, Amount added, Amount taken) {
    Reserve& r = draft.change_reserve(asset);
    const uint128 available = draft.math.add(r.cash.raw, added.raw);
    if (taken.raw > available) return std::unexpected(Error::cash_insufficient);
    r.cash.raw = available - taken.raw;
    const Rates rates = rates_of(draft.math, draft.parameters(asset), r);
    r.liquidity_rate = rates.liquidity;
    r.borrow_rate = rates.borrow;
    return {};
}

uint128 convert_down(Checked& math, Amount amount, Price from, unsigned from_decimals, Price to,
                     unsigned to_decimals) {
    // price < 2^63 and 10^decimals < 2^60: the divisor fits 123 bits and the product 251.
    const Uint256 product =
        math.mul_wide_by(mul_wide(amount.raw, from.raw), power_of_ten(to_decimals));
    return math.div_down(product, to.raw * power_of_ten(from_decimals));
}

}  // namespace breakwater::aave_v3
