// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <span>
#include <vector>

#include "breakwater/stress/storm.hpp"
#include "breakwater/world/keepers.hpp"
#include "breakwater/world/route.hpp"

/// What surrounds a native lending market along one path: prices with what earlier sales have displaced, the chain,
/// feeds with what goes wrong with them, keepers. The same parts in the same order as in storm.cpp.
namespace breakwater {

class NativeWorld {
  public:
    explicit NativeWorld(const StormSetup& setup);

    void begin(std::uint32_t path);
    /// The market moves and feeds report; what the venue sees anew, by asset.
    std::span<const Report> step(std::uint32_t s);
    /// Collateral is sold and the debt asset bought. [USD] at the market's price
    void trade(const Route& route, double sold, double bought);

    [[nodiscard]] double market(AssetId a) const { return market_[index(a)]; }  ///< [USD]
    [[nodiscard]] double oracle(AssetId a) const { return oracle_[index(a)]; }  ///< [USD] as seen
    [[nodiscard]] double book_price(AssetId a) const { return path_.row(0)[index(a)]; }
    [[nodiscard]] std::span<const double> markets() const { return market_; }
    [[nodiscard]] Route route(AssetId from, AssetId to) const;
    /// [USD] of one liquidation in this step.
    [[nodiscard]] double gas_cost() const;

    [[nodiscard]] Keepers& keepers() { return keepers_; }
    [[nodiscard]] const Keepers& keepers() const { return keepers_; }
    [[nodiscard]] Chain& chain() { return chain_; }
    [[nodiscard]] const Chain& chain() const { return chain_; }
    [[nodiscard]] const Liquidity& liquidity() const { return liquidity_; }
    [[nodiscard]] std::uint64_t seconds_in() const { return seconds_in_; }

  private:
    void mark_to_market();
    void spoil_feeds(double seconds_in);

    struct Fault {
        AssetId asset{};
        FeedFault fault;
        double at_start = 0;  ///< [USD] what the feed said when the fault began
    };
    struct Changed {
        AssetId asset{};
        Scenario::FeedChange rule;
        double factor = 0;  ///< 0: not yet
    };

    const StormSetup& setup_;
    Liquidity liquidity_;
    Chain chain_;
    Reporters reporters_;
    Keepers keepers_;
    PricePath path_;
    std::vector<double> market_;     ///< [USD] by asset, displacement included
    std::vector<double> exogenous_;  ///< [USD]
    std::vector<double> oracle_;     ///< [USD]
    std::vector<double> feed_;       ///< [USD] what reporters read
    std::vector<double> ratio_;      ///< price of a pegged asset in its root at the start
    std::vector<double> chain_noise_;
    std::vector<Fault> faults_;
    std::vector<Changed> changes_;
    std::uint64_t seconds_in_ = 0;
};

}  // namespace breakwater
