// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <cstdint>
#include <string>
#include <vector>

/// What a storm does to a derivatives venue besides moving prices: [venue] of a scenario file.
/// Values and where they come from: docs/models.md, "A derivatives venue".
namespace breakwater {

struct VenueScenario {
    /// The perpetual against its index, ln(perpetual / index): reverting, pushed by the return.
    struct Basis {
        double per_return = 0.1;        ///< [1] what a log return adds
        double volatility = 0.02;       ///< [per √year] of its own noise
        double half_life_minutes = 30;  ///< [min]
        double average_seconds = 150;   ///< [s] of the average that the mark carries
        double mark_max = 0.03;         ///< [1] the mark leaves the index by no more
    };
    /// Clamped premium: F = P + clamp(interest − P, ±clamp) for eight hours, paid in parts.
    struct Funding {
        double interval_hours = 1;   ///< [h] between payments
        double interest = 1e-4;      ///< [1 per 8 h]
        double clamp = 5e-4;         ///< [1 per 8 h]
        double cap_per_hour = 0.04;  ///< [1 per h]
    };
    /// All volatilities of an underlying times e^x, x reverting to 0, moved by the return.
    struct Volatility {
        double per_fall = 2;          ///< x rises by so much for a log return of −1
        double per_rise = -0.5;       ///< and by so much for one of +1
        double noise = 1;             ///< [per √year]
        double half_life_hours = 24;  ///< [h]
        double skew_per_fall = 0.5;   ///< the smile's correlation falls by so much × max(x, 0)
        double level_max = 4;         ///< e^x stays below
    };
    /// Depth × factor from one hour of the day to another (UTC), around midnight if need be.
    struct ThinHours {
        double from = 0;   ///< [h]
        double until = 0;  ///< [h]
        double factor = 1;
    };
    /// No prices, no marks, no liquidations; then all at once.
    struct Outage {
        double from = 0;   ///< [s] since the start
        double until = 0;  ///< [s]
    };
    /// The market's price of an asset × a factor that is reached along a straight line in its logarithm,
    /// held, and left in the same way.
    struct Shock {
        std::string symbol;
        double factor = 1;
        double from = 0;      ///< [s]
        double ramp = 0;      ///< [s]
        double hold = 0;      ///< [s]
        double recovery = 0;  ///< [s]; 0: it stays
    };
    /// The venue's own index of an asset stands at `factor` times the market: its feed reads one
    /// market, and not the others.
    struct Divergence {
        std::string symbol;
        double factor = 1;
        double from = 0;   ///< [s]
        double until = 0;  ///< [s]
    };
    /// Positions that wallets of one hand have when the storm begins.
    struct Attack {
        std::string underlying;
        std::uint32_t wallets = 1;
        bool is_long = false;
        double notional_usd = 0;  ///< [USD] of all wallets together
        double leverage = 5;      ///< notional / margin
        bool is_linked = false;   ///< declared as one cluster
    };
    bool is_only = false;  ///< the scenario says nothing of lending markets
    /// Arrays and marks of options are computed anew after so much.
    double array_seconds = 3'600;  ///< [s]
    double array_move = 0.02;      ///< [1] of the underlying
    double option_move = 0.005;    ///< [1] of the underlying, for marks
    /// [s] before its expiry over which the index is averaged that a dated contract ends at
    double settlement_seconds = 1'800;
    double option_depth = 0.02;    ///< [1] of the underlying's depth
    double perpetual_depth = 1;    ///< [1] of the underlying's depth, each perpetual or future
    std::uint32_t slices = 3;      ///< liquidations of one account in one step
    std::uint32_t counterparties =
        256;                      ///< holders of the other side asked at a resolution; 0: all
    double slow_per_hour = 0.06;  ///< [1/h] by which slow marks follow
    Basis basis;
    Funding funding;
    Volatility volatility;
    std::vector<ThinHours> thin_hours;
    std::vector<Outage> outages;
    std::vector<Shock> shocks;
    std::vector<Divergence> divergences;
    std::vector<Attack> attacks;
};

}  // namespace breakwater
