// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/stress/wiring.hpp"

#include <algorithm>
#include <cmath>

#include "breakwater/core/engine.hpp"
#include "breakwater/core/require.hpp"
#include "breakwater/core/sourced_feeds.hpp"

namespace breakwater {
namespace {

constexpr double spread_step = 1e-4;

bool is_major(const std::string& symbol) {
    return symbol == "WETH" || symbol == "ETH" || symbol == "WBTC" || symbol == "BTC";
}

std::uint64_t published_price(const Book& book, AssetId asset, const SourceDescription& source) {
    const std::uint64_t price = book.state.feeds[index(asset)].point;
    if (!source.is_ratio) return price;
    const std::uint64_t base = book.state.feeds[book.assets[index(asset)].wiring.base - 1].point;
    return static_cast<std::uint64_t>((uint128{price} * ratio_one + base / 2) / base);
}

}  // namespace

feeds::Tier tier_of(const AssetDescription& asset) {
    if (asset.kind == AssetKind::stable) return feeds::Tier::pegged;
    const bool moves_as_a_major = asset.kind == AssetKind::pegged || is_major(asset.symbol);
    return moves_as_a_major ? feeds::Tier::major : feeds::Tier::liquid;
}

void give_sources(Book& book, std::uint32_t count, double step_seconds) {
    for (AssetDescription& asset : book.assets) {
        if (!asset.sources.empty()) continue;
        for (std::uint32_t k = 0; k < count; ++k) {
            SourceDescription source;
            source.name = std::to_string(k);
            source.reporting = asset.feed;
            source.spread = spread_step * (k - (count - 1) / 2.0);
            asset.sources.push_back(source);
        }
        const double cadence = std::ceil(std::max(step_seconds, asset.feed.heartbeat));
        feeds::Limits& limits = asset.wiring.limits;
        limits = feeds::at_cadence(feeds::limits_of(tier_of(asset)), static_cast<std::uint32_t>(cadence));
        if (asset.feed.deviation > 0) limits.quiet = static_cast<std::uint32_t>(cadence);
    }
}

SetFeed feed_event(const Book& book, AssetId asset) {
    const AssetDescription& description = book.assets[index(asset)];
    SetFeed out;
    out.asset = asset;
    out.wiring = description.wiring;
    out.wiring.sources = description.sources.size();
    for (std::size_t k = 0; k < description.sources.size(); ++k) {
        const SourceDescription& s = description.sources[k];
        if (s.is_ratio) out.wiring.ratio_sources |= std::uint64_t{1} << k;
        out.sources.push_back({.weight = s.weight,
                               .provider_min = s.provider_min,
                               .provider_max = s.provider_max,
                               .deviation = static_cast<std::uint64_t>(s.reporting.deviation)});
        out.reports.push_back({.price = int128{published_price(book, asset, s)},
                               .published_at = seconds(book.state.now())});
    }
    return out;
}

std::vector<Event> wire(Book& book) {
    std::vector<Event> events;
    for (std::size_t a = 0; a < book.assets.size(); ++a) {
        const AssetId asset{static_cast<std::uint8_t>(a)};
        if (book.assets[a].sources.empty() || book.state.has_sources(asset)) continue;
        events.push_back(
            {.time = book.state.now(), .market = {}, .action = feed_event(book, asset)});
    }
    if (book.is_guarded && book.state.guard(MarketId{0}) == nullptr)
        events.push_back({.time = book.state.now(),
                          .market = {},
                          .action = SetGuard{GuardRow{.is_on = 1}}});
    Planner planner;
    for (const Event& event : events)
        REQUIRE(apply(book.state, event, planner).has_value());
    return events;
}

std::vector<FeedParameters> feed_parameters(const Book& book, const Scenario& scenario) {
    std::vector<FeedParameters> out;
    for (const AssetDescription& a : book.assets) {
        FeedParameters p = a.feed;
        p.frozen = p.frozen || std::ranges::count(scenario.frozen_feeds, a.symbol) > 0;
        out.push_back(p);
    }
    return out;
}

std::vector<SourceSetup> source_setups(const Book& book, const Scenario& scenario) {
    std::vector<SourceSetup> out;
    for (std::size_t a = 0; a < book.assets.size(); ++a) {
        const AssetDescription& asset = book.assets[a];
        for (std::size_t k = 0; k < asset.sources.size(); ++k) {
            const SourceDescription& s = asset.sources[k];
            SourceSetup setup{.asset = AssetId{static_cast<std::uint8_t>(a)},
                              .number = static_cast<std::uint8_t>(k),
                              .reporting = s.reporting,
                              .spread = s.spread,
                              .is_ratio = s.is_ratio,
                              .base = {},
                              .faults = {}};
            if (asset.wiring.base != 0)
                setup.base = AssetId{static_cast<std::uint8_t>(asset.wiring.base - 1)};
            for (const Scenario::FaultRule& rule : scenario.faults)
                if (rule.symbol == asset.symbol && rule.source.value_or(k) == k)
                    setup.faults.push_back(rule.fault);
            out.push_back(std::move(setup));
        }
    }
    return out;
}

std::vector<LiquidityParameters> depths_in(const Book& book, const Scenario& scenario) {
    std::vector<LiquidityParameters> out;
    for (const AssetDescription& a : book.assets) {
        LiquidityParameters p = a.liquidity;
        for (const Scenario::DepthRule& rule : scenario.depth_rules)
            if (rule.symbol == a.symbol)
                p.depth_2pct *= rule.depth_factor / scenario.liquidity.depth_factor;
        out.push_back(p);
    }
    return out;
}

}  // namespace breakwater
