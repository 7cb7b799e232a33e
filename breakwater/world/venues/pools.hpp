// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

/// Perpetuals whose counterparty is a pool: Synthetix v3 and GMX v2. Sources: Synthetixio/synthetix-v3,
/// markets/perps-market/contracts/storage (AsyncOrder, PerpsMarketConfiguration); gmx-io/
/// gmx-synthetics, README and contracts/market, position.
namespace breakwater::synthetix {

/// oracle · (1 + mean of skew / scale before and after the fill).
double fill_price(double skew, double size, double oracle, double skew_scale);

struct MarginRules {
    double skew_scale;               ///< [base]
    double initial_ratio;            ///< at |size| = skew scale
    double initial_ratio_min;        ///< added
    double maintenance_scalar;       ///< maintenance ratio / initial ratio
    double minimum_position_margin;  ///< [USD] added to both
};
struct Margins {
    double initial_ratio;
    double maintenance_ratio;
    double initial;      ///< [USD]
    double maintenance;  ///< [USD]
};
Margins required_margins(double size, double price, const MarginRules& rules);

/// [base] (maker + taker fee) · skew scale · multiplier · seconds.
double liquidation_window(double maker_fee, double taker_fee, double skew_scale, double multiplier,
                          double seconds);

}  // namespace breakwater::synthetix

namespace breakwater::gmx {

/// [USD] factor · (|before|^exponent − |after|^exponent) of the imbalance; below 0 the trader pays.
double price_impact(double before, double after, double exponent, double factor);

struct PositionState {
    double collateral;              ///< [USD]
    double profit;                  ///< [USD]
    double capped_negative_impact;  ///< [USD] 0 or less
    double fees;                    ///< [USD] 0 or less
    double size;                    ///< [USD]
};
struct Liquidatable {
    double remaining;      ///< [USD] sum of the first four
    bool is_liquidatable;  ///< below the minimum, 0 or less, or below size · factor
};
Liquidatable liquidatable(const PositionState& position, double factor_min, double collateral_min);

}  // namespace breakwater::gmx
