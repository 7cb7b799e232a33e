// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "random_umbrella.hpp"

#include "random_events.hpp"

namespace breakwater::given {
namespace {

/// A part of the cash was lost: what suppliers own is the same.
void lose(State& state, AssetId asset, std::uint64_t part) {
    aave_v3::Reserve& r = aave_market(state).reserves[index(asset)];
    const Amount lost{r.cash.raw / part};
    r.cash -= lost;
    r.deficit += lost;
    state.custody[index(asset)].held -= lost;
}

AssetId covered_asset(const State& state) {
    for (const Layer& layer : state.layers)
        if (layer.kind == LayerKind::umbrella)
            return AssetId{static_cast<std::uint8_t>(layer.asset)};
    return {};
}

}  // namespace

State random_umbrella_market(Chance& chance) {
    State state = random_market(chance);
    const std::uint64_t asset = chance.below(assets);
    const AssetId id{static_cast<std::uint8_t>(asset)};
    if (chance.one_in(8)) lose(state, id, 1 + chance.below(40));
    else lose(state, id, 2 + chance.below(4));
    const uint128 deficit = aave_market(state).reserves[asset].deficit.raw;
    state.layers.resize(chance.below(2), {});
    for (Layer& fund : state.layers)
        fund = {.cover = {deficit / (1 + chance.below(8))}, .paid = {}, .asset = asset};
    if (chance.one_in(2))
        state.layers.push_back({.cover = {deficit / (1 + chance.below(6)) + chance.below(2)},
                                .paid = {},
                                .asset = asset,
                                .kind = LayerKind::deficit_offset});
    state.layers.push_back(
        {.cover = {},
         .paid = {},
         .asset = asset,
         .kind = LayerKind::umbrella,
         .stake = static_cast<std::uint16_t>(chance.one_in(2) ? asset : chance.below(assets)),
         .fee = static_cast<std::uint16_t>(chance.one_in(2) ? 0 : chance.below(2'000)),
         .account = chance.below(aave_market(state).accounts.size())});
    if (chance.one_in(2))
        state.layers.push_back({.cover = {chance.wide(60)}, .paid = {}, .asset = asset});
    return state;
}

Event random_umbrella_event(const State& state, Chance& chance) {
    Event event = random_event(state, chance);
    const AssetId asset = chance.one_in(40) ? AssetId{static_cast<std::uint8_t>(chance.below(5))}
                                            : covered_asset(state);
    const auto& market = aave_market(state);
    const AccountId account{static_cast<std::uint32_t>(chance.below(market.accounts.size()))};
    const uint128 about =
        index(asset) < assets ? market.reserves[index(asset)].deficit.raw : uint128{7};
    const Size size = chance.one_in(2) ? Size::all()
                                       : Size::exactly({about / (1 + chance.below(9)) + chance.below(2)});
    switch (chance.below(12)) {
        case 0:
        case 1:
        case 6:
        case 7:
            event.action = SlashStake{asset};
            break;
        case 2:
            event.action = CoverDeficit{asset};
            break;
        case 3:
        case 4:
        case 5:
            event.action = EliminateDeficit{account, asset, size,
                                            static_cast<DeficitPart>(chance.below(3))};
            break;
        default:
            break;
    }
    return event;
}

}  // namespace breakwater::given
