// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <tuple>
#include <type_traits>
#include <vector>

#include "breakwater/core/math.hpp"
#include "breakwater/core/units.hpp"

/// The native state of one Morpho Blue market: loan asset, collateral asset, oracle, rate model and LLTV, which never
/// change, and the positions. Records are whole 128-bit words without padding (desk.hpp).
namespace breakwater::morpho_blue {

using Shares =
    Quantity<struct SharesKind>;  ///< of all supply, or of all debt; 10^6 virtual ones come on top

enum class RateModel : std::uint8_t {
    none,            ///< no interest
    utilization,     ///< a rate equal to the utilization, per year
    adaptive_curve,  ///< AdaptiveCurveIrm
};

/// Row 0 of its table, and the only one. 176 bytes.
struct Totals {
    Amount supply_assets;
    Shares supply_shares;
    Amount borrow_assets;
    Shares borrow_shares;
    Amount
        cash;  ///< loan tokens that are there; the contract keeps those of all markets in one balance
    Amount collateral;      ///< collateral tokens that are there
    uint128 price_low = 0;  ///< [1e-36 atoms of the loan asset per atom of collateral], low half
    uint128 price_high = 0;
    std::uint64_t lltv = 0;            ///< [wad] liquidation loan-to-value
    std::uint64_t fee = 0;             ///< [wad] of the interest
    std::uint64_t rate_at_target = 0;  ///< [wad/s] of the adaptive curve; 0 is "never used"
    std::uint64_t updated = 0;         ///< [s]
    std::uint32_t accounts = 0;        ///< rows that may act: AccountId 0 to accounts − 1
    AccountId fee_recipient{};
    AssetId loan{};
    AssetId collateral_asset{};
    RateModel rate_model = RateModel::none;
    std::uint8_t has_price = 0;  ///< 1 after the first report
    std::uint32_t reserved = 0;

    [[nodiscard]] constexpr Uint256 price() const { return {price_high, price_low}; }
    constexpr void set_price(const Uint256& price) {
        price_low = price.low();
        price_high = price.high();
        has_price = 1;
    }
    [[nodiscard]] constexpr bool has(AccountId account) const { return index(account) < accounts; }
};

/// One account. 48 bytes.
struct Position {
    Shares supply_shares;
    Shares borrow_shares;
    Amount collateral;
};

static_assert(sizeof(Totals) == 176 && sizeof(Position) == 48);

struct Market {
    std::vector<Totals> totals;
    std::vector<Position> positions;  ///< by AccountId

    static constexpr std::uint64_t kind = 2;  ///< in digests; never used again for something else
    static constexpr auto tables() { return std::tuple{&Market::totals, &Market::positions}; }
};

}  // namespace breakwater::morpho_blue
