// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "random_feeds.hpp"

#include <algorithm>
#include <optional>

#include "breakwater/core/engine.hpp"
#include "breakwater/core/require.hpp"
#include "breakwater/core/rulebooks/aave_v3_accounts.hpp"
#include "breakwater/core/rulebooks/aave_v3_guard.hpp"
#include "breakwater/core/sourced_feeds.hpp"

namespace breakwater::given {
namespace {

bool is_ratio(const feeds::Wiring& wiring, std::size_t k) {
    return ((wiring.ratio_sources >> k) & 1U) != 0;
}

/// Mostly near the truth; one report in eight is a lie.
feeds::Report random_report(const State& state, AssetId asset, std::size_t k, std::uint64_t truth,
                            std::uint64_t now, Chance& chance) {
    const feeds::SourceRow& row = state.source_rows[feeds::source_row(asset, k)];
    const feeds::Wiring& wiring = state.wirings[index(asset)];
    const std::uint64_t price =
        is_ratio(wiring, k) ? ratio_one + ratio_one / 5 + chance.below(ratio_one / 50)
                            : truth - truth / 1'000 + chance.below(truth / 500 + 1);
    feeds::Report out{.price = int128{price},
                      .confidence = price / 10'000,
                      .published_at = now,
                      .sequence = row.sequence + 1};
    if (!chance.one_in(8)) return out;
    switch (chance.below(9)) {
        case 0:
            out.price = -static_cast<int128>(chance.wide(100));
            break;
        case 1:
            out.price = static_cast<int128>(chance.wide(100));
            break;
        case 2:
            out.price *= 1'000'000;
            break;
        case 3:
            out.published_at += chance.below(10);
            break;
        case 4:
            out.published_at -= chance.below(1'000);
            break;
        case 5:
            out.sequence = row.sequence - std::min<std::uint64_t>(chance.below(2), row.sequence);
            break;
        case 6:
            out.confidence = price;
            break;
        case 7:
            out.price = int128{wiring.limits.price_max} + static_cast<int128>(chance.below(2)) - 1;
            break;
        default:
            out.price = out.price * (50 + static_cast<int128>(chance.below(100))) / 100;
            break;
    }
    return out;
}

/// All assets move together or one of them jumps; some sources stay silent.
ReportSources random_tick(const State& state, std::uint64_t now, Chance& chance) {
    ReportSources out;
    const bool is_crash = chance.one_in(12);
    const bool is_silent = chance.one_in(20);
    for (std::size_t a = 0; a < state.wirings.size(); ++a) {
        const std::uint64_t n = state.wirings[a].sources;
        const std::uint64_t last = state.feeds[a].point;
        std::uint64_t truth = last - last / 200 + chance.below(last / 100 + 1);
        if (is_crash && a != 1) truth = last / 100 * (60 + chance.below(80));
        truth = std::clamp<std::uint64_t>(truth, 1'000, price_max / 1'000);
        for (std::size_t k = 0; k < n; ++k) {
            if (is_silent || chance.one_in(10)) continue;
            const AssetId asset{static_cast<std::uint8_t>(a)};
            out.reports.push_back({.asset = asset,
                                   .source = static_cast<std::uint8_t>(k),
                                   .report = random_report(state, asset, k, truth, now, chance)});
        }
    }
    if (chance.one_in(60) && !out.reports.empty()) out.reports.front().source = 15;
    return out;
}

SetFeed random_change(const State& state, std::uint64_t now, Chance& chance) {
    const AssetId asset{static_cast<std::uint8_t>(chance.below(3))};  // wsteth keeps its own
    const std::uint64_t price = state.feeds[index(asset)].point;
    SetFeed out = feed_of(asset, 3 + chance.below(3), chance.one_in(2) ? price : price / 10 * 9, now);
    out.notice = static_cast<Notice>(chance.below(3));
    return out;
}

/// Somebody who is unhealthy at the point, contested rather than certain: a guard has to tell them apart.
std::optional<Liquidate> liquidation(const State& state, std::uint64_t now) {
    const auto& market = aave_market(state);
    aave_v3::GrownIndices grown;
    const aave_v3::View view{.state = state, .market = market, .grown = grown, .now = Time{now}};
    std::optional<Liquidate> found;
    for (std::uint32_t i = 0; i < market.accounts.size(); ++i) {
        const auto legs = market.legs_of(AccountId{i});
        const std::uint16_t emode = market.accounts[i].emode;
        const auto data = aave_v3::account_data(view, legs, emode);
        if (!data || !data->is_unhealthy()) continue;
        const auto standing = aave_v3::standing(view, legs, emode);
        const bool is_contested = standing && *standing == feeds::Standing::contested;
        if (found && !is_contested) continue;
        found = Liquidate{.borrower = AccountId{i}, .debt_to_cover = Size::all()};
        for (const aave_v3::Leg& leg : legs) {
            if (leg.is_collateral()) found->collateral = leg.asset();
            if (leg.is_borrowing()) found->debt = leg.asset();
        }
        if (is_contested) break;
    }
    return found;
}

/// Half of what an account with collateral may borrow at the point, or all of it.
std::optional<Borrow> loan(const State& state, std::uint64_t now, Chance& chance) {
    const auto& market = aave_market(state);
    aave_v3::GrownIndices grown;
    const aave_v3::View view{.state = state, .market = market, .grown = grown, .now = Time{now}};
    const AccountId account{static_cast<std::uint32_t>(chance.below(market.accounts.size()))};
    const auto data =
        aave_v3::account_data(view, market.legs_of(account), market.accounts[index(account)].emode);
    if (!data) return std::nullopt;
    const AssetId asset{static_cast<std::uint8_t>(chance.below(assets))};
    Checked math;
    const uint128 usd = data->available_borrows().raw / (1 + chance.below(2));
    const uint128 amount = math.mul_div_down(
        usd, power_of_ten(market.parameters[index(asset)].decimals), state.feeds[index(asset)].point);
    if (math.overflow() || amount == 0) return std::nullopt;
    return Borrow{account, asset, {amount}};
}

}  // namespace

SetFeed feed_of(AssetId asset, std::size_t n, std::uint64_t price, std::uint64_t now) {
    SetFeed out;
    out.asset = asset;
    out.wiring.limits = feeds::at_cadence(feeds::limits_of(feeds::Tier::major), 60);
    out.wiring.limits.price_max = price_max / 2;
    out.wiring.sources = n;
    out.sources.assign(n, {.weight = 1});
    out.reports.assign(n, {.price = int128{price}, .published_at = now, .sequence = 1});
    return out;
}

State guarded_market(Chance& chance, int loans) {
    State state = random_market(chance);
    Planner planner;
    const auto run = [&](const Action& action) {
        REQUIRE(apply(state, {state.now(), MarketId{0}, action}, planner).has_value());
    };
    for (std::uint8_t a = 0; a < assets; ++a) {
        SetFeed feed = feed_of(AssetId{a}, 3 + chance.below(3), state.feeds[a].point, state.clock.now);
        if (AssetId{a} == wsteth) {
            feed.wiring.base = 1;  // weth
            feed.wiring.ratio_sources = 0b110;
            feed.wiring.snapshot = {wad + wad / 5 + wad / 100};
            feed.wiring.snapshot_at = state.clock.now;
            for (const std::size_t k : {1U, 2U}) feed.reports[k].price = ratio_one + ratio_one / 5;
        }
        run(feed);
    }
    for (int i = 0; i < loans; ++i)
        if (const auto e = loan(state, state.clock.now, chance))
            (void)apply(state, {state.now(), MarketId{0}, *e}, planner);
    run(SetGuard{GuardRow{.is_on = 1, .notice_seconds = 3'600}});
    return state;
}

Event random_feed_event(const State& state, Chance& chance) {
    const std::uint64_t now = state.clock.now + (chance.one_in(40) ? chance.below(5'000) : 60);
    const auto at = [&](const Action& action) { return Event{Time{now}, MarketId{0}, action}; };
    switch (chance.below(24)) {
        case 0:
            return at(random_change(state, now, chance));
        case 1: {
            if (!chance.one_in(4)) break;
            const AssetId asset{static_cast<std::uint8_t>(chance.below(assets + 1))};
            return at(DirectFeed{.asset = asset,
                                 .is_alarmed = chance.one_in(2),
                                 .is_ordered = chance.one_in(2)});
        }
        case 2:
            if (const auto e = loan(state, state.clock.now, chance))
                return {state.now(), MarketId{0}, *e};
            break;
        case 3:
        case 11:
        case 12:
            if (const auto e = liquidation(state, state.clock.now))
                return {state.now(), MarketId{0}, *e};
            return at(random_tick(state, now, chance));
        case 4:
        case 5:
        case 6:
        case 7:
        case 8:
        case 9:
        case 10:
            return at(random_tick(state, now, chance));
        default:
            break;
    }
    return random_event(state, chance);
}

}  // namespace breakwater::given
