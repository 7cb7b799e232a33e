// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/core/rulebooks/aave_v3_umbrella.hpp"

#include <algorithm>

#include "breakwater/core/rulebooks/aave_v3_reserves.hpp"

namespace breakwater::aave_v3 {
namespace {

AccountId stakers_of(const Layer& layer) {
    return AccountId{static_cast<std::uint32_t>(layer.account)};
}
AssetId stake_asset(const Layer& layer) {
    return AssetId{static_cast<std::uint8_t>(layer.stake)};
}
Amount offset_left(const Draft& draft, const UmbrellaRows& rows) {
    return rows.offset ? draft.layer_now(*rows.offset).left() : Amount{};
}

}  // namespace

Amount new_deficit(Checked& math, Amount deficit, Amount offset, Amount pending) {
    const uint128 provided = math.add(offset.raw, pending.raw);
    return {deficit.raw > provided ? deficit.raw - provided : 0};
}

SlashSize slash_size(Checked& math, const SlashInputs& in) {
    const Amount with_fee{
        math.mul_div_down(in.deficit.raw, uint128{bps_one} + in.fee, bps_one)};
    SlashSize out{.asked = {convert_down(math, with_fee, in.price, in.decimals, in.stake_price,
                                         in.stake_decimals)},
                  .slashed = {},
                  .covered = in.deficit};
#if BREAKWATER_MUTANT_AAVE_035
    const Amount most = in.stake;
#else
    const Amount most = in.stake > stake_min ? in.stake - stake_min : Amount{};
#endif
    out.slashed = std::min(out.asked, most);
    if (out.slashed != out.asked)
        out.covered.raw = math.mul_div_down(in.deficit.raw, out.slashed.raw, out.asked.raw);
    return out;
}

UmbrellaRows umbrella_of(const State& state, AssetId asset) {
    UmbrellaRows out;
    for (std::uint32_t k = 0; k < state.layers.size(); ++k) {
        const Layer& layer = state.layers[k];
        if (layer.asset != index(asset)) continue;
        if (layer.kind == LayerKind::umbrella && !out.stake) out.stake = k;
        if (layer.kind == LayerKind::deficit_offset && !out.offset) out.offset = k;
    }
    return out;
}

Amount given_up(Checked& math, std::span<const Leg> legs, AssetId asset, Ray income) {
    Amount out;
    for (const Leg& leg : legs) {
        if (leg.is_borrowing()) return {};
        if (leg.asset() == asset) out.raw = math.ray_mul_down(leg.supplied().raw, income.raw);
    }
    return out;
}

Result<SlashSize> size_slash(Draft& draft, GrownIndices& grown, std::uint32_t row,
                             Amount deficit) {
    Checked& math = draft.math;
    const Layer& layer = draft.layer_now(row);
    const AssetId asset{static_cast<std::uint8_t>(layer.asset)};
    const AssetId staked = stake_asset(layer);
    const AccountId stakers = stakers_of(layer);
    const AccountId treasury = draft.market().treasury;
    const bool exist = draft.market().has(staked) && draft.market().has(stakers);
    if (!exist || stakers == treasury) return std::unexpected(Error::layer_exhausted);
    if (draft.price(asset).is_zero() || draft.price(staked).is_zero())
        return std::unexpected(Error::price_missing);
    if (!draft.has_room_for(stakers)) return std::unexpected(Error::layer_exhausted);
    const std::vector<Leg>& legs = draft.account(stakers).legs;
    if (!draft.has_room_for(treasury)) return std::unexpected(Error::layer_exhausted);
    const Ray income = grown.income(math, staked, draft.change_reserve(staked), draft.now());
    const SlashSize size =
        slash_size(math, {.deficit = deficit,
                          .fee = layer.fee,
                          .price = draft.price(asset),
                          .stake_price = draft.price(staked),
                          .decimals = draft.parameters(asset).decimals,
                          .stake_decimals = draft.parameters(staked).decimals,
                          .stake = given_up(math, legs, staked, income)});
    if (size.asked.is_zero()) return std::unexpected(Error::amount_zero);
    if (size.slashed.is_zero() || size.covered.is_zero())
        return std::unexpected(Error::layer_exhausted);
    const Leg* held = draft.account(treasury).find(staked);
    const uint128 after = math.add(held != nullptr ? held->supplied().raw : 0,
                                   math.ray_div_up(size.slashed.raw, income.raw));
    if (after > Leg::balance_max) return std::unexpected(Error::amount_overflow);
    return size;
}

void carry_out_slash(Draft& draft, GrownIndices& grown, std::uint32_t row, const SlashSize& size) {
    Checked& math = draft.math;
    Layer& layer = draft.layer(row);
    const AssetId staked = stake_asset(layer);
    const Ray income = grown.income(math, staked, draft.change_reserve(staked), draft.now());
    // ⌈slashed/income⌉ is within the shares, because slashed ≤ ⌊shares · income⌋.
    const Scaled shares{math.ray_div_up(size.slashed.raw, income.raw)};
    Leg& given = draft.account(stakers_of(layer)).leg(staked);
    given.set_supplied(given.supplied() - shares);
    if (given.supplied().is_zero()) given.set_collateral(false);
    Leg& taken = draft.account(draft.market().treasury).leg(staked);
    taken.set_supplied(taken.supplied() + shares);
    layer.paid.raw = math.add(layer.paid.raw, size.covered.raw);
    layer.pending.raw = math.add(layer.pending.raw, size.covered.raw);
    draft.emit(StakeSlashed{.layer = row,
                            .asset = AssetId{static_cast<std::uint8_t>(layer.asset)},
                            .stake = staked,
                            .slashed = size.slashed,
                            .covered = size.covered});
}

Status slash_stake(Draft& draft, GrownIndices& grown, const SlashStake& event) {
    const UmbrellaRows rows = umbrella_of(draft.state(), event.asset);
    if (!rows.stake) return refuse(Error::layer_unknown);
    const Amount fresh =
        new_deficit(draft.math, draft.reserve(event.asset).deficit, offset_left(draft, rows),
                    draft.layer_now(*rows.stake).pending);
    if (fresh.is_zero()) return refuse(Error::deficit_none);
    const auto size = size_slash(draft, grown, *rows.stake, fresh);
    if (!size) return refuse(size.error());
    carry_out_slash(draft, grown, *rows.stake, *size);
    return {};
}

Result<Amount> eliminable(const Draft& draft, const EliminateDeficit& event) {
    const Amount deficit = draft.reserve(event.asset).deficit;
    const UmbrellaRows rows = umbrella_of(draft.state(), event.asset);
    if (event.part == DeficitPart::whole) {
        if (rows.stake) return std::unexpected(Error::part_not_named);
        return deficit;
    }
    if (!rows.stake) return std::unexpected(Error::layer_unknown);
    const Amount pending = draft.layer_now(*rows.stake).pending;
    if (event.part == DeficitPart::pending) return pending;
    return std::min(offset_left(draft, rows), deficit - pending);
}

void note_eliminated(Draft& draft, const EliminateDeficit& event, Amount amount) {
    if (event.part == DeficitPart::whole) return;
    const UmbrellaRows rows = umbrella_of(draft.state(), event.asset);
#if BREAKWATER_MUTANT_WATERFALL_008
    return;
#endif
    if (event.part == DeficitPart::pending)
        draft.layer(*rows.stake).pending -= amount;
    else
        draft.layer(*rows.offset).paid += amount;
}

}  // namespace breakwater::aave_v3
