// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <span>
#include <vector>

#include "breakwater/world/reporters.hpp"

/// Several sources of one asset, each with its own threshold, heartbeat and latency, and what goes wrong with them. A
/// fault is what real feeds have done: fallen silent, stuck with fresh timestamps, zero, another unit, one venue
/// printing off, a provider's clamp, a hard-wired value.
namespace breakwater {

/// What a source says instead of the market's price, for a while.
struct FeedFault {
    enum class Kind : std::uint8_t {
        silent,   ///< nothing
        stuck,    ///< what it said when the fault began, again and again, with fresh timestamps
        zero,
        scaled,   ///< market × value: another unit, or one venue that prints off
        pinned,   ///< `value` [USD], whatever the market does
        floor,    ///< max(market, value [USD]): a provider's least answer
        ceiling,  ///< min(market, value [USD])
    };
    Kind kind = Kind::silent;
    double value = 1;
    double from = 0;   ///< [s] since the start of the path
    double until = 0;  ///< [s]

    [[nodiscard]] bool holds_at(double now) const { return now >= from && now < until; }
    /// @param at_start  what the source said when the fault began
    [[nodiscard]] double said(double market, double at_start) const;
};

/// A source of an asset.
struct SourceSetup {
    AssetId asset{};
    std::uint8_t number = 0;
    FeedParameters reporting;
    double spread = 0;           ///< [1] its price is the market's × (1 + spread)
    bool is_ratio = false;       ///< says the asset's price in `base`
    AssetId base{};
    std::vector<FeedFault> faults;
};

struct SourceSaid {
    AssetId asset{};
    std::uint8_t number = 0;
    double value = 0;  ///< [USD], or in the base
    double sent = 0;   ///< [s] since the start of the path
};

/// All sources of all assets along one path.
class SourceReporters {
  public:
    SourceReporters(std::vector<SourceSetup> sources, const OracleScenario& scenario,
                    double step_seconds);

    void reset(std::span<const double> market_usd);
    /// As Reporters::step.
    std::span<const SourceSaid> step(double now, std::span<const double> market_usd, double delay);
    /// From now on every source of the asset says `factor` times as much: another wiring.
    void scale(AssetId asset, double factor) {
        scale_[index(asset)] *= factor;
        for (Group& g : groups_) g.calm = {};
    }
    [[nodiscard]] double scale_of(AssetId asset) const { return scale_[index(asset)]; }
    /// What source `k` would say of the market, without faults.
    [[nodiscard]] double clean(std::size_t k, std::span<const double> market_usd) const;
    [[nodiscard]] std::span<const SourceSetup> sources() const { return sources_; }

  private:
    /// The sources of one asset: while its price and the time lie within `calm`, none of them has anything to do.
    struct Group {
        AssetId asset{};
        std::size_t first = 0;
        std::size_t end = 0;
        bool is_plain = true;  ///< its sources follow its own price alone
        Reporters::Calm calm;  ///< of the market's price
    };
    void step_source(std::size_t k, double now, std::span<const double> market_usd, double delay);
    [[nodiscard]] Reporters::Calm calm(const Group& group) const;

    std::vector<SourceSetup> sources_;
    std::vector<Group> groups_;
    Reporters reporters_;
    std::vector<double> before_fault_;  ///< what a source said when it was last without fault
    std::vector<double> scale_;  ///< by AssetId
    std::vector<SourceSaid> visible_;
};

}  // namespace breakwater
