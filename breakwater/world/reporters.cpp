// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/world/reporters.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "breakwater/core/require.hpp"

namespace breakwater {
namespace {

constexpr double never = std::numeric_limits<double>::infinity();

}  // namespace

Price to_price(double usd) {
    constexpr double one_usd = 1e8;
    constexpr double beyond = 0x1p96;
    REQUIRE(!std::isnan(usd));
    const double scaled = usd * one_usd;
    if (!(scaled >= 1)) return {1};
    if (scaled >= beyond) return {uint128{1} << 96U};
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
        feed.latency = parameters.latency * scenario.latency_factor;
        feed.frozen_from_start = parameters.frozen;
        feeds_.push_back(feed);
        clocks_.push_back({.heartbeat = parameters.heartbeat});
    }
}

void Reporters::reset(std::span<const double> market_usd, std::span<const double> phases) {
    REQUIRE(market_usd.size() == feeds_.size());
    REQUIRE(phases.empty() || phases.size() == feeds_.size());
    for (std::size_t i = 0; i < feeds_.size(); ++i) {
        Feed& feed = feeds_[i];
        feed.frozen = feed.frozen_from_start;
        feed.first = feed.count = 0;
        feed.seen = market_usd[i];
        feed.seen_sent = 0;
        Clock& clock = clocks_[i];
        clock.last = market_usd[i];
        clock.reach = feed.deviation * clock.last;
        clock.last_time = phases.empty() ? 0.0 : -phases[i] * clock.heartbeat;
        clock.arrives = never;
    }
    visible_.clear();
    sent_ = 0;
}

void Reporters::see(std::size_t i) {
    const Feed& feed = feeds_[i];
    visible_.push_back({.asset = static_cast<AssetId>(i),
                        .price = to_price(feed.seen),
                        .usd = feed.seen,
                        .feed = static_cast<std::uint32_t>(i),
                        .sent = feed.seen_sent});
}

std::span<const Report> Reporters::step(double now, std::span<const double> market_usd,
                                        double delay) {
    begin_step();
    for (std::size_t i = 0; i < clocks_.size(); ++i)
        step_feed(i, now, market_usd[i], delay);
    return visible_;
}

void Reporters::step_feed(std::size_t feed, double now, double market_usd, double delay) {
    if (!enabled_) {
        if (market_usd == feeds_[feed].seen) return;
        feeds_[feed].seen = market_usd;
        feeds_[feed].seen_sent = now;
        see(feed);
        return;
    }
    const Clock& clock = clocks_[feed];
    const bool is_due = std::fabs(market_usd - clock.last) >= clock.reach ||
                        now - clock.last_time >= clock.heartbeat;
    if (!is_due && clock.arrives > now + half_step_) return;
    // What has arrived makes room before anything is sent, and a latency of 0 arrives at once.
    bool news = receive(feed, now);
    if (is_due) send_if_due(feed, now, market_usd, delay);
    news |= receive(feed, now);
    if (news) see(feed);
}

Reporters::Calm Reporters::calm(std::size_t feed) const {
    if (!enabled_) return {};
    // Narrower by more than what rounding may change in the comparisons of a step.
    constexpr double room = 1e-9;
    constexpr double seconds_room = 1e-3;
    const Clock& clock = clocks_[feed];
    return {.least = clock.last - clock.reach + room * clock.last,
            .most = clock.last + clock.reach - room * clock.last,
            .until = std::min(clock.last_time + clock.heartbeat, clock.arrives - half_step_) -
                     seconds_room};
}

void Reporters::send_if_due(std::size_t i, double now, double market, double delay) {
    Feed& feed = feeds_[i];
    Clock& clock = clocks_[i];
    if (feed.frozen || feed.count == under_way_max) return;
    clock.last = market;
    clock.reach = feed.deviation * market;
    clock.last_time = now;
    double due = now + feed.latency + delay;
    // Rounds arrive in the order in which they were sent, also when congestion ebbs between them.
    if (feed.count > 0) {
        due = std::max(due, feed.queue[(feed.first + feed.count - 1U) % under_way_max].due);
    } else {
        clock.arrives = due;
    }
    feed.queue[(feed.first + feed.count) % under_way_max] = {market, due, now};
    ++feed.count;
    ++sent_;
}

bool Reporters::receive(std::size_t i, double now) {
    Feed& feed = feeds_[i];
    if (clocks_[i].arrives > now + half_step_) return false;
    while (feed.count > 0 && feed.queue[feed.first].due <= now + half_step_) {
        feed.seen = feed.queue[feed.first].usd;
        feed.seen_sent = feed.queue[feed.first].sent;
        feed.first = static_cast<std::uint8_t>((feed.first + 1U) % under_way_max);
        --feed.count;
    }
    clocks_[i].arrives = feed.count > 0 ? feed.queue[feed.first].due : never;
    return true;
}

}  // namespace breakwater
