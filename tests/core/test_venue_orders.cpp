// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/core/digest.hpp"
#include "breakwater/core/rulebooks/venue.hpp"
#include "venue_test.hpp"

/// What rests in the markets of a venue: what margin it needs, and when it is cancelled.
namespace breakwater::venue_given {
namespace {

using namespace venue;

class VenueOrders : public VenueTest {
  protected:
    /// 1 BTC long at 60,000 with 10,000 USDC: 3,000 of initial margin.
    VenueOrders() {
        pay_in(alice, usdc, 10'000 * one_usdc);
        pay_in(bob, usdc, 100'000 * one_usdc);
        trade(alice, bob, perpetual, per_btc, 600'000);
    }
    Status rest(AccountId who, ContractId contract, std::int64_t bids, std::int64_t asks) {
        return act(SetOrders{who, contract, bids, asks});
    }
};

TEST_F(VenueOrders, VENUE_028_the_worse_side_needs_initial_margin_and_none_of_maintenance) {
    ASSERT_TRUE(rest(alice, perpetual, 500, 0));
    EXPECT_EQ(standing(alice, Purpose::opening).requirement, 4'500 * usd);
    EXPECT_EQ(standing(alice, Purpose::liquidation).requirement, 1'500 * usd);
    ASSERT_TRUE(rest(alice, perpetual, 500, 2'600));  // 1.6 short is worse than 1.5 long
    EXPECT_EQ(standing(alice, Purpose::opening).requirement, 4'800 * usd);
    ASSERT_TRUE(rest(alice, perpetual, 0, 1'500));  // what only closes needs nothing
    EXPECT_EQ(standing(alice, Purpose::opening).requirement, 3'000 * usd);
    ASSERT_TRUE(rest(alice, future, 400, 0));
    EXPECT_EQ(standing(alice, Purpose::opening).requirement, 4'200 * usd);
}

TEST_F(VenueOrders, VENUE_028_more_rests_only_within_margin_and_less_always) {
    EXPECT_TRUE(refused(rest(alice, perpetual, 2'500, 0), Error::margin_insufficient));
    ASSERT_TRUE(rest(alice, perpetual, 2'300, 0));  // 3.3 BTC at 5 %: 9,900
    EXPECT_TRUE(refused(act(venue::Withdraw{alice, usdc, {101 * one_usdc}}), Error::margin_insufficient));
    must(venue::Withdraw{alice, usdc, {99 * one_usdc}});
    price(59'000);
    EXPECT_TRUE(refused(rest(alice, perpetual, 2'301, 0), Error::margin_insufficient));
    ASSERT_TRUE(rest(alice, perpetual, 2'299, 0));
    EXPECT_TRUE(refused(rest(alice, perpetual, -1, 0), Error::amount_overflow));
    EXPECT_TRUE(refused(rest(fund, perpetual, 1, 0), Error::account_unknown));
    EXPECT_TRUE(refused(rest(alice, ContractId{99}, 1, 0), Error::contract_unknown));
}

TEST_F(VenueOrders, VENUE_028_a_trade_is_new_risk_beside_what_rests) {
    ASSERT_TRUE(rest(alice, perpetual, 2'300, 0));
    EXPECT_TRUE(refused(act(Trade{alice, bob, perpetual, 100, 600'000}), Error::margin_insufficient));
    ASSERT_TRUE(rest(alice, perpetual, 2'200, 0));  // the order that fills is taken off first
    trade(alice, bob, perpetual, 100, 600'000);
    EXPECT_EQ(lots(alice, perpetual), 1'100);
    trade(bob, alice, perpetual, 1'100, 600'000);  // who only reduces may, whatever rests
}

TEST_F(VenueOrders, VENUE_028_options_count_the_worst_scenario_of_the_worse_side) {
    const int128 before = standing(alice, Purpose::opening).requirement;
    ASSERT_TRUE(rest(alice, call, 100, 0));  // a long lot loses 2 USD
    EXPECT_EQ(standing(alice, Purpose::opening).requirement, before + 200 * usd);
    ASSERT_TRUE(rest(alice, call, 100, 50));  // a short lot loses 9 USD
    EXPECT_EQ(standing(alice, Purpose::opening).requirement, before + 450 * usd);
}

TEST_F(VenueOrders, VENUE_029_who_falls_into_liquidation_has_nothing_resting) {
    ASSERT_TRUE(rest(alice, perpetual, 300, 200));
    ASSERT_TRUE(rest(alice, future, 100, 0));
    price(51'000);  // equity 1,000 against 1,275
    const auto done = apply(state, {state.now(), MarketId{0}, venue::Action{Flag{alice}}}, planner);
    ASSERT_TRUE(done.has_value());
    int cancelled = 0;
    for (const breakwater::Effect& effect : (*done)->effects)
        if (const auto* of_venue = std::get_if<venue::Effect>(&effect))
            if (const auto* o = std::get_if<OrdersSet>(of_venue))
                cancelled += o->account == alice && o->bids == 0 && o->asks == 0;
    EXPECT_EQ(cancelled, 2);
    EXPECT_EQ(account(alice).in_liquidation, 1);
    EXPECT_TRUE(refused(rest(alice, perpetual, 1, 0), Error::account_in_liquidation));
    ASSERT_TRUE(rest(alice, perpetual, 0, 0));
}

TEST_F(VenueOrders, VENUE_029_liquidating_cancels_before_it_sells) {
    ASSERT_TRUE(rest(alice, perpetual, 300, 0));
    price(51'000);
    must(venue::Liquidate{alice, bob, perpetual, 10});  // nobody has flagged the account before
    for (const Resting& r : venue_of(state).orders)
        EXPECT_TRUE(r.is_empty());
}

TEST_F(VenueOrders, VENUE_029_who_is_ended_has_nothing_resting_though_nobody_has_flagged_it) {
    ASSERT_TRUE(rest(alice, perpetual, 300, 200));
    price(49'000);  // 1,000 below zero
    must(Resolve{alice, {}});
    for (const Resting& r : venue_of(state).orders)
        EXPECT_TRUE(r.is_empty());
}

TEST_F(VenueOrders, VENUE_028_without_orders_the_digest_is_what_it_always_was) {
    const std::string before = digest_of(state);
    const Clock clock = state.clock;
    ASSERT_TRUE(rest(alice, perpetual, 300, 0));
    state.clock = clock;
    EXPECT_NE(digest_of(state), before);
    ASSERT_TRUE(rest(alice, perpetual, 0, 0));
    state.clock = clock;
    EXPECT_EQ(digest_of(state), before);
}

TEST_F(VenueOrders, VENUE_006_an_account_with_orders_is_not_empty) {
    pay_in(carol, usdc, 1'000 * one_usdc);
    ASSERT_TRUE(rest(carol, perpetual, 10, 0));
    EXPECT_TRUE(refused(act(SetAccount{carol, 0, 0}), Error::account_not_empty));
}

}  // namespace
}  // namespace breakwater::venue_given
