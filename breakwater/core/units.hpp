// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <compare>
#include <cstdint>

/// What numbers mean. Money and ratios are never bare integers: the type says what is counted and the comment says in
/// which unit. A rulebook keeps its protocol's own scale (docs/units.md), so several scales stand side by side here.
namespace breakwater {

__extension__ using int128 = __int128;
__extension__ using uint128 = unsigned __int128;

enum class AccountId : std::uint32_t {};  ///< row of the account in the book, dense from 0
enum class AssetId : std::uint8_t {};     ///< row of the asset in the market, dense from 0
enum class Side : std::uint8_t { collateral, debt };

constexpr std::uint32_t index(AccountId id) { return static_cast<std::uint32_t>(id); }
constexpr std::uint8_t index(AssetId id) { return static_cast<std::uint8_t>(id); }

/// An unsigned 128-bit integer that cannot be mixed with another kind. Plain + and - are for callers that have shown
/// that they cannot overflow; everything that crosses kinds or divides is in math.hpp, with the rounding in its name.
template <class Kind>
struct Quantity {
    uint128 raw = 0;

    friend constexpr auto operator<=>(const Quantity&, const Quantity&) = default;
    friend constexpr Quantity operator+(Quantity a, Quantity b) { return {a.raw + b.raw}; }
    friend constexpr Quantity operator-(Quantity a, Quantity b) { return {a.raw - b.raw}; }
    constexpr Quantity& operator+=(Quantity b) { return raw += b.raw, *this; }
    constexpr Quantity& operator-=(Quantity b) { return raw -= b.raw, *this; }
    [[nodiscard]] constexpr bool is_zero() const { return raw == 0; }
};

using Amount = Quantity<struct AmountKind>;  ///< [atomic] the smallest unit of one asset (wei, satoshi)
using Scaled = Quantity<struct ScaledKind>;  ///< [atomic / index] what a pool stores; amount = scaled × index
using Ray = Quantity<struct RayKind>;        ///< [1e-27] indices and yearly rates
using Price = Quantity<struct PriceKind>;    ///< [1e-8 USD per whole token]
using Value = Quantity<struct ValueKind>;    ///< [1e-8 USD]
using Ratio = Quantity<struct RatioKind>;    ///< [wad, 1e-18]

inline constexpr uint128 wad = 1'000'000'000'000'000'000U;
inline constexpr uint128 ray = wad * 1'000'000'000U;
inline constexpr uint128 uint128_max = ~uint128{0};
inline constexpr std::uint32_t bps_one = 10'000;  ///< [bps] one

/// Seconds since 1970-01-01 UTC. Comes in with events; nothing in core/ reads a clock.
enum class Time : std::uint64_t {};
constexpr std::uint64_t seconds(Time t) { return static_cast<std::uint64_t>(t); }

}  // namespace breakwater
