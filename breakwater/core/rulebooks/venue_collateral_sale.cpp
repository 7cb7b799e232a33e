// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <algorithm>

#include "breakwater/core/math_signed.hpp"
#include "breakwater/core/rulebooks/venue_liquidation.hpp"

namespace breakwater::venue {

uint128 CollateralPrice::pay_up(Checked& math, uint128 amount) const {
    const uint128 value = math.mul_div_unit_up(amount, uint128{asset_price} * kept, asset_decimals);
    return math.mul_div_up(value, power_of_ten(debt_decimals), uint128{debt_price} * ppm_one);
}

uint128 CollateralPrice::amount_down(Checked& math, uint128 pay) const {
    const uint128 value = math.mul_div_unit_down(pay, uint128{debt_price} * ppm_one, debt_decimals);
    return math.mul_div_down(value, power_of_ten(asset_decimals), uint128{asset_price} * kept);
}

Result<CollateralPrice> collateral_price(const View& view, AccountId account, AssetId asset,
                                         AssetId debt) {
    const Collateral& sold = view.read<&Market::collaterals>(breakwater::index(asset));
    const Collateral& owed = view.read<&Market::collaterals>(breakwater::index(debt));
    const std::uint32_t discount = std::min(discount_now(view, account), sold.haircut);
    const CollateralPrice out{.asset_price = view.feed(asset).point,
                              .debt_price = view.feed(debt).point,
                              .kept = ppm_one - std::min(discount, ppm_one - 1),
                              .asset_decimals = sold.decimals,
                              .debt_decimals = owed.decimals};
    if (out.asset_price == 0 || out.debt_price == 0) return std::unexpected(Error::price_missing);
    return out;
}

uint128 amount_to_exit(Checked& math, const View& view, AssetId asset, const CollateralPrice& price,
                       const Assessment& found) {
    const Collateral& c = view.read<&Market::collaterals>(breakwater::index(asset));
    const uint128 gain = uint128{price.kept} + c.haircut - ppm_one;  // ≥ 0: discount ≤ haircut
    if (gain == 0) return uint128_max;
    const int128 short_of = sub_signed(math, found.exit, found.standing.equity);
    if (short_of <= 0) return 0;
    // What the sale pays back no longer raises the exit.
    const uint128 lowered = uint128{price.kept} * view.settings().exit / ppm_one;
    return math.mul_div_up(magnitude(short_of), power_of_ten(c.decimals),
                           price.asset_price * (gain + lowered));
}

}  // namespace breakwater::venue
