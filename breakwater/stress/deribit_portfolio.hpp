// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <cstddef>
#include <span>
#include <vector>

/// Deribit's portfolio margin of inverse futures and perpetuals, as its public responses decompose
/// (docs.deribit.com, private/pme/simulate), and its volatility shocks. Amounts in base currency.
namespace breakwater::deribit {

struct Parameters {
    double price_range = 0.16;
    unsigned buckets_each_side = 4;
    double profit_offset = 0.0;         ///< share of gains that counts; 0: none
    double annualised_move_risk = 0.0;  ///< [per year] roll shock of an expiry
    double annualised_move_min = 0.01;  ///< at least, and for perpetuals
    double maintenance_factor = 0.8;
};

/// Positions that expire together; a perpetual has no time.
struct Expiry {
    double years = 0;                ///< [years]
    std::vector<double> quantities;  ///< [base] signed
};

struct Contingencies {
    double delta_shock = 0;
    double correlation = 0;
    double spot_margin = 0;
    double mmp_margin = 0;
    double open_orders = 0;
};

struct Margin {
    std::vector<double> moves;       ///< from −range to +range
    std::vector<double> profits;     ///< of all positions, per move: q (1 − 1/(1 + move))
    std::vector<double> aggregated;  ///< gains scaled by the offset
    double worst_case = 0;
    double roll_shock = 0;  ///< Σ |net of expiry| · max(min, annualised · years)
    double risk_matrix = 0;
    double initial = 0;
    double maintenance = 0;
};
/// The extended moves (−66 % to +500 %) clamp a future's profit to that at ±range and so add nothing
/// to futures.
Margin portfolio_margin(std::span<const Expiry> expiries, const Parameters& parameters,
                        const Contingencies& contingencies);

/// [base] profit of `quantity` inverse futures after a relative move above −1.
double inverse_profit(double quantity, double move);

struct VolatilityShock {
    double range_up;
    double range_down;
    double short_power;  ///< below 30 days to expiry
    double long_power;   ///< from 30 days
    double up_min;       ///< the shocked volatility is at least this
};
struct ShockedVolatility {
    double up;    ///< max(σ (1 + up (30/days)^power), min)
    double down;  ///< max(σ (1 − down (30/days)^power), 0)
};
ShockedVolatility shock_volatility(double volatility, double days, const VolatilityShock& shock);

/// Not official: a third party's reading of the extended table for options. Scaled by
/// range/|move| · (1 + move)/(1 ± range), then nearer to zero by the dampener.
struct ExtendedTable {
    double price_range;
    double factor;
    double dampener;  ///< [USD]
    double index;     ///< [USD]
};
double extended_profit(double profit, double move, const ExtendedTable& table);

}  // namespace breakwater::deribit
