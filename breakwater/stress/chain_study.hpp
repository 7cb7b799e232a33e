// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "breakwater/stress/risk_array.hpp"
#include "breakwater/world/option_chain.hpp"
#include "breakwater/world/volatility_surface.hpp"

/// A chain of options judged: how its surface fits the quotes, how far it is from arbitrage, and what
/// margin its open interest asks for. Source: docs/surface.md; docs/rules.md, SURFACE-003 and
/// SURFACE-008.
namespace breakwater {

/// Quotes against the model's price, in coins: bid ≤ model ≤ ask.
struct QuoteCount {
    std::uint64_t two_sided = 0;
    std::uint64_t inside = 0;     ///< of the two-sided
    std::uint64_t one_sided = 0;  ///< an ask and no bid
    std::uint64_t below_ask = 0;  ///< of the one-sided
};

struct ExpiryStudy {
    std::int64_t expiry = 0;
    double years = 0;
    double forward = 0;  ///< [quote]
    SmileSource source = SmileSource::fresh;
    Svi svi;           ///< where the source is fresh or aged
    double error = 0;  ///< [per √year] root mean square, model − mid, out of the money
    QuoteCount quotes;
    double least_durrleman = 0;     ///< where the source is fresh or aged
    double least_calendar_gap = 0;  ///< relative, to the smile before; infinity for the first
    double parity_error = 0;        ///< largest |call − put − (F − K)| / max(F, K)
};

/// One account that holds the open interest of every contract, or has sold it.
struct SideMargin {
    double value = 0;        ///< [quote] of the options; negative when sold
    double requirement = 0;  ///< [quote] largest loss over the scenarios, profits netted
    std::size_t worst = 0;   ///< its scenario
    double alone = 0;        ///< [quote] sum of the largest losses contract by contract
};

struct ChainStudy {
    std::string currency;
    std::int64_t as_of = 0;
    double index = 0;  ///< [quote]
    VolatilitySurface surface;
    std::vector<ExpiryStudy> expiries;
    QuoteCount quotes;
    NearestInTime durrleman;  ///< between the smiles, too
    NearestInTime calendar;
    double parity_error = 0;
    double open_interest = 0;     ///< [coins]
    std::uint64_t contracts = 0;  ///< with open interest
    RiskGrid grid;
    SideMargin held;
    SideMargin sold;
};

/// @param last the surface before, for expiries whose quotes have died; nullptr: none
ChainStudy study_chain(const OptionChain& chain, const VolatilitySurface* last,
                       const RiskGrid& grid);

}  // namespace breakwater
