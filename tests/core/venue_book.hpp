// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <string>

#include "breakwater/core/engine.hpp"
#include "breakwater/core/rulebooks/venue_margin.hpp"
#include "chance.hpp"

/// A small derivatives venue, random events for it, and a watch over what each event must leave
/// behind. For the tests of the rulebook and the driver of the mutants.
namespace breakwater::venue_given {

using given::Chance;
using given::SeededChance;

inline constexpr std::uint64_t venue_begins = 1'700'000'000;
inline constexpr std::uint64_t venue_expiry = venue_begins + 86'400;

inline constexpr AssetId usdc{0};  ///< 6 decimals, 1 USD
inline constexpr AssetId btc{1};   ///< 8 decimals, 60,000 USD, haircut 5 %

// A lot is 0.001 BTC and a tick 0.1 USD, a tick of a lot 100 atoms; an inverse lot is 100 USD with
// ticks of 0.5 USD.
inline constexpr venue::ContractId perpetual{0};
inline constexpr venue::ContractId inverse{1};
inline constexpr venue::ContractId future{2};
inline constexpr venue::ContractId inverse_future{3};
inline constexpr venue::ContractId call{4};      ///< strike 60,000 USD
inline constexpr venue::ContractId coin_put{5};  ///< strike 60,000 USD, ticks of 0.0001 BTC
inline constexpr venue::ContractId hedging{6};   ///< a linear perpetual margined by arrays

inline constexpr AccountId fund{0};
inline constexpr AccountId vault{1};
inline constexpr AccountId alice{2};
inline constexpr AccountId bob{3};
inline constexpr AccountId carol{4};  ///< linked with dave
inline constexpr AccountId dave{5};
inline constexpr AccountId erin{6};
inline constexpr AccountId isolated{7};  ///< of alice
inline constexpr std::uint32_t venue_accounts = 8;

/// Contracts at 60,000 USD with margin in two tiers: 5 % and 2.5 %, above 1,000,000 USD 10 % and 5
/// %. Nobody holds anything; the fund has 10,000 USDC and the vault 100,000 USDC.
State venue_book();

inline venue::Market& venue_of(State& state) {
    return std::get<venue::Market>(state.markets[0]);
}
inline const venue::Market& venue_of(const State& state) {
    return std::get<venue::Market>(state.markets[0]);
}
/// The price of both linear and inverse contracts and of BTC in USD; options at a value that
/// follows from it.
Event marks_at(const State& state, std::uint64_t usd, std::uint64_t seconds_later = 0);
Event prices_at(const State& state, std::uint64_t usd);

/// The same with what everybody has paid in.
State random_venue(Chance& chance);
Event random_venue_event(const State& state, Chance& chance);

struct VenueOutcome {
    Status status;
    std::string broken;  ///< the first promise that did not hold, in words
};
/// One event. Looks at refusals, undo, the invariants and, for each operation, what it promises of
/// its result.
VenueOutcome apply_venue_watched(State& state, Planner& planner, const Event& event);

}  // namespace breakwater::venue_given
