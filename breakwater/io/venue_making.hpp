// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <string>
#include <vector>

#include "breakwater/core/rulebooks/venue_view.hpp"
#include "breakwater/io/venue_file.hpp"
#include "breakwater/io/venue_sketch.hpp"

/// A synthetic venue in the making: who there is, then what they hold, then what they pay in.
/// Source: docs/generate.md, "Venues".
namespace breakwater {

struct SyntheticTrader {
    TraderSketch sketch;
    AccountId account{};
    AssetId collateral{};  ///< what its margin is paid in
    double base = 0;       ///< [USD] of collateral beside margin: what carries a loan
};

struct VenueInTheMaking {
    VenueFile file;
    std::uint64_t seed = 0;
    std::vector<SyntheticTrader> traders;
    std::vector<AccountId> makers;  ///< the liquidators
    AssetId dollar{};               ///< in which linear contracts settle

    [[nodiscard]] venue::Market& market() { return file.market(); }
    [[nodiscard]] const venue::Market& market() const { return file.venue.market(); }
    [[nodiscard]] double draw(std::uint32_t trader, std::uint32_t number) const {
        return trader_draw(seed, trader, number);
    }
    /// [USD]
    [[nodiscard]] double price(AssetId asset) const {
        return static_cast<double>(file.venue.book.state.feeds[index(asset)].point) / 1e8;
    }
    /// [USD] a lot's notional; of an option that of its underlying.
    [[nodiscard]] double lot_usd(venue::ContractId id) const;
    [[nodiscard]] venue::View view() const {
        return {file.venue.book.state, market(), file.venue.book.state.now()};
    }
    /// The balance becomes a deposit above zero, a loan below, of six significant digits.
    void pay_in(AccountId account, AssetId asset, double usd);
    [[noreturn]] static void fail(const std::string& what, const std::string& expected);
};

/// Positions and loans of the traders; the makers hold what is left between longs and shorts.
void hold_positions(VenueInTheMaking& venue);
/// Margin of traders and makers, what lenders lend, fund and vault. Positions are settled already.
void pay_deposits(VenueInTheMaking& venue);

}  // namespace breakwater
