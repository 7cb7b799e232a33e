// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "small_market.hpp"

namespace breakwater::given {
namespace {

aave_v3::Parameters parameters(std::uint16_t decimals, std::uint16_t ltv, std::uint16_t threshold,
                               std::uint16_t bonus) {
    aave_v3::Parameters p;
    p.decimals = decimals;
    p.ltv = ltv;
    p.liquidation_threshold = threshold;
    p.liquidation_bonus = bonus;
    p.liquidation_protocol_fee = 1'000;
    p.reserve_factor = 1'000;
    p.optimal_usage = 8'000;
    p.slope1 = 400;
    p.slope2 = 6'000;
    return p;
}

constexpr uint128 bit(AssetId asset) {
    return uint128{1} << index(asset);
}

std::vector<aave_v3::EMode> emodes() {
    const aave_v3::EMode eth{.collateral = bit(weth) | bit(wsteth),
                             .borrowable = bit(weth),
                             .ltv = 9'300,
                             .liquidation_threshold = 9'500,
                             .liquidation_bonus = 10'100};
    const aave_v3::EMode isolated{.collateral = bit(wsteth),
                                  .borrowable = bit(usdc),
                                  .ltv = 8'000,
                                  .liquidation_threshold = 8'500,
                                  .liquidation_bonus = 10'500,
                                  .isolated = 1};
    return {{}, eth, isolated, {}};
}

}  // namespace

State small_market(std::uint32_t count) {
    aave_v3::Market market;
    market.parameters = {parameters(18, 8'000, 8'250, 10'500), parameters(6, 7'500, 7'800, 10'400),
                         parameters(8, 7'000, 7'500, 11'000), parameters(18, 7'500, 8'000, 10'600)};
    market.reserves.resize(assets);
    for (aave_v3::Reserve& r : market.reserves)
        r.updated = start;
    market.emodes = emodes();
    market.accounts.resize(count);
    market.treasury = treasury;

    State state;
    state.clock.now = start;
    for (const std::uint64_t dollars : {2'000U, 1U, 30'000U, 2'400U})
        state.feeds.push_back(*accept_report({}, {uint128{dollars} * 100'000'000}, Time{start}));
    state.custody.resize(assets);
    state.markets.emplace_back(std::move(market));
    return state;
}

}  // namespace breakwater::given
