// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/core/rulebooks/venue.hpp"
#include "breakwater/core/rulebooks/venue_value.hpp"
#include "venue_test.hpp"

/// The derivatives venue by hand: balances, trades, funding, settlement, margin. Liquidation and
/// losses are in test_venue_liquidation.cpp.
namespace breakwater::venue_given {
namespace {

using namespace venue;

class Venue : public VenueTest {};

TEST_F(Venue, VENUE_006_a_deposit_is_held_and_a_withdrawal_pays_it_out) {
    pay_in(alice, usdc, 500);
    EXPECT_EQ(cash(alice, usdc), 500);
    must(venue::Withdraw{alice, usdc, {200}});
    EXPECT_EQ(cash(alice, usdc), 300);
    EXPECT_EQ(state.custody[0].held.raw, 110'000 * one_usdc + 300);
    EXPECT_TRUE(refused(act(venue::Withdraw{alice, usdc, {301}}), Error::margin_insufficient));
    EXPECT_TRUE(refused(act(venue::Withdraw{alice, usdc, {0}}), Error::amount_zero));
    EXPECT_TRUE(refused(act(Deposit{AccountId{99}, usdc, {1}}), Error::account_unknown));
    EXPECT_TRUE(refused(act(Deposit{alice, AssetId{7}, {1}}), Error::asset_unknown));
}

TEST_F(Venue, VENUE_006_a_deposit_beyond_the_cap_is_refused) {
    venue_of(state).collaterals[0].cap = venue_of(state).collaterals[0].held + Amount{10};
    EXPECT_TRUE(refused(act(Deposit{alice, usdc, {11}}), Error::deposit_cap_exceeded));
    must(Deposit{alice, usdc, {10}});
}

TEST_F(Venue, VENUE_005_a_balance_below_zero_is_a_loan_whose_interest_the_fund_receives) {
    pay_in(alice, btc, one_btc);
    must(venue::Withdraw{alice, usdc, {20'000 * one_usdc}});
    EXPECT_EQ(cash(alice, usdc), -20'000 * static_cast<int128>(one_usdc));
    const int128 fund_before = cash(fund, usdc);
    wait(365 * 86'400);
    // Compound growth of 10 % in three terms: 1 + 0.1 + 0.005 + 0.000166...
    const Standing grown = standing(alice, Purpose::closing);
    EXPECT_NEAR(static_cast<double>(grown.equity) / static_cast<double>(usd), 60'000 - 22'103.33,
                0.01);
    must(Settle{alice});
    const int128 interest = -cash(alice, usdc) - 20'000 * static_cast<int128>(one_usdc);
    EXPECT_NEAR(static_cast<double>(interest), 2'103'333'333.0, 2.0);
    EXPECT_EQ(cash(fund, usdc) - fund_before, interest);
}

TEST_F(Venue, VENUE_006_a_loan_needs_collateral_after_its_haircut) {
    pay_in(alice, btc, one_btc);  // 60,000 USD less 5 %
    EXPECT_TRUE(refused(act(venue::Withdraw{alice, usdc, {57'000 * one_usdc + 1}}),
                        Error::margin_insufficient));
    must(venue::Withdraw{alice, usdc, {57'000 * one_usdc}});
    EXPECT_TRUE(standing(alice, Purpose::opening).holds());
}

TEST_F(Venue, VENUE_003_what_a_long_gains_the_short_loses) {
    pay_in(alice, usdc, 10'000 * one_usdc);
    pay_in(bob, usdc, 10'000 * one_usdc);
    trade(alice, bob, perpetual, per_btc, 600'000);
    EXPECT_EQ(contract(perpetual).open_interest, per_btc);
    price(61'000);
    EXPECT_EQ(standing(alice, Purpose::closing).equity, 11'000 * usd);
    EXPECT_EQ(standing(bob, Purpose::closing).equity, 9'000 * usd);
    EXPECT_EQ(standing(alice, Purpose::liquidation).requirement, 1'525 * usd);  // 2.5 % of 61,000
    EXPECT_EQ(standing(alice, Purpose::opening).requirement, 3'050 * usd);      // 5 %
}

TEST_F(Venue, VENUE_004_what_is_closed_is_paid_in_proportion_and_the_rest_keeps_its_price) {
    pay_in(alice, usdc, 10'000 * one_usdc);
    pay_in(bob, usdc, 10'000 * one_usdc);
    trade(alice, bob, perpetual, 1'000, 600'000);
    price(61'000);
    trade(bob, alice, perpetual, 250, 610'000);
    EXPECT_EQ(cash(alice, usdc), static_cast<int128>(10'250 * one_usdc));
    EXPECT_EQ(cash(bob, usdc), static_cast<int128>(9'750 * one_usdc));
    EXPECT_EQ(standing(alice, Purpose::closing).equity, 11'000 * usd);
    trade(bob, alice, perpetual, 750, 610'000);
    EXPECT_EQ(cash(alice, usdc), static_cast<int128>(11'000 * one_usdc));
    EXPECT_EQ(lots(alice, perpetual), 0);
    EXPECT_EQ(contract(perpetual).pot, 0);
    EXPECT_EQ(contract(perpetual).open_interest, 0);
}

TEST_F(Venue, VENUE_004_a_position_that_crosses_zero_is_closed_and_begun_anew) {
    pay_in(alice, usdc, 10'000 * one_usdc);
    pay_in(bob, usdc, 10'000 * one_usdc);
    trade(alice, bob, perpetual, 500, 600'000);
    price(61'000);
    trade(bob, alice, perpetual, 700, 610'000);
    EXPECT_EQ(lots(alice, perpetual), -200);
    EXPECT_EQ(cash(alice, usdc), static_cast<int128>(10'500 * one_usdc));
    price(60'000);
    EXPECT_EQ(standing(alice, Purpose::closing).equity, 10'700 * usd);
    EXPECT_EQ(standing(bob, Purpose::closing).equity, 9'300 * usd);
}

TEST_F(Venue, VENUE_003_inverse_contracts_gain_and_lose_coin_to_the_atom) {
    pay_in(alice, btc, one_btc);
    pay_in(bob, btc, one_btc);
    trade(alice, bob, inverse, 600, 120'000);  // 60,000 USD at 60,000: one coin
    price(50'000);
    // 600 · 100 USD · (1/60,000 − 1/50,000) = −0.2 coins; who loses is rounded against.
    EXPECT_NEAR(
        static_cast<double>(net_of_asset(View(state, venue_of(state), state.now()), alice, btc)),
        80'000'000.0, 1.0);
    trade(bob, alice, inverse, 600, 100'000);
    EXPECT_NEAR(static_cast<double>(cash(alice, btc)), 80'000'000.0, 1.0);
    EXPECT_NEAR(static_cast<double>(cash(bob, btc)), 120'000'000.0, 1.0);
    EXPECT_EQ(cash(alice, btc) + cash(bob, btc) + cash(fund, btc) + (contract(inverse).pot >> 20U),
              static_cast<int128>(2 * one_btc));
}

TEST_F(Venue, VENUE_004_funding_is_paid_by_longs_to_shorts_and_sums_to_zero) {
    pay_in(alice, usdc, 10'000 * one_usdc);
    pay_in(bob, usdc, 10'000 * one_usdc);
    trade(alice, bob, perpetual, per_btc, 600'000);
    must(PayFunding{perpetual, 100'000});  // 0.01 % of 60,000 USD
    EXPECT_EQ(standing(alice, Purpose::closing).equity, 9'994 * usd);
    EXPECT_EQ(standing(bob, Purpose::closing).equity, 10'006 * usd);
    must(PayFunding{perpetual, -100'000});
    EXPECT_EQ(standing(alice, Purpose::closing).equity, 10'000 * usd);
    EXPECT_TRUE(refused(act(PayFunding{future, 1}), Error::parameters_invalid));
    EXPECT_TRUE(refused(act(PayFunding{perpetual, 40'000'001}), Error::parameters_invalid));
}

TEST_F(Venue, VENUE_004_what_funding_rounds_away_is_carried_to_the_next_time) {
    // 10^-9 of 6·10^7 atoms is 0.06 atoms a lot: 50 times are 3.
    for (int i = 0; i < 50; ++i)
        must(PayFunding{perpetual, 1});
    EXPECT_EQ(contract(perpetual).funding, 3);
    EXPECT_EQ(contract(perpetual).funding_carry, 0);
    for (int i = 0; i < 50; ++i)
        must(PayFunding{perpetual, -1});
    EXPECT_EQ(contract(perpetual).funding, 0);
    EXPECT_EQ(contract(perpetual).funding_carry, 0);
}

TEST_F(Venue, VENUE_008_options_are_paid_for_at_once_and_pay_what_they_are_worth_at_the_end) {
    pay_in(alice, usdc, 20'000 * one_usdc);
    pay_in(bob, usdc, 20'000 * one_usdc);
    trade(alice, bob, call, 1'000, 20'000);  // one coin at a premium of 2,000 USD
    EXPECT_EQ(cash(alice, usdc), static_cast<int128>(18'000 * one_usdc));
    EXPECT_EQ(cash(bob, usdc), static_cast<int128>(22'000 * one_usdc));
    EXPECT_EQ(standing(alice, Purpose::closing).equity, 20'000 * usd);
    EXPECT_TRUE(refused(act(SettleExpiry{call, 650'000}), Error::contract_not_expired));
    wait(86'400);
    EXPECT_TRUE(refused(act(Trade{alice, bob, call, 1, 20'000}), Error::contract_expired));
    must(SettleExpiry{call, 650'000});
    EXPECT_EQ(standing(alice, Purpose::closing).equity, 23'000 * usd);
    EXPECT_EQ(standing(bob, Purpose::liquidation).requirement, 0);
    must(Settle{alice});
    EXPECT_EQ(cash(alice, usdc), static_cast<int128>(23'000 * one_usdc));
    must(Settle{bob});
    EXPECT_EQ(cash(bob, usdc), static_cast<int128>(17'000 * one_usdc));
    EXPECT_EQ(contract(call).pot, 0);
}

TEST_F(Venue, VENUE_008_coin_settled_options_pay_a_part_of_the_coin) {
    pay_in(alice, btc, one_btc);
    pay_in(bob, btc, one_btc);
    trade(alice, bob, coin_put, 1'000, 300);  // 3 % of a coin
    EXPECT_EQ(cash(alice, btc), 97'000'000);
    wait(86'400);
    must(SettleExpiry{coin_put, 500'000});  // (60,000 − 50,000) / 50,000 = 0.2 coins
    must(Settle{alice});
    must(Settle{bob});
    EXPECT_EQ(cash(alice, btc), 117'000'000);
    EXPECT_EQ(cash(bob, btc), 83'000'000);
}

TEST_F(Venue, VENUE_008_a_future_settles_at_the_average_and_needs_less_while_it_is_fixed) {
    pay_in(alice, usdc, 10'000 * one_usdc);
    pay_in(bob, usdc, 10'000 * one_usdc);
    trade(alice, bob, future, 1'000, 600'000);
    EXPECT_EQ(standing(alice, Purpose::liquidation).requirement, 1'500 * usd);
    must(PublishMarks{{MarkOf{.contract = future,
                              .mark = 600'000,
                              .slow = 600'000,
                              .depth = 10'000,
                              .open_part = 250'000}}});
    EXPECT_EQ(standing(alice, Purpose::liquidation).requirement, 375 * usd);
    wait(86'400);
    must(SettleExpiry{future, 612'500});
    must(Settle{bob});
    must(Settle{alice});
    EXPECT_EQ(cash(alice, usdc), static_cast<int128>(11'250 * one_usdc));
    EXPECT_EQ(cash(bob, usdc), static_cast<int128>(8'750 * one_usdc));
}

TEST_F(Venue, VENUE_009_settling_pays_losses_that_are_not_realised_and_leaves_gains) {
    pay_in(alice, usdc, 10'000 * one_usdc);
    pay_in(bob, usdc, 10'000 * one_usdc);
    trade(alice, bob, perpetual, 1'000, 600'000);
    price(59'000);
    must(Settle{alice});
    must(Settle{bob});
    EXPECT_EQ(cash(alice, usdc), static_cast<int128>(9'000 * one_usdc));
    EXPECT_EQ(cash(bob, usdc), static_cast<int128>(10'000 * one_usdc));
    EXPECT_EQ(standing(alice, Purpose::closing).equity, 9'000 * usd);
    EXPECT_EQ(standing(bob, Purpose::closing).equity, 11'000 * usd);
}

TEST_F(Venue, VENUE_010_margin_rises_in_tiers_without_a_step) {
    const View view(state, venue_of(state), state.now());
    // At 60,000 USD a coin: 1,000,000 USD is 16,666.67 lots... of 60 USD.
    for (const std::int64_t n : {1, 16'666, 16'667, 50'000}) {
        const uint128 notional = static_cast<uint128>(n) * 60 * 100'000'000;
        const uint128 million = uint128{1'000'000} * 100'000'000;
        const uint128 above = notional > million ? notional - million : 0;
        EXPECT_EQ(contract_requirement(view, perpetual, n, n, Purpose::liquidation),
                  (notional - above) * 25'000 + above * 50'000);
        EXPECT_EQ(contract_requirement(view, perpetual, n, n, Purpose::opening),
                  (notional - above) * 50'000 + above * 100'000);
    }
}

TEST_F(Venue, VENUE_011_linked_accounts_need_what_one_account_would) {
    const View view(state, venue_of(state), state.now());
    const uint128 one = contract_requirement(view, perpetual, 40'000, 40'000, Purpose::liquidation);
    const uint128 half =
        contract_requirement(view, perpetual, 20'000, 40'000, Purpose::liquidation);
    const uint128 alone =
        contract_requirement(view, perpetual, 20'000, 20'000, Purpose::liquidation);
    EXPECT_EQ(2 * half, one);
    EXPECT_LT(alone, half);
    pay_in(carol, usdc, 1'000'000 * one_usdc);
    pay_in(dave, usdc, 1'000'000 * one_usdc);
    pay_in(erin, usdc, 1'000'000 * one_usdc);
    trade(carol, erin, perpetual, 20'000, 600'000);
    trade(dave, erin, perpetual, 20'000, 600'000);
    EXPECT_EQ(standing(carol, Purpose::liquidation).requirement, static_cast<int128>(half));
}

TEST_F(Venue, VENUE_012_open_interest_raises_initial_margin_and_never_maintenance) {
    pay_in(alice, usdc, 100'000 * one_usdc);
    pay_in(bob, usdc, 100'000 * one_usdc);
    trade(alice, bob, perpetual, per_btc, 600'000);
    MarginTerms& m = venue_of(state).announced[index(perpetual)];
    const Standing maintenance = standing(alice, Purpose::liquidation);
    m.open_interest_lower = std::uint64_t{30'000} * 100'000'000;
    m.open_interest_upper = std::uint64_t{90'000} * 100'000'000;
    // Half-way from 5 % to 100 %.
    EXPECT_EQ(standing(alice, Purpose::opening).requirement, 60'000 * usd * 525 / 1'000);
    EXPECT_EQ(standing(alice, Purpose::liquidation).requirement, maintenance.requirement);
}

TEST_F(Venue, VENUE_013_size_and_what_the_market_cannot_take_are_charged) {
    MarginTerms& m = venue_of(state).announced[index(perpetual)];
    m.size_unit = std::uint64_t{60'000} * 100'000'000;
    m.size_slope = 10'000;  // 4 % of the base's four fifths, and 1 % at one coin
    const View view(state, venue_of(state), state.now());
    EXPECT_EQ(contract_requirement(view, perpetual, 4'000, 4'000, Purpose::liquidation),
              uint128{240'000} * 100'000'000 * 40'000);  // 2 % + 1 % · √4
    m.size_unit = 0;
    m.absorbed = std::uint64_t{60'000} * 100'000'000;
    m.impact = 20'000;
    // Above one coin: 2 % · √4 of the three beyond it, besides the 2.5 %.
    EXPECT_EQ(contract_requirement(view, perpetual, 4'000, 4'000, Purpose::liquidation),
              uint128{240'000} * 100'000'000 * 25'000 + uint128{180'000} * 100'000'000 * 40'000);
}

TEST_F(Venue, VENUE_014_a_higher_maintenance_margin_waits_for_its_notice) {
    pay_in(alice, usdc, 10'000 * one_usdc);
    pay_in(bob, usdc, 10'000 * one_usdc);
    trade(alice, bob, perpetual, per_btc, 600'000);
    MarginTerms m = venue_of(state).announced[index(perpetual)];
    m.tiers[0].initial = m.tiers[0].maintenance = 100'000;
    m.tiers[1].initial = m.tiers[1].maintenance = 150'000;
    m.effective = state.clock.now + 3'599;
    EXPECT_TRUE(refused(act(PublishMargin{perpetual, m}), Error::notice_too_short));
    m.effective = state.clock.now + 3'600;
    must(PublishMargin{perpetual, m});
    EXPECT_EQ(standing(alice, Purpose::liquidation).requirement, 1'500 * usd);
    EXPECT_EQ(standing(alice, Purpose::opening).requirement, 6'000 * usd);
    wait(3'599);
    EXPECT_EQ(standing(alice, Purpose::liquidation).requirement, 1'500 * usd);
    wait(1);
    EXPECT_EQ(standing(alice, Purpose::liquidation).requirement, 6'000 * usd);
    m.tiers[0].maintenance = 30'000;  // lower: at once
    m.tiers[1].maintenance = 50'000;
    m.effective = 0;
    must(PublishMargin{perpetual, m});
    EXPECT_EQ(standing(alice, Purpose::liquidation).requirement, 1'800 * usd);
}

TEST_F(Venue, VENUE_014_initial_margin_is_never_below_maintenance) {
    MarginTerms m = venue_of(state).announced[index(perpetual)];
    m.tiers[0].initial = m.tiers[0].maintenance - 1;
    EXPECT_TRUE(refused(act(PublishMargin{perpetual, m}), Error::parameters_invalid));
}

TEST_F(Venue, VENUE_015_collateral_moves_in_the_same_scenario_as_positions) {
    pay_in(alice, usdc, 20'000 * one_usdc);
    pay_in(bob, btc, one_btc);
    pay_in(bob, usdc, 1);
    trade(alice, bob, call, 1'000, 20'000);
    const Standing short_call = standing(bob, Purpose::liquidation);
    // Up 20 % the calls lose 9,000 and the coin gains 11,400. Down 20 % the coin, worth 57,000
    // after its haircut, loses 11,400 and the call brings 2,000.
    EXPECT_EQ(short_call.requirement, 57'000 * usd / 5 - 2'000 * usd);
}

TEST_F(Venue, VENUE_015_an_expired_array_allows_no_new_risk_and_costs_an_add_on) {
    pay_in(alice, usdc, 20'000 * one_usdc);
    pay_in(bob, usdc, 20'000 * one_usdc);
    trade(alice, bob, call, 1'000, 20'000);
    EXPECT_EQ(standing(bob, Purpose::liquidation).requirement, 9'000 * usd);
    RiskArray a = venue_of(state).arrays[index(call)];
    EXPECT_TRUE(refused(act(PublishRiskArray{call, a}), Error::parameters_invalid));  // version
    a.version = 2;
    a.expires = state.clock.now + 60;
    must(PublishRiskArray{call, a});
    wait(60);
    EXPECT_TRUE(refused(act(Trade{alice, bob, call, 1, 20'000}), Error::mark_stale));
    EXPECT_EQ(standing(bob, Purpose::liquidation).requirement, 10'800 * usd);  // a fifth more
    trade(bob, alice, call, 500, 20'000);                                      // reducing goes on
}

TEST_F(Venue, VENUE_016_profit_that_is_not_realised_counts_in_part_and_at_the_slow_price) {
    pay_in(alice, usdc, 10'000 * one_usdc);
    pay_in(bob, usdc, 100'000 * one_usdc);
    trade(alice, bob, perpetual, per_btc, 600'000);
    PublishMarks e{
        {MarkOf{.contract = perpetual, .mark = 800'000, .slow = 620'000, .depth = 10'000}}};
    must(e);
    EXPECT_EQ(standing(alice, Purpose::closing).equity, 30'000 * usd);
    EXPECT_EQ(standing(alice, Purpose::opening).equity, 11'000 * usd);  // half of 2,000
    EXPECT_EQ(standing(bob, Purpose::opening).equity, 80'000 * usd);    // a loss counts whole
    // Initial requirement 4,000: 7,000 may leave.
    EXPECT_TRUE(refused(act(venue::Withdraw{alice, usdc, {7'000 * one_usdc + 1}}),
                        Error::margin_insufficient));
    must(venue::Withdraw{alice, usdc, {7'000 * one_usdc}});
}

TEST_F(Venue, VENUE_016_a_trade_needs_the_initial_requirement_unless_it_reduces) {
    pay_in(alice, usdc, 3'000 * one_usdc);
    pay_in(bob, usdc, 10'000 * one_usdc);
    EXPECT_TRUE(
        refused(act(Trade{alice, bob, perpetual, 1'001, 600'000}), Error::margin_insufficient));
    trade(alice, bob, perpetual, 1'000, 600'000);
    price(59'000);
    EXPECT_TRUE(refused(act(Trade{alice, bob, perpetual, 1, 590'000}), Error::margin_insufficient));
    trade(bob, alice, perpetual, 100, 590'000);
    // A sale far below the mark would leave the account riskier.
    EXPECT_TRUE(
        refused(act(Trade{bob, alice, perpetual, 100, 540'000}), Error::margin_insufficient));
}

TEST_F(Venue, VENUE_016_the_first_reason_not_to_trade_is_told) {
    EXPECT_TRUE(refused(act(Trade{alice, alice, perpetual, 0, 0}), Error::transfer_to_self));
    EXPECT_TRUE(refused(act(Trade{alice, fund, perpetual, 0, 0}), Error::account_unknown));
    EXPECT_TRUE(refused(act(Trade{alice, bob, ContractId{70}, 0, 0}), Error::contract_unknown));
    EXPECT_TRUE(refused(act(Trade{alice, bob, perpetual, 0, 0}), Error::amount_zero));
    EXPECT_TRUE(refused(act(Trade{alice, bob, perpetual, 1, 0}), Error::price_out_of_bounds));
    EXPECT_TRUE(refused(act(Trade{alice, bob, perpetual, 1, 660'001}), Error::price_outside_band));
    EXPECT_TRUE(refused(act(Trade{alice, bob, perpetual, 1, 660'000}), Error::margin_insufficient));
    wait(7'201);
    EXPECT_TRUE(refused(act(Trade{alice, bob, perpetual, 1, 600'000}), Error::mark_stale));
}

TEST_F(Venue, VENUE_006_an_isolated_account_risks_what_was_moved_to_it) {
    pay_in(alice, usdc, 10'000 * one_usdc);
    pay_in(bob, usdc, 10'000 * one_usdc);
    must(Transfer{alice, isolated, usdc, {3'000 * one_usdc}});
    trade(isolated, bob, perpetual, 1'000, 600'000);
    EXPECT_EQ(standing(alice, Purpose::opening).requirement, 0);
    EXPECT_TRUE(refused(act(Transfer{isolated, alice, usdc, {1}}), Error::margin_insufficient));
    EXPECT_TRUE(refused(act(Transfer{isolated, bob, usdc, {1}}), Error::accounts_not_related));
    EXPECT_TRUE(refused(act(SetAccount{alice, 0, 1}), Error::account_not_empty));
    EXPECT_TRUE(
        refused(act(SetAccount{erin, index(isolated) + 1, 0}), Error::accounts_not_related));
    must(SetAccount{erin, index(alice) + 1, 1});
    EXPECT_EQ(account(erin).cluster, 1U);
}

TEST_F(Venue, VENUE_027_parameters_that_could_not_work_are_refused) {
    EXPECT_TRUE(check_parameters(venue_of(state)));
    const auto broken = [&](auto change) {
        venue::Market m = venue_of(state);
        change(m);
        return refused(check_parameters(m), Error::parameters_invalid);
    };
    EXPECT_TRUE(broken([](venue::Market& m) { m.settings[0].vault = m.settings[0].fund; }));
    EXPECT_TRUE(broken([](venue::Market& m) { m.settings[0].slots = 0; }));
    EXPECT_TRUE(broken([](venue::Market& m) { m.terms[0].unit = 0; }));
    EXPECT_TRUE(broken([](venue::Market& m) { m.terms[0].expiry = 1; }));
    EXPECT_TRUE(broken([](venue::Market& m) { m.terms[index(call)].strike = 0; }));
    EXPECT_TRUE(broken([](venue::Market& m) { m.terms[0].tier = 9; }));
    EXPECT_TRUE(broken([](venue::Market& m) { m.collaterals[0].haircut = 1'000'001; }));
    EXPECT_TRUE(broken([](venue::Market& m) { m.announced[0].tiers[1].initial = 1; }));
}

TEST(VenueValue, VENUE_002_values_of_a_lot_are_whole_grains_and_refuse_what_does_not_fit) {
    Terms t{.unit = 100};
    EXPECT_EQ(unit_value(t, 5), 500);
    EXPECT_FALSE(unit_value(t, 0));
    EXPECT_FALSE(unit_value(t, -1));
    EXPECT_FALSE(unit_value(t, value_max / 100 + 1));
    t.settled = Settled::coin;
    t.unit = 1'000;
    EXPECT_EQ(unit_value(t, 3), -333);
    EXPECT_EQ(unit_value(t, 4), -250);
    t.form = Form::put;
    t.strike = 10;
    t.payoff_unit = 100;
    EXPECT_EQ(settlement_value(t, 7), 42);  // ⌊100 · 3/7⌋
    EXPECT_EQ(settlement_value(t, 10), 0);
    EXPECT_EQ(settlement_value(t, 11), 0);
    EXPECT_FALSE(settlement_value(t, 0));
    t.settled = Settled::linear;
    EXPECT_EQ(settlement_value(t, 7), 300);
    t.form = Form::call;
    EXPECT_EQ(settlement_value(t, 13), 300);
}

}  // namespace
}  // namespace breakwater::venue_given
