// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/stress/native_world.hpp"

#include <algorithm>
#include <cmath>

#include "breakwater/stress/market_prices.hpp"
#include "breakwater/stress/names.hpp"
#include "breakwater/stress/wiring.hpp"
#include "breakwater/world/random.hpp"

namespace breakwater {
NativeWorld::NativeWorld(const StormSetup& setup)
    : setup_(setup),
      liquidity_(depths_in(*setup.book, setup.scenario), setup.scenario.liquidity),
      chain_(setup.scenario.chain, setup.scenario.step_seconds),
      reporters_(feed_parameters(*setup.book, setup.scenario), setup.scenario.oracle,
                 setup.scenario.step_seconds),
      keepers_(setup.scenario.keepers, setup.scenario.step_seconds) {
    const Book& book = *setup.book;
    const std::size_t assets = book.assets.size();
    market_.resize(assets);
    exogenous_.resize(assets);
    oracle_.resize(assets);
    feed_.resize(assets);
    chain_noise_.resize(setup.steps());
    const auto start = [&](std::size_t a) {
        return static_cast<double>(book.state.feeds[a].point);
    };
    for (std::size_t a = 0; a < assets; ++a)
        ratio_.push_back(start(a) / start(setup.book_prices.root[a]));
    for (const Scenario::FaultRule& f : setup.scenario.faults)
        if (f.source.value_or(0) == 0)
            faults_.push_back({.asset = known(find_asset(book.assets, f.symbol)), .fault = f.fault});
    for (const Scenario::FeedChange& c : setup.scenario.changes)
        changes_.push_back({.asset = known(find_asset(book.assets, c.symbol)), .rule = c});
}

void NativeWorld::begin(std::uint32_t path) {
    const std::uint64_t seed = setup_.seed;
    setup_.prices.generate(seed, path, path_);
    fill_normals(seed, path, Stream::chain, setup_.steps(), chain_noise_);
    liquidity_.reset();
    chain_.reset();
    const auto first = path_.row(0).first(market_.size());
    for (auto* row : {&market_, &exogenous_, &oracle_})
        std::ranges::copy(first, row->begin());
    reporters_.reset(first);
    for (Fault& f : faults_)
        f.at_start = first[index(f.asset)];
    for (Changed& c : changes_)
        c.factor = 0;
    keepers_.reset({.outage = uniform(seed, path, Stream::keepers, 0, 0),
                    .outage_start_seconds = uniform(seed, path, Stream::keepers, 0, 1) *
                                            setup_.scenario.horizon_seconds,
                    .up = {}});
    seconds_in_ = 0;
}

std::span<const Report> NativeWorld::step(std::uint32_t s) {
    const double step_seconds = setup_.scenario.step_seconds;
    const double seconds_in = step_seconds * s;
    seconds_in_ = static_cast<std::uint64_t>(seconds_in);
    liquidity_.decay(step_seconds);
    const auto row = path_.row(s);
    const auto before = path_.row(s - 1);
    std::ranges::copy(row.first(market_.size()), exogenous_.begin());
    mark_to_market();
    const std::size_t m = setup_.book_prices.market_asset;
    const double sigma_step =
        setup_.book_prices.market_volatility * std::sqrt(step_seconds / seconds_per_year);
    chain_.step(std::fabs(row[m] / before[m] - 1) / sigma_step, chain_noise_[s - 1]);
    spoil_feeds(seconds_in);
    const auto reports = reporters_.step(seconds_in, feed_, chain_.delay_seconds());
    for (const Report& r : reports)
        oracle_[index(r.asset)] = static_cast<double>(r.price.raw) * 1e-8;
    keepers_.step(seconds_in);
    return reports;
}

void NativeWorld::mark_to_market() {
    breakwater::mark_to_market(liquidity_, setup_.book_prices.root, exogenous_, ratio_,
                               {.market = market_, .feed = feed_});
}

void NativeWorld::spoil_feeds(double seconds_in) {
    for (Fault& f : faults_) {
        const std::size_t a = index(f.asset);
        const bool holds = f.fault.holds_at(seconds_in);
        if (!holds) f.at_start = feed_[a];
        if (f.fault.kind == FeedFault::Kind::silent) reporters_.freeze(f.asset, holds);
        if (holds) feed_[a] = f.fault.said(feed_[a], f.at_start);
    }
    for (Changed& c : changes_) {
        if (seconds_in < c.rule.at) continue;
        const std::size_t a = index(c.asset);
        if (c.factor == 0)
            c.factor = c.rule.as_ratio ? 1 / feed_[setup_.book_prices.root[a]] : c.rule.factor;
        feed_[a] *= c.factor;
    }
}

void NativeWorld::trade(const Route& route, double sold, double bought) {
    take_route(liquidity_, route, sold, bought);
    mark_to_market();
}

Route NativeWorld::route(AssetId from, AssetId to) const {
    const auto& root = setup_.book_prices.root;
    return {.from = from,
            .from_root = AssetId{static_cast<std::uint8_t>(root[index(from)])},
            .to_root = AssetId{static_cast<std::uint8_t>(root[index(to)])},
            .to = to};
}

double NativeWorld::gas_cost() const {
    return chain_.gas_cost_usd(keepers_.gas_per_liquidation(),
                               market_[setup_.book_prices.market_asset]);
}

}  // namespace breakwater
