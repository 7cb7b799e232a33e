// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <optional>
#include <vector>

#include <boost/multiprecision/cpp_int.hpp>

#include "breakwater/core/book.hpp"
#include "breakwater/core/event.hpp"

/// The slow twin of the Aave v3 rulebook: account data and liquidations over again, from the formulas of docs/rules.md
/// and with every product in 512 bits. It shares the records with the engine and none of its arithmetic, keeps nothing
/// between calls and is never fast.
namespace breakwater::reference {

using Number = boost::multiprecision::number<boost::multiprecision::cpp_int_backend<
    512, 512, boost::multiprecision::unsigned_magnitude, boost::multiprecision::unchecked, void>>;

Number number(uint128 v);

/// Both indices of a reserve, grown to `now`.
struct Indices {
    Number income;
    Number debt;
};
Indices indices_at(const aave_v3::Reserve& reserve, std::uint64_t now);

struct Rates {
    Number liquidity;
    Number borrow;
};
/// The rates after an event that left the reserve as it is here.
Rates rates_of(const aave_v3::Parameters& parameters, const aave_v3::Reserve& reserve);

struct AccountFigures {
    Number collateral;     ///< [1e-8 USD]
    Number debt;           ///< [1e-8 USD]
    Number threshold_sum;  ///< [1e-8 USD × bps]
    Number ltv_sum;        ///< [1e-8 USD × bps]

    [[nodiscard]] bool has_debt() const { return debt != 0; }
    /// [wad] only with debt.
    [[nodiscard]] Number health_factor() const;
    [[nodiscard]] bool is_unhealthy() const;
};
/// Nothing where an asset that counts has no price.
std::optional<AccountFigures> account_figures(const State& state, AccountId account,
                                              std::uint64_t now);

struct Loss {
    AssetId asset{};
    Number amount;
};
struct LiquidationFigures {
    Number repaid;
    Number seized;
    Number fee;
    bool leaves_dust = false;
    std::vector<Loss> losses;  ///< where this was the end of the collateral, by asset
};
/// What the event must do to an unhealthy account that has both legs; nothing for any other.
std::optional<LiquidationFigures> liquidation_figures(const State& state, const Liquidate& event,
                                                      std::uint64_t now);

}  // namespace breakwater::reference
