// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "given.hpp"

/// Supply and withdraw: AAVE-003, AAVE-005, AAVE-013, AAVE-015, AAVE-016.
namespace breakwater::given {
namespace {

class SupplyAndWithdraw : public Given {
  protected:
    /// An index of 1.5, at which most roundings show.
    void given_index_of_three_halves() {
        aave_market(state).reserves[index(weth)].liquidity_index = {ray * 3 / 2};
    }
};

TEST_F(SupplyAndWithdraw, AAVE_015_a_first_supply_becomes_collateral) {
    const auto moved = when(Supply{borrower, weth, 10_weth}).happens().the<Moved>();
    EXPECT_EQ(moved.kind, Moved::Kind::supplied);
    EXPECT_EQ(moved.amount, 10_weth);
    EXPECT_TRUE(leg(borrower, weth).is_collateral());
    EXPECT_EQ(reserve(weth).cash, 10_weth);
    EXPECT_EQ(state.custody[index(weth)].held, 10_weth);
}

TEST_F(SupplyAndWithdraw, AAVE_015_a_first_supply_without_ltv_is_no_collateral) {
    change(weth, [](auto& p) { p.ltv = 0; });
    given(Supply{borrower, weth, 10_weth});
    EXPECT_FALSE(leg(borrower, weth).is_collateral());
}

TEST_F(SupplyAndWithdraw, AAVE_015_a_second_supply_does_not_switch_collateral_on_again) {
    given(Supply{borrower, weth, 10_weth});
    given(SetCollateral{borrower, weth, false});
    given(Supply{borrower, weth, 1_weth});
    EXPECT_FALSE(leg(borrower, weth).is_collateral());
    given(Withdraw{borrower, weth, Size::all()});
    given(Supply{borrower, weth, 1_weth});  // the first of a new beginning
    EXPECT_TRUE(leg(borrower, weth).is_collateral());
}

TEST_F(SupplyAndWithdraw, AAVE_015_the_cap_may_be_reached_and_not_passed) {
    change(weth, [](auto& p) { p.supply_cap = 10; });
    when(Supply{borrower, weth, 10_weth + atom}).is_refused(Error::supply_cap_exceeded);
    given(Supply{borrower, weth, 10_weth - atom});
    when(Supply{lender, weth, atom + atom}).is_refused(Error::supply_cap_exceeded);
    when(Supply{lender, weth, atom}).happens();
    when(Supply{lender, weth, atom}).is_refused(Error::supply_cap_exceeded);
}

TEST_F(SupplyAndWithdraw, AAVE_015_the_cap_counts_what_the_treasury_is_owed) {
    given_liquidity();
    given(Supply{borrower, weth, 100_weth});
    given(Borrow{borrower, usdc, 100'000_usdc});
    later(31'536'000);
    change(usdc, [](auto&) {});  // grows the reserve
    const Amount owed = {reserve(usdc).accrued_to_treasury.raw};
    ASSERT_GT(owed, 1_usdc);
    const uint128 claims = reserve(usdc).supplied.raw + owed.raw;
    const uint128 worth = Checked{}.ray_mul_down(claims, reserve(usdc).liquidity_index.raw);
    change(usdc,
           [&](auto& p) { p.supply_cap = static_cast<std::uint64_t>(worth / 1'000'000) + 1; });
    const Amount room{(worth / 1'000'000 + 1) * 1'000'000 - worth};
    when(Supply{bystander, usdc, room + 2_usdc}).is_refused(Error::supply_cap_exceeded);
    when(Supply{bystander, usdc, room - atom}).happens();
}

TEST_F(SupplyAndWithdraw, AAVE_015_refusals_come_in_their_order) {
    change(weth, [](auto& p) {
        p.flags = aave_v3::paused | aave_v3::frozen;
        p.supply_cap = 1;
    });
    when(Supply{lender, weth, {0}}).is_refused(Error::amount_zero);
    when(Supply{lender, weth, 2_weth}).is_refused(Error::reserve_inactive);
    change(weth, [](auto& p) { p.flags = aave_v3::active | aave_v3::paused | aave_v3::frozen; });
    when(Supply{lender, weth, 2_weth}).is_refused(Error::reserve_paused);
    change(weth, [](auto& p) { p.flags = aave_v3::active | aave_v3::frozen; });
    when(Supply{lender, weth, 2_weth}).is_refused(Error::reserve_frozen);
    change(weth, [](auto& p) { p.flags = aave_v3::active; });
    when(Supply{lender, weth, 2_weth}).is_refused(Error::supply_cap_exceeded);
    when(Supply{lender, weth, 1_weth}).happens();
}

TEST_F(SupplyAndWithdraw, AAVE_003_minting_rounds_shares_down) {
    given_index_of_three_halves();
    when(Supply{lender, weth, {1}}).is_refused(Error::amount_zero);  // two thirds of a share
    given(Supply{lender, weth, {2}});
    EXPECT_EQ(leg(lender, weth).supplied().raw, 1U);
    EXPECT_EQ(supply_of(lender, weth).raw, 1U);  // one and a half, floored
    given(Supply{lender, weth, {3}});
    EXPECT_EQ(leg(lender, weth).supplied().raw, 3U);
    EXPECT_EQ(supply_of(lender, weth).raw, 4U);
}

TEST_F(SupplyAndWithdraw, AAVE_003_burning_rounds_shares_up) {
    given_index_of_three_halves();
    given(Supply{lender, weth, {30}});
    when(Withdraw{lender, weth, Size::exactly({1})}).happens();
    EXPECT_EQ(leg(lender, weth).supplied().raw, 19U);
    when(Withdraw{lender, weth, Size::exactly({2})}).happens();
    EXPECT_EQ(leg(lender, weth).supplied().raw, 17U);
    when(Withdraw{lender, weth, Size::exactly({3})}).happens();
    EXPECT_EQ(leg(lender, weth).supplied().raw, 15U);
}

TEST_F(SupplyAndWithdraw, AAVE_016_the_whole_balance_and_no_atom_more) {
    given(Supply{lender, weth, 10_weth});
    when(Withdraw{lender, weth, Size::exactly(10_weth + atom)})
        .is_refused(Error::balance_insufficient);
    when(Withdraw{lender, weth, Size::exactly(10_weth - atom)}).happens();
    EXPECT_EQ(supply_of(lender, weth), atom);
    when(Withdraw{lender, weth, Size::exactly(atom)}).happens();
    EXPECT_TRUE(leg(lender, weth).is_empty());
    EXPECT_FALSE(leg(lender, weth).is_collateral());
}

TEST_F(SupplyAndWithdraw, AAVE_016_all_is_all) {
    given_index_of_three_halves();
    given(Supply{lender, weth, {32}});  // 21 shares, worth 31
    const auto moved = when(Withdraw{lender, weth, Size::all()}).happens().the<Moved>();
    EXPECT_EQ(moved.amount.raw, 31U);
    EXPECT_TRUE(reserve(weth).supplied.is_zero());
    EXPECT_EQ(reserve(weth).cash.raw, 1U);
}

TEST_F(SupplyAndWithdraw, AAVE_016_refusals_come_in_their_order) {
    given_liquidity();
    given(Supply{borrower, usdc, 1'000_usdc});
    given(Supply{bystander, weth, 1'000_weth});
    given(Borrow{bystander, usdc, 1'500'000_usdc});
    given(Withdraw{lender, usdc, Size::exactly(8'500'900_usdc)});
    change(usdc, [](auto& p) { p.flags = aave_v3::paused; });
    when(Withdraw{borrower, usdc, Size::exactly({0})}).is_refused(Error::amount_zero);
    when(Withdraw{coverer, usdc, Size::all()}).is_refused(Error::amount_zero);
    when(Withdraw{borrower, usdc, Size::exactly(2'000_usdc)})
        .is_refused(Error::balance_insufficient);
    when(Withdraw{borrower, usdc, Size::all()}).is_refused(Error::reserve_inactive);
    change(usdc, [](auto& p) { p.flags = aave_v3::active | aave_v3::paused; });
    when(Withdraw{borrower, usdc, Size::all()}).is_refused(Error::reserve_paused);
    change(usdc, [](auto& p) { p.flags = aave_v3::active | aave_v3::frozen; });
    when(Withdraw{borrower, usdc, Size::all()}).is_refused(Error::cash_insufficient);
}

TEST_F(SupplyAndWithdraw, AAVE_005_cash_may_be_emptied_and_not_overdrawn) {
    given(Supply{lender, usdc, 1'000_usdc});
    given(Supply{borrower, weth, 1_weth});
    given(Borrow{borrower, usdc, 900_usdc});
    when(Withdraw{lender, usdc, Size::exactly(100_usdc + atom)})
        .is_refused(Error::cash_insufficient);
    when(Withdraw{lender, usdc, Size::exactly(100_usdc)}).happens();
    EXPECT_TRUE(reserve(usdc).cash.is_zero());
    when(Withdraw{lender, usdc, Size::exactly(atom)}).is_refused(Error::cash_insufficient);
}

TEST_F(SupplyAndWithdraw, AAVE_005_rates_follow_what_moved) {
    given(Supply{lender, usdc, 1'000_usdc});
    given(Supply{borrower, weth, 1_weth});
    given(Borrow{borrower, usdc, 800_usdc});
    EXPECT_EQ(reserve(usdc).borrow_rate.raw, ray / 100 * 4);  // at the optimum: slope 1
    given(Supply{lender, usdc, 600_usdc});
    EXPECT_EQ(reserve(usdc).borrow_rate.raw, ray / 1'000 * 25);          // usage 0.5 of 0.8
    EXPECT_EQ(reserve(usdc).liquidity_rate.raw, ray / 100'000 * 1'125);  // × usage × 0.9
}

TEST_F(SupplyAndWithdraw, AAVE_013_a_debtor_withdraws_down_to_health_one) {
    given_liquidity();
    given(Supply{borrower, weth, 10_weth});
    given(Borrow{borrower, usdc, 8'250_usdc});  // 5 weth carry it: 5 × 2,000 × 82.5 %
    when(Withdraw{borrower, weth, Size::exactly(5_weth + atom)})
        .is_refused(Error::health_factor_below_one);
    when(Withdraw{borrower, weth, Size::exactly(5_weth - atom)}).happens();
    when(Withdraw{borrower, weth, Size::exactly(atom)}).happens();
    EXPECT_EQ(data_of(borrower).health_factor(), Uint256{wad});
    when(Withdraw{borrower, weth, Size::all()}).is_refused(Error::health_factor_below_one);
}

TEST_F(SupplyAndWithdraw, AAVE_013_collateral_without_borrowing_power_leaves_first) {
    given_liquidity();
    given(Supply{borrower, weth, 10_weth});
    given(Supply{borrower, usdc, 10'000_usdc});
    given(Borrow{borrower, usdc, 1'000_usdc});
    change(usdc, [](auto& p) { p.ltv = 0; });
    when(Withdraw{borrower, weth, Size::exactly(1_weth)}).is_refused(Error::ltv_zero);
    when(Withdraw{borrower, usdc, Size::exactly(1'000_usdc)}).happens();
    given(Withdraw{borrower, usdc, Size::all()});
    when(Withdraw{borrower, weth, Size::exactly(1_weth)}).happens();
}

TEST_F(SupplyAndWithdraw, AAVE_016_who_owes_nothing_needs_no_price) {
    given(Supply{borrower, weth, 10_weth});
    state.feeds[index(weth)] = {};
    when(Withdraw{borrower, weth, Size::all()}).happens();
}

}  // namespace
}  // namespace breakwater::given
