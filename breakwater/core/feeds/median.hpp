// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <span>

#include "breakwater/core/feeds/source.hpp"

/// Several sources, one price. The weighted median lies within what the honest sources say as long as the lying weight
/// is under half; with the cap no single source has more than 34 %. Source: docs/rules.md, FEEDS-012 and FEEDS-013.
namespace breakwater::feeds {

struct Quote {
    std::uint64_t price = 0;
    std::uint64_t weight = 0;  ///< above zero, below 2^48
};

/// FEEDS-012: w_i → min(34 % of the total, λ·w_i), λ such that the excess goes to the others in proportion. Exact: the
/// new weights are integers over a common total. Nothing changes with fewer than three quotes. Sorts by weight.
void cap_weights(std::span<Quote> quotes);

/// FEEDS-013: the middle of the lower and the upper weighted median, rounded down. Sorts by price. At least one quote.
/// lower = the least price with 2 · weight(≤ price) ≥ total; upper = the least with 2 · weight(≤ price) > total.
std::uint64_t weighted_median_down(std::span<Quote> quotes);

/// What all live sources together say at one moment.
struct Observation {
    std::uint64_t mid = 0;         ///< [1e-8 USD] 0: no live source
    std::uint64_t confidence = 0;  ///< [1e-8 USD] weighted median of those that agree
    std::uint64_t dispersion = 0;  ///< [1e-8 USD] ⌈2.96 · MAD⌉, 2.96 = 2 · 1.48
    std::uint64_t outlier_lo = 0;  ///< [1e-8 USD] hull of the excluded and mid
    std::uint64_t outlier_hi = 0;
    std::uint64_t deviation = 0;  ///< [bps] largest of the live sources
    std::uint64_t age =
        0;  ///< [s] of the youngest report that completes the least number of sources
    std::uint32_t configured = 0;
    std::uint32_t live = 0;
    std::uint32_t agreeing = 0;
    std::uint32_t on_bound = 0;  ///< sources that stand on their provider's bound
    bool is_split = false;  ///< the excluded weigh more than one source can: the band takes them in
    std::uint64_t oldest_at = 0;  ///< [s] of the live source that falls silent first
};

/// What a live source says, and how much it counts.
struct Voice {
    std::uint64_t price = 0;
    std::uint64_t weight = 0;
    std::uint64_t confidence = 0;
    std::uint64_t published_at = 0;  ///< [s]
    std::uint64_t deviation = 0;     ///< [bps]
};

/// The sources of an asset that count at one moment.
struct Voices {
    std::array<Voice, sources_max> said;  // NOLINT(*-member-init): only the first `live` are set
    std::uint32_t live = 0;
    std::uint32_t configured = 0;
    std::uint32_t on_bound = 0;

    Voices() {}  // NOLINT(*-member-init,*-equals-default): a kilobyte that most assets do not need
    void hear(const Source& source, const SourceRow& row, const Limits& limits, Time now);
    [[nodiscard]] std::span<const Voice> all() const { return {said.data(), live}; }
};

/// FEEDS-014: a source farther than the outlier limit from the median is excluded from the count of those that agree
/// and from confidence. It is never taken out of the median: leaving it out could hand a minority the majority.
Observation observe(const Voices& voices, const Limits& limits, Time now);
Observation observe(std::span<const Source> sources, std::span<const SourceRow> rows,
                    const Limits& limits, Time now);

/// One source may always be silent or wrong, so that no state is entered on the word of one.
constexpr std::uint32_t sources_needed(const Limits& limits, std::uint32_t configured) {
    return std::max(
        std::uint32_t{1},
        std::min(limits.sources_min, configured - std::min(configured, std::uint32_t{1})));
}

}  // namespace breakwater::feeds
