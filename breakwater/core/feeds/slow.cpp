// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/core/feeds/slow.hpp"

#include "breakwater/core/require.hpp"

namespace breakwater::feeds {
namespace {

constexpr std::uint64_t slot_seconds = 300;
constexpr std::uint64_t minute = 60;

/// Empties the slots that have passed since the last update and enters `price` in the one of `now`.
void enter(SlowRow& row, uint128 price, Time now) {
    const std::uint64_t before = row.updated_at / slot_seconds;
    const std::uint64_t current = seconds(now) / slot_seconds;
    for (std::uint64_t k = 1; k <= std::min<std::uint64_t>(current - before, hour_slots); ++k) {
        // What stood when the slot began was the price in it.
        row.lowest[(before + k) % hour_slots] = row.price;
        row.highest[(before + k) % hour_slots] = row.price;
    }
    const std::size_t slot = current % hour_slots;
    row.lowest[slot] = std::min(row.lowest[slot], price);
    row.highest[slot] = std::max(row.highest[slot], price);
    row.price = price;
    row.updated_at = seconds(now);
}

}  // namespace

SlowRow follow_slowly(const SlowRow& row, std::uint64_t mid, const Limits& limits, Time now) {
    const uint128 target = uint128{mid} * slow_scale;
    SlowRow next = row;
    if (row.price == 0) {
        next.price = target;
        next.updated_at = seconds(now);
        next.lowest.fill(target);
        next.highest.fill(target);
        return next;
    }
    REQUIRE(seconds(now) >= row.updated_at);
    const std::uint64_t dt = std::min(age_of(row.updated_at, now), slow_step_max);
    // Cannot overflow: prices < 2^93, rate · dt ≤ 10^4 · 600 < 2^23 and bps < 2^14.
    const uint128 rate = std::min<std::uint32_t>(limits.slow_rate, bps_one);
    const uint128 room = row.price * (rate * dt) / bps_one;
    const std::uint64_t hourly = std::min<std::uint64_t>(limits.slow_hourly, bps_one);
    enter(next, row.price, now);
    const uint128 lowest = *std::ranges::min_element(next.lowest);
    const uint128 highest = *std::ranges::max_element(next.highest);
    const uint128 ceiling = std::max(row.price, lowest + lowest * hourly / bps_one);
    const uint128 floor = std::min(row.price, highest - highest * hourly / bps_one);
    const uint128 top = std::min(ceiling, row.price + room);
    const uint128 bottom = std::max(floor, row.price > room ? row.price - room : 0);
    enter(next, std::clamp(target, bottom, top), now);
    return next;
}

AverageRow remember(const AverageRow& row, std::uint64_t mid, Time now) {
    AverageRow next = row;
    next.last = mid;
    next.updated_at = seconds(now);
    if (row.last == 0) return next;
    REQUIRE(seconds(now) >= row.updated_at);
    // The last price stood through whole minutes; only the last six of them count.
    std::uint64_t at = row.updated_at;
    if (seconds(now) - at > average_slots * minute) at = seconds(now) - average_slots * minute;
    if (at / minute != row.updated_at / minute) {
        const std::size_t slot = at / minute % average_slots;
        next.sum[slot] = 0;
        next.weight[slot] = 0;
    }
    while (at < seconds(now)) {
        const std::uint64_t end = std::min(seconds(now), (at / minute + 1) * minute);
        const std::size_t slot = at / minute % average_slots;
        next.sum[slot] += uint128{row.last} * (end - at);
        next.weight[slot] += end - at;
        if (end % minute == 0) {  // a new minute begins: what the slot held six minutes ago goes
            next.sum[end / minute % average_slots] = 0;
            next.weight[end / minute % average_slots] = 0;
        }
        at = end;
    }
    return next;
}

std::uint64_t average_down(const AverageRow& row, Time now) {
    if (row.last == 0) return 0;
    const AverageRow up_to_now = remember(row, row.last, now);
    uint128 sum = 0;
    std::uint64_t weight = 0;
    for (std::size_t i = 0; i < average_slots; ++i) {
        sum += up_to_now.sum[i];
        weight += up_to_now.weight[i];
    }
    return weight == 0 ? row.last : static_cast<std::uint64_t>(sum / weight);
}

}  // namespace breakwater::feeds
