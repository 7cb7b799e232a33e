// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "breakwater/world/options.hpp"

/// SPAN, the Standard Portfolio Analysis of Risk: what a portfolio on one underlying loses in sixteen
/// scenarios of price and volatility one day ahead. Source: CME and NSE descriptions of SPAN.
namespace breakwater::span {

struct Scenario {
    double price_multiple;       ///< of the price scan range
    double volatility_multiple;  ///< of the volatility scan range
    double fraction;             ///< of the loss that counts
};
/// The sixteen: 0, ±⅓, ±⅔, ±1 of the range, volatility up and down, and two extreme moves.
/// @param extreme 3 with 33 % (CME), or 2 with 35 % (older CME, NSE equity)
std::vector<Scenario> sixteen_scenarios(double extreme = 3.0, double extreme_fraction = 0.33);

struct Ranges {
    double forward;          ///< [quote]
    double price_scan;       ///< [quote]
    double volatility_scan;  ///< [per √year] added
    double lookahead_years;  ///< [years] time decay
};

/// A position: futures, where `is_option` is false, or options.
struct Position {
    double quantity = 0;  ///< signed
    bool is_option = false;
    Option option;
    double volatility = 0;  ///< [per √year] implied today
};

/// [quote] loss, positive, of the portfolio in each scenario; options by Black (1976) without
/// discounting. Volatility and remaining time do not fall below 0.
std::vector<double> risk_array(std::span<const Position> portfolio, const Ranges& ranges,
                               std::span<const Scenario> scenarios);

struct Requirement {
    double scan_risk = 0;   ///< max(0, largest loss)
    std::size_t worst = 0;  ///< its scenario from 0: the first of equals
};
Requirement requirement(std::span<const double> losses);

/// What is added to scan risk: max(scan + intra-commodity + delivery − inter-commodity credit,
/// short option minimum).
struct Charges {
    double intra_commodity = 0;
    double delivery = 0;
    double inter_commodity_credit = 0;
    double short_option_minimum = 0;
};
double total(double scan_risk, const Charges& charges);

}  // namespace breakwater::span
