// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/core/sourced_feeds.hpp"

#include <bitset>

namespace breakwater {
namespace {

using feeds::Wiring;

bool is_ratio(const Wiring& wiring, std::size_t source) {
    return ((wiring.ratio_sources >> source) & 1U) != 0;
}

std::uint64_t base_price(const Draft& draft, const Wiring& wiring) {
    return draft.feed_now(AssetId{static_cast<std::uint8_t>(wiring.base - 1)}).point;
}

/// [1e-8] price · 1 / base, or zero where there is no base price.
std::uint64_t in_base_down(std::uint64_t price, std::uint64_t base) {
    if (base == 0) return 0;
    const uint128 ratio = uint128{price} * ratio_one / base;
    return static_cast<std::uint64_t>(std::min(ratio, uint128{price_max}));
}

/// A ratio in a report is judged as a ratio: against the last one, within no bounds but the absurd.
feeds::Refusal accept_report_of(Draft& draft, AssetId asset, std::size_t number,
                                const feeds::Report& report, const Wiring& wiring,
                                feeds::Reference reference) {
    const std::uint32_t row = feeds::source_row(asset, number);
    feeds::SourceRow& said = draft.change_source_row(row);
    if (!is_ratio(wiring, number))
        return feeds::take_report(draft.source(row), said, report, reference, wiring.limits, draft.now());
    feeds::Limits limits = wiring.limits;
    limits.price_min = 0;
    limits.price_max = price_max;
    reference.mid = in_base_down(reference.mid, base_price(draft, wiring));
    return feeds::take_report(draft.source(row), said, report, reference, limits, draft.now());
}

std::uint64_t redemption_of(Draft& draft, const Wiring& wiring) {
    if (wiring.daily_capacity.is_zero()) return 0;
    const feeds::Redemption redemption{.par = wiring.par,
                                       .rate = wiring.redemption_rate,
                                       .queue_seconds = wiring.queue_seconds,
                                       .to_redeem = wiring.to_redeem,
                                       .daily_capacity = wiring.daily_capacity,
                                       .is_backed = wiring.is_unbacked == 0};
    const std::uint64_t value = feeds::redemption_value_down(draft.math, redemption);
    if (wiring.base == 0) return value;
    const uint128 usd = uint128{value} * base_price(draft, wiring) / ratio_one;
    return static_cast<std::uint64_t>(std::min(usd, uint128{price_max}));
}

void step(Draft& draft, AssetId asset, const DirectFeed& told_by) {
    const Wiring& wiring = draft.wiring(asset);
    const SourcesSeen seen = sources_seen(draft, asset);
    const auto observation = feeds::observe(seen.voices, wiring.limits, draft.now());
    const feeds::Circumstances told{.uncapped = seen.uncapped,
                                    .redemption = redemption_of(draft, wiring),
                                    .redemption_limits = wiring.redemption,
                                    .is_alarmed = told_by.is_alarmed,
                                    .is_ordered = told_by.is_ordered};
    feeds::AssetRow& row = draft.change_asset_feed(asset);
    // Ticks at which it was not due have earned the slow price no room: it stood still up to the last event.
    const bool was_left_out = row.due_at > row.slow.updated_at + 1;
    if (was_left_out && draft.state().clock.now > row.slow.updated_at)
        feeds::move_slowly(row.slow, row.mid, wiring.limits, draft.state().now());
    feeds::take_step(row, observation, told, wiring.limits, draft.now());
#if BREAKWATER_MUTANT_FEEDS_035
    if (row.hi < price_max) row.mid = ++row.hi;
#endif
#if BREAKWATER_MUTANT_FEEDS_036
    std::swap(row.lo, row.hi);
#endif
#if BREAKWATER_MUTANT_FEEDS_034
    row.slow.price = uint128{row.mid} * feeds::slow_scale;
#endif
#if BREAKWATER_MUTANT_FEEDS_038
    if (seen.uncapped != 0) row.hi = row.mid;
#endif
#if BREAKWATER_MUTANT_FEEDS_033
    if (row.age > wiring.limits.opening_age_max) row.machine.state = 0;
#endif
    // Before its first price an asset keeps the one that it had.
    if (row.mid == 0) return;
    FeedRow& read = draft.feed(asset);
    read = feeds::feed_row(row);
#if BREAKWATER_MUTANT_FEEDS_031
    read.trust = static_cast<std::uint64_t>(Trust::normal);
#endif
    draft.emit(Marked{.asset = asset, .mark = mark_of(read), .age = row.age, .live = row.live});
}

using Assets = std::bitset<feeds::assets_max>;

/// FEEDS-043: who has news or is due. What an asset is a share of is priced before it, and is news for it.
void step_all(Draft& draft, Assets stepped) {
    const auto& wirings = draft.state().wirings;
    for (const bool has_base : {false, true})
        for (std::size_t a = 0; a < wirings.size(); ++a) {
            const Wiring& w = wirings[a];
            if (w.sources == 0 || (w.base != 0) != has_base) continue;
            const AssetId asset{static_cast<std::uint8_t>(a)};
            const bool has_news = stepped[a] || (has_base && stepped[w.base - 1]);
            if (!has_news && seconds(draft.now()) < draft.asset_feed(asset).due_at) continue;
            step(draft, asset, {});
            stepped.set(a);
        }
}

bool makes_a_feed(const Draft& draft, const SetFeed& event) {
    const Wiring& w = event.wiring;
    if (w.sources != event.sources.size() || w.sources != event.reports.size()) return false;
    if (w.sources > feeds::sources_max) return false;
    const feeds::Limits& l = w.limits;
    if (l.price_min >= l.price_max || l.price_max > price_max) return false;
    if (l.opening_age_max > l.liquidation_age_max || l.sources_min == 0) return false;
    constexpr std::uint64_t weight_max = std::uint64_t{1} << 32U;
    for (const feeds::Source& s : event.sources)
        if (s.weight == 0 || s.weight > weight_max || s.deviation > bps_one) return false;
    if (w.base == 0) return w.ratio_sources == 0 && w.snapshot.is_zero();
    if (w.base > draft.state().feeds.size() || w.base == index(event.asset) + std::uint64_t{1}) return false;
    // A share of a share is not followed.
    return draft.wiring(AssetId{static_cast<std::uint8_t>(w.base - 1)}).base == 0;
}

bool is_base_of_another(const State& state, AssetId asset) {
    for (const Wiring& w : state.wirings)
        if (w.base == index(asset) + std::uint64_t{1}) return true;
    return false;
}

}  // namespace

SourcesSeen sources_seen(const Draft& draft, AssetId asset) {
    const Wiring& wiring = draft.wiring(asset);
    SourcesSeen out;
    Checked math;
    for (std::size_t i = 0; i < wiring.sources; ++i) {
        const std::uint32_t number = feeds::source_row(asset, i);
        const feeds::Source& source = draft.source(number);
        const feeds::SourceRow& row = draft.source_row(number);
        if (!is_ratio(wiring, i) || row.price == 0) {
            out.voices.hear(source, row, wiring.limits, draft.now());
            continue;
        }
        const std::uint64_t base = base_price(draft, wiring);
        const Ratio said{uint128{row.price} * (wad / ratio_one)};
        Ratio used = said;
        if (!wiring.snapshot.is_zero()) {
            const feeds::RatioCap cap{wiring.snapshot, wiring.growth, wiring.snapshot_at};
            const feeds::CappedRatio capped = feeds::cap_ratio_up(math, said, cap, draft.now());
            used = capped.ratio;
            if (capped.binds && feeds::is_live(source, row, wiring.limits, draft.now()))
                out.uncapped = std::max(out.uncapped, feeds::correlated_price_down(math, base, said));
        }
        feeds::SourceRow priced = row;
        priced.price = feeds::correlated_price_down(math, base, used);
        priced.confidence =
            feeds::correlated_price_down(math, base, {uint128{row.confidence} * (wad / ratio_one)});
        // What does not fit, or lies outside the asset's bounds, says nothing.
        if (math.overflow() || priced.price <= wiring.limits.price_min ||
            priced.price >= wiring.limits.price_max)
            priced.price = 0;
        out.voices.hear(source, priced, wiring.limits, draft.now());
    }
    return out;
}

Status report_sources(Draft& draft, const ReportSources& event) {
    for (const SourceReport& r : event.reports)
        if (r.source >= draft.wiring(r.asset).sources) return refuse(Error::source_unknown);
    Assets has_news;
    const Wiring* wiring = nullptr;
    feeds::Reference reference;
    AssetId asset{};
    for (const SourceReport& r : event.reports) {
        if (wiring == nullptr || r.asset != asset) {  // the reports of an asset come together
            asset = r.asset;
            wiring = &draft.wiring(asset);
            reference = reference_of(draft.asset_feed(asset));
            has_news.set(index(asset));
        }
        const feeds::Refusal refusal =
            accept_report_of(draft, asset, r.source, r.report, *wiring, reference);
        if (refusal != feeds::Refusal::none)
            draft.emit(ReportRefused{.asset = r.asset, .source = r.source, .refusal = refusal});
    }
    step_all(draft, has_news);
    return {};
}

Status set_feed(Draft& draft, const SetFeed& event) {
    if (!makes_a_feed(draft, event)) return refuse(Error::wiring_invalid);
    if (event.wiring.base != 0 && is_base_of_another(draft.state(), event.asset))
        return refuse(Error::wiring_invalid);
    draft.change_wiring(event.asset) = event.wiring;
    for (std::size_t i = 0; i < feeds::sources_max; ++i) {
        const std::uint32_t row = feeds::source_row(event.asset, i);
        const bool is_new = i < event.sources.size();
        if (!is_new && draft.source(row).weight == 0) continue;
        draft.change_source(row) = is_new ? event.sources[i] : zero_row<feeds::Source>();
        draft.change_source_row(row) = {};
    }
    if (event.sources.empty()) {
        draft.change_wiring(event.asset) = zero_row<Wiring>();
        draft.change_asset_feed(event.asset) = {};
        FeedRow& read = draft.feed(event.asset);
        read.lo = read.hi = read.slow = read.point;
        read.trust = static_cast<std::uint64_t>(Trust::single_source);
        return {};
    }
    for (std::size_t i = 0; i < event.reports.size(); ++i)
        accept_report_of(draft, event.asset, i, event.reports[i], draft.wiring(event.asset), {});
    const SourcesSeen seen = sources_seen(draft, event.asset);
    const auto first = feeds::observe(seen.voices, event.wiring.limits, draft.now());
    if (first.mid == 0) return refuse(Error::wiring_invalid);
    step(draft, event.asset, {});
    return {};
}

Status direct_feed(Draft& draft, const DirectFeed& event) {
    if (!draft.state().has_sources(event.asset)) return refuse(Error::source_unknown);
    if ((draft.wiring(event.asset).is_unbacked == 0) != event.is_backed)
        draft.change_wiring(event.asset).is_unbacked = event.is_backed ? 0 : 1;
    step(draft, event.asset, event);
    return {};
}

Status set_guard(Draft& draft, const SetGuard& event) {
    const GuardRow& row = event.guard;
    if (row.is_on > 1 || row.valuation_move_max > bps_one) return refuse(Error::parameters_invalid);
    draft.change_guard() = row;
    return {};
}

}  // namespace breakwater
