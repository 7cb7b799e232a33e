// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/world/reporters.hpp"

#include <algorithm>
#include <cmath>

#include "breakwater/core/require.hpp"

namespace breakwater {

Price to_price(double usd) {
    constexpr double one_usd = 1e8;
    constexpr double price_max = 0x1p96;
    REQUIRE(!std::isnan(usd));
    const double scaled = usd * one_usd;
    if (!(scaled >= 1)) return {1};
    if (scaled >= price_max) return {uint128{1} << 96U};
    // floor(x + 0.5) would round twice: x + 0.5 is not exact just below one half or above 2^52.
    const double whole = std::floor(scaled);
    return {static_cast<uint128>(whole) + (scaled - whole >= 0.5 ? 1U : 0U)};
}

Reporters::Reporters(std::span<const FeedParameters> feeds, const OracleScenario& scenario,
                     double step_seconds)
    : half_step_(step_seconds / 2), enabled_(scenario.enabled) {
    REQUIRE(step_seconds > 0);
    REQUIRE(scenario.latency_factor >= 0);
    feeds_.reserve(feeds.size());
    visible_.reserve(feeds.size());
    for (const FeedParameters& parameters : feeds) {
        REQUIRE(parameters.deviation >= 0);
        REQUIRE(parameters.heartbeat > 0);
        REQUIRE(parameters.latency >= 0);
        Feed feed;
        feed.deviation = parameters.deviation / bps_one;
        feed.heartbeat = parameters.heartbeat;
        feed.latency = parameters.latency * scenario.latency_factor;
        feed.frozen_from_start = parameters.frozen;
        feeds_.push_back(feed);
    }
}

void Reporters::reset(std::span<const double> market_usd, std::span<const double> phases) {
    REQUIRE(market_usd.size() == feeds_.size());
    REQUIRE(phases.empty() || phases.size() == feeds_.size());
    for (std::size_t i = 0; i < feeds_.size(); ++i) {
        Feed& feed = feeds_[i];
        feed.frozen = feed.frozen_from_start;
        feed.first = feed.count = 0;
        feed.last = feed.seen = market_usd[i];
        feed.seen_sent = 0;
        feed.last_time = phases.empty() ? 0.0 : -phases[i] * feed.heartbeat;
    }
    visible_.clear();
    sent_ = 0;
}

std::span<const Report> Reporters::step(double now, std::span<const double> market_usd,
                                        double delay) {
    visible_.clear();
    for (std::size_t i = 0; i < feeds_.size(); ++i) {
        Feed& feed = feeds_[i];
        bool news = false;
        if (enabled_) {
            // What has arrived makes room before anything is sent, and a latency of 0 arrives at once.
            news = receive(feed, now);
            send_if_due(feed, now, market_usd[i], delay);
            news |= receive(feed, now);
        } else if (market_usd[i] != feed.seen) {
            feed.seen = market_usd[i];
            feed.seen_sent = now;
            news = true;
        }
        if (!news) continue;
        visible_.push_back({.asset = static_cast<AssetId>(i),
                            .price = to_price(feed.seen),
                            .usd = feed.seen,
                            .feed = static_cast<std::uint32_t>(i),
                            .sent = feed.seen_sent});
    }
    return visible_;
}

void Reporters::send_if_due(Feed& feed, double now, double market, double delay) {
    if (feed.frozen || feed.count == under_way_max) return;
    const bool moved = std::fabs(market - feed.last) >= feed.deviation * feed.last;
    if (!moved && now - feed.last_time < feed.heartbeat) return;
    feed.last = market;
    feed.last_time = now;
    double due = now + feed.latency + delay;
    // Rounds arrive in the order in which they were sent, also when congestion ebbs between them.
    if (feed.count > 0) {
        due = std::max(due, feed.queue[(feed.first + feed.count - 1U) % under_way_max].due);
    }
    feed.queue[(feed.first + feed.count) % under_way_max] = {market, due, now};
    ++feed.count;
    ++sent_;
}

bool Reporters::receive(Feed& feed, double now) const {
    bool news = false;
    while (feed.count > 0 && feed.queue[feed.first].due <= now + half_step_) {
        feed.seen = feed.queue[feed.first].usd;
        feed.seen_sent = feed.queue[feed.first].sent;
        feed.first = static_cast<std::uint8_t>((feed.first + 1U) % under_way_max);
        --feed.count;
        news = true;
    }
    return news;
}

}  // namespace breakwater
