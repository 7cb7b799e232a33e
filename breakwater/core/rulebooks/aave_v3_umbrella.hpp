// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <optional>

#include "breakwater/core/draft.hpp"
#include "breakwater/core/rulebooks/aave_v3_accounts.hpp"

/// Aave's Umbrella: stake behind one reserve. Of a deficit the treasury bears the offset; for what
/// is new beyond it the stake is slashed, and until somebody burns supply against it that part of
/// the deficit is *pending*: it is paid for once and never slashed for again. An Umbrella is a
/// layer, and so is its offset. Source: docs/rules.md, AAVE-035, AAVE-036, WATERFALL-007,
/// WATERFALL-008; reference: lending 1.1, "Deficit".
namespace breakwater::aave_v3 {

inline constexpr Amount stake_min{1'000'000};  ///< [atomic] what every slash leaves of the stake

/// [atomic] max(0, deficit − (offset + pending)).
Amount new_deficit(Checked& math, Amount deficit, Amount offset, Amount pending);

struct SlashInputs {
    Amount deficit;              ///< [atomic] that is new
    std::uint32_t fee = 0;       ///< [bps] on top, for turning the stake into the reserve's asset
    Price price;                 ///< of the reserve's asset
    Price stake_price;           ///< above 0
    unsigned decimals = 0;
    unsigned stake_decimals = 0;
    Amount stake;                ///< [atomic of the stake] all that is staked
};
struct SlashSize {
    Amount asked;    ///< [atomic of the stake] worth of the deficit with the fee, rounded down
    Amount slashed;  ///< [atomic of the stake] min(asked, stake − stake_min)
    Amount covered;  ///< [atomic] the deficit, or ⌊deficit · slashed / asked⌋ where that is less
};
/// How a slash would come out: pure. Source: AAVE-035.
SlashSize slash_size(Checked& math, const SlashInputs& in);

/// The rows of a reserve's Umbrella among the layers, the first of each kind.
struct UmbrellaRows {
    std::optional<std::uint32_t> stake;
    std::optional<std::uint32_t> offset;
};
UmbrellaRows umbrella_of(const State& state, AssetId asset);

/// [atomic] What one with these legs supplies of the asset. Shares of somebody who owes are
/// collateral of others' money: they pay nothing.
Amount given_up(Checked& math, std::span<const Leg> legs, AssetId asset, Ray income);

/// The slash of layer `row` for `deficit`. amount_zero, layer_exhausted, price_missing,
/// amount_overflow.
Result<SlashSize> size_slash(Draft& draft, GrownIndices& grown, std::uint32_t row, Amount deficit);
/// Moves the slashed stake to the treasury; what it covers is pending.
void carry_out_slash(Draft& draft, GrownIndices& grown, std::uint32_t row, const SlashSize& size);

Status slash_stake(Draft& draft, GrownIndices& grown, const SlashStake& event);  // AAVE-035

/// [atomic] What of the deficit may be eliminated as this part. part_not_named under an Umbrella,
/// layer_unknown without one. Source: AAVE-036.
Result<Amount> eliminable(const Draft& draft, const EliminateDeficit& event);
/// Takes what was eliminated off the part that it was named for.
void note_eliminated(Draft& draft, const EliminateDeficit& event, Amount amount);

}  // namespace breakwater::aave_v3
