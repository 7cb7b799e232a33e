// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "given.hpp"

/// Borrow and repay: AAVE-004, AAVE-014, AAVE-017, AAVE-018.
namespace breakwater::given {
namespace {

/// 10 weth of collateral: 20,000 USD, 16,000 to borrow, unhealthy above 16,500.
class BorrowAndRepay : public Given {
  protected:
    BorrowAndRepay() {
        given_liquidity();
        given(Supply{borrower, weth, 10_weth});
    }
};

TEST_F(BorrowAndRepay, AAVE_014_up_to_the_loan_to_value_and_no_atom_more) {
    when(Borrow{borrower, usdc, 16'000_usdc + atom}).is_refused(Error::collateral_insufficient);
    when(Borrow{borrower, usdc, 16'000_usdc - atom}).happens();
    EXPECT_EQ(data_of(borrower).available_borrows(), Value{100});  // one atom of 1e-6 USD
    when(Borrow{borrower, usdc, atom}).happens();
    EXPECT_TRUE(data_of(borrower).available_borrows().is_zero());
    when(Borrow{borrower, usdc, atom}).is_refused(Error::collateral_insufficient);
}

TEST_F(BorrowAndRepay, AAVE_014_health_is_asked_before_the_loan_to_value) {
    when(Borrow{borrower, usdc, 16'500_usdc - atom}).is_refused(Error::collateral_insufficient);
    when(Borrow{borrower, usdc, 16'500_usdc}).is_refused(Error::collateral_insufficient);
    when(Borrow{borrower, usdc, 16'500_usdc + atom}).is_refused(Error::health_factor_below_one);
}

TEST_F(BorrowAndRepay, AAVE_014_without_borrowing_power_nothing_can_be_borrowed) {
    when(Borrow{bystander, usdc, atom}).is_refused(Error::ltv_zero);
    given(SetCollateral{borrower, weth, false});
    when(Borrow{borrower, usdc, atom}).is_refused(Error::ltv_zero);
}

TEST_F(BorrowAndRepay, AAVE_004_debt_rounds_against_the_borrower) {
    aave_market(state).reserves[index(wbtc)].borrow_index = {ray * 3 / 2};
    given(Borrow{borrower, wbtc, {1}});  // two thirds of a share
    EXPECT_EQ(leg(borrower, wbtc).borrowed().raw, 1U);
    EXPECT_EQ(debt_of(borrower, wbtc).raw, 2U);  // one and a half
    given(Borrow{borrower, wbtc, {3}});
    EXPECT_EQ(leg(borrower, wbtc).borrowed().raw, 3U);
    EXPECT_EQ(debt_of(borrower, wbtc).raw, 5U);
    when(Repay{borrower, wbtc, Size::exactly({1})}).is_refused(Error::burn_amount_zero);
    when(Repay{borrower, wbtc, Size::exactly({2})}).happens();
    EXPECT_EQ(leg(borrower, wbtc).borrowed().raw, 2U);
    when(Repay{borrower, wbtc, Size::exactly({3})}).happens();  // the whole debt
    EXPECT_FALSE(leg(borrower, wbtc).is_borrowing());
}

TEST_F(BorrowAndRepay, AAVE_017_the_cap_may_be_reached_and_not_passed) {
    change(usdc, [](auto& p) { p.borrow_cap = 1'000; });
    when(Borrow{borrower, usdc, 1'000_usdc + atom}).is_refused(Error::borrow_cap_exceeded);
    when(Borrow{borrower, usdc, 1'000_usdc - atom}).happens();
    when(Borrow{borrower, usdc, atom}).happens();
    when(Borrow{borrower, usdc, atom}).is_refused(Error::borrow_cap_exceeded);
}

TEST_F(BorrowAndRepay, AAVE_017_refusals_come_in_their_order) {
    given(SetEMode{borrower, emode_eth});
    change(usdc, [](auto& p) {
        p.flags = aave_v3::paused | aave_v3::frozen;
        p.borrow_cap = 100;
    });
    when(Borrow{borrower, usdc, {0}}).is_refused(Error::amount_zero);
    when(Borrow{borrower, usdc, 101_usdc}).is_refused(Error::reserve_inactive);
    change(usdc, [](auto& p) { p.flags = aave_v3::active | aave_v3::paused | aave_v3::frozen; });
    when(Borrow{borrower, usdc, 101_usdc}).is_refused(Error::reserve_paused);
    change(usdc, [](auto& p) { p.flags = aave_v3::active | aave_v3::frozen; });
    when(Borrow{borrower, usdc, 101_usdc}).is_refused(Error::reserve_frozen);
    change(usdc, [](auto& p) { p.flags = aave_v3::active; });
    when(Borrow{borrower, usdc, 101_usdc}).is_refused(Error::borrowing_disabled);
    change(usdc, [](auto& p) { p.flags = aave_v3::active | aave_v3::borrowing; });
    when(Borrow{borrower, usdc, 101_usdc}).is_refused(Error::borrow_cap_exceeded);
    when(Borrow{borrower, usdc, 100_usdc}).is_refused(Error::not_borrowable_in_emode);
    given(SetEMode{borrower, 0});
    when(Borrow{borrower, usdc, 100_usdc}).happens();
}

TEST_F(BorrowAndRepay, AAVE_017_a_reserve_lends_no_more_than_was_supplied_to_it) {
    given(Withdraw{lender, wbtc, Size::all()});
    when(Borrow{borrower, wbtc, {1}}).is_refused(Error::amount_zero);
    given(Supply{lender, wbtc, 1_wbtc});
    given(Supply{bystander, weth, 100_weth});
    given(Borrow{bystander, wbtc, 1_wbtc - atom});
    when(Borrow{borrower, wbtc, {2}}).is_refused(Error::cash_insufficient);
    when(Borrow{borrower, wbtc, {1}}).happens();
}

TEST_F(BorrowAndRepay, AAVE_018_at_most_what_is_owed_is_taken) {
    given(Borrow{borrower, usdc, 1'000_usdc});
    const auto part = when(Repay{borrower, usdc, Size::exactly(1'000_usdc - atom)}).happens();
    EXPECT_EQ(part.the<Moved>().amount, 1'000_usdc - atom);
    EXPECT_EQ(debt_of(borrower, usdc), atom);
    const auto rest = when(Repay{borrower, usdc, Size::exactly(1'000_usdc)}).happens();
    EXPECT_EQ(rest.the<Moved>().amount, atom);
    EXPECT_FALSE(leg(borrower, usdc).is_borrowing());
    EXPECT_EQ(reserve(usdc).cash, 10'000'000_usdc);
}

TEST_F(BorrowAndRepay, AAVE_018_all_includes_the_interest) {
    given(Borrow{borrower, usdc, 1'000_usdc});
    later(31'536'000);
    const Amount owed = debt_of(borrower, usdc);
    ASSERT_GT(owed, 1'000_usdc);
    EXPECT_EQ(when(Repay{borrower, usdc, Size::all()}).happens().the<Moved>().amount, owed);
    EXPECT_TRUE(debt_of(borrower, usdc).is_zero());
    EXPECT_TRUE(reserve(usdc).borrowed.is_zero());
}

TEST_F(BorrowAndRepay, AAVE_018_refusals_come_in_their_order) {
    aave_market(state).reserves[index(wbtc)].borrow_index = {ray * 3 / 2};
    given(Borrow{borrower, wbtc, {10}});
    change(wbtc, [](auto& p) { p.flags = aave_v3::paused; });
    when(Repay{bystander, wbtc, Size::exactly({0})}).is_refused(Error::amount_zero);
    when(Repay{bystander, wbtc, Size::exactly({1})}).is_refused(Error::reserve_inactive);
    change(wbtc, [](auto& p) { p.flags = aave_v3::active | aave_v3::paused; });
    when(Repay{bystander, wbtc, Size::exactly({1})}).is_refused(Error::reserve_paused);
    change(wbtc, [](auto& p) { p.flags = aave_v3::active | aave_v3::frozen; });
    when(Repay{bystander, wbtc, Size::exactly({1})}).is_refused(Error::debt_none);
    when(Repay{bystander, wbtc, Size::all()}).is_refused(Error::debt_none);
    when(Repay{borrower, wbtc, Size::exactly({1})}).is_refused(Error::burn_amount_zero);
    when(Repay{borrower, wbtc, Size::exactly({2})}).happens();  // frozen or not
}

TEST_F(BorrowAndRepay, AAVE_018_an_unhealthy_account_may_always_repay) {
    given(Borrow{borrower, usdc, 16'000_usdc});
    price(weth, 1_usd);
    ASSERT_TRUE(data_of(borrower).is_unhealthy());
    when(Repay{borrower, usdc, Size::exactly(1_usdc)}).happens();
    state.feeds[index(weth)] = {};
    when(Repay{borrower, usdc, Size::all()}).happens();
}

}  // namespace
}  // namespace breakwater::given
