// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/stress/watched_book.hpp"

#include "breakwater/core/require.hpp"

namespace breakwater {
namespace {

// 100 fractional bits in two halves, so that price × index keeps 56 of them inside 128 bits.
constexpr unsigned first_bits = 56;
constexpr unsigned second_bits = 44;
constexpr uint128 weight_max = uint128{1} << 120U;

uint128 weight(uint128 shares, std::uint32_t factor) {
    REQUIRE(shares <
            weight_max / bps_one);  // 2^106 shares: 8e13 tokens of 18 decimals in one account
    return shares * factor;
}

}  // namespace

std::size_t watch_legs(const aave_v3::Market& market, AccountId account, std::span<WatchLeg> out) {
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
                    .weight = weight(leg.supplied().raw - (leg.supplied().is_zero() ? 0 : 1),
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

uint128 unit_value_down(Price price, Ray index, unsigned decimals) {
    Checked math;
    const uint128 grown = math.ray_mul_down(price.raw << first_bits, index.raw);
    const uint128 unit = math.mul_div_unit_down(grown, uint128{1} << second_bits, decimals);
    return math.overflow() ? 0 : unit;
}

uint128 unit_value_up(Price price, Ray index, unsigned decimals) {
    Checked math;
    const uint128 grown = math.ray_mul_up(price.raw << first_bits, index.raw);
    const uint128 unit = math.mul_div_unit_up(grown, uint128{1} << second_bits, decimals);
    REQUIRE(!math.overflow());  // a debt valued too low would be missed
    return unit;
}

}  // namespace breakwater
