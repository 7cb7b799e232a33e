// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <gtest/gtest.h>

#include "breakwater/core/digest.hpp"
#include "breakwater/core/invariants.hpp"
#include "breakwater/core/rulebooks/compound_v3.hpp"
#include "breakwater/core/rulebooks/compound_v3_invariants.hpp"
#include "native_book.hpp"
#include "small_market.hpp"
#include "rounds.hpp"

/// Figures are worked out by hand in the comments. USDC is lent; WETH at 2,000 USD with factors 80, 85 and 95 %.
namespace breakwater::compound_v3 {
namespace {

using namespace given::comet;  // NOLINT(google-build-using-namespace): the assets and actors
using given::operator""_usdc;
using given::operator""_usd;
using given::operator""_weth;
using given::operator""_wbtc;

std::uint64_t low(uint128 v) {
    return static_cast<std::uint64_t>(v);
}
Size exactly(Amount a) {
    return Size::exactly(a);
}

class Comet : public testing::Test {
  protected:
    void done(const breakwater::Action& action) {
        const given::Outcome out = act(action);
        ASSERT_TRUE(out.status.has_value()) << name(out.status.error());
        ASSERT_EQ(out.broken, "");
        effects = out.effects;
    }
    void refused(const Action& action, Error error) {
        const given::Outcome out = act(action);
        EXPECT_EQ(out.broken, "");
        ASSERT_FALSE(out.status.has_value());
        EXPECT_EQ(name(out.status.error()), name(error));
    }
    given::Outcome act(const breakwater::Action& action) {
        return given::apply_native(state, planner,
                                   {.time = Time{now}, .market = {}, .action = action});
    }
    void weth_at(Price price) { done(ReportPrices{{{}, price, {}}}); }
    /// 10,000 USDC to lend; one WETH, and 1,600 USDC borrowed: exactly at the borrow factor.
    void given_a_loan() {
        done(Action{Supply{lender, usdc, exactly(10'000_usdc)}});
        done(Action{Supply{borrower, weth, exactly(1_weth)}});
        done(Action{Withdraw{borrower, usdc, exactly(1'600_usdc)}});
    }

    [[nodiscard]] const Market& market() const { return std::get<Market>(state.markets[0]); }
    [[nodiscard]] Totals& totals() { return std::get<Market>(state.markets[0]).totals[0]; }
    [[nodiscard]] const Position& of(AccountId id) const { return market().positions[index(id)]; }
    Desk& view() {
        view_.begin(state, market(), Time{now}, scratch_);
        return view_;
    }
    template <class E>
    [[nodiscard]] std::vector<E> told() const {
        return given::told_by<Effect, E>(effects);
    }

    State state = given::comet_book();
    Planner planner;
    std::uint64_t now = given::start;
    std::vector<breakwater::Effect> effects;

  private:
    Desk view_;
    Transition scratch_;
};

TEST(CometMath, COMET_001_principals_round_against_the_account_and_values_down) {
    Checked math;
    const Indices at{.supply = index_scale * 11 / 10, .borrow = index_scale * 11 / 10};
    EXPECT_EQ(low(static_cast<uint128>(principal_value(math, 100, at))), 90U);    // 90.9...
    EXPECT_EQ(low(static_cast<uint128>(-principal_value(math, -100, at))), 91U);  // 90.9...
    EXPECT_EQ(low(static_cast<uint128>(present_value(math, 91, at))), 100U);      // 100.1
    EXPECT_EQ(low(static_cast<uint128>(-present_value(math, -91, at))),
              100U);  // floored for debts, too
    EXPECT_FALSE(math.overflow());
    const Indices one{.supply = index_scale, .borrow = index_scale};
    (void)principal_value(math, static_cast<int128>(principal_max), one);
    EXPECT_FALSE(math.overflow());
    (void)principal_value(math, static_cast<int128>(principal_max) + 1, one);
    EXPECT_TRUE(math.overflow());
}

TEST_F(Comet, COMET_002_rates_follow_two_curves_and_indices_grow_linearly) {
    Checked math;
    EXPECT_EQ(rate_at(math, totals().supply_curve, wad * 3 / 4),
              6'000'000'000U);  // 0.5 + 22 · 0.25, ·10^9
    EXPECT_EQ(rate_at(math, totals().borrow_curve, wad * 3 / 4),
              12'000'000'000U);  // 1 + 1 + 40 · 0.25
    given_a_loan();
    now += 1'000;
    done(Action{Accrue{}});
    // Use 16 %: 1.6·10^8 and 10^9 + 3.2·10^8 per second.
    EXPECT_EQ(totals().supply_index, 1'000'000'160'000'000U);
    EXPECT_EQ(totals().borrow_index, 1'000'001'320'000'000U);
    EXPECT_EQ(low(static_cast<uint128>(-balance_now(view(), borrower))),
              1'600'002'112U);  // ⌊1,600 · 1.00000132⌋
}

TEST_F(Comet,
       COMET_003_one_atom_beyond_the_borrow_factor_is_refused_and_the_other_factor_liquidates) {
    done(Action{Supply{lender, usdc, exactly(10'000_usdc)}});
    done(Action{Supply{borrower, weth, exactly(1_weth)}});
    refused(Withdraw{borrower, usdc, exactly(1'600_usdc + Amount{1})},
            Error::collateral_insufficient);
    done(Action{Withdraw{borrower, usdc, exactly(1'600_usdc)}});
    EXPECT_TRUE(*is_borrow_collateralized(view(), borrower));
    weth_at({188'235'294'118});  // · 0.85 = 1,600.00000000 rounded down: not below the debt
    EXPECT_FALSE(*is_borrow_collateralized(view(), borrower));
    EXPECT_FALSE(*is_liquidatable(view(), borrower));
    weth_at({188'235'294'117});
    EXPECT_TRUE(*is_liquidatable(view(), borrower));
}

TEST_F(Comet, COMET_003_an_account_that_owes_needs_prices) {
    given_a_loan();
    state.feeds[index(weth)] = {};
    refused(Withdraw{borrower, weth, exactly({1})}, Error::price_missing);
    refused(Absorb{{borrower}}, Error::price_missing);
    done(Action{Withdraw{lender, usdc, exactly(1_usdc)}});
}

TEST_F(Comet, COMET_004_a_supply_repays_first_and_stops_at_the_cap) {
    given_a_loan();
    done(Action{Supply{borrower, usdc, exactly(1'000_usdc)}});
    EXPECT_EQ(low(totals().borrowed), 600'000'000U);
    done(Action{Supply{borrower, usdc, Size::all()}});
    EXPECT_EQ(low(totals().borrowed), 0U);
    EXPECT_EQ(of(borrower).principal, 0);
    done(Action{Supply{borrower, usdc, exactly(5_usdc)}});
    EXPECT_EQ(low(totals().supplied), 10'005'000'000U);
    refused(Supply{borrower, weth, exactly(999_weth + Amount{1})}, Error::supply_cap_exceeded);
    done(Action{Supply{borrower, weth, exactly(999_weth)}});
    refused(Supply{borrower, AssetId{3}, exactly({1})}, Error::asset_unknown);
    refused(Supply{AccountId{3}, usdc, exactly({1})}, Error::account_unknown);
}

TEST_F(Comet, COMET_005_a_small_debt_and_missing_cash_are_refused) {
    done(Action{Supply{lender, usdc, exactly(1'000_usdc)}});
    done(Action{Supply{borrower, weth, exactly(1_weth)}});
    EXPECT_EQ(of(borrower).assets_in, 1U);
    refused(Withdraw{borrower, usdc, exactly(10_usdc - Amount{1})}, Error::debt_below_minimum);
    refused(Withdraw{borrower, usdc, exactly(1'001_usdc)}, Error::cash_insufficient);
    refused(Withdraw{borrower, weth, exactly(1_weth + Amount{1})}, Error::balance_insufficient);
    done(Action{Withdraw{borrower, usdc, exactly(10_usdc)}});
    done(Action{Withdraw{lender, usdc, exactly(990_usdc)}});
    refused(Withdraw{lender, usdc, Size::all()}, Error::cash_insufficient);  // the rest is lent
}

TEST_F(Comet, COMET_006_a_transfer_may_borrow_but_not_from_oneself) {
    given_a_loan();
    refused(Transfer{lender, lender, usdc, exactly({1})}, Error::transfer_to_self);
    refused(Transfer{borrower, other, usdc, exactly({1})}, Error::collateral_insufficient);
    refused(Transfer{borrower, other, weth, exactly({1})}, Error::collateral_insufficient);
    done(Action{Transfer{lender, borrower, usdc, exactly(1'700_usdc)}});
    EXPECT_EQ(low(totals().borrowed), 0U);
    EXPECT_EQ(low(static_cast<uint128>(of(borrower).principal)), 100'000'000U);
    EXPECT_EQ(low(totals().supplied), 8'400'000'000U);
    done(Action{Transfer{borrower, other, weth, exactly(1_weth)}});
    EXPECT_EQ(of(borrower).assets_in, 0U);
    EXPECT_EQ(of(other).assets_in, 1U);
}

TEST_F(Comet, COMET_007_an_absorbed_account_keeps_what_its_collateral_is_worth_beyond_the_debt) {
    given_a_loan();
    refused(Absorb{{borrower}}, Error::health_factor_not_below_one);
    weth_at(1'800_usd);  // · 0.85 = 1,530 < 1,600
    refused(Absorb{{borrower, lender}}, Error::health_factor_not_below_one);  // all or none
    done(Action{Absorb{{borrower}}});
    // 1,800 · 0.95 = 1,710: the debt of 1,600 is paid and 110 are credited, out of the reserves.
    EXPECT_EQ(low(static_cast<uint128>(of(borrower).principal)), 110'000'000U);
    EXPECT_EQ(of(borrower).assets_in, 0U);
    EXPECT_EQ(low(totals().supplied), 10'110'000'000U);
    EXPECT_EQ(low(static_cast<uint128>(-reserves_now(view()))), 1'710'000'000U);
    ASSERT_EQ(told<DebtAbsorbed>().size(), 1U);
    EXPECT_EQ(low(told<DebtAbsorbed>()[0].paid_out.raw), 1'710'000'000U);
    ASSERT_EQ(told<CollateralAbsorbed>().size(), 1U);
    EXPECT_EQ(low(told<CollateralAbsorbed>()[0].value.raw), 180'000'000'000U);
    EXPECT_EQ(market().collaterals[0].held, 1_weth);
    EXPECT_TRUE(market().collaterals[0].supplied.is_zero());
    EXPECT_TRUE(told<LossRealised>().empty());
}

TEST_F(Comet, COMET_007_what_the_collateral_does_not_cover_is_a_loss_of_the_reserves) {
    given_a_loan();
    weth_at(1'000_usd);
    done(Action{Absorb{{borrower}}});
    EXPECT_EQ(of(borrower).principal, 0);
    ASSERT_EQ(told<LossRealised>().size(), 1U);
    EXPECT_EQ(low(told<LossRealised>()[0].amount.raw), 650'000'000U);  // 1,600 − 950
    EXPECT_EQ(low(static_cast<uint128>(-reserves_now(view()))), 1'600'000'000U);
    refused(Absorb{std::vector<AccountId>(absorb_max + 1, borrower)}, Error::accounts_too_many);
}

TEST_F(Comet, COMET_008_the_store_front_sells_at_a_discount_while_reserves_are_below_target) {
    given_a_loan();
    weth_at(1'800_usd);
    done(Action{Absorb{{borrower}}});
    // Half of the penalty of 5 % is the buyer's: 1,800 · 0.975 = 1,755.
    EXPECT_EQ(quote_collateral(view(), 0, 1'755_usdc)->raw, wad);
    refused(BuyCollateral{weth, 1'755_usdc, {wad + 1}}, Error::slippage_exceeded);
    refused(BuyCollateral{weth, 1'756_usdc, {}}, Error::reserves_insufficient);
    refused(BuyCollateral{usdc, 1_usdc, {}}, Error::asset_unknown);
    done(Action{BuyCollateral{weth, 1'755_usdc, {wad}}});
    EXPECT_TRUE(market().collaterals[0].held.is_zero());
    EXPECT_EQ(low(static_cast<uint128>(reserves_now(view()))), 45'000'000U);
    totals().reserves_target = 45_usdc;
    refused(BuyCollateral{weth, {}, {}}, Error::collateral_not_for_sale);
}

TEST_F(Comet, COMET_009_reserves_are_signed_and_only_what_is_above_zero_can_be_withdrawn) {
    given_a_loan();
    refused(WithdrawReserves{{1}}, Error::reserves_insufficient);
    now += 1'000;  // borrowers pay 2,112 units, suppliers earn 1,600
    EXPECT_EQ(low(static_cast<uint128>(reserves_now(view()))), 512U);
    refused(WithdrawReserves{{513}}, Error::reserves_insufficient);
    done(Action{WithdrawReserves{{512}}});
    EXPECT_EQ(totals().updated, given::start);  // nothing was accrued
    weth_at(1'000_usd);
    done(Action{Absorb{{borrower}}});
    refused(WithdrawReserves{{0}}, Error::reserves_insufficient);  // below zero
}

TEST_F(Comet, COMET_010_each_pause_stops_its_operation_only) {
    given_a_loan();
    done(Action{Pause{Paused::supply | Paused::transfer | Paused::withdraw | Paused::absorb |
                      Paused::buy}});
    refused(Supply{lender, usdc, exactly({1})}, Error::reserve_paused);
    refused(Transfer{lender, other, usdc, exactly({1})}, Error::reserve_paused);
    refused(Withdraw{lender, usdc, exactly({1})}, Error::reserve_paused);
    refused(Absorb{{borrower}}, Error::reserve_paused);
    refused(BuyCollateral{weth, {1}, {}}, Error::reserve_paused);
    done(Action{Pause{Paused::absorb}});
    done(Action{Supply{lender, usdc, exactly({1})}});
}

TEST_F(Comet, COMET_015_parameters_that_no_market_could_have_are_refused) {
    Market m = market();
    EXPECT_TRUE(check_parameters(m).has_value());
    m.collaterals[0].borrow_factor = m.collaterals[0].liquidate_factor;
    EXPECT_FALSE(check_parameters(m).has_value());
    m = market();
    m.collaterals[0].liquidation_factor = low(wad) + 1;
    EXPECT_FALSE(check_parameters(m).has_value());
    m = market();
    m.totals[0].assets = 3;
    EXPECT_FALSE(check_parameters(m).has_value());
}

/// Each invariant sees the fault that it is there for.
class CometInvariants : public Comet {
  protected:
    CometInvariants() {
        given_a_loan();
        desk.begin(state, market(), Time{now}, transition);
    }
    Totals& on_desk() { return desk.change<&Market::totals>(0); }
    [[nodiscard]] std::string_view rule() const {
        const auto v = check_desk(desk);
        return v ? v->rule : "none";
    }
    [[nodiscard]] std::string_view state_rule() const {
        const auto v = check_state(state);
        return v ? v->rule : "none";
    }
    Market& stored() { return std::get<Market>(state.markets[0]); }

    Desk desk;
    Transition transition;
};

TEST_F(CometInvariants, COMET_011_custody_moves_with_the_market) {
    EXPECT_EQ(rule(), "none");
    desk.receive(usdc, {1});
    EXPECT_EQ(rule(), "COMET-011");
    on_desk().cash += Amount{1};
    EXPECT_EQ(rule(), "none");
    desk.pay(weth, {1});
    EXPECT_EQ(rule(), "COMET-011");
    desk.change<&Market::collaterals>(0).held -= Amount{1};
    EXPECT_EQ(rule(), "COMET-011");  // what accounts have supplied must be there
    stored().collaterals[0].held -= Amount{1};
    EXPECT_EQ(state_rule(), "BOOK-001");
}

TEST_F(CometInvariants, COMET_012_principals_and_holdings_sum_to_the_totals) {
    desk.change<&Market::positions>(index(lender)).principal += 1;
    EXPECT_EQ(rule(), "COMET-012");
    on_desk().supplied += 1;
    EXPECT_EQ(rule(), "none");
    set_holding(desk, borrower, 0, {});
    EXPECT_EQ(rule(), "COMET-012");
    desk.change<&Market::collaterals>(0).supplied = {};
    EXPECT_EQ(rule(), "none");
    desk.change<&Market::positions>(index(borrower)).assets_in = 1;
    EXPECT_EQ(rule(), "COMET-012");
    stored().positions[index(borrower)].principal -= 1;
    EXPECT_EQ(state_rule(), "COMET-012");
}

TEST_F(CometInvariants, COMET_013_reserves_move_as_told) {
    on_desk().cash += Amount{8};  // within rounding
    desk.receive(usdc, {8});
    EXPECT_EQ(rule(), "none");
    on_desk().cash += Amount{1};
    desk.receive(usdc, {1});
    EXPECT_EQ(rule(), "COMET-013");
    desk.emit(Effect{CollateralBought{.asset = weth, .base_amount = {9}, .collateral_amount = {}}});
    EXPECT_EQ(rule(), "none");
}

TEST_F(CometInvariants, COMET_014_an_index_does_not_fall) {
    on_desk().supply_index -= 1;
    EXPECT_EQ(rule(), "COMET-014");
    on_desk().supply_index += 1;
    on_desk().borrow_index -= 1;
    EXPECT_EQ(rule(), "COMET-014");
}

TEST(CometSequences, ENGINE_001_and_every_invariant_hold_for_random_events) {
    int applied = 0;
    int refusals = 0;
    int absorbed = 0;
    int bought = 0;
    for (std::uint64_t seed = 1; seed <= given::rounds(60U); ++seed) {
        given::SeededChance chance(seed);
        State state = given::comet_book();
        Planner planner;
        for (int i = 0; i < 250; ++i) {
            const given::Outcome out =
                given::apply_native(state, planner, given::random_comet_event(state, chance));
            ASSERT_EQ(out.broken, "") << "seed " << seed << ", event " << i;
            ++(out.status ? applied : refusals);
            for (const auto& any : out.effects) {
                const auto* e = std::get_if<Effect>(&any);
                absorbed += e != nullptr && std::holds_alternative<DebtAbsorbed>(*e) ? 1 : 0;
                bought += e != nullptr && std::holds_alternative<CollateralBought>(*e) ? 1 : 0;
            }
        }
    }
    EXPECT_GT(applied, given::rounds(3'000));
    EXPECT_GT(refusals, given::rounds(1'000));
    EXPECT_GT(absorbed, given::rounds(10) / 2);
    EXPECT_GT(bought, 10);
}

}  // namespace
}  // namespace breakwater::compound_v3
