// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <tuple>
#include <type_traits>
#include <vector>

#include "breakwater/core/units.hpp"

/// The native state of a Compound v3 market (Comet): one base asset that is lent, and collateral that only lies there.
/// Records are whole 128-bit words without padding (desk.hpp).
namespace breakwater::compound_v3 {

inline constexpr std::uint64_t index_scale = 1'000'000'000'000'000;  ///< indices: 1.0 = 10^15
inline constexpr std::size_t assets_max = 24;

enum Paused : std::uint8_t { supply = 1, transfer = 2, withdraw = 4, absorb = 8, buy = 16 };

/// A curve with one kink; supply and borrow have one each, independent of the other.
struct Curve {
    std::uint64_t kink = 0;        ///< [wad] utilization
    std::uint64_t base = 0;        ///< [wad/s]
    std::uint64_t slope_low = 0;   ///< [wad/s]
    std::uint64_t slope_high = 0;  ///< [wad/s]
};

/// Row 0 of its table, and the only one. 192 bytes.
struct Totals {
    std::uint64_t supply_index = 0;  ///< [1e-15]
    std::uint64_t borrow_index = 0;  ///< [1e-15]
    uint128 supplied = 0;            ///< [principal] sum of all positive ones, 104 bits
    uint128 borrowed = 0;            ///< [principal] sum of all negative ones, 104 bits
    Amount cash;                     ///< base tokens that are there
    Curve supply_curve;
    Curve borrow_curve;
    Amount reserves_target;  ///< above: no collateral is sold
    Amount borrow_min;
    std::uint64_t store_front_price_factor =
        0;                       ///< [wad] part of the liquidation penalty that a buyer gets
    std::uint64_t updated = 0;   ///< [s]
    std::uint32_t accounts = 0;  ///< rows that may act: AccountId 0 to accounts − 1
    AssetId base{};
    std::uint8_t base_decimals = 0;
    std::uint8_t assets = 0;  ///< kinds of collateral
    std::uint8_t paused = 0;
    std::uint64_t reserved = 0;

    [[nodiscard]] constexpr bool has(AccountId account) const { return index(account) < accounts; }
    [[nodiscard]] constexpr bool is_paused(Paused what) const { return (paused & what) != 0; }
};

/// One kind of collateral. 80 bytes.
struct Collateral {
    AssetId asset{};
    std::uint8_t decimals = 0;
    std::uint16_t reserved = 0;
    std::uint32_t reserved2 = 0;
    std::uint64_t borrow_factor = 0;     ///< [wad] of its value that may be borrowed
    std::uint64_t liquidate_factor = 0;  ///< [wad] of its value below which the debt must stay
    std::uint64_t liquidation_factor =
        0;                   ///< [wad] of its value that is credited when it is absorbed
    uint128 supply_cap = 0;  ///< [atomic]
    Amount supplied;         ///< of accounts
    Amount held;             ///< tokens that are there: those of accounts, and reserves
};

/// One account. 32 bytes.
struct Position {
    int128 principal = 0;         ///< above 0 supplied, below 0 borrowed; 104 bits
    std::uint32_t assets_in = 0;  ///< bit i: holds collateral i
    std::uint32_t reserved = 0;
    std::uint64_t reserved2 = 0;

    [[nodiscard]] constexpr bool holds(std::uint32_t i) const { return (assets_in >> i & 1U) != 0; }
};

/// What one account holds of one kind of collateral.
struct Holding {
    Amount amount;
};

static_assert(sizeof(Totals) == 192 && sizeof(Collateral) == 80 && sizeof(Position) == 32);
static_assert(std::has_unique_object_representations_v<Totals> &&
              std::has_unique_object_representations_v<Collateral>);

struct Market {
    std::vector<Totals> totals;
    std::vector<Collateral> collaterals;
    std::vector<Position> positions;  ///< by AccountId
    std::vector<Holding> holdings;    ///< row: account × Totals::assets + kind of collateral

    static constexpr std::uint64_t kind = 3;  ///< in digests; never used again for something else
    static constexpr auto tables() {
        return std::tuple{&Market::totals, &Market::collaterals, &Market::positions,
                          &Market::holdings};
    }
};

}  // namespace breakwater::compound_v3
