// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/core/draft.hpp"
#include "given.hpp"

/// Each invariant sees the fault that it is there for: BOOK-001 to BOOK-006, WATERFALL-002.
namespace breakwater::given {
namespace {

class Invariants : public Given {
  protected:
    Invariants() {
        given_liquidity();
        given(Supply{borrower, weth, 10_weth});
        given(Borrow{borrower, usdc, 10'000_usdc});
        draft.begin(state, event, transition);
    }

    aave_v3::Reserve& on_desk(AssetId asset) { return draft.change_reserve(asset); }
    [[nodiscard]] std::string_view draft_rule() const {
        const auto v = check_draft(draft);
        return v ? v->rule : "none";
    }
    [[nodiscard]] std::string_view state_rule() const {
        const auto v = check_state(state);
        return v ? v->rule : "none";
    }
    aave_v3::Reserve& stored(AssetId asset) { return aave_market(state).reserves[index(asset)]; }

    Event event{Time{start}, MarketId{0}, MintToTreasury{weth}};
    Transition transition;
    Draft draft;
};

TEST_F(Invariants, hold_where_nothing_is_wrong) {
    (void)on_desk(usdc);
    (void)draft.account(borrower);
    EXPECT_EQ(draft_rule(), "none");
    EXPECT_EQ(state_rule(), "none");
}

TEST_F(Invariants, BOOK_001_custody_equals_cash) {
    on_desk(usdc).cash += atom;
    EXPECT_EQ(draft_rule(), "BOOK-001");
    draft.receive(usdc, atom);
    EXPECT_EQ(draft_rule(), "none");
    draft.pay(usdc, atom + atom);
    EXPECT_EQ(draft_rule(), "BOOK-001");
    state.custody[index(weth)].held -= atom;
    EXPECT_EQ(state_rule(), "BOOK-001");
}

TEST_F(Invariants, BOOK_002_supply_shares_sum_to_their_total) {
    on_desk(weth).supplied += Scaled{1};
    EXPECT_EQ(draft_rule(), "BOOK-002");
    draft.account(borrower).leg(weth).set_supplied(leg(borrower, weth).supplied() + Scaled{1});
    EXPECT_EQ(draft_rule(), "none");
    draft.account(lender).leg(weth).set_supplied({0});
    EXPECT_EQ(draft_rule(), "BOOK-002");
    stored(weth).supplied -= Scaled{1};
    EXPECT_EQ(state_rule(), "BOOK-002");
}

TEST_F(Invariants, BOOK_002_debt_shares_sum_to_their_total) {
    on_desk(usdc).borrowed -= Scaled{1};
    EXPECT_EQ(draft_rule(), "BOOK-002");
    draft.account(borrower).leg(usdc).set_borrowed(leg(borrower, usdc).borrowed() - Scaled{1});
    EXPECT_EQ(draft_rule(), "none");
    stored(usdc).borrowed += Scaled{1};
    EXPECT_EQ(state_rule(), "BOOK-002");
}

TEST_F(Invariants, BOOK_003_claims_do_not_appear_from_nowhere) {
    on_desk(usdc).accrued_to_treasury += Scaled{10};
    EXPECT_EQ(draft_rule(), "none");  // within rounding
    on_desk(usdc).accrued_to_treasury += Scaled{10};
    EXPECT_EQ(draft_rule(), "BOOK-003");
}

TEST_F(Invariants, BOOK_003_debt_does_not_appear_from_nowhere) {
    on_desk(usdc).deficit += Amount{10};
    EXPECT_EQ(draft_rule(), "none");
    on_desk(usdc).deficit += Amount{10};
    EXPECT_EQ(draft_rule(), "BOOK-003");
}

TEST_F(Invariants, BOOK_003_interest_may_stay_unallocated) {
    on_desk(usdc).borrow_index.raw += ray / 100;  // 100 usdc charged, none handed on
    EXPECT_EQ(draft_rule(), "none");
    on_desk(usdc).liquidity_index.raw += ray / 50;  // and far too much handed on
    EXPECT_EQ(draft_rule(), "BOOK-003");
}

TEST_F(Invariants, BOOK_004_an_index_does_not_fall) {
    on_desk(weth).borrow_index.raw -= 1;  // nobody owes weth: no residual sees it
    EXPECT_EQ(draft_rule(), "BOOK-004");
    on_desk(weth).borrow_index.raw += 1;
    EXPECT_EQ(draft_rule(), "none");
}

TEST_F(Invariants, BOOK_005_a_market_does_not_owe_what_it_does_not_have) {
    stored(usdc).accrued_to_treasury += Scaled{10'000};
    EXPECT_EQ(state_rule(), "none");  // a long life of rounding
    stored(usdc).accrued_to_treasury += Scaled{10'000};
    EXPECT_EQ(state_rule(), "BOOK-005");
}

TEST_F(Invariants, BOOK_006_a_flag_agrees_with_its_balance) {
    draft.account(bystander).leg(weth).set_collateral(true);
    EXPECT_EQ(draft_rule(), "BOOK-006");
    draft.account(bystander).leg(weth).set_collateral(false);
    EXPECT_EQ(draft_rule(), "none");
    draft.account(bystander).leg(weth).set_borrowing(true);
    EXPECT_EQ(draft_rule(), "BOOK-006");
    draft.account(bystander).leg(weth).set_borrowing(false);
    draft.account(borrower).leg(usdc).set_borrowing(false);
    EXPECT_EQ(draft_rule(), "BOOK-006");
}

TEST_F(Invariants, WATERFALL_002_a_layer_does_not_pay_more_than_its_cover) {
    state.layers.push_back({.cover = {10}, .paid = {10}, .asset = 0});
    EXPECT_EQ(state_rule(), "none");
    state.layers[0].paid += atom;
    EXPECT_EQ(state_rule(), "WATERFALL-002");
}

using InvariantsDeathTest = Invariants;

TEST_F(InvariantsDeathTest, BOOK_001_a_broken_book_stops_the_engine) {
    state.custody[index(weth)].held += atom;
    EXPECT_DEATH(
        (void)apply(state, {Time{now}, MarketId{0}, Supply{lender, weth, 1_weth}}, planner),
        "BOOK-001");
}

}  // namespace
}  // namespace breakwater::given
