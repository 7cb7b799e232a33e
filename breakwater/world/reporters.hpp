// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "breakwater/core/units.hpp"

/// Who tells the venue the price, and how late. A feed reports when the market has moved by its deviation since the
/// last report, or when its heartbeat is over; the report is seen a latency later. A venue acts on what it sees.
namespace breakwater {

/// The one place where a simulated price becomes a price of the engine: USD → 1e-8 USD, half away from zero, at least
/// 1 (a price of 0 would divide by zero in every protocol), at most 2^96. NaN is our own fault.
Price to_price(double usd);

/// [asset.feed] of market.toml, and whether the scenario freezes it.
struct FeedParameters {
    double deviation = 50;    ///< [bps] of the last report; 0 = a report at every step
    double heartbeat = 3600;  ///< [s]
    double latency = 24;      ///< [s] from the decision to report until the venue sees it
    bool frozen = false;      ///< sends nothing; what is under way still arrives
};

/// [oracle] of a scenario.
struct OracleScenario {
    double latency_factor = 1;  ///< multiplies every latency; ≥ 0
    bool enabled = true;        ///< off: the venue sees the market at every step, frozen feeds too
};

/// What becomes visible in a step: the asset's newest report.
struct Report {
    AssetId asset{};
    Price price;
    double usd = 0;  ///< [USD] the same before rounding
    std::uint32_t feed = 0;  ///< number of the feed, of which `asset` is the low byte
    double sent = 0;         ///< [s] since the start of the path
};

/// The feeds of all assets along one path. A value; nothing is allocated after construction.
class Reporters {
  public:
    /// Reports of one feed that can be under way at once; until one has arrived no further one is sent.
    static constexpr std::uint8_t under_way_max = 8;

    /// @param step_seconds a report is seen at the step nearest to its time, the earlier one at a tie: a latency of
    ///        24 s is none on a grid of 300 s and two steps on one of 12 s
    Reporters(std::span<const FeedParameters> feeds, const OracleScenario& scenario,
              double step_seconds);

    /// The venue starts with the market's prices.
    /// @param phases one number in [0, 1) per asset: the part of the heartbeat that is over; none = all 0
    void reset(std::span<const double> market_usd, std::span<const double> phases = {});
    void freeze(AssetId asset, bool frozen) { freeze_feed(index(asset), frozen); }
    void freeze_feed(std::size_t feed, bool frozen) { feeds_[feed].frozen = frozen; }

    /// @param now [s] since the start of the path, never going back
    /// @param market_usd [USD] per asset
    /// @param delay [s] that congestion adds to what is sent now
    /// @return what the venue sees from now on, by asset; valid until the next call
    std::span<const Report> step(double now, std::span<const double> market_usd, double delay = 0);
    /// The same in parts, for who knows which feeds have nothing to do: begin, then feeds in rising order.
    void begin_step() { visible_.clear(); }
    void step_feed(std::size_t feed, double now, double market_usd, double delay);
    [[nodiscard]] std::span<const Report> visible() const { return visible_; }

    /// Until when, and while the market stays strictly between which prices, a step of the feed does nothing.
    struct Calm {
        double least = 0;  ///< [USD]
        double most = 0;   ///< [USD]
        double until = 0;  ///< [s]
    };
    [[nodiscard]] Calm calm(std::size_t feed) const;

    [[nodiscard]] double seen_usd(AssetId asset) const { return feeds_[index(asset)].seen; }
    [[nodiscard]] std::uint32_t reports_sent() const { return sent_; }

  private:
    struct UnderWay {
        double usd;
        double due;   ///< [s]
        double sent;  ///< [s]
    };
    struct Feed {
        // parameters
        double deviation = 0;  ///< [1]
        double latency = 0;    ///< [s]
        bool frozen_from_start = false;
        // state
        bool frozen = false;
        std::uint8_t first = 0;
        std::uint8_t count = 0;
        double seen = 0;       ///< [USD]
        double seen_sent = 0;  ///< [s]
        std::array<UnderWay, under_way_max> queue{};
    };
    /// What decides whether anything happens: asked of every feed at every step, so beside each other.
    struct Clock {
        double last = 0;       ///< [USD] last report sent
        double reach = 0;      ///< [USD] deviation · last
        double last_time = 0;  ///< [s]
        double heartbeat = 0;  ///< [s]
        double arrives = 0;    ///< [s] first of the reports under way; infinite: none
    };
    void send_if_due(std::size_t i, double now, double market, double delay);
    [[nodiscard]] bool receive(std::size_t i, double now);
    void see(std::size_t i);

    std::vector<Feed> feeds_;
    std::vector<Clock> clocks_;
    std::vector<Report> visible_;
    double half_step_;
    std::uint32_t sent_ = 0;
    bool enabled_;
};

}  // namespace breakwater
