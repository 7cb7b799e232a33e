// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include "breakwater/core/rulebooks/venue_margin.hpp"

/// The requirement of what is margined by risk arrays: one account's positions and collateral under
/// each scenario of the grid, then
///   max(scan + roll, short minimum),   scan = max(0, max_s Σ losses),   roll = Σ_expiry |Σ lots · delta| · charge.
/// Collateral moves in the same scenarios. Where an array has expired, the last one counts with an
/// add-on.
/// Exact: sums are taken in 64 bits for as long as Σ of the largest figure of each row proves that
/// they fit, and in 128 bits from then on.
/// Source: docs/rules.md, VENUE-015; MARGIN-018.
namespace breakwater::venue {

class Portfolio {
  public:
    // NOLINTNEXTLINE(*-member-init): the first position sets the losses up, accounts without one do not pay for them
    Portfolio(const View& view, Purpose purpose) : view_(&view), purpose_(purpose) {}

    /// @param contract of the position, live or expired
    void add(const Position& position, const Contract& contract);
    /// @param value [1e-14 USD] of the account's balance, below zero a debt
    void add_collateral(AssetId asset, int128 value);

    [[nodiscard]] bool is_used() const { return used_; }
    /// [1e-14 USD]
    uint128 requirement(Checked& math);
    /// [ppm] One, and the add-on where an array has expired.
    [[nodiscard]] std::uint32_t factor() const { return ppm_one + add_on_; }
    /// The first that loses most.
    [[nodiscard]] std::uint32_t worst_scenario() const { return worst_; }

  private:
    static constexpr std::size_t expiries_max = 16;
    struct Expiry {  // written before it is read
        std::uint32_t row;
        std::uint32_t charge;  ///< [ppm]
        int128 delta;          ///< [1e-8 USD]
    };
    /// Σ of the largest figures of what was added, by which every sum is bounded.
    struct Bound {
        std::uint64_t sum = 0;
        bool take(uint128 more);
    };
    void begin();
    void widen();
    void add_delta(const RiskArray& array, std::int64_t lots);

    const View* view_;
    Purpose purpose_;
    bool used_ = false;
    bool overflow_ = false;
    bool is_wide_ = false;
    std::uint32_t worst_ = 0;
    std::uint32_t add_on_ = 0;  ///< [ppm]
    std::size_t expiries_ = 0;
    uint128 short_minimum_ = 0;  ///< [1e-8 USD]
    Bound bound_;
    // From the first position on:
    std::array<std::int64_t, grid_max> loss_;  ///< [1e-8 USD] of positions and whole cents
    std::array<std::int64_t, grid_max> rest_;  ///< [1e-14 USD] of what balances are beyond these
    std::array<int128, grid_max> wide_loss_;   ///< [1e-8 USD]
    std::array<int128, grid_max> wide_rest_;   ///< [1e-14 USD]
    std::array<Expiry, expiries_max> expiry_;
};

}  // namespace breakwater::venue
