// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <optional>
#include <span>

#include "breakwater/world/svi.hpp"

/// A smile through quotes. What is minimised is the mean over the quotes of
///
///   excess² / (1 + excess²/9) + z²/10 for two-sided ones,  z = (model − mid) / half the spread,
///   excess = (|z| − 0.9)⁺,
///
/// so that a smile inside all spreads costs next to nothing, and one wrong quote does not bend it.
/// Nelder and Mead's simplex in five unbounded coordinates, with a penalty on arbitrage; then a walk
/// toward a smile that is surely free of it until this one is, too. Additions, products, roots and
/// world/math's exp_ and log_: the same bits everywhere. Source: docs/rules.md, SURFACE-003.
namespace breakwater {

/// One option's quotes as volatilities.
struct VolatilityQuote {
    double k = 0;    ///< ln(strike / forward)
    double bid = 0;  ///< [per √year] 0 where there is none, or none above intrinsic value
    double ask = 0;  ///< [per √year] infinity where there is none
    bool counts_middle = true;  ///< false: only the two bounds count (in the money, one-sided)
};

/// @param years to expiry, above 0
/// @param later the smile of the next expiry, never to be exceeded; nullptr: none
/// @return free of butterfly arbitrage, and of calendar arbitrage against `later`; nullopt where
///         fewer than five two-sided quotes at different strikes are given
std::optional<Svi> fit_svi(std::span<const VolatilityQuote> quotes, double years, const Svi* later);

/// [per √year] root mean square of model − mid over the quotes whose middle counts; 0 of none.
double fit_error(std::span<const VolatilityQuote> quotes, double years, const Svi& svi);

}  // namespace breakwater
