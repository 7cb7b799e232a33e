// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/core/feeds_invariants.hpp"

#include <algorithm>
#include <cstring>

#include "breakwater/core/sourced_feeds.hpp"

namespace breakwater {
namespace {

using feeds::AssetRow;
using feeds::Wiring;

std::optional<Violation> violation(std::string_view rule, AssetId asset) {
    return Violation{rule, index(asset)};
}

/// What one row says by itself.
std::optional<Violation> check_row(const Wiring& wiring, const AssetRow& row, const FeedRow& read,
                                   AssetId asset) {
    const feeds::Limits& limits = wiring.limits;
    if (row.mid <= limits.price_min || row.mid >= limits.price_max)
        return violation("FEEDS-030", asset);
    if (row.lo > row.mid || row.mid > row.hi) return violation("FEEDS-036", asset);
    const FeedRow expected = feeds::feed_row(row);
    if (std::memcmp(&expected, &read, sizeof read) != 0) return violation("FEEDS-031", asset);
    const bool is_old = row.age > limits.opening_age_max;
    if (is_old && feeds::trust_of(row.machine) < feeds::Trust::stale)
        return violation("FEEDS-033", asset);
    return std::nullopt;
}

/// |new − old| ≤ ⌈old · rate · dt⌉, in the slow price's own nine further digits.
bool keeps_its_rate(const AssetRow& before, const AssetRow& after, const Wiring& wiring, Time now) {
    if (before.slow.price == 0 || after.slow.price == 0) return true;
    const std::uint64_t dt =
        std::min(feeds::age_of(before.slow.updated_at, now), feeds::slow_step_max);
    const uint128 moved = after.slow.price > before.slow.price
                              ? after.slow.price - before.slow.price
                              : before.slow.price - after.slow.price;
    return mul_wide(moved, bps_one) <=
           mul_wide(before.slow.price, uint128{wiring.limits.slow_rate} * dt);
}

/// The same where every source speaks of the price itself.
std::optional<Violation> check_hull(const Draft& draft, AssetId asset, const Wiring& wiring,
                                    const AssetRow& after) {
    std::uint64_t least = price_max;
    std::uint64_t most = 0;
    for (std::size_t i = 0; i < wiring.sources; ++i) {
        const std::uint32_t number = feeds::source_row(asset, i);
        const feeds::SourceRow& row = draft.source_row(number);
        if (!feeds::is_live(draft.source(number), row, wiring.limits, draft.now())) continue;
        least = std::min(least, row.price);
        most = std::max(most, row.price);
    }
    if (most == 0) return std::nullopt;  // nobody is live: the last point stands
    if (after.mid < least || after.mid > most) return violation("FEEDS-035", asset);
    return std::nullopt;
}

/// Of a step that has seen live sources.
std::optional<Violation> check_step(const Draft& draft, AssetId asset, const AssetRow& after) {
    const Wiring& wiring = draft.wiring(asset);
    if (wiring.ratio_sources == 0) return check_hull(draft, asset, wiring, after);
    const SourcesSeen seen = sources_seen(draft, asset);
    std::uint64_t least = price_max;
    std::uint64_t most = 0;
    for (const feeds::Voice& voice : seen.voices.all()) {
        least = std::min(least, voice.price);
        most = std::max(most, voice.price);
    }
    if (most == 0) return std::nullopt;  // nobody is live: the last point stands
    if (after.mid < least || after.mid > most) return violation("FEEDS-035", asset);
    if (seen.uncapped == 0) return std::nullopt;
    const bool in_doubt = feeds::trust_of(after.machine) >= feeds::Trust::uncertain;
    if (!in_doubt || after.hi < std::min(seen.uncapped, wiring.limits.price_max))
        return violation("FEEDS-038", asset);
    return std::nullopt;
}

std::optional<Violation> check_source(const feeds::SourceRow& before, const feeds::SourceRow& after,
                                      const Wiring& wiring, Time now, AssetId asset) {
    if (after.accepted <= before.accepted || before.price == 0) return std::nullopt;
    const bool is_later =
        after.sequence > before.sequence && after.published_at >= before.published_at;
    const bool is_past = after.published_at <= seconds(now) + wiring.limits.future_max;
    return is_later && is_past ? std::nullopt : violation("FEEDS-032", asset);
}

/// An announced change takes its notice with it.
std::optional<Violation> check_change(const Draft& draft, AssetId asset) {
    std::uint64_t move_max = bps_one;
    for (const GuardRow& guard : draft.state().guards)
        if (guard.is_on != 0) move_max = std::min(move_max, guard.valuation_move_max);
    const std::uint64_t before = draft.state().feeds[index(asset)].point;
    const std::uint64_t after = draft.feed_now(asset).point;
    const bool is_small = feeds::distance(before, after) <= feeds::share_up(before, move_max);
    const bool is_guarded = std::ranges::any_of(draft.state().guards, &GuardRow::is_on);
    const bool is_announced = !draft.touched_notices().entries().empty();
    if (!is_guarded || is_small || is_announced || before == 0) return std::nullopt;
    return violation("FEEDS-037", asset);
}

}  // namespace

std::optional<Violation> check_feeds(const Draft& draft) {
    const auto& stored_rows = draft.state().source_rows;
    for (const auto& e : draft.touched_source_rows().entries()) {
        const AssetId asset{static_cast<std::uint8_t>(e.row / feeds::sources_max)};
        static const feeds::SourceRow nothing{};
        const feeds::SourceRow& before = e.row < stored_rows.size() ? stored_rows[e.row] : nothing;
        if (const auto v = check_source(before, e.copy, draft.wiring(asset), draft.now(), asset))
            return v;
    }
    for (const auto& e : draft.touched_asset_feeds().entries()) {
        const AssetId asset{static_cast<std::uint8_t>(e.row)};
        const Wiring& wiring = draft.wiring(asset);
        if (wiring.sources == 0 || e.copy.mid == 0) continue;
        if (const auto v = check_row(wiring, e.copy, draft.feed_now(asset), asset)) return v;
        if (const auto v = check_step(draft, asset, e.copy)) return v;
        const auto& stored = draft.state().asset_feeds;
        if (e.row < stored.size() && !keeps_its_rate(stored[e.row], e.copy, wiring, draft.now()))
            return violation("FEEDS-034", asset);
    }
    for (const auto& e : draft.touched_wirings().entries())
        if (const auto v = check_change(draft, AssetId{static_cast<std::uint8_t>(e.row)})) return v;
    return std::nullopt;
}

std::optional<Violation> check_feeds(const State& state) {
    for (std::size_t a = 0; a < state.wirings.size(); ++a) {
        if (state.wirings[a].sources == 0 || state.asset_feeds[a].mid == 0) continue;
        const AssetId asset{static_cast<std::uint8_t>(a)};
        if (const auto v = check_row(state.wirings[a], state.asset_feeds[a], state.feeds[a], asset))
            return v;
    }
    return std::nullopt;
}

}  // namespace breakwater
