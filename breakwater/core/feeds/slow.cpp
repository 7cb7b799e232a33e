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

void move_slowly(SlowRow& row, std::uint64_t mid, const Limits& limits, Time now) {
    const uint128 target = uint128{mid} * slow_scale;
    if (row.price == 0) {
        row.price = target;
        row.updated_at = seconds(now);
        row.lowest.fill(target);
        row.highest.fill(target);
        return;
    }
    REQUIRE(seconds(now) >= row.updated_at);
    if (row.price == target) return enter(row, target, now);  // it stands where it should
    const std::uint64_t dt = std::min(age_of(row.updated_at, now), slow_step_max);
    // Cannot overflow: prices < 2^93, rate · dt ≤ 10^4 · 600 < 2^23 and bps < 2^14.
    const uint128 rate = std::min<std::uint32_t>(limits.slow_rate, bps_one);
    const uint128 share = rate * dt;
    const std::uint64_t hourly = std::min<std::uint64_t>(limits.slow_hourly, bps_one);
    enter(row, row.price, now);
    const uint128 lowest = *std::ranges::min_element(row.lowest);
    const uint128 highest = *std::ranges::max_element(row.highest);
    // The limits are asked as products first: x ≤ ⌊y/z⌋ where z · x ≤ y. Where both leave the target alone, the
    // divisions are saved.
    const bool rises = target > row.price;
    const uint128 way = rises ? target - row.price : row.price - target;
    const bool is_near = way * bps_one <= row.price * share;
    const bool is_inside = rises ? target <= lowest || (target - lowest) * bps_one <= lowest * hourly
                                 : target >= highest || (highest - target) * bps_one <= highest * hourly;
    if (is_near && is_inside) return enter(row, target, now);
    const uint128 room = row.price * share / bps_one;
    const uint128 ceiling = std::max(row.price, lowest + lowest * hourly / bps_one);
    const uint128 floor = std::min(row.price, highest - highest * hourly / bps_one);
    const uint128 top = std::min(ceiling, row.price + room);
    const uint128 bottom = std::max(floor, row.price > room ? row.price - room : 0);
    enter(row, std::clamp(target, bottom, top), now);
}

void note_price(AverageRow& row, std::uint64_t mid, Time now) {
    const std::uint64_t stood = row.last;
    const std::uint64_t since = row.updated_at;
    row.last = mid;
    row.updated_at = seconds(now);
    if (stood == 0) return;
    REQUIRE(seconds(now) >= since);
    // The last price stood through whole minutes; only the last six of them count.
    std::uint64_t at = since;
    if (seconds(now) - at > average_slots * minute) at = seconds(now) - average_slots * minute;
    std::uint64_t minutes = at / minute;
    std::size_t slot = minutes % average_slots;
    if (minutes != since / minute) {
        row.sum[slot] = 0;
        row.weight[slot] = 0;
    }
    while (at < seconds(now)) {
        const std::uint64_t full = (minutes + 1) * minute;
        const std::uint64_t end = std::min(seconds(now), full);
        row.sum[slot] += uint128{stood} * (end - at);
        row.weight[slot] += end - at;
        at = end;
        if (end != full) break;
        ++minutes;  // a new minute begins: what the slot held six minutes ago goes
        slot = slot + 1 == average_slots ? 0 : slot + 1;
        row.sum[slot] = 0;
        row.weight[slot] = 0;
    }
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
