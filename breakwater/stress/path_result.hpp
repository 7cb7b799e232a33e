// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "breakwater/core/feeds/machine.hpp"
#include "breakwater/core/feeds/source.hpp"
#include "breakwater/core/units.hpp"
#include "breakwater/stress/estimates.hpp"
#include "breakwater/world/keepers.hpp"

/// What one path came to. Bad debt is never one number: at the oracle's price, at the market's, and after the cost of
/// getting out. All money in [1e-6 USD]. Definitions: docs/report-schema.md.
namespace breakwater {

struct ThreePrices {
    MicroUsd oracle = 0;  ///< at the price the venue sees
    MicroUsd market = 0;  ///< at the market's price at that moment
    MicroUsd exit = 0;    ///< at the market, less what selling and buying it all at once would move
};

/// What faults of the feeds and a guard against them came to.
struct GuardFigures {
    MicroUsd contested_peak = 0;   ///< debt of accounts healthy at one end of the band and not at the other
    MicroUsd suspended_peak = 0;   ///< debt of accounts unhealthy at both, whose assets forbid it
    MicroUsd contested_hours = 0;  ///< [1e-6 USD·h] contested debt × time
    MicroUsd suspended_hours = 0;  ///< [1e-6 USD·h]
    MicroUsd wrongful = 0;  ///< repaid for accounts that were healthy at the market's price
    MicroUsd attacked = 0;  ///< what attackers were lent, at the market's price
    std::uint32_t wrongful_count = 0;
    std::uint32_t alarm_steps = 0;  ///< steps in which contested and suspended are too much of the book's debt
    std::uint32_t changes_refused = 0;
    std::uint32_t refused = 0;  ///< attempts that the guard refused
};

struct PathResult {
    ThreePrices
        realised;  ///< debt written off when an account's collateral ran out, net of nothing
    ThreePrices unrealised;  ///< at the end: Σ max(0, debt − collateral) over accounts
    MicroUsd unrealised_peak =
        0;  ///< largest Σ max(0, debt − collateral) at the end of a step, at the oracle's price
    MicroUsd covered = 0;  ///< part of the realised loss that layers paid
    MicroUsd repaid = 0;   ///< liquidations at risk: debt repaid, each dollar once
    MicroUsd seized = 0;   ///< collateral that went to keepers
    MicroUsd stuck = 0;    ///< debt of accounts liquidatable at the end that nobody wanted
    /// Debt of accounts that keepers turned away as unprofitable and never liquidated since: `left` is still
    /// liquidatable at the end, `recovered` came back by the price alone (counted once each time).
    MicroUsd turned_away_left = 0;
    MicroUsd turned_away_recovered = 0;
    MicroUsd backlog_peak =
        0;  ///< largest debt of liquidatable accounts waiting at the end of a step
    MicroUsd equity_lost =
        0;  ///< bonus and protocol fee that borrowers paid, at the oracle's price
    GuardFigures guard;
    std::uint32_t liquidations = 0;
    std::uint32_t ltv_raised = 0;  ///< liquidations that left the account worse than they found it
    std::uint32_t stuck_accounts = 0;
    std::uint32_t looks = 0;  ///< exact looks of the watch
    std::uint32_t events = 0;
    std::array<std::uint32_t, refusal_count>
        refusals{};  ///< keepers' reasons, each attempt counted

    /// The headline: realised and still to be realised, at the oracle's price.
    [[nodiscard]] MicroUsd bad_debt() const { return realised.oracle + unrealised.oracle; }
};

/// One account that lost the market money on one path.
struct PathLoss {
    AccountId account{};
    AssetId debt{};
    MicroUsd amount = 0;  ///< at the oracle's price
    bool realised = false;
    std::uint8_t market = 0;  ///< row of Book::markets
};

/// A reserve as a path left it.
struct ReserveEnd {
    std::uint32_t utilisation = 0;  ///< [1e-6] debt / (debt + cash)
    MicroUsd cash = 0;              ///< at the price of the book, so that only what moved counts
};

/// What one layer came to on one path.
struct LayerOutcome {
    MicroUsd paid = 0;       ///< at the oracle's price of the moment
    bool exhausted = false;  ///< nothing of its cover is left
};

/// What the feed of one asset with several sources went through on one path.
struct FeedOutcome {
    std::array<std::uint32_t, feeds::trusts> steps{};      ///< ends of steps, by feeds::Trust
    std::array<std::uint32_t, feeds::refusals> refused{};  ///< reports, by feeds::Refusal
};

/// The course of one path at the report's grid, for the fan and the charts.
struct PathSeries {
    std::vector<double> price;               ///< [USD] row-major [point][asset], the market's
    std::vector<MicroUsd> liquidated;        ///< per point: repaid since the point before
    std::vector<MicroUsd> backlog;           ///< per point
    std::vector<std::uint32_t> utilisation;  ///< [1e-6] row-major [point][asset]
    std::vector<double> base_fee;            ///< [gwei] per point
};

}  // namespace breakwater
