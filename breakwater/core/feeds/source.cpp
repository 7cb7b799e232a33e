// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/core/feeds/source.hpp"

namespace breakwater::feeds {

std::string_view name(Refusal refusal) {
    constexpr std::array<std::string_view, refusals + 1> names{
        "non_positive", "out_of_bounds",     "future_dated", "duplicate", "out_of_order",
        "stale",        "at_provider_bound", "unit_swapped", "none"};
    return names[static_cast<std::size_t>(refusal)];
}

bool is_unit_swapped(std::uint64_t price, std::uint64_t mid, std::uint32_t tolerance_bps) {
    // Cannot overflow: both below 2^63 and 10^19 < 2^64; the loop ends once the smaller has passed the larger.
    const uint128 larger = std::max(price, mid);
    for (uint128 scaled = uint128{std::min(price, mid)} * 10; scaled != 0; scaled *= 10) {
        const uint128 away = scaled > larger ? scaled - larger : larger - scaled;
        if (away * bps_one <= scaled * tolerance_bps) return true;
        if (scaled > larger) return false;
    }
    return false;
}

Refusal refusal_of(const Source& source, const SourceRow& row, const Report& report,
                   const Reference& reference, const Limits& limits, Time now) {
    const bool has_spoken = row.price != 0;
    if (report.price <= 0) return Refusal::non_positive;
    const auto price = static_cast<uint128>(report.price);
#if !BREAKWATER_MUTANT_FEEDS_030
    if (price <= limits.price_min || price >= limits.price_max) return Refusal::out_of_bounds;
#endif
    if (report.confidence >= price) return Refusal::out_of_bounds;
    if (report.published_at > seconds(now) &&
        report.published_at - seconds(now) > limits.future_max)
        return Refusal::future_dated;
#if !BREAKWATER_MUTANT_FEEDS_032
    if (has_spoken && report.sequence == row.sequence) return Refusal::duplicate;
#endif
    if (has_spoken && (report.sequence < row.sequence || report.published_at < row.published_at))
        return Refusal::out_of_order;
    if (age_of(report.published_at, now) > limits.liquidation_age_max) return Refusal::stale;
    if (price <= source.provider_min || price >= source.provider_max)
        return Refusal::at_provider_bound;
    // A median that has gone stale is no measure any more; so a true fall to a tenth is kept out no longer than that.
    const bool stands =
        reference.mid != 0 && age_of(reference.at, now) <= limits.liquidation_age_max;
    if (stands &&
        is_unit_swapped(static_cast<std::uint64_t>(price), reference.mid, limits.swap_tolerance))
        return Refusal::unit_swapped;
    return Refusal::none;
}

Refusal take_report(const Source& source, SourceRow& row, const Report& report,
                    const Reference& reference, const Limits& limits, Time now) {
    const Refusal refusal = refusal_of(source, row, report, reference, limits, now);
    if (refusal != Refusal::none) {
        ++row.refused[static_cast<std::size_t>(refusal)];
        if (refusal == Refusal::at_provider_bound) row.bound_at = seconds(now);
        return refusal;
    }
    row.price = static_cast<std::uint64_t>(report.price);
    row.confidence = report.confidence;
    row.published_at = report.published_at;
    row.sequence = report.sequence;
    row.bound_at = 0;
    ++row.accepted;
    return refusal;
}

Accepted accept(const Source& source, const SourceRow& row, const Report& report,
                const Reference& reference, const Limits& limits, Time now) {
    Accepted out{.row = row};
    out.refusal = take_report(source, out.row, report, reference, limits, now);
    return out;
}

}  // namespace breakwater::feeds
