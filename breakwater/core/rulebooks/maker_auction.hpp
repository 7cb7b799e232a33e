// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include "breakwater/core/error.hpp"
#include "breakwater/core/math_wide.hpp"
#include "breakwater/core/rulebooks/maker_market.hpp"

/// How much a bark sells, what an auction asks at each age, how much a take buys: pure functions of numbers, so that a
/// quote and what then happens are the same. Source: docs/rules.md, MAKER-010 to MAKER-016.
namespace breakwater::maker {

/// xⁿ in ray by squaring, each product half up. Source: MAKER-005.
Ray power_half_up(Checked& math, Ray x, std::uint64_t n);

/// The shape of a price curve, without what it starts from.
struct PriceCurve {
    Curve curve{};
    std::uint64_t tau = 0;   ///< [s] linear: age at which the price is zero
    std::uint64_t step = 0;  ///< [s] stairstep: length of a step
    Ray cut;                 ///< stairstep, exponential: factor per step or per second
};
constexpr PriceCurve curve_of(const IlkParameters& p) {
    return {.curve = p.curve, .tau = p.tau, .step = p.step, .cut = p.cut};
}

/// What a whole token costs `age` after the start at `top`. Source: MAKER-011.
///   linear:       ⌊top · ⌊(tau − age) · ray / tau⌋ / ray⌋, from tau on 0
///   stairstep:    ⌊top · cut^⌊age / step⌋ / ray⌋
///   exponential:  ⌊top · cut^age / ray⌋
Ray auction_price_down(Checked& math, const PriceCurve& curve, Ray top, std::uint64_t age);

/// An auction is void when it is older than tail or its price has fallen below cusp. Source: MAKER-012.
bool is_void(Checked& math, Ray price, Ray top, std::uint64_t age, std::uint64_t tail, Ray cusp);

/// tip + ⌊tab · chip⌋, to the keeper that starts or restarts an auction. Source: MAKER-014.
Rad incentive_down(Checked& math, const Rad& tab, const Rad& tip, Ratio chip);

/// ⌊price · 10⁹ · ray / par⌋: what the oracle says, in DAI. Source: MAKER-004.
Ray feed_price_down(Checked& math, Ratio price, Ray par);

struct BarkInputs {
    Amount locked;  ///< ink
    Scaled debt;    ///< art
    Ray rate;
    Ray spot;
    Rad dust;
    Ratio chop;
    Rad room;  ///< min(Hole − Dirt, hole − dirt)
};
struct BarkSize {
    Amount sold;  ///< dink
    Scaled debt;  ///< dart
    Rad due;      ///< dart · rate, into the queue
    Rad tab;      ///< due and penalty, to raise
};
/// Whether collateral at its safe price falls short of the debt. Source: MAKER-010.
bool is_unsafe(Amount locked, Scaled debt, Ray rate, Ray spot);
/// As much as there is room for, or all where the rest would be dust. Source: MAKER-010.
Result<BarkSize> bark_size(Checked& math, const BarkInputs& in);

struct TakeInputs {
    Rad tab;
    Amount lot;
    Ray price;
    Rad chost;
};
struct TakeSize {
    Amount bought;
    Rad paid;
};
/// At most `amount_max`, never more than the tab, and no rest of the tab below chost while collateral is left.
/// Source: MAKER-013.
Result<TakeSize> take_size(Checked& math, const TakeInputs& in, Amount amount_max);

}  // namespace breakwater::maker
