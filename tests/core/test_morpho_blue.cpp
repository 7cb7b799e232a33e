// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <gtest/gtest.h>

#include "breakwater/core/digest.hpp"
#include "breakwater/core/invariants.hpp"
#include "breakwater/core/rulebooks/morpho_blue.hpp"
#include "breakwater/core/rulebooks/morpho_blue_invariants.hpp"
#include "breakwater/core/rulebooks/morpho_blue_rate.hpp"
#include "native_book.hpp"
#include "small_market.hpp"
#include "rounds.hpp"

/// Figures are worked out by hand in the comments. One loan atom per atom of collateral at first, LLTV 80 %.
namespace breakwater::morpho_blue {
namespace {

using namespace given::morpho;  // NOLINT(google-build-using-namespace): the actors

std::uint64_t low(uint128 v) {
    return static_cast<std::uint64_t>(v);
}

class MorphoBlue : public testing::Test {
  protected:
    void done(const Action& action) {
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
    given::Outcome act(const Action& action) {
        return given::apply_native(state, planner,
                                   {.time = Time{now}, .market = {}, .action = action});
    }
    /// 10^36 / `divisor` atoms of the loan asset per atom of collateral.
    void price(uint128 tenths) { done(ReportPrice{Uint256{wad * wad / 10 * tenths}}); }
    /// 1,000 to lend, 100 of collateral, 80 borrowed: exactly at the LLTV.
    void given_a_loan() {
        done(Supply{lender, {1'000}, {}});
        done(SupplyCollateral{borrower, {100}});
        done(Borrow{borrower, {80}, {}});
    }

    [[nodiscard]] const Market& market() const { return std::get<Market>(state.markets[0]); }
    [[nodiscard]] const Totals& totals() const { return market().totals[0]; }
    [[nodiscard]] const Position& of(AccountId id) const { return market().positions[index(id)]; }
    template <class E>
    [[nodiscard]] std::vector<E> told() const {
        return given::told_by<Effect, E>(effects);
    }

    State state = given::morpho_book();
    Planner planner;
    std::uint64_t now = given::start;
    std::vector<breakwater::Effect> effects;
};

TEST(MorphoBlueMath, MORPHO_001_shares_and_assets_round_as_their_names_say) {
    Checked math;
    // 7·(3 + 10^6)/(10 + 1) = 636,365.5...; 500,000·(10 + 1)/(3 + 10^6) = 5.4...
    EXPECT_EQ(low(shares_down(math, {7}, {10}, {3}).raw), 636'365U);
    EXPECT_EQ(low(shares_up(math, {7}, {10}, {3}).raw), 636'366U);
    EXPECT_EQ(low(assets_down(math, {500'000}, {10}, {3}).raw), 5U);
    EXPECT_EQ(low(assets_up(math, {500'000}, {10}, {3}).raw), 6U);
    EXPECT_EQ(low(shares_down(math, {1'000}, {}, {}).raw), 1'000'000'000U);  // the first: 10^6 each
    EXPECT_FALSE(math.overflow());
}

TEST(MorphoBlueMath, MORPHO_002_growth_has_three_terms_each_floored) {
    Checked math;
    // 10^15; (10^15)²/(2·10^18) = 5·10^11; 5·10^11·10^15/(3·10^18) = 166,666,666.6...
    EXPECT_EQ(low(growth_down(math, {1'000'000'000}, 1'000'000)), 1'000'500'166'666'666U);
    EXPECT_EQ(low(growth_down(math, {1'000'000'000}, 0)), 0U);
}

TEST(MorphoBlueMath,
     MORPHO_003_the_exponential_is_exact_at_powers_of_two_and_clipped_at_both_ends) {
    Checked math;
    const int128 ln_2 = 693'147'180'559'945'309;
    EXPECT_EQ(exponential(math, 0), Uint256{wad});
    EXPECT_EQ(exponential(math, ln_2), Uint256{2 * wad});
    EXPECT_EQ(exponential(math, -ln_2), Uint256{wad / 2});
    const auto one = static_cast<int128>(wad);
    const int128 lowest = -41 * one - 446'531'673'892'822'312;
    EXPECT_EQ(exponential(math, -41 * one), Uint256{1});  // 1.56 · 10^-18
    EXPECT_EQ(exponential(math, lowest - 1), Uint256{});
    EXPECT_EQ(exponential(math, 94 * one), exponential(math, 93 * one + 859'467'695'000'404'319));
    EXPECT_EQ(exponential(math, 1'000 * one), exponential(math, 94 * one));
    EXPECT_FALSE(math.overflow());
}

TEST(MorphoBlueMath, MORPHO_003_the_adaptive_curve_is_four_times_the_target_rate_at_the_top) {
    Checked math;
    Totals t;
    t.rate_model = RateModel::adaptive_curve;
    t.supply_assets = {1'000};
    t.borrow_assets = {900};  // at target: the rate at target, which stays
    t.rate_at_target = 1'268'391'679;
    EXPECT_EQ(low(rate_of(math, t, 86'400).borrow.raw), 1'268'391'679U);
    EXPECT_EQ(rate_of(math, t, 86'400).rate_at_target, 1'268'391'679U);
    // All lent for a day: e^(50/365) moves the target rate, the average of its path is charged four times.
    t.borrow_assets = {1'000};
    EXPECT_EQ(rate_of(math, t, 86'400).rate_at_target, 1'454'044'805U);
    EXPECT_EQ(low(rate_of(math, t, 86'400).borrow.raw), 5'438'922'544U);
    // The first use: 4 % a year, in full, whatever the time.
    t.rate_at_target = 0;
    EXPECT_EQ(rate_of(math, t, 86'400).rate_at_target, 1'268'391'679U);
    EXPECT_EQ(low(rate_of(math, t, 86'400).borrow.raw), 5'073'566'716U);
    t.borrow_assets = {};  // nothing lent: a quarter
    EXPECT_EQ(low(rate_of(math, t, 86'400).borrow.raw), 317'097'919U);
}

TEST_F(MorphoBlue, MORPHO_002_a_year_at_half_use_charges_half_and_a_tenth_of_it_is_the_fee) {
    state = given::morpho_book(RateModel::utilization);
    done(Supply{lender, {1'000 * wad}, {}});
    done(SupplyCollateral{borrower, {1'000 * wad}});
    done(Borrow{borrower, {500 * wad}, {}});
    now += seconds_per_year;
    done(Accrue{});
    // ⌊0.5/year⌋ = 15,854,895,991 per second; three terms of e^0.5 − 1 = 0.645833...
    const auto accrued = told<Accrued>();
    ASSERT_EQ(accrued.size(), 1U);
    EXPECT_EQ(low(accrued[0].rate.raw), 15'854'895'991U);
    const uint128 interest = 322 * wad + 916'666'644'059'666'500U;
    EXPECT_EQ(accrued[0].interest.raw, interest);
    EXPECT_EQ(totals().supply_assets.raw, 1'000 * wad + interest);
    EXPECT_EQ(totals().borrow_assets.raw, 500 * wad + interest);
    EXPECT_EQ(of(fee_recipient).supply_shares.raw, 25'020'177 * wad + 561'193'247'219'350'008U);
    done(Accrue{});  // at the same time nothing more
    EXPECT_EQ(totals().supply_assets.raw, 1'000 * wad + interest);
}

TEST_F(MorphoBlue, MORPHO_004_one_atom_more_than_the_lltv_is_refused) {
    done(Supply{lender, {1'000}, {}});
    done(SupplyCollateral{borrower, {100}});
    refused(Borrow{borrower, {81}, {}}, Error::collateral_insufficient);
    done(Borrow{borrower, {80}, {}});
    refused(WithdrawCollateral{borrower, {1}}, Error::collateral_insufficient);
    refused(Liquidate{borrower, {1}, {}}, Error::health_factor_not_below_one);
}

TEST_F(MorphoBlue, MORPHO_004_a_price_of_more_than_128_bits_is_exact) {
    done(Supply{lender, {1'000}, {}});
    done(SupplyCollateral{borrower, {1}});
    // 10^36·100 does not fit 128 bits and is 100 loan atoms for one atom of collateral.
    done(ReportPrice{mul_wide(wad * wad, 100)});
    refused(Borrow{borrower, {81}, {}}, Error::collateral_insufficient);
    done(Borrow{borrower, {80}, {}});
}

TEST_F(MorphoBlue, MORPHO_005_exactly_one_of_assets_and_shares_is_given) {
    refused(Supply{lender, {}, {}}, Error::amount_inconsistent);
    refused(Withdraw{lender, {1}, {1}}, Error::amount_inconsistent);
    refused(Borrow{borrower, {1}, {1}}, Error::amount_inconsistent);
    refused(Repay{borrower, {}, {}}, Error::amount_inconsistent);
    refused(Liquidate{borrower, {1}, {1}}, Error::amount_inconsistent);
}

TEST_F(MorphoBlue, MORPHO_005_what_is_lent_out_cannot_be_withdrawn) {
    given_a_loan();
    refused(Withdraw{lender, {921}, {}}, Error::cash_insufficient);
    done(Withdraw{lender, {920}, {}});
    EXPECT_EQ(low(of(lender).supply_shares.raw), 80'000'000U);
    refused(Withdraw{other, {1}, {}}, Error::balance_insufficient);
    refused(Withdraw{lender, {}, {80'000'001}}, Error::balance_insufficient);
    refused(Borrow{borrower, {}, {1'000'000}}, Error::collateral_insufficient);
}

TEST_F(MorphoBlue, MORPHO_006_a_debt_is_repaid_share_by_share_and_not_beyond) {
    given_a_loan();
    refused(Repay{borrower, {81}, {}}, Error::balance_insufficient);
    done(Repay{borrower, {}, {30'000'000}});
    EXPECT_EQ(low(totals().borrow_assets.raw), 50U);
    done(Repay{borrower, {50}, {}});
    EXPECT_TRUE(of(borrower).borrow_shares.is_zero());
    EXPECT_EQ(low(totals().cash.raw), 1'000U);
}

TEST_F(MorphoBlue, MORPHO_007_collateral_is_not_lent_and_needs_no_price_without_debt) {
    refused(SupplyCollateral{borrower, {}}, Error::amount_zero);
    done(SupplyCollateral{borrower, {100}});
    refused(WithdrawCollateral{borrower, {}}, Error::amount_zero);
    refused(WithdrawCollateral{borrower, {101}}, Error::balance_insufficient);
    std::get<Market>(state.markets[0]).totals[0].has_price = 0;
    done(WithdrawCollateral{borrower, {40}});
    done(Supply{lender, {100}, {}});
    refused(Borrow{borrower, {1}, {}}, Error::price_missing);
    EXPECT_EQ(low(state.custody[index(collateral)].held.raw), 60U);
}

TEST(MorphoBlueMath, MORPHO_008_the_incentive_grows_with_the_distance_of_the_lltv_from_one) {
    Checked math;
    const auto lltv = [](std::uint64_t percent) { return percent * low(wad / 100); };
    EXPECT_EQ(low(liquidation_incentive(math, lltv(80))), 1'063'829'787'234'042'553U);  // 1/0.94
    EXPECT_EQ(low(liquidation_incentive(math, lltv(95))), 1'015'228'426'395'939'086U);  // 1/0.985
    EXPECT_EQ(low(liquidation_incentive(math, lltv(50))),
              1'150'000'000'000'000'000U);  // 1/0.85, capped
}

TEST_F(MorphoBlue, MORPHO_008_a_liquidation_by_what_is_seized) {
    given_a_loan();
    price(9);  // 100 · 0.9 · 0.8 = 72 < 80
    done(Liquidate{borrower, {50}, {}});
    // 50 · 0.9 = 45; ⌈45/1.0638...⌉ = 43
    EXPECT_EQ(low(of(borrower).collateral.raw), 50U);
    EXPECT_EQ(low(of(borrower).borrow_shares.raw), 37'000'000U);
    EXPECT_EQ(low(totals().borrow_assets.raw), 37U);
    const auto liquidated = told<Liquidated>();
    ASSERT_EQ(liquidated.size(), 1U);
    EXPECT_EQ(low(liquidated[0].repaid.raw), 43U);
    EXPECT_TRUE(liquidated[0].still_unhealthy);  // 50 · 0.9 · 0.8 = 36 < 37
    EXPECT_FALSE(liquidated[0].ltv_raised);      // 37/50 < 80/100
    EXPECT_TRUE(told<LossRealised>().empty());
}

TEST_F(MorphoBlue, MORPHO_008_a_liquidation_by_what_is_repaid) {
    given_a_loan();
    price(9);
    done(Liquidate{borrower, {}, {40'000'000}});
    // 40 · 1.0638... = 42.5 → 42; 42/0.9 = 46.7 → 46
    EXPECT_EQ(low(of(borrower).collateral.raw), 54U);
    EXPECT_EQ(low(totals().borrow_assets.raw), 40U);
    EXPECT_EQ(low(totals().cash.raw), 960U);
    refused(Liquidate{borrower, {55}, {}}, Error::balance_insufficient);
    refused(Liquidate{borrower, {}, {40'000'001}}, Error::balance_insufficient);
    refused(Liquidate{borrower, {uint128_max}, {}}, Error::amount_overflow);
    refused(Repay{borrower, {uint128_max}, {}}, Error::amount_overflow);
}

TEST_F(MorphoBlue, MORPHO_009_what_no_collateral_stands_against_is_taken_from_the_lenders_at_once) {
    given_a_loan();
    price(5);
    done(Liquidate{borrower, {100}, {}});
    // 100 · 0.5 = 50; ⌈50/1.06382...⌉ = 48, because the incentive is floored; 80 − 48 = 32 are lost.
    EXPECT_TRUE(of(borrower).borrow_shares.is_zero());
    EXPECT_EQ(low(totals().supply_assets.raw), 968U);
    EXPECT_EQ(low(totals().borrow_assets.raw), 0U);
    EXPECT_EQ(low(totals().cash.raw), 968U);
    const auto losses = told<LossRealised>();
    ASSERT_EQ(losses.size(), 1U);
    EXPECT_EQ(low(losses[0].amount.raw), 32U);
    ASSERT_EQ(told<DebtBurned>().size(), 1U);
    EXPECT_EQ(low(told<DebtBurned>()[0].bad_debt.raw), 32'000'000U);
}

TEST_F(MorphoBlue, MORPHO_009_one_atom_of_collateral_keeps_the_loss_hidden) {
    given_a_loan();
    price(5);
    done(Liquidate{borrower, {99}, {}});
    EXPECT_EQ(low(totals().supply_assets.raw), 1'000U);
    EXPECT_TRUE(told<LossRealised>().empty());
}

TEST_F(MorphoBlue, MORPHO_010_a_fee_above_a_quarter_is_refused) {
    refused(SetFee{fee_max + 1}, Error::parameters_invalid);
    done(SetFee{fee_max});
    Totals t = totals();
    EXPECT_TRUE(check_parameters(t).has_value());
    t.lltv = low(wad);
    EXPECT_FALSE(check_parameters(t).has_value());
    t = totals();
    t.fee_recipient = AccountId{t.accounts};
    EXPECT_FALSE(check_parameters(t).has_value());
}

TEST_F(MorphoBlue, ENGINE_002_who_is_not_there_is_refused) {
    refused(Supply{AccountId{4}, {1}, {}}, Error::account_unknown);
    refused(Liquidate{outside, {1}, {}}, Error::account_unknown);
    std::get<Market>(state.markets[0]).totals[0].updated = 0;  // a market that was not created
    refused(Accrue{}, Error::market_unknown);
}

TEST_F(MorphoBlue, ENGINE_006_an_action_of_another_protocol_is_refused) {
    const auto reason = [&](const breakwater::Action& action, const State& at) {
        State copy = at;
        const auto out = apply(copy, {.time = Time{now}, .market = {}, .action = action}, planner);
        return out ? std::string_view{"none"} : name(out.error());
    };
    EXPECT_EQ(reason(breakwater::Supply{}, state), "market_of_another_kind");
    EXPECT_EQ(reason(compound_v3::Action{}, state), "market_of_another_kind");
    EXPECT_EQ(reason(Action{}, given::small_market()), "market_of_another_kind");
    EXPECT_EQ(reason(ReportPrices{{{1}, {}}}, state), "none");  // prices are for every market
}

TEST_F(MorphoBlue, ENGINE_004_rows_that_an_undo_has_emptied_do_not_show) {
    const std::string before = digest_of(state);
    const auto done =
        apply(state, {.time = Time{now}, .market = {}, .action = Action{Supply{other, {7}, {}}}},
              planner);
    ASSERT_TRUE(done.has_value());
    EXPECT_EQ(market().positions.size(), 3U);
    EXPECT_NE(digest_of(state), before);
    undo(state, (*done)->changes);
    EXPECT_EQ(market().positions.size(), 3U);
    EXPECT_EQ(digest_of(state), before);
}

/// Each invariant sees the fault that it is there for.
class MorphoBlueInvariants : public MorphoBlue {
  protected:
    MorphoBlueInvariants() {
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

    Desk desk;
    Transition transition;
};

TEST_F(MorphoBlueInvariants, MORPHO_011_custody_moves_with_the_market) {
    EXPECT_EQ(rule(), "none");
    desk.receive(collateral, {1});
    EXPECT_EQ(rule(), "MORPHO-011");
    on_desk().collateral += Amount{1};
    desk.change<&Market::positions>(index(other)).collateral += Amount{1};
    EXPECT_EQ(rule(), "none");
    state.custody[index(loan)].held += Amount{1};
    EXPECT_EQ(state_rule(), "BOOK-001");
}

TEST_F(MorphoBlueInvariants, MORPHO_012_positions_sum_to_the_totals) {
    desk.change<&Market::positions>(index(other)).supply_shares += Shares{1};
    EXPECT_EQ(rule(), "MORPHO-012");
    on_desk().supply_shares += Shares{1};
    EXPECT_EQ(rule(), "none");
    on_desk().borrow_shares -= Shares{1};
    EXPECT_EQ(rule(), "MORPHO-012");
    std::get<Market>(state.markets[0]).positions[index(borrower)].collateral += Amount{1};
    EXPECT_EQ(state_rule(), "MORPHO-012");
}

TEST_F(MorphoBlueInvariants, MORPHO_013_claims_are_covered_to_the_atom) {
    on_desk().borrow_assets += Amount{1};  // an atom left over: rounding
    EXPECT_EQ(rule(), "none");
    on_desk().borrow_assets += Amount{1};
    EXPECT_EQ(rule(), "MORPHO-013");
    on_desk().supply_assets += Amount{3};
    EXPECT_EQ(rule(), "MORPHO-013");
    std::get<Market>(state.markets[0]).totals[0].supply_assets += Amount{1};
    EXPECT_EQ(state_rule(), "MORPHO-013");
}

TEST(MorphoBlueSequences, ENGINE_001_and_every_invariant_hold_for_random_events) {
    int applied = 0;
    int refusals = 0;
    int losses = 0;
    for (std::uint64_t seed = 1; seed <= given::rounds(60U); ++seed) {
        given::SeededChance chance(seed);
        State state = given::morpho_book(static_cast<RateModel>(seed % 3));
        Planner planner;
        for (int i = 0; i < 250; ++i) {
            const given::Outcome out =
                given::apply_native(state, planner, given::random_morpho_event(state, chance));
            ASSERT_EQ(out.broken, "") << "seed " << seed << ", event " << i;
            ++(out.status ? applied : refusals);
            for (const auto& e : out.effects)
                losses += std::holds_alternative<LossRealised>(e) ? 1 : 0;
        }
    }
    EXPECT_GT(applied, given::rounds(3'000));
    EXPECT_GT(refusals, given::rounds(1'000));
    EXPECT_TRUE(given::sanitized || losses > 5);
}

}  // namespace
}  // namespace breakwater::morpho_blue
