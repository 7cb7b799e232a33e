// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/stress/solvency.hpp"

#include "breakwater/core/each_number.hpp"
#include "breakwater/core/math.hpp"
#include "breakwater/core/rulebooks/aave_v3_accounts.hpp"
#include "breakwater/stress/amounts.hpp"
#include "breakwater/stress/native_standing.hpp"

namespace breakwater {
namespace {

ReserveStanding standing_of(const State& state, AssetId asset, aave_v3::GrownIndices& grown) {
    const aave_v3::Market& market = aave_market(state);
    const aave_v3::Reserve& r = market.reserves[index(asset)];
    const aave_v3::Parameters& p = market.parameters[index(asset)];
    Checked math;
    const Ray income = grown.income(math, asset, r, state.now());
    const Ray debt = grown.debt(math, asset, r, state.now());
    const double price = static_cast<double>(state.feeds[index(asset)].point) * 1e-8;
    const double per_atom = price / to_double(power_of_ten(p.decimals));
    ReserveStanding out{
        .asset = asset,
        .price = price,
        .supplied = to_double(math.ray_mul_down(r.supplied.raw, income.raw)) * per_atom,
        .to_treasury =
            to_double(math.ray_mul_down(r.accrued_to_treasury.raw, income.raw)) * per_atom,
        .borrowed = to_double(math.ray_mul_up(r.borrowed.raw, debt.raw)) * per_atom,
        .cash = to_double(r.cash.raw) * per_atom,
        .deficit = to_double(r.deficit.raw) * per_atom,
        .borrow_rate = to_double(r.borrow_rate.raw) * 1e-27,
        .supply_rate = to_double(r.liquidity_rate.raw) * 1e-27,
        .supply_cap = static_cast<double>(p.supply_cap) * price,
        .borrow_cap = static_cast<double>(p.borrow_cap) * price};
    out.uncovered = out.supplied + out.to_treasury - out.borrowed - out.cash;
    const double all = out.borrowed + out.cash;
    out.utilisation = all > 0 ? out.borrowed / all : 0;
    return out;
}

}  // namespace

Solvency solvency_of(const Book& book) {
    if (book.is_native()) return native_solvency(book);
    Solvency out;
    aave_v3::GrownIndices grown;
    for (const std::uint8_t a : each_number<std::uint8_t>(aave_market(book.state).reserves.size())) {
        const ReserveStanding r = standing_of(book.state, AssetId{a}, grown);
        out.supplied += r.supplied;
        out.borrowed += r.borrowed;
        out.cash += r.cash;
        out.deficit += r.deficit;
        out.reserves.push_back(r);
    }
    return out;
}

}  // namespace breakwater
