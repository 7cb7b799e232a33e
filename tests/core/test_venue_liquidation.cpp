// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/core/rulebooks/venue_liquidation.hpp"
#include "venue_test.hpp"

/// Liquidation of positions and the way of a loss, by hand: partial closing to the exit, limits,
/// the vault, the fund, deleveraging, the haircut of gains, and the gate.
namespace breakwater::venue_given {
namespace {

using namespace venue;

class VenueLiquidation : public VenueTest {
  protected:
    /// Alice is long one coin at 60,000 USD with `margin` USDC, bob short; erin takes positions
    /// over.
    void open(uint128 margin, AccountId holder = alice) {
        pay_in(holder, usdc, margin * one_usdc);
        pay_in(bob, usdc, 100'000 * one_usdc);
        pay_in(erin, usdc, 100'000 * one_usdc);
        trade(holder, bob, perpetual, per_btc, 600'000);
    }
    [[nodiscard]] View view() const { return {state, venue_of(state), state.now()}; }
};

TEST_F(VenueLiquidation,
       VENUE_017_an_account_falls_in_below_maintenance_and_comes_out_above_the_exit) {
    open(3'000);
    price(58'461);  // equity 1,461, maintenance 1,461.525
    must(Flag{alice});
    EXPECT_EQ(account(alice).in_liquidation, 1);
    price(58'500);  // equity 1,500, maintenance 1,462.5: above it, not yet by a tenth
    must(Flag{alice});
    EXPECT_EQ(account(alice).in_liquidation, 1);
    EXPECT_TRUE(refused(act(venue::Withdraw{alice, usdc, {1}}), Error::account_in_liquidation));
    price(58'616);  // equity 1,616, maintenance · 1.1 = 1,611.94
    must(Flag{alice});
    EXPECT_EQ(account(alice).in_liquidation, 0);
}

TEST_F(VenueLiquidation, VENUE_018_closes_the_fewest_lots_that_lead_out) {
    open(3'000);
    price(58'400);
    // equity 1,400; each lot frees 1.46 · 1.1 and costs 58.4 · 0.7 % = 0.4088.
    must(venue::Liquidate{alice, erin, perpetual, lots_max});
    const std::int64_t closed = per_btc - lots(alice, perpetual);
    EXPECT_EQ(closed, 173);  // ⌈(1,606 − 1,400) / (1.606 − 0.4088)⌉
    EXPECT_EQ(lots(erin, perpetual), closed);
    EXPECT_EQ(account(alice).in_liquidation, 0);
    EXPECT_TRUE(refused(act(venue::Liquidate{alice, erin, perpetual, 1}),
                        Error::account_not_in_liquidation));
}

TEST_F(VenueLiquidation, VENUE_018_one_instant_closes_no_more_than_depth_and_limit_allow) {
    open(3'000);
    price(57'600);
    venue_of(state).contracts[0].depth = 1'000;
    EXPECT_EQ(lots_available(view(), perpetual), 100);
    must(venue::Liquidate{alice, erin, perpetual, lots_max});
    EXPECT_EQ(lots(alice, perpetual), 900);
    venue_of(state).terms[0].block_lots = 150;
    must(venue::Liquidate{alice, erin, perpetual, lots_max});
    EXPECT_EQ(lots(alice, perpetual), 850);
    EXPECT_TRUE(refused(act(venue::Liquidate{alice, erin, perpetual, lots_max}),
                        Error::throughput_exhausted));
    wait(1);
    must(venue::Liquidate{alice, erin, perpetual, 10});
    EXPECT_EQ(lots(alice, perpetual), 840);
}

TEST_F(VenueLiquidation,
       VENUE_019_discount_and_fee_are_what_the_parameters_say_where_there_is_room) {
    open(3'000);
    price(58'400);
    const int128 fund_before = cash(fund, usdc);
    const int128 erin_before = cash(erin, usdc);
    must(venue::Liquidate{alice, erin, perpetual, 100});
    // 100 lots are worth 5,840 USD: 0.2 % to the taker, 0.5 % to the fund.
    EXPECT_EQ(cash(erin, usdc) - erin_before, 11'680'000);
    EXPECT_EQ(cash(fund, usdc) - fund_before, 29'200'000);
}

TEST_F(VenueLiquidation,
       VENUE_019_what_is_paid_never_takes_more_equity_than_the_requirement_it_frees) {
    open(3'000);
    price(57'100);  // equity 100 USD, 0.175 % of the notional: less than the discount
    const int128 fund_before = cash(fund, usdc);
    const int128 erin_before = cash(erin, usdc);
    must(venue::Liquidate{alice, erin, perpetual, 500});
    EXPECT_EQ(cash(fund, usdc), fund_before);
    // Half of the requirement is freed, so at most half of the equity: 50 USD, by whole ppm of the
    // notional.
    EXPECT_LE(cash(erin, usdc) - erin_before, 50'000'000);
    EXPECT_GT(cash(erin, usdc) - erin_before, 49'900'000);
}

TEST_F(VenueLiquidation, VENUE_020_the_discount_grows_with_the_time_in_liquidation) {
    open(3'000);
    price(58'400);
    must(Flag{alice});
    EXPECT_EQ(discount_now(view(), alice), 2'000U);
    wait(1'800);
    EXPECT_EQ(discount_now(view(), alice), 12'000U);
    wait(10'000);
    EXPECT_EQ(discount_now(view(), alice), 20'000U);
}

TEST_F(VenueLiquidation, VENUE_020_collateral_is_sold_for_what_is_owed_and_no_more) {
    pay_in(alice, btc, one_btc);
    pay_in(bob, usdc, 100'000 * one_usdc);
    pay_in(erin, usdc, 100'000 * one_usdc);
    must(venue::Withdraw{alice, usdc, {57'000 * one_usdc}});
    price(59'000);
    must(BuyCollateral{alice, erin, btc, usdc, {10'000'000}});
    // A tenth of a coin at 59,000 less 0.2 %: 5,888.2 USDC.
    EXPECT_EQ(cash(alice, btc), 90'000'000);
    EXPECT_EQ(cash(alice, usdc), -51'111'800'000);
    EXPECT_EQ(cash(erin, btc), 10'000'000);
    // Equity 50,445 − 51,111.80 USD, exit a quarter percent of the debt: 127.7795 USD. A coin sold at
    // 59,000 less 0.2 % adds 4.8 % of its value, and takes ⌊0.25 % · 99.8 %⌋ of it off the exit.
    must(BuyCollateral{alice, erin, btc, usdc, {one_btc}});
    EXPECT_EQ(cash(alice, btc), 90'000'000 - 26'670'857);
    EXPECT_EQ(account(alice).in_liquidation, 0);
    EXPECT_TRUE(
        refused(act(BuyCollateral{bob, erin, btc, usdc, {1}}), Error::account_not_in_liquidation));
}

TEST_F(VenueLiquidation, VENUE_020_a_hedge_must_lower_the_requirement) {
    pay_in(alice, usdc, 20'000 * one_usdc);
    pay_in(bob, usdc, 11'000 * one_usdc);
    pay_in(erin, usdc, 100'000 * one_usdc);
    trade(alice, bob, call, 1'000, 20'000);
    price(64'500);  // the call is worth 6,500: bob has 13,000 − 6,500
    must(Flag{bob});
    ASSERT_EQ(account(bob).in_liquidation, 1);
    EXPECT_TRUE(refused(act(Hedge{bob, erin, hedging, -100}), Error::hedge_useless));
    EXPECT_TRUE(refused(act(Hedge{bob, erin, perpetual, 100}), Error::hedge_useless));
    EXPECT_EQ(standing(bob, Purpose::liquidation).requirement, 9'000 * usd);
    must(Hedge{bob, erin, hedging, 500});
    // Up 20 % he now loses 9,000 − 6,000, down 20 % 6,000 − 2,000.
    EXPECT_EQ(standing(bob, Purpose::liquidation).requirement, 4'000 * usd);
}

TEST_F(VenueLiquidation, VENUE_021_the_vault_takes_over_with_its_own_capital_only) {
    open(3'000);
    price(58'400);
    EXPECT_TRUE(refused(act(TakeOver{alice}),
                        Error::health_factor_not_below_one));  // not yet below two thirds
    price(57'500);                                             // equity 500
    State poor = state;
    must(TakeOver{alice});
    EXPECT_EQ(lots(vault, perpetual), per_btc);
    EXPECT_EQ(cash(vault, usdc), static_cast<int128>(100'500 * one_usdc));
    EXPECT_EQ(account(alice).in_liquidation, 0);
    state = poor;
    must(venue::Withdraw{vault, usdc, {98'000 * one_usdc}});
    EXPECT_TRUE(refused(act(TakeOver{alice}), Error::margin_insufficient));
}

TEST_F(VenueLiquidation, VENUE_023_the_fund_pays_first_and_deleveraging_closes_at_the_mark) {
    open(3'000);
    price(56'000);  // equity −1,000
    EXPECT_TRUE(refused(act(venue::Liquidate{alice, erin, perpetual, 1}), Error::equity_negative));
    EXPECT_TRUE(refused(act(TakeOver{alice}), Error::equity_negative));
    must(Resolve{alice, {}});
    EXPECT_EQ(cash(fund, usdc), static_cast<int128>(9'000 * one_usdc));
    EXPECT_EQ(lots(alice, perpetual), 0);
    EXPECT_EQ(lots(bob, perpetual), 0);
    EXPECT_EQ(cash(bob, usdc), static_cast<int128>(104'000 * one_usdc));
    EXPECT_TRUE(refused(act(Resolve{alice, {}}), Error::equity_not_negative));
}

TEST_F(VenueLiquidation, VENUE_024_beyond_the_tier_the_other_side_gives_up_gains_and_no_more) {
    open(3'000);
    price(50'000);  // equity −7,000; the tier has 5,000
    must(Resolve{alice, {}});
    EXPECT_EQ(cash(fund, usdc), static_cast<int128>(5'000 * one_usdc));
    EXPECT_EQ(cash(bob, usdc),
              static_cast<int128>(108'000 * one_usdc));  // 10,000 of gains less 2,000
    EXPECT_EQ(cash(alice, usdc), 0);
    EXPECT_EQ(venue_of(state).gate[0].uncovered, 0U);
}

TEST_F(VenueLiquidation, VENUE_022_only_those_who_are_named_are_closed_and_they_must_suffice) {
    pay_in(erin, usdc, 100'000 * one_usdc);
    pay_in(dave, usdc, 100'000 * one_usdc);
    pay_in(alice, usdc, 3'000 * one_usdc);
    pay_in(bob, usdc, 100'000 * one_usdc);
    trade(alice, bob, perpetual, 700, 600'000);
    trade(alice, dave, perpetual, 300, 600'000);
    price(56'000);
    EXPECT_TRUE(refused(act(Resolve{alice, {dave, erin}}), Error::counterparties_insufficient));
    must(Resolve{alice, {bob, dave, erin}});
    EXPECT_EQ(lots(bob, perpetual), 0);
    EXPECT_EQ(lots(dave, perpetual), 0);
}

TEST_F(VenueLiquidation, VENUE_025_what_deleveraging_cannot_take_is_cut_from_other_gains) {
    // Alice owes 30,000 USDC beside a coin; bob's gain is in a contract that alice does not hold.
    pay_in(alice, btc, one_btc);
    pay_in(bob, usdc, 100'000 * one_usdc);
    pay_in(erin, usdc, 100'000 * one_usdc);
    must(venue::Withdraw{alice, usdc, {57'000 * one_usdc}});
    trade(erin, bob, perpetual, per_btc, 600'000);
    must(venue::Withdraw{fund, usdc, {10'000 * one_usdc}});
    price(54'000);  // 57,000 owed; the fund has the coin and no USDC
    must(Resolve{alice, {}});
    EXPECT_EQ(cash(bob, usdc), static_cast<int128>(94'000 * one_usdc));  // the gain of 6,000 is cut
    EXPECT_EQ(standing(bob, Purpose::closing).equity, 100'000 * usd);
    EXPECT_EQ(venue_of(state).collaterals[0].uncovered.raw, 51'000 * one_usdc);
}

TEST_F(VenueLiquidation,
       VENUE_026_a_loss_that_nobody_bears_stands_and_shuts_the_gate_until_it_is_covered) {
    pay_in(alice, btc, one_btc);
    pay_in(bob, usdc, 100'000 * one_usdc);
    must(venue::Withdraw{alice, usdc, {57'000 * one_usdc}});
    price(40'000);  // a loan without positions: 17,000 short of its collateral
    must(Flag{alice});
    EXPECT_TRUE(refused(act(venue::Withdraw{bob, usdc, {1}}), Error::withdrawals_gated));
    venue_of(state).fund_tiers[0].limit = {};
    must(Resolve{alice, {}});
    // The fund has seized a coin worth 40,000 and holds 10,000 USDC: it pays all of these, backed
    // by the coin.
    EXPECT_EQ(cash(fund, btc), static_cast<int128>(one_btc));
    EXPECT_EQ(cash(fund, usdc), 0);
    EXPECT_EQ(venue_of(state).collaterals[0].uncovered.raw, 47'000 * one_usdc);
    wait(601);
    EXPECT_TRUE(refused(act(venue::Withdraw{bob, usdc, {1}}), Error::withdrawals_gated));
    must(CoverLoss{bob, usdc, {47'000 * one_usdc}});
    EXPECT_TRUE(refused(act(venue::Withdraw{bob, usdc, {1}}), Error::withdrawals_gated));
    wait(600);
    must(venue::Withdraw{bob, usdc, {1}});
    EXPECT_TRUE(refused(act(CoverLoss{bob, usdc, {1}}), Error::deficit_none));
}

TEST_F(VenueLiquidation, VENUE_007_withdrawals_wait_while_negative_equity_is_known) {
    open(3'000);
    price(56'000);
    must(venue::Withdraw{erin, usdc, {1}});  // nobody has looked yet
    must(Flag{alice});
    EXPECT_TRUE(refused(act(venue::Withdraw{erin, usdc, {1}}), Error::withdrawals_gated));
    price(60'000);
    must(Flag{alice});
    EXPECT_TRUE(refused(act(venue::Withdraw{erin, usdc, {1}}), Error::withdrawals_gated));
    wait(600);
    must(venue::Withdraw{erin, usdc, {1}});
}

}  // namespace
}  // namespace breakwater::venue_given
