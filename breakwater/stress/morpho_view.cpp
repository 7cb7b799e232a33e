// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/stress/morpho_view.hpp"

#include "breakwater/core/require.hpp"
#include "breakwater/core/rulebooks/morpho_blue_oracle.hpp"
#include "breakwater/core/rulebooks/morpho_blue_rate.hpp"
#include "breakwater/stress/amounts.hpp"

namespace breakwater::morpho_blue {

Totals grown(const Totals& totals, Time now) {
    Totals out = totals;
    if (seconds(now) <= totals.updated) return out;
    if (totals.rate_model != RateModel::none) {
        Checked math;
        const Charge charge = interest_of(math, totals, seconds(now) - totals.updated);
        out.rate_at_target = charge.rate.rate_at_target;
        out.borrow_assets.raw = math.add(out.borrow_assets.raw, charge.interest.raw);
        out.supply_assets.raw = math.add(out.supply_assets.raw, charge.interest.raw);
        REQUIRE(!math.overflow());  // a reader bounds amounts far below
    }
    out.updated = seconds(now);
    return out;
}

double worth_of_collateral(const Totals& t) {
    return (to_double(t.price_high) * 0x1p128 + to_double(t.price_low)) * 1e-36;
}

double debt_per_share(const Totals& t) {
    return (to_double(t.borrow_assets.raw) + to_double(virtual_assets)) /
           (to_double(t.borrow_shares.raw) + to_double(virtual_shares));
}

double bonus_of(const Totals& t) {
    Checked math;
    return to_double(liquidation_incentive(math, t.lltv)) * 1e-18 - 1;
}

Uint256 price_from_feeds(const Book& book, const State& state, const Totals& t) {
    const auto quoted = [&](AssetId asset) {
        return Quoted{.price = {state.feeds[index(asset)].point},
                      .decimals = book.assets[index(asset)].decimals};
    };
    Checked math;
    const Uint256 out = pair_price(math, quoted(t.collateral_asset), quoted(t.loan));
    REQUIRE(!math.overflow());
    return out;
}

}  // namespace breakwater::morpho_blue
