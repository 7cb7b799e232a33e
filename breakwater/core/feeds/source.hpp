// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <array>
#include <string_view>

#include "breakwater/core/feeds/limits.hpp"

/// One source of prices: what it said last, and what it said that was not believed. A report comes from outside and is
/// untrusted; a refused one is counted by its reason and never applied. Source: docs/rules.md, FEEDS-010 and FEEDS-011.
namespace breakwater::feeds {

/// In the order of the checks: the first that does not hold is the one that is counted.
enum class Refusal : std::uint8_t {
    non_positive,
    out_of_bounds,  ///< outside the asset's hard bounds, or a confidence wider than the price
    future_dated,
    duplicate,
    out_of_order,
    stale,
    at_provider_bound,  ///< the provider's own clamp: the true price is anywhere beyond it
    unit_swapped,       ///< a power of ten off the last median
    none,
};
inline constexpr std::size_t refusals = 8;
std::string_view name(Refusal refusal);

/// What an operator configures. Weight 0: switched off.
struct Source {
    std::uint64_t weight = 0;
    std::uint64_t provider_min = 0;  ///< [1e-8 USD] a price on it or below is unusable
    std::uint64_t provider_max = ~std::uint64_t{0};
    std::uint64_t deviation = 0;  ///< [bps] the source is silent on smaller moves
};

struct SourceRow {
    std::uint64_t price = 0;         ///< [1e-8 USD] 0: never reported
    std::uint64_t confidence = 0;    ///< [1e-8 USD] half width
    std::uint64_t published_at = 0;  ///< [s]
    std::uint64_t sequence = 0;
    std::uint64_t accepted = 0;
    std::uint64_t bound_at = 0;  ///< [s] last seen on its provider's bound; 0: never
    std::array<std::uint64_t, refusals> refused{};
};
static_assert(WholeWords<Source> && WholeWords<SourceRow>);

struct Report {
    int128 price = 0;                ///< [1e-8 USD] signed: it comes from outside
    std::uint64_t confidence = 0;    ///< [1e-8 USD]
    std::uint64_t published_at = 0;  ///< [s]
    std::uint64_t sequence = 0;
};

/// The last median that is still standing; zero where there is none.
struct Reference {
    std::uint64_t mid = 0;
    std::uint64_t at = 0;  ///< [s] age counts from here
};

struct Accepted {
    SourceRow row;
    Refusal refusal = Refusal::none;
};

/// FEEDS-010: why the report is not believed, or none.
Refusal refusal_of(const Source& source, const SourceRow& row, const Report& report,
                   const Reference& reference, const Limits& limits, Time now);

/// The row after the report: the price moved on, or one counter did.
Refusal take_report(const Source& source, SourceRow& row, const Report& report,
                    const Reference& reference, const Limits& limits, Time now);
Accepted accept(const Source& source, const SourceRow& row, const Report& report,
                const Reference& reference, const Limits& limits, Time now);

/// FEEDS-011: `price` lies within the tolerance of mid × 10^k or mid / 10^k for a k ≥ 1.
bool is_unit_swapped(std::uint64_t price, std::uint64_t mid, std::uint32_t tolerance_bps);

inline bool is_live(const Source& source, const SourceRow& row, const Limits& limits, Time now) {
    return source.weight != 0 && row.price != 0 &&
           age_of(row.published_at, now) <= limits.liquidation_age_max;
}

}  // namespace breakwater::feeds
