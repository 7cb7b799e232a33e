// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/stress/watched_book.hpp"

#include <algorithm>

#include "breakwater/core/require.hpp"

namespace breakwater {
namespace {

// Unit values have 100 fractional bits, the factors between price and unit value 120.
constexpr unsigned factor_bits = 120;
constexpr unsigned dropped_bits = 20;
constexpr uint128 weight_max = uint128{1} << 120U;

uint128 weight(uint128 shares, std::uint32_t factor) {
    REQUIRE(shares <
            weight_max / bps_one);  // 2^106 shares: 8e13 tokens of 18 decimals in one account
    return shares * factor;
}

}  // namespace

std::uint32_t shares_an_atom(const State& state) {
    const bool may_fall = std::ranges::any_of(
        state.layers, [](const Layer& layer) { return layer.kind == LayerKind::socialisation; });
    const bool has_fallen = std::ranges::any_of(
        aave_market(state).reserves, [](const auto& r) { return r.liquidity_index.raw < ray; });
    return may_fall || has_fallen ? static_cast<std::uint32_t>(ray / aave_v3::liquidity_index_least) : 1;
}

std::size_t watch_legs(const aave_v3::Market& market, AccountId account, std::span<WatchLeg> out,
                       std::uint32_t shares_an_atom) {
    const std::uint16_t emode = market.accounts[index(account)].emode;
    std::size_t n = 0;
    bool owes = false;
    for (const aave_v3::Leg& leg : market.legs_of(account)) {
        if (leg.is_collateral()) {
            const auto t = aave_v3::thresholds(market, emode, leg.asset());
            if (t.liquidation_threshold != 0)
                out[n++] = {
                    .asset = leg.asset(),
                    .side = Side::collateral,
                    .weight = weight(
                        leg.supplied().raw - std::min(leg.supplied().raw, uint128{shares_an_atom}),
                        t.liquidation_threshold)};
        }
        if (leg.is_borrowing()) {
            owes = true;
            out[n++] = {.asset = leg.asset(),
                        .side = Side::debt,
                        .weight = weight(leg.borrowed().raw + 1, bps_one)};
        }
    }
    return owes ? n : 0;
}

UnitFactor unit_factor_down(Ray index, unsigned decimals) {
    Checked math;
    const uint128 grown = math.mul_div_down(index.raw, uint128{1} << factor_bits, ray);
    const uint128 factor = grown / power_of_ten(decimals);
    return {math.overflow() ? 0 : factor};
}

UnitFactor unit_factor_up(Ray index, unsigned decimals) {
    Checked math;
    const uint128 grown = math.mul_div_up(index.raw, uint128{1} << factor_bits, ray);
    REQUIRE(!math.overflow());  // a debt valued too low would be missed
    return {grown / power_of_ten(decimals) + 1};
}

uint128 unit_value_down(Price price, UnitFactor factor) {
    const Uint256 product = mul_wide(price.raw, factor.raw);
    if (product.high() >> dropped_bits != 0) return 0;
    return (product.high() << (128U - dropped_bits)) | (product.low() >> dropped_bits);
}

uint128 unit_value_up(Price price, UnitFactor factor) {
    const Uint256 product = mul_wide(price.raw, factor.raw);
    REQUIRE(product.high() >> dropped_bits == 0);  // a debt valued too low would be missed
    return ((product.high() << (128U - dropped_bits)) | (product.low() >> dropped_bits)) + 1;
}

}  // namespace breakwater
