// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "breakwater/report/figures.hpp"
#include "breakwater/report/limits.hpp"
#include "breakwater/report/venue_storm_report.hpp"

/// The figures of a venue's report, once for all of its forms. Private to report/.
namespace breakwater {

/// A layer that bore losses.
struct BorneRow {
    std::string layer;
    std::string definition;
    std::optional<double> cover;  ///< [USD] at the start; absent: no limit is set beforehand
    Estimate mean;                ///< [USD] per path
    Estimate quantile_95;         ///< [USD]
    Estimate quantile_99;         ///< [USD]
};

struct VenueAccountRow {
    AccountId account{};
    Estimate loss;         ///< [USD] mean per path
    Estimate probability;  ///< of ending below zero
    double equity = 0;     ///< [USD] in the book
    double notional = 0;   ///< [USD] of its positions in the book
    double health = 0;     ///< equity / maintenance in the book
    std::string position;
};

struct VenueFigures {
    std::vector<Figure> distribution;
    std::vector<Figure> liquidations;
    std::vector<BorneRow> borne;
    std::vector<VenueAccountRow> accounts;  ///< largest mean loss first
    double deposits = 0;                    ///< [USD] balances above zero
    double loans = 0;                       ///< [USD] below zero
    double open_interest = 0;               ///< [USD] of the longs, all contracts
    MicroUsd deleveraged = 0;               ///< all paths
    MicroUsd queue = 0;                     ///< all paths

    [[nodiscard]] const Figure& headline() const;
};

VenueFigures venue_figures_of(const VenueStormInput& input);
std::vector<Limit> venue_limits();
/// "How much would be left uncovered …"
std::string venue_question(const VenueStormInput& input);
std::string venue_title(const VenueStormInput& input);

}  // namespace breakwater
