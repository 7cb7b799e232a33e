// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/core/feeds/asset.hpp"

namespace breakwater::feeds {
namespace {

bool is_off(std::uint64_t price, std::uint64_t from, std::uint32_t bps) {
    return from != 0 && distance(price, from) >= share_up(from, bps);
}

/// Without a live source the last median stands, and its band only grows.
Band band_in_silence(const AssetRow& row, const Limits& limits) {
    const std::uint64_t ageing = ageing_up(row.mid, row.age, limits);
    const Band alone = band_of(row.mid, {.age = row.age}, limits);
    const Band last{.lo = row.lo, .hi = row.hi};
    return ageing == 0 ? last : hull(hull(last, alone.lo), alone.hi);
}

Band band_of(const AssetRow& next, const Observation& seen, const Circumstances& told,
             bool redemption_widens, const Limits& limits) {
    const Doubt doubt{.confidence = seen.confidence,
                      .dispersion = seen.dispersion,
                      .deviation = seen.deviation,
                      .age = seen.age};
    Band band = band_of(seen.mid, doubt, limits);
    if (seen.is_split) band = hull(hull(band, seen.outlier_lo), seen.outlier_hi);
    if (next.before_left != 0) band = hull(band, next.before);
    if (told.uncapped != 0) band = hull(band, told.uncapped);
    if (redemption_widens) band = hull(band, told.redemption);
    return band;
}

}  // namespace

Signs signs_of(const AssetRow& row, const Observation& seen, const Circumstances& told,
               const Limits& limits, Time now) {
    const bool has_price = seen.mid != 0;
    const std::uint64_t age = has_price ? seen.age : age_of(row.mid_at, now);
    const std::uint64_t observed_at = row.machine.observed_at;
    Signs out;
    out.is_hard_jump =
        has_price && is_off(seen.mid, average_down(row.average, now), limits.hard_jump);
    out.is_lost = !has_price && (row.mid == 0 || age > limits.silence_max);
    out.is_on_bound =
        seen.on_bound != 0 && seen.on_bound >= std::min(std::uint32_t{2}, seen.configured);
    out.is_alarmed = told.is_alarmed;
    out.is_aged = age > limits.opening_age_max;
    out.was_down = observed_at != 0 && age_of(observed_at, now) > limits.downtime_max;
    out.is_dispersed = seen.is_split || seen.dispersion > share_up(seen.mid, limits.dispersion);
    out.is_unconfident = seen.confidence > share_up(seen.mid, limits.confidence);
    out.has_few_sources = seen.agreeing < sources_needed(limits, seen.configured);
    out.is_capped = told.uncapped != 0;
    out.is_jump = has_price && is_off(seen.mid, row.mid, limits.jump);
    out.is_ordered = told.is_ordered;
    return out;
}

AssetRow step(const AssetRow& row, const Observation& seen, const Circumstances& told,
              const Limits& limits, Time now) {
    const Signs signs = signs_of(row, seen, told, limits, now);
    AssetRow next = row;
    next.machine = step(row.machine, signs, limits, now);
    next.live = seen.live;
    if (row.before_left != 0) --next.before_left;
    if (seen.mid == 0) {
        next.age = age_of(row.mid_at, now);
        if (row.mid == 0) return next;
        const Band band = band_in_silence(next, limits);
        next.lo = band.lo;
        next.hi = band.hi;
        return next;
    }
    if (signs.is_jump && row.before_left == 0) {
        next.before = row.mid;
        next.before_left = limits.confirm_steps;
    }
    const auto weighed =
        weigh_redemption(row.redemption, seen.mid, told.redemption, told.redemption_limits, now);
    next.redemption = weighed.row;
    next.mid = seen.mid;
    next.age = seen.age;
    next.mid_at = seconds(now) - std::min(seen.age, seconds(now));
    const Band band = band_of(next, seen, told, weighed.widens, limits);
    next.lo = band.lo;
    next.hi = band.hi;
    // A price that two persons have ordered is the one against which the next jump is measured.
    next.average = remember(signs.is_ordered ? AverageRow{} : row.average, seen.mid, now);
    next.slow = follow_slowly(row.slow, seen.mid, limits, now);
    return next;
}

Mark mark_of(const AssetRow& row) {
    if (row.mid == 0) return {};
    return {.point = {row.mid},
            .lo = {row.lo},
            .hi = {row.hi},
            .slow = {slow_price_down(row.slow)},
            .trust = trust_of(row.machine),
            .single_source = row.live < 3,
            .age = row.age};
}

}  // namespace breakwater::feeds
