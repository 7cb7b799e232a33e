// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <vector>

#include "breakwater/core/feeds.hpp"
#include "breakwater/core/feeds/wiring.hpp"
#include "breakwater/core/market.hpp"
#include "breakwater/core/waterfall/layers.hpp"

/// The state of everything: feeds, markets, custody, layers, clock. Plain data; engine.hpp is its only writer.
///
/// Double entry: `custody` counts what the outside world has paid in less what was paid out, per asset, and is moved
/// only by the five flows of draft.hpp. A market keeps its own count of cash; the two must agree after every event
/// (BOOK-001). What a market owes its suppliers and treasury against what it owns (cash, debt, deficit) leaves a
/// residual: interest not yet allocated and rounding, which the real contracts have too (BOOK-003).
namespace breakwater {

struct Clock {
    std::uint64_t now = 0;     ///< [s] time of the last event
    std::uint64_t events = 0;  ///< events applied; the number of an event is never reused
};

struct Custody {
    Amount held;
};

struct State {
    Clock clock;
    std::vector<FeedRow> feeds;    ///< by AssetId
    std::vector<Custody> custody;  ///< by AssetId
    std::vector<Layer> layers;
    std::vector<Market> markets;   ///< by MarketId

    // Of assets with several sources, and of markets under guard; a table ends with its last row in use.
    std::vector<feeds::Wiring> wirings;         ///< by AssetId
    std::vector<feeds::AssetRow> asset_feeds;   ///< by AssetId
    std::vector<feeds::Source> sources;         ///< by feeds::source_row
    std::vector<feeds::SourceRow> source_rows;  ///< by feeds::source_row
    std::vector<GuardRow> guards;               ///< by MarketId
    std::vector<NoticeRow> notices;             ///< by notice_row

    [[nodiscard]] Time now() const { return Time{clock.now}; }
    [[nodiscard]] bool has_sources(AssetId asset) const {
        return index(asset) < wirings.size() && wirings[index(asset)].sources != 0;
    }
    [[nodiscard]] const GuardRow* guard(MarketId id) const {
        const bool is_on = index(id) < guards.size() && guards[index(id)].is_on != 0;
        return is_on ? &guards[index(id)] : nullptr;
    }
};

/// The Aave v3 market of a state, which must be one.
inline aave_v3::Market& aave_market(State& state, MarketId id = MarketId{0}) {
    return std::get<aave_v3::Market>(state.markets[index(id)]);
}
inline const aave_v3::Market& aave_market(const State& state, MarketId id = MarketId{0}) {
    return std::get<aave_v3::Market>(state.markets[index(id)]);
}

}  // namespace breakwater
