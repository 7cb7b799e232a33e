// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "breakwater/core/units.hpp"
#include "breakwater/stress/estimates.hpp"

/// What one path of a storm over a venue came to. All money in [1e-6 USD] at the venue's own prices
/// of the moment. Definitions: docs/report-schema.md.
namespace breakwater {

/// Who bore the losses of accounts that ended below zero, in the order in which they are asked.
/// What the accounts themselves still had is not among them.
struct BorneBy {
    MicroUsd fund = 0;          ///< insurance fund, what it had seized from the account included
    MicroUsd deleveraging = 0;  ///< holders of the other side, against the mark
    MicroUsd gains = 0;         ///< unrealised gains of others
    MicroUsd uncovered = 0;     ///< nobody yet

    [[nodiscard]] MicroUsd sum() const { return fund + deleveraging + gains + uncovered; }
    friend bool operator==(const BorneBy&, const BorneBy&) = default;
};

struct VenuePathResult {
    BorneBy borne;
    MicroUsd loss = 0;          ///< of accounts that ended below zero
    MicroUsd unresolved = 0;    ///< below zero at the end and not ended
    MicroUsd conceded = 0;      ///< discounts and fees that accounts in liquidation paid
    MicroUsd vault = 0;         ///< what the vault is worth at the end less at the start
    MicroUsd liquidated = 0;    ///< notional that changed hands in liquidations
    MicroUsd collateral = 0;    ///< worth of collateral sold against debt
    MicroUsd deleveraged = 0;   ///< notional that others were closed out of
    MicroUsd queue = 0;         ///< what the queue by profit × leverage would have closed instead
    MicroUsd backlog_peak = 0;  ///< largest notional of accounts in liquidation after a step
    std::uint32_t flagged = 0;  ///< accounts that fell below maintenance
    std::uint32_t liquidations = 0;
    std::uint32_t taken_over = 0;   ///< by the vault
    std::uint32_t negative = 0;     ///< accounts that ended below zero
    std::uint32_t deleverages = 0;  ///< positions of others that were closed
    std::uint32_t left = 0;         ///< still in liquidation at the end
    std::uint32_t gated_steps = 0;  ///< without withdrawals
    std::uint32_t looks = 0;        ///< exact assessments of who was asleep
    std::uint32_t events = 0;

    /// The headline: what accounts owed beyond what they had.
    [[nodiscard]] MicroUsd bad_debt() const { return loss + unresolved; }
    friend bool operator==(const VenuePathResult&, const VenuePathResult&) = default;
};

/// One account that ended below zero.
struct VenueLoss {
    AccountId account{};
    MicroUsd amount = 0;
};

/// The course of one path at the report's grid.
struct VenueSeries {
    std::vector<double> price;         ///< [USD] row-major [point][underlying], the market's
    std::vector<double> volatility;    ///< [1] row-major [point][underlying], of the start's
    std::vector<MicroUsd> liquidated;  ///< per point: since the point before
    std::vector<MicroUsd> backlog;     ///< per point
};

}  // namespace breakwater
