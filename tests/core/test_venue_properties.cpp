// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <algorithm>
#include <map>

#include <gtest/gtest.h>

#include "breakwater/core/digest.hpp"
#include "breakwater/core/margin/arrays.hpp"
#include "breakwater/core/rulebooks/venue_opportunities.hpp"
#include "breakwater/core/rulebooks/venue_portfolio.hpp"
#include "venue_book.hpp"
#include "rounds.hpp"

/// What must hold for every venue and every sequence. Each seed is one venue; a failure prints it.
namespace breakwater::venue_given {
namespace {

TEST(VenueProperties, VENUE_001_to_VENUE_029_hold_after_every_event_and_refusals_leave_no_trace) {
    constexpr std::uint64_t books = 400;
    constexpr int events = 400;
    std::map<std::size_t, int> applied;
    std::map<Error, int> refused;
    std::map<std::size_t, int> effects;
    for (std::uint64_t seed = 1; seed <= books; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        SeededChance chance(seed);
        State state = random_venue(chance);
        Planner planner;
        for (int i = 0; i < events; ++i) {
            const Event event = random_venue_event(state, chance);
            const auto* action = std::get_if<venue::Action>(&event.action);
            const std::size_t kind = action != nullptr ? action->index() : 99;
            const VenueOutcome outcome = apply_venue_watched(state, planner, event);
            ASSERT_EQ(outcome.broken, "") << "event " << i << " of kind " << kind;
            if (outcome.status)
                ++applied[kind];
            else
                ++refused[outcome.status.error()];
        }
    }
    // A loss that gains do not bear is rare; test_venue_liquidation.cpp has one by hand.
    const std::size_t rare = venue::Action{CoverLoss{}}.index();
    for (std::size_t kind = 0; kind < std::variant_size_v<venue::Action>; ++kind)
        EXPECT_TRUE(given::sanitized || kind == rare || applied[kind] > 5)
            << "the sequences hardly ever do kind " << kind;
    for (const Error e :
         {Error::margin_insufficient, Error::mark_stale, Error::account_in_liquidation,
          Error::withdrawals_gated, Error::contract_expired, Error::contract_not_expired,
          Error::positions_too_many, Error::account_not_in_liquidation, Error::equity_negative,
          Error::equity_not_negative, Error::throughput_exhausted, Error::hedge_useless,
          Error::notice_too_short, Error::account_not_empty, Error::accounts_not_related,
          Error::counterparties_insufficient})
        EXPECT_TRUE(given::sanitized || refused[e] > 0) << "never refused as " << name(e);
}

/// The event that an opportunity names.
venue::Action taken_up(const venue::Opportunity& o, AccountId taker) {
    using venue::OpportunityKind;
    switch (o.kind) {
        case OpportunityKind::liquidate:
            return venue::Liquidate{o.account, taker, o.contract, o.lots};
        case OpportunityKind::buy_collateral:
            return venue::BuyCollateral{o.account, taker, o.asset, o.debt, o.amount};
        case OpportunityKind::take_over:
            return venue::TakeOver{o.account};
        case OpportunityKind::resolve:
            break;
    }
    return venue::Resolve{o.account, {}};
}

/// Refusals that are about who acts, about the side of a book of options that lowers nothing, or about dust.
bool is_of_the_taker(Error error) {
    return error == Error::margin_insufficient || error == Error::mark_stale ||
           error == Error::positions_too_many || error == Error::account_in_liquidation ||
           error == Error::hedge_useless || error == Error::amount_zero ||
           error == Error::self_liquidation;
}

TEST(VenueProperties, VENUE_018_what_is_offered_is_accepted_and_who_stands_is_offered_nothing) {
    std::map<venue::OpportunityKind, int> accepted;
    std::vector<venue::Opportunity> offers;
    for (std::uint64_t seed = 1; seed <= given::rounds(60U); ++seed) {
        SeededChance chance(seed);
        State state = random_venue(chance);
        Planner planner;
        for (int i = 0; i < 300; ++i) {
            (void)apply(state, random_venue_event(state, chance), planner);
            const venue::View view(state, venue_of(state), state.now());
            for (std::uint32_t a = 1; a < venue_accounts; ++a) {
                if (!venue::opportunities(view, AccountId{a}, offers)) continue;
                for (const venue::Opportunity& o : offers) {
                    const AccountId taker = o.account == vault ? erin : vault;
                    const auto plan =
                        planner.plan(state, {state.now(), MarketId{0}, taken_up(o, taker)});
                    ASSERT_TRUE(plan || is_of_the_taker(plan.error()))
                        << "seed " << seed << " event " << i << ": " << name(plan.error());
                    accepted[o.kind] += plan.has_value() ? 1 : 0;
                }
            }
        }
    }
    EXPECT_EQ(accepted.size(), 4U);
    for (const auto& [kind, count] : accepted)
        EXPECT_TRUE(given::sanitized || count > 20) << static_cast<int>(kind);
}

TEST(VenueProperties, VENUE_010_tiers_in_the_book_are_the_tiers_of_margin) {
    SeededChance chance(7);
    for (int i = 0; i < 2'000; ++i) {
        State state = venue_book();
        venue::MarginTerms m;
        std::vector<TierBound> bounds;
        const std::size_t n = 1 + chance.below(venue::tiers_max);
        for (std::size_t k = 0; k < n; ++k) {
            const uint128 lower = k == 0 ? 0 : m.tiers[k - 1].lower + 1 + chance.wide(60);
            const auto rate = static_cast<std::uint32_t>((k == 0 ? 1 : m.tiers[k - 1].maintenance) +
                                                         chance.below(100'000));
            m.tiers[k].lower = lower;
            m.tiers[k].maintenance = m.tiers[k].initial = rate;
            bounds.push_back({.lower = lower, .rate = rate});
        }
        m.effective = state.clock.now + 3'600;
        Planner planner;
        ASSERT_TRUE(apply(
            state, {state.now(), MarketId{0}, venue::Action{venue::PublishMargin{perpetual, m}}},
            planner));
        const auto tiers = MarginTiers::of(bounds);
        ASSERT_TRUE(tiers.has_value());
        for (int k = 0; k < 20; ++k) {
            const uint128 notional = chance.wide(80);
            EXPECT_EQ(venue::tier_requirement(venue_of(state).announced[0], notional,
                                              venue::Purpose::liquidation),
                      tiers->requirement(notional));
        }
    }
}

TEST(VenueProperties, VENUE_015_a_portfolio_needs_what_the_risk_arrays_of_margin_say) {
    for (std::uint64_t seed = 1; seed <= given::rounds(300U); ++seed) {
        SeededChance chance(seed);
        State state = venue_book();
        venue::Market& m = venue_of(state);
        RiskArrays arrays(3, m.terms.size());
        std::vector<breakwater::HeldLots> held;
        std::uint32_t slot = m.first_slot(alice);
        for (const venue::ContractId id : {call, coin_put, hedging}) {
            venue::RiskArray& a = m.arrays[venue::index(id)];
            for (std::uint32_t k = 0; k < a.count; ++k)
                a.values[k] =
                    static_cast<std::int64_t>(chance.below(2'000'000'001)) - 1'000'000'000;
            a.delta = static_cast<std::int64_t>(chance.below(1'000'001)) - 500'000;
            a.expiry = static_cast<std::uint32_t>(chance.below(2));
            a.roll = 20'000 * (1 + a.expiry);
            arrays.publish(
                venue::index(id), std::span(a.values).first(a.count),
                {.delta = a.delta, .short_minimum = a.short_minimum, .expiry = a.expiry});
            const auto lots = static_cast<std::int64_t>(chance.below(2'001)) - 1'000;
            if (lots == 0) continue;
            m.positions[slot++] = {.lots = lots, .contract = id};
            held.push_back({.contract = venue::index(id), .account = 0, .lots = lots});
        }
        arrays.set_roll(0, 20'000);
        arrays.set_roll(1, 40'000);
        m.arrays[m.array_row(btc)].values = {};  // what is held in coin does not move here
        const auto bare =
            venue::assess(venue::View(state, m, state.now()), alice, venue::Purpose::liquidation);
        ASSERT_TRUE(bare.has_value());
        EXPECT_EQ(static_cast<uint128>(bare->standing.requirement),
                  portfolio_margin(arrays, held).requirement())
            << "seed " << seed;
    }
}

TEST(VenueProperties, VENUE_015_sums_of_any_size_are_those_of_128_bits) {
    for (std::uint64_t seed = 1; seed <= given::rounds(2'000U); ++seed) {
        SeededChance chance(seed);
        State state = venue_book();
        venue::Market& m = venue_of(state);
        const unsigned value_bits = 1 + static_cast<unsigned>(chance.below(52));
        const unsigned lots_bits = 1 + static_cast<unsigned>(chance.below(41));
        const unsigned cash_bits = 30 + static_cast<unsigned>(chance.below(80));
        const auto either_way = [&](unsigned bits) {
            const auto size = static_cast<int128>(chance.wide(bits));
            return chance.below(2) == 0 ? size : -size;
        };
        const venue::View view(state, m, state.now());
        venue::Portfolio portfolio(view, venue::Purpose::liquidation);
        std::array<int128, venue::grid_max> lost{};
        for (const venue::ContractId id : {call, coin_put, hedging}) {
            venue::RiskArray& a = m.arrays[venue::index(id)];
            a.count = 35;
            a.delta = a.short_minimum = 0;
            for (std::uint32_t k = 0; k < a.count; ++k)
                a.values[k] = static_cast<std::int64_t>(either_way(value_bits));
            const auto lots = static_cast<std::int64_t>(either_way(lots_bits));
            portfolio.add({.lots = lots, .contract = id}, m.contracts[venue::index(id)]);
            for (std::uint32_t k = 0; k < a.count; ++k)
                lost[k] += int128{lots} * a.values[k] * breakwater::ppm_one;
        }
        for (const AssetId asset : {usdc, btc}) {
            venue::RiskArray& a = m.arrays[m.array_row(asset)];
            a.count = 35;
            for (std::uint32_t k = 0; k < a.count; ++k)
                a.values[k] = static_cast<std::int64_t>(chance.below(2'000'001)) - 1'000'000;
            const int128 value = either_way(cash_bits);
            portfolio.add_collateral(asset, value);
            for (std::uint32_t k = 0; k < a.count; ++k)
                lost[k] += value / breakwater::ppm_one * a.values[k];
        }
        const auto worst = std::ranges::max_element(lost);
        Checked math;
        EXPECT_EQ(static_cast<int128>(portfolio.requirement(math)), std::max(*worst, int128{0}))
            << "seed " << seed;
        if (*worst > 0) {
            EXPECT_EQ(portfolio.worst_scenario(), worst - lost.begin());
        }
    }
}

TEST(VenueProperties, ENGINE_004_a_planner_with_a_past_decides_as_a_new_one) {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        SeededChance chance(seed);
        State state = random_venue(chance);
        State other = state;
        Planner kept;
        for (int i = 0; i < 100; ++i) {
            const Event event = random_venue_event(state, chance);
            Planner fresh;
            const bool a = apply(state, event, kept).has_value();
            const bool b = apply(other, event, fresh).has_value();
            ASSERT_EQ(a, b) << "seed " << seed << " event " << i;
        }
        ASSERT_EQ(digest_of(state), digest_of(other));
    }
}

}  // namespace
}  // namespace breakwater::venue_given
