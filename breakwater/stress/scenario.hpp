// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "breakwater/stress/book.hpp"
#include "breakwater/stress/venue_scenario.hpp"
#include "breakwater/world/chain.hpp"
#include "breakwater/world/history.hpp"
#include "breakwater/world/keepers.hpp"
#include "breakwater/world/sources.hpp"

/// A storm as its file describes it (docs/formats.md, "breakwater-scenario/1"). Plain data; prices.hpp and the other
/// parts of the world make models of it for the assets of a book.
namespace breakwater {

struct PriceScenario {
    enum class Model : std::uint8_t { gbm, merton, student_t, history };
    enum class Mixing : std::uint8_t { step, day };

    /// One rule for the assets it matches; the first that matches an asset wins.
    struct Rule {
        std::string symbol;             ///< the asset, or what it is pegged to; "*" matches every asset
        std::optional<AssetKind> kind;  ///< instead of a symbol
        double volatility = 0;          ///< [per √year]
        double drift = 0;               ///< [per year]
        double beta = 1;                ///< multiplies the common log jump
    };
    struct Jump {
        int forced = 0;        ///< jumps at uniformly drawn times
        double intensity = 0;  ///< [per year] further jumps
        double mean = 0;       ///< median relative move of an asset with beta 1
        double deviation = 0;  ///< of the log jump
    };
    struct History {
        std::string symbol;             ///< as in Rule
        std::optional<AssetKind> kind;  ///< instead of a symbol
        std::string source;
        std::vector<HistoryPoint> points;  ///< time in [s] since the first point; empty: `follows`
        std::string follows;  ///< without points: the log move of this symbol's path × beta
        double beta = 1;      ///< 0: constant at the price of the book
    };

    Model model = Model::gbm;
    Mixing mixing = Mixing::step;   ///< student_t: one draw of the variance per step or per day
    double degrees_of_freedom = 4;  ///< student_t
    /// [s] student_t: that share one draw, where a calibration knows better than `mixing`; 0: `mixing`.
    double mixing_seconds = 0;
    double correlation = 0;         ///< between volatile assets
    /// Correlation of these volatile assets among themselves, row-major; others are joined to them
    /// by `correlation`.
    struct Measured {
        std::vector<std::string> symbols;
        std::vector<double> correlation;
    };
    Measured measured;
    std::vector<Rule> rules;
    Jump jump;
    std::vector<History> histories;
};

struct Scenario {
    std::string name;
    std::string title;
    std::string description;
    std::vector<std::string> sources;
    bool conditional = true;  ///< false: the unconditional model, whose quantiles are VaR and ES
    std::string calibrated_on;          ///< the user's candles, in words; empty: what `sources` say
    std::int64_t calibrated_until = 0;  ///< [s since 1970] the last of them
    double horizon_seconds = 86'400;
    double step_seconds = 300;
    PriceScenario price;
    OracleScenario oracle;
    std::vector<std::string> frozen_feeds;
    ChainParameters chain;
    KeeperParameters keepers;
    LiquidityScenario liquidity;
    struct DepthRule {
        std::string symbol;
        double depth_factor = 1;
    };
    std::vector<DepthRule> depth_rules;  ///< replace liquidity.depth_factor for one asset
    /// [[fault]]: of one source, or of all. A book whose asset has a single source has source 0 alone.
    struct FaultRule {
        std::string symbol;
        std::optional<std::uint32_t> source;
        FeedFault fault;
    };
    std::vector<FaultRule> faults;
    /// [[change]]: from a moment on every source says `factor` times as much, by a change of wiring that a guard looks
    /// at before it holds.
    struct FeedChange {
        std::string symbol;
        double at = 0;        ///< [s]
        double factor = 1;
        bool as_ratio = false;  ///< the price in what the asset is pegged to, taken for USD
    };
    std::vector<FeedChange> changes;
    /// [[attack]]: an account brings collateral that it has bought at the market's price, and borrows what the venue
    /// lets it.
    struct Attack {
        std::string account;
        std::string collateral;
        std::string debt;
        double at = 0;   ///< [s]
        double usd = 0;  ///< worth of the collateral at the market's price
    };
    std::vector<Attack> attacks;
    VenueScenario venue;  ///< [venue]: read by storms over a derivatives venue alone
};

}  // namespace breakwater
