// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/stress/buffer_time.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "breakwater/stress/pegs.hpp"
#include "breakwater/stress/wall.hpp"
#include "breakwater/world/math.hpp"

namespace breakwater {
namespace {

constexpr double ln2 = 0.693147180559945309417;
constexpr double log_of_nine_eighths = 0.117783035656383454539;  // fee per full block, EIP-1559
constexpr double report_wait_max = 9;  // [blocks] beyond the usual half, as world/chain.cpp
constexpr AssetId only{0};
constexpr double harmed = 0.999;  // health after the fall / before it, at most

LiquidityParameters depth_of(const Book& book, const Scenario& scenario, AssetId asset) {
    LiquidityParameters out = book.assets[index(asset)].liquidity;
    for (const Scenario::DepthRule& rule : scenario.depth_rules)
        if (rule.symbol == book.assets[index(asset)].symbol)
            out.depth_2pct *= rule.depth_factor / scenario.liquidity.depth_factor;
    return out;
}

/// [1/s] at which a displaced volume comes back.
double recovery_speed(const Scenario& scenario, const LiquidityParameters& depth) {
    const double half_life = 60 * depth.recovery_minutes * scenario.liquidity.recovery_factor;
    return (scenario.liquidity.law == ImpactLaw::square_root ? 2 : 1) * ln2 / half_life;
}

/// The price of ether, for gas: that of WETH, else nothing is known and gas is free.
double ether_price(const Book& book) {
    for (std::size_t i = 0; i < book.assets.size(); ++i)
        if (book.assets[i].symbol == "WETH")
            return static_cast<double>(book.state.feeds[i].point) * 1e-8;
    return 0;
}

/// [USD] what a liquidation must earn: gas at the peak of congestion, and the least profit.
double worth_while(const Book& book, const Scenario& scenario) {
    const ChainParameters& chain = scenario.chain;
    const double peak = chain.enabled ? chain.congestion : 1;
    const double gwei =
        std::min(chain.base_fee_gwei * peak, chain.base_fee_max_gwei) + chain.priority_fee_gwei;
    return scenario.keepers.gas_per_liquidation * gwei * 1e-9 * ether_price(book) +
           scenario.keepers.min_profit_usd;
}

/// An account after the prices of `moved` have fallen.
struct After {
    double collateral = 0;  ///< [USD]
    double weighted = 0;    ///< [USD × bps]
    double debt = 0;        ///< [USD]
    double asset = 0;       ///< [USD] its collateral in the asset in question
};

After after_fall(std::span<const PositionLeg> legs, const std::vector<bool>& moved, double fall,
                 AssetId asset) {
    After out;
    for (const PositionLeg& leg : legs) {
        const double factor = moved[index(leg.asset)] ? 1 - fall : 1;
        out.collateral += leg.collateral * factor;
        out.weighted += leg.collateral * factor * leg.threshold;
        out.debt += leg.debt * factor;
        if (leg.asset == asset) out.asset += leg.collateral * factor;
    }
    return out;
}

/// [USD] of the asset that pays its part of the debt and the bonus on it.
double sold_of(const After& account, double bonus) {
    if (!(account.collateral > 0)) return 0;
    return account.asset * std::min(1.0, account.debt * (1 + bonus) / account.collateral);
}

}  // namespace

double TimeToLiquidate::total() const {
    return detection + oracle + congestion + std::max(block_space, unwinding);
}

bool is_frozen(const Book& book, const Scenario& scenario, AssetId asset) {
    const AssetDescription& a = book.assets[index(asset)];
    return scenario.oracle.enabled &&
           (a.feed.frozen || std::ranges::count(scenario.frozen_feeds, a.symbol) > 0);
}

Unwinding unwinding_of(const Book& book, const Scenario& scenario, const Positions& positions,
                       AssetId asset) {
    const aave_v3::Parameters& parameters = aave_market(book.state).parameters[index(asset)];
    const double bonus =
        std::max(0.0, (parameters.liquidation_bonus - static_cast<double>(bps_one)) / bps_one);
    Unwinding out;
    out.slippage_max = break_even_slippage(parameters);
    // The keeper's part of the bonus on what is sold: s/(1 − s) of the debt behind it.
    const double earned = out.slippage_max;
    const double least = worth_while(book, scenario);
    const auto moved = followers_of(book, peg_roots(book)[index(asset)]);
    for (const Position& position : positions.borrowers) {
        const auto legs = positions.legs_of(position);
        const After now = after_fall(legs, moved, 0, asset);
        const After then = after_fall(legs, moved, fall_assumed, asset);
        if (then.weighted * now.debt < harmed * now.weighted * then.debt)
            out.largest = std::max(out.largest, sold_of(now, bonus));
        if (position.unhealthy || then.weighted >= then.debt * bps_one) continue;
        const double seized = std::min(then.collateral, then.debt * (1 + bonus));
        if (seized * earned < least) continue;
        out.at_fall += sold_of(then, bonus);
        ++out.accounts;
    }
    out.size = std::max(out.at_fall, out.largest);

    const LiquidityParameters depth = depth_of(book, scenario, asset);
    const Liquidity liquidity({&depth, 1}, scenario.liquidity);
    out.at_once = liquidity.marginal_capacity(only, out.slippage_max);
    out.per_hour = out.at_once * recovery_speed(scenario, depth) * 3'600;
    out.impact =
        out.size <= out.at_once ? liquidity.marginal_slippage_at(only, out.size) : out.slippage_max;
    return out;
}

TimeToLiquidate time_to_liquidate(const Book& book, const Scenario& scenario,
                                  const Unwinding& unwinding, AssetId asset) {
    const FeedParameters& feed = book.assets[index(asset)].feed;
    const ChainParameters& chain = scenario.chain;
    TimeToLiquidate out;
    out.detection = chain.seconds_per_block;
    if (scenario.oracle.enabled)
        out.oracle = is_frozen(book, scenario, asset)
                         ? scenario.horizon_seconds
                         : feed.latency * scenario.oracle.latency_factor;
    if (chain.enabled) {
        const double full = std::ceil(log_(chain.congestion) / log_of_nine_eighths);
        out.congestion = std::min(full, report_wait_max) * chain.seconds_per_block;
        const double gas =
            static_cast<double>(unwinding.accounts) * scenario.keepers.gas_per_liquidation;
        out.block_space =
            std::ceil(gas / (chain.keeper_share * chain.gas_limit)) * chain.seconds_per_block;
    }
    if (unwinding.size > unwinding.at_once)
        out.unwinding = unwinding.per_hour > 0
                            ? (unwinding.size - unwinding.at_once) / unwinding.per_hour * 3'600
                            : std::numeric_limits<double>::infinity();
    return out;
}

}  // namespace breakwater
