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

/// Age that the deviation of the sources does not answer for.
std::uint64_t doubtful_age(const Observation& seen, const Limits& limits) {
    return seen.deviation == 0 ? seen.age : seen.age - std::min<std::uint64_t>(seen.age, limits.quiet);
}

Band band_of(const AssetRow& next, const Observation& seen, const Circumstances& told,
             bool redemption_widens, const Limits& limits) {
    const Doubt doubt{.confidence = seen.confidence,
                      .dispersion = seen.dispersion,
                      .deviation = seen.deviation,
                      .age = doubtful_age(seen, limits)};
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

std::uint64_t due_after(const AssetRow& row, const Observation& seen, const Circumstances& told,
                        const Limits& limits, Time now) {
    const bool is_settled = seen.mid != 0 && trust_of(row.machine) == Trust::normal &&
                            row.before_left == 0 && seen.on_bound == 0 && told.uncapped == 0 &&
                            told.redemption == 0 && row.slow.price == uint128{row.mid} * slow_scale;
    const std::uint64_t next = seconds(now) + 1;
    if (!is_settled || seen.deviation == 0 || row.age > limits.quiet) return next;
    return std::max(next, std::min({row.mid_at + limits.quiet + 1,
                                    row.mid_at + limits.opening_age_max + 1,
                                    seen.oldest_at + limits.liquidation_age_max + 1,
                                    seconds(now) + limits.downtime_max / 2}));
}

void take_step(AssetRow& row, const Observation& seen, const Circumstances& told,
               const Limits& limits, Time now) {
    const Signs signs = signs_of(row, seen, told, limits, now);
    const std::uint64_t before = row.mid;
    const bool holds_before = row.before_left != 0;
    row.machine = step(row.machine, signs, limits, now);
    row.live = seen.live;
    if (holds_before) --row.before_left;
    row.due_at = seconds(now) + 1;
    if (seen.mid == 0) {
        row.age = age_of(row.mid_at, now);
        if (row.mid == 0) return;
        const Band band = band_in_silence(row, limits);
        row.lo = band.lo;
        row.hi = band.hi;
        return;
    }
    if (signs.is_jump && !holds_before) {
        row.before = before;
        row.before_left = limits.confirm_steps;
    }
    const auto weighed =
        weigh_redemption(row.redemption, seen.mid, told.redemption, told.redemption_limits, now);
    row.redemption = weighed.row;
    row.mid = seen.mid;
    row.age = seen.age;
    row.mid_at = seconds(now) - std::min(seen.age, seconds(now));
    const Band band = band_of(row, seen, told, weighed.widens, limits);
    row.lo = band.lo;
    row.hi = band.hi;
    // A price that two persons have ordered is the one against which the next jump is measured.
    if (signs.is_ordered) row.average = {};
    note_price(row.average, seen.mid, now);
    move_slowly(row.slow, seen.mid, limits, now);
    row.due_at = due_after(row, seen, told, limits, now);
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
