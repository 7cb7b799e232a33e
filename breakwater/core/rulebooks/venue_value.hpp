// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <cstdint>
#include <optional>

#include "breakwater/core/rulebooks/venue_market.hpp"

/// What one lot is worth, in whole grains. Longs and shorts use the same number, so that whatever
/// way a quotient is rounded, what one side gains the other loses.
/// Source: docs/rules.md, VENUE-002 and VENUE-008.
namespace breakwater::venue {

/// |x| of any 64 bits.
constexpr std::uint64_t size_of(std::int64_t x) {
    return x < 0 ? 0 - static_cast<std::uint64_t>(x) : static_cast<std::uint64_t>(x);
}

/// Linear contracts and options: ticks · unit. Inverse contracts: −⌊unit/ticks⌋, which rises with
/// the price as a long's gain in coin does. nullopt where the price is not one of the contract, or
/// the value does not fit.
/// @param ticks of the contract; options may be worth 0, others not
std::optional<std::int64_t> unit_value(const Terms& terms, std::int64_t ticks);

/// What a lot pays at the end: futures their value at the average; a call (S−K)⁺, a put (K−S)⁺,
/// coin-settled ones ⌊(S−K)⁺·unit/S⌋. nullopt where the average is not above 0 or the value does
/// not fit.
/// @param average [ticks of the underlying]
std::optional<std::int64_t> settlement_value(const Terms& terms, std::int64_t average);

/// ⌈|value| of a lot in 1e-8 USD⌉; nullopt where it does not fit.
/// @param price [1e-8 USD per token of the settlement asset]
std::optional<std::int64_t> notional_up(const Terms& terms, std::int64_t value, Price price,
                                        std::uint8_t decimals);

/// ⌊grains / 2^bits⌋ toward −∞.
constexpr int128 atoms_down(const Terms& terms, int128 grains) {
    return grains >> terms.grain_bits;
}
constexpr int128 grains_of(const Terms& terms, int128 atoms) {
    return atoms * (int128{1} << terms.grain_bits);
}

}  // namespace breakwater::venue
