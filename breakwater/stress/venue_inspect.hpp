// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <array>
#include <expected>
#include <string>
#include <vector>

#include "breakwater/stress/venue_book.hpp"

/// A venue as it stands: no path, no randomness, every figure exact given its marks and prices.
/// Equity and requirement are those of the engine: collateral less its haircut, the requirement of
/// maintenance; initial margin by the same rules for new risk.
/// Source: docs/rules.md, VENUE-010 to VENUE-017; docs/formats.md, "A venue".
namespace breakwater {

/// Equity over maintenance margin, upper bounds of the bins; the last one is open.
inline constexpr std::array<double, 8> margin_ratio_edges{0.0, 1.0, 1.1, 1.25, 1.5, 2.0, 3.0, 10.0};

struct MarginBin {
    double low = 0;   ///< −infinity in the first
    double high = 0;  ///< infinity in the last
    std::size_t accounts = 0;
    double equity = 0;    ///< [USD]
    double notional = 0;  ///< [USD] of all positions
};

/// An account with a requirement.
struct MarginLine {
    AccountId account{};
    double equity = 0;       ///< [USD]
    double requirement = 0;  ///< [USD] maintenance
    double notional = 0;     ///< [USD]
    [[nodiscard]] double ratio() const { return equity / requirement; }
};

struct ContractLine {
    std::int64_t open_interest = 0;  ///< [lots] long
    std::int64_t depth = 0;          ///< [lots]
    double notional = 0;  ///< [USD] of the open interest; of options that of their underlying
    double mark = 0;      ///< as it is quoted
    std::size_t longs = 0;
    std::size_t shorts = 0;
    double largest = 0;  ///< share of the larger side in one account
};

struct AssetLine {
    bool is_collateral = false;
    double price = 0;      ///< [USD]
    double deposits = 0;   ///< [USD] balances above zero
    double loans = 0;      ///< [USD] balances below zero
    double custody = 0;    ///< [USD]
    double cap = 0;        ///< [USD]
    double uncovered = 0;  ///< [USD] losses that nobody has borne
};

struct ClusterLine {
    std::uint32_t cluster = 0;
    std::size_t accounts = 0;
    double equity = 0;           ///< [USD]
    double notional = 0;         ///< [USD]
    std::uint32_t contract = 0;  ///< in which it holds most
    double share = 0;            ///< of that contract's open interest
};

struct VenueInspection {
    std::size_t accounts = 0;  ///< fund, vault and liquidators among them
    std::size_t holders = 0;   ///< of positions
    std::size_t borrowers = 0;
    std::size_t isolated = 0;
    std::size_t linked = 0;
    std::size_t below_initial = 0;      ///< may not open, and stand
    std::size_t below_maintenance = 0;  ///< may be liquidated
    std::size_t negative = 0;           ///< would leave a loss if all ended now
    double negative_usd = 0;            ///< [USD] that loss
    double equity = 0;                  ///< [USD] of all accounts, fund and vault too
    double maintenance = 0;             ///< [USD]
    double initial = 0;                 ///< [USD]
    double fund = 0;                    ///< [USD] equity of the insurance fund
    double vault = 0;                   ///< [USD] equity of the backstop vault
    double vault_initial = 0;           ///< [USD] its requirement for new risk
    /// Notional over equity of accounts that stand and hold a perpetual or future, at the deciles.
    std::array<double, 9> leverage{};
    std::array<MarginBin, margin_ratio_edges.size() + 1> margin;
    std::vector<MarginLine> nearest;  ///< to liquidation, nearest first
    std::vector<ContractLine> contracts;
    std::vector<AssetLine> assets;
    std::vector<ClusterLine> clusters;  ///< largest notional first
};

struct VenueInspectOptions {
    std::size_t nearest = 20;
    double nearest_notional_min = 1'000;  ///< [USD]
};

/// A sentence where an account cannot be valued.
std::expected<VenueInspection, std::string> inspect_venue(const VenueBook& venue,
                                                          const VenueInspectOptions& options = {});

}  // namespace breakwater
