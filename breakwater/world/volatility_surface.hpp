// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "breakwater/world/option_chain.hpp"
#include "breakwater/world/svi.hpp"

/// Smiles of several expiries as one surface of total variance without arbitrage, and what stands in
/// for a smile whose quotes have died. Source: docs/surface.md; docs/rules.md, SURFACE-002,
/// SURFACE-004 and SURFACE-005.
namespace breakwater {

/// The ladder: where an expiry's volatilities come from, best first.
enum class SmileSource : std::uint8_t {
    fresh,       ///< fitted to its own quotes
    aged,        ///< its last fit, wider by an add-on for its age
    neighbours,  ///< total variance between the expiries around it, or between 0 and the next
    stressed,    ///< flat at a stressed volatility, never below the last expiry's
};
inline constexpr std::size_t smile_sources = 4;
const char* name(SmileSource source);

struct Smile {
    std::int64_t expiry = 0;  ///< [s since 1970]
    double years = 0;         ///< when it was put into the surface
    Svi svi;
    std::int64_t fitted = 0;  ///< [s since 1970] when its quotes were taken
};

struct ExpirySource {
    std::int64_t expiry = 0;
    double years = 0;
    SmileSource source = SmileSource::fresh;
};

struct VolatilitySurface {
    std::int64_t as_of = 0;            ///< [s since 1970]
    std::vector<Smile> smiles;         ///< by expiry; w never falls from one to the next
    std::vector<ExpirySource> listed;  ///< every expiry that was asked for
    double stressed_volatility = 0;  ///< [per √year] beyond the last smile, or of all without any

    [[nodiscard]] std::array<std::uint64_t, smile_sources> counts() const;
};

struct LadderRules {
    double age_addon = 0.01;           ///< [share of volatility per hour] of an aged smile
    std::int64_t age_max = std::int64_t{24} * 3'600;  ///< [s] an older fit is not used
    double stressed_multiple = 1.5;    ///< of the highest volatility at the money
    double stressed_min = 1.0;         ///< [per √year]
};

/// Fits from the last expiry to the first, each below the one after it: what a smile is allowed
/// follows from a later one, which has more time and mostly more quotes.
/// @param last the surface before this one; nullptr: none
VolatilitySurface fit_surface(std::span<const ExpiryQuotes> expiries, std::int64_t as_of,
                              const VolatilitySurface* last, const LadderRules& rules = {});

/// Total variance at k and `years` from as_of: linear in time between two smiles and between 0 and
/// the first; beyond the last the larger of its volatilities and the stressed one.
Variance surface_variance(const VolatilitySurface& surface, double k, double years);
/// [per √year] 0 for no time.
double surface_volatility(const VolatilitySurface& surface, double k, double years);

/// Least g over the smiles and over four moments in each span between them.
struct NearestInTime {
    Nearest nearest;
    double years;
};
NearestInTime least_durrleman(const VolatilitySurface& surface);
/// Least relative calendar gap between neighbours; infinity with fewer than two.
NearestInTime least_calendar_gap(const VolatilitySurface& surface);

}  // namespace breakwater
