// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "given.hpp"

/// Liquidation: AAVE-020 to AAVE-028, LIQUIDATION-004 to LIQUIDATION-007. What is not asserted here to the last unit is
/// compared with the slow twin by the fixture.
namespace breakwater::given {
namespace {

/// 10 weth against 16,000 usdc: unhealthy below 1,939.39 USD, below 0.95 at 1,842.42.
class Liquidations : public Given {
  protected:
    Liquidations() {
        given_liquidity();
        given(Supply{borrower, weth, 10_weth});
        given(Borrow{borrower, usdc, 16'000_usdc});
    }

    static Liquidate all_of(AssetId collateral, AssetId debt) {
        return {.borrower = borrower,
                .collateral = collateral,
                .debt = debt,
                .debt_to_cover = Size::all()};
    }
    static Liquidate some(Amount amount) {
        Liquidate e = all_of(weth, usdc);
        e.debt_to_cover = Size::exactly(amount);
        return e;
    }
};

TEST_F(Liquidations, LIQUIDATION_005_a_healthy_account_is_not_touched) {
    price_raw(usdc, 103'125'000);  // 16,500 USD
    when(all_of(weth, usdc)).is_refused(Error::health_factor_not_below_one);
    price_raw(usdc, 103'125'001);
    EXPECT_TRUE(when(all_of(weth, usdc)).happens().happened());
}

TEST_F(Liquidations, AAVE_021_half_above_095_and_the_whole_debt_at_it) {
    price(weth, 1'900_usd);  // 15,675 USD of threshold: 0.95 × 16,500
    price_raw(usdc, 103'124'999);
    const auto half = when(all_of(weth, usdc)).happens().the<Liquidated>();
    EXPECT_EQ(half.repaid, 8'000_usdc);
}

TEST_F(Liquidations, AAVE_021_at_095_the_whole_debt) {
    price(weth, 1'900_usd);
    price_raw(usdc, 103'125'000);
    EXPECT_EQ(data_of(borrower).health_factor(), Uint256{wad / 100 * 95});
    EXPECT_EQ(when(all_of(weth, usdc)).happens().the<Liquidated>().repaid, 16'000_usdc);
}

TEST_F(Liquidations, AAVE_021_below_095_the_whole_debt) {
    price(weth, 1'900_usd);
    price_raw(usdc, 103'125'001);
    EXPECT_EQ(when(all_of(weth, usdc)).happens().the<Liquidated>().repaid, 16'000_usdc);
}

TEST_F(Liquidations, AAVE_022_and_023_bonus_and_fee_to_the_last_unit) {
    price(weth, 1'900_usd);
    const auto done = when(all_of(weth, usdc)).happens().the<Liquidated>();
    EXPECT_EQ(done.repaid, 8'000_usdc);
    // ⌊⌊8,000/1,900⌋ · 1.05⌋ = 4.421052631578947368; fee ⌈10 % of the bonus part⌉
    EXPECT_EQ(done.seized.raw, 4'399'999'999'999'999'999U);
    EXPECT_EQ(done.protocol_fee.raw, 21'052'631'578'947'369U);
    EXPECT_EQ(debt_of(borrower, usdc), 8'000_usdc);
    EXPECT_EQ(leg(treasury, weth).supplied().raw, done.protocol_fee.raw);
    EXPECT_FALSE(leg(treasury, weth).is_collateral());
    EXPECT_TRUE(leg(borrower, weth).is_collateral());
}

TEST_F(Liquidations, AAVE_023_without_a_fee_the_liquidator_takes_it_all) {
    change(weth, [](auto& p) { p.liquidation_protocol_fee = 0; });
    price(weth, 1'900_usd);
    const auto done = when(all_of(weth, usdc)).happens().the<Liquidated>();
    EXPECT_EQ(done.seized.raw, 4'421'052'631'578'947'368U);
    EXPECT_TRUE(done.protocol_fee.is_zero());
    EXPECT_TRUE(leg(treasury, weth).is_empty());
}

TEST_F(Liquidations, AAVE_022_where_collateral_does_not_reach_the_repayment_falls) {
    price(weth, 1'000_usd);
    const auto done = when(all_of(weth, usdc)).happens();
    EXPECT_EQ(done.the<Liquidated>().repaid.raw, 9'523'809'524U);  // ⌈10,000 / 1.05⌉
    EXPECT_EQ(done.the<Liquidated>().seized + done.the<Liquidated>().protocol_fee, 10_weth);
}

TEST_F(Liquidations, AAVE_024_debt_below_1000_USD_may_not_be_left) {
    price(weth, 1'840_usd);
    when(some(15'000_usdc + atom)).is_refused(Error::dust_left);
    when(some(16'000_usdc - atom)).is_refused(Error::dust_left);
    when(some(15'000_usdc)).happens();
    EXPECT_EQ(debt_of(borrower, usdc), 1'000_usdc);
}

TEST_F(Liquidations, AAVE_024_and_all_of_it_leaves_none) {
    price(weth, 1'840_usd);
    when(some(16'000_usdc)).happens();
    EXPECT_FALSE(leg(borrower, usdc).is_borrowing());
    EXPECT_TRUE(leg(borrower, weth).is_collateral());
}

TEST_F(Liquidations, AAVE_024_collateral_below_1000_USD_may_not_be_left) {
    price(weth, 1'650_usd);  // 16,500 − 1.05 r ≥ 1,000 up to r = 14,761.90476…
    when(some({14'761'904'762U})).is_refused(Error::dust_left);
    when(some({14'761'904'761U})).happens();
}

TEST_F(Liquidations, AAVE_025_the_flag_falls_with_the_last_share_of_the_leg) {
    given(Supply{borrower, wbtc, 1_wbtc});
    given(Borrow{borrower, wsteth, 8_wsteth});
    price(weth, 100_usd);
    price(wbtc, 15'000_usd);
    const auto done = when(all_of(weth, usdc)).happens();
    EXPECT_FALSE(leg(borrower, weth).is_collateral());
    EXPECT_TRUE(done.all<LossRealised>().empty());  // wbtc still stands against the debts
    EXPECT_TRUE(leg(borrower, wbtc).is_collateral());
}

TEST_F(Liquidations, AAVE_026_what_no_collateral_covers_becomes_the_deficit) {
    price(weth, 1'000_usd);
    const auto done = when(all_of(weth, usdc)).happens();
    const auto loss = done.the<LossRealised>();
    EXPECT_EQ(loss.amount, 16'000_usdc - done.the<Liquidated>().repaid);
    EXPECT_EQ(loss.asset, usdc);
    EXPECT_EQ(loss.account, borrower);
    EXPECT_EQ(reserve(usdc).deficit, loss.amount);
    EXPECT_FALSE(leg(borrower, usdc).is_borrowing());
    EXPECT_FALSE(leg(borrower, weth).is_collateral());
    EXPECT_TRUE(reserve(usdc).borrowed.is_zero());
}

TEST_F(Liquidations, AAVE_026_and_LIQUIDATION_007_every_other_debt_is_realised_with_it) {
    price(wbtc, 1'000_usd);
    price(wsteth, 100_usd);
    given(Supply{borrower, weth, 10_weth});
    given(Borrow{borrower, wsteth, 20_wsteth});
    given(Borrow{borrower, wbtc, 2_wbtc});
    price(weth, 100_usd);
    later(3'600);
    const Amount wbtc_owed = debt_of(borrower, wbtc);
    const Amount wsteth_owed = debt_of(borrower, wsteth);
    const auto losses = when(all_of(weth, usdc)).happens().all<LossRealised>();
    ASSERT_EQ(losses.size(), 3U);
    EXPECT_EQ(losses[0].asset, usdc);
    EXPECT_EQ(losses[1].asset, wbtc);  // the others in the order of the reserves
    EXPECT_EQ(losses[2].asset, wsteth);
    EXPECT_EQ(losses[1].amount, wbtc_owed);
    EXPECT_EQ(losses[2].amount, wsteth_owed);
    EXPECT_NE(losses[0].id, losses[1].id);
    EXPECT_NE(losses[1].id, losses[2].id);
    EXPECT_TRUE(data_of(borrower).debt.is_zero());
}

TEST_F(Liquidations, LIQUIDATION_007_a_loss_id_never_comes_again) {
    price(weth, 1'000_usd);
    const auto first = when(all_of(weth, usdc)).happens().the<LossRealised>();
    price(weth, 2'000_usd);
    given(Supply{borrower, weth, 10_weth});
    given(Borrow{borrower, usdc, 16'000_usdc});
    price(weth, 1'000_usd);
    const auto second = when(all_of(weth, usdc)).happens().the<LossRealised>();
    EXPECT_GT(second.id, first.id);
    EXPECT_EQ(reserve(usdc).deficit, first.amount + second.amount);
}

TEST_F(Liquidations, AAVE_026_a_repayment_too_small_to_burn_a_share_is_refused) {
    given(Repay{borrower, usdc, Size::all()});
    aave_market(state).reserves[index(usdc)].borrow_index = {ray * 3 / 2};
    given(Borrow{borrower, usdc, 15'999_usdc});
    price(weth, 1'840_usd);
    when(some({0})).is_refused(Error::burn_amount_zero);
    when(some({1})).is_refused(Error::burn_amount_zero);
    when(some({2})).happens();
}

TEST_F(Liquidations, AAVE_027_the_underlying_comes_from_cash) {
    given(Withdraw{lender, weth, Size::all()});
    given(Supply{bystander, usdc, 1'000'000_usdc});
    given(Borrow{bystander, weth, 8_weth});  // 2 are left
    price(weth, 1'840_usd);
    when(all_of(weth, usdc)).is_refused(Error::cash_insufficient);
    when(some(4'000_usdc)).is_refused(Error::cash_insufficient);  // 2.27 weth
    when(some(3'000_usdc)).happens();
}

TEST_F(Liquidations, AAVE_027_shares_can_be_taken_where_cash_is_gone) {
    given(Withdraw{lender, weth, Size::all()});
    given(Supply{bystander, usdc, 1'000'000_usdc});
    given(Borrow{bystander, weth, 10_weth});
    price(weth, 1'840_usd);
    Liquidate e = all_of(weth, usdc);
    e.liquidator = liquidator;
    when(e).is_refused(Error::cash_insufficient);
    e.receive_supply = true;
    const auto done = when(e).happens().the<Liquidated>();
    EXPECT_EQ(leg(liquidator, weth).supplied().raw, done.seized.raw);
    EXPECT_FALSE(leg(liquidator, weth).is_collateral());  // not by itself
    EXPECT_EQ(leg(treasury, weth).supplied().raw, done.protocol_fee.raw);
}

TEST_F(Liquidations, AAVE_027_collateral_and_debt_of_one_asset_pay_from_what_was_held) {
    given(Repay{borrower, usdc, Size::all()});
    given(Withdraw{lender, weth, Size::all()});
    given(Borrow{borrower, weth, 8_weth});  // debt in the collateral itself
    later(10 * 31'536'000ULL);              // interest eats the cushion
    ASSERT_TRUE(data_of(borrower).is_unhealthy());
    when(all_of(weth, weth)).is_refused(Error::cash_insufficient);  // 2 weth are left
    given(Supply{lender, weth, 100_weth});
    when(all_of(weth, weth)).happens();
}

TEST_F(Liquidations, AAVE_028_the_fee_is_at_most_what_the_borrower_still_has) {
    aave_market(state).reserves[index(weth)].liquidity_index.raw += ray / 3;
    price(weth, 700_usd);
    const auto done = when(all_of(weth, usdc)).happens().the<Liquidated>();
    EXPECT_GT(done.protocol_fee, Amount{0});
    EXPECT_TRUE(leg(borrower, weth).supplied().is_zero());
    EXPECT_FALSE(leg(treasury, weth).supplied().is_zero());
}

TEST_F(Liquidations, AAVE_020_refusals_come_in_their_order) {
    Liquidate e = all_of(wbtc, wsteth);
    e.liquidator = borrower;
    const auto set = [&](AssetId asset, std::uint16_t flags, std::uint64_t grace) {
        change(asset, [&](auto& p) { p.flags = flags, p.grace_until = grace; });
    };
    set(wbtc, aave_v3::active | aave_v3::paused, now);
    set(wsteth, aave_v3::paused, now);
    when(e).is_refused(Error::self_liquidation);
    e.liquidator = liquidator;
    when(e).is_refused(Error::reserve_inactive);
    set(wsteth, aave_v3::active, now);
    when(e).is_refused(Error::reserve_paused);
    set(wbtc, aave_v3::active, now);
    when(e).is_refused(Error::grace_period_running);
    set(wbtc, aave_v3::active, 0);
    when(e).is_refused(Error::grace_period_running);
    set(wsteth, aave_v3::active, 0);
    when(e).is_refused(Error::health_factor_not_below_one);
    price(weth, 1'840_usd);
    when(e).is_refused(Error::collateral_not_enabled);
    e.collateral = weth;
    when(e).is_refused(Error::debt_not_borrowed);
    e.debt = usdc;
    when(e).happens();
}

TEST_F(Liquidations, AAVE_020_the_grace_period_runs_to_its_last_second) {
    price(weth, 1'840_usd);
    change(weth, [&](auto& p) { p.grace_until = now + 100; });
    when(all_of(weth, usdc)).is_refused(Error::grace_period_running);
    later(99);
    when(all_of(weth, usdc)).is_refused(Error::grace_period_running);
    later(1);
    when(all_of(weth, usdc)).is_refused(Error::grace_period_running);
    later(1);
    when(all_of(weth, usdc)).happens();
}

TEST_F(Liquidations, AAVE_020_frozen_reserves_and_collateral_without_ltv_are_liquidated) {
    change(weth, [](auto& p) { p.flags = aave_v3::active | aave_v3::frozen, p.ltv = 0; });
    price(weth, 1'840_usd);
    when(all_of(weth, usdc)).happens();
}

TEST_F(Liquidations, AAVE_020_collateral_without_a_threshold_cannot_be_seized) {
    given(Supply{borrower, wbtc, {5'000'000}});  // 1,500 USD
    change(weth, [](auto& p) { p.ltv = p.liquidation_threshold = 0; });
    ASSERT_TRUE(data_of(borrower).is_unhealthy());
    when(all_of(weth, usdc)).is_refused(Error::collateral_not_enabled);
    when(all_of(wbtc, usdc)).happens();  // and the rest of the debt is lost, though weth is there
    EXPECT_FALSE(reserve(usdc).deficit.is_zero());
    EXPECT_EQ(supply_of(borrower, weth), 10_weth);
}

TEST_F(Liquidations, LIQUIDATION_004_amounts_are_maxima) {
    price(weth, 1'900_usd);
    EXPECT_EQ(when(some(8'000_usdc + atom)).happens().the<Liquidated>().repaid, 8'000_usdc);
}

TEST_F(Liquidations, LIQUIDATION_004_a_smaller_maximum_is_kept) {
    price(weth, 1'900_usd);
    EXPECT_EQ(when(some(8'000_usdc - atom)).happens().the<Liquidated>().repaid, 8'000_usdc - atom);
}

TEST_F(Liquidations, LIQUIDATION_006_a_liquidation_that_raises_ltv_is_marked) {
    price(weth, 1'900_usd);  // debt 84 % of collateral: below 1/1.05
    EXPECT_FALSE(when(all_of(weth, usdc)).happens().the<Liquidated>().ltv_raised);
    price(weth, 1'480_usd);  // debt is now above 1/1.05 of what is left
    ASSERT_GT(data_of(borrower).debt.raw * 105, data_of(borrower).collateral.raw * 100);
    EXPECT_TRUE(when(some(1'000_usdc)).happens().the<Liquidated>().ltv_raised);
}

TEST_F(Liquidations, AAVE_011_inside_an_emode_its_bonus_holds) {
    given(Supply{bystander, wsteth, 10_wsteth});
    given(SetEMode{bystander, emode_eth});
    given(Borrow{bystander, weth, 11_weth});
    price(wsteth, 2'310_usd);
    const Liquidate e{.borrower = bystander,
                      .collateral = wsteth,
                      .debt = weth,
                      .debt_to_cover = Size::exactly(1_weth)};
    const auto done = when(e).happens().the<Liquidated>();
    // ⌊⌊2,000/2,310⌋ · 1.01⌋
    EXPECT_EQ((done.seized + done.protocol_fee).raw, 874'458'874'458'874'458U);
}

// ---- The sizes alone: every edge of the close factor and of the dust rule.

struct SizeCase {
    const char* what;
    uint128 collateral;  // [1e-6 USD] in an asset of 6 decimals at 1 USD
    uint128 debt;        // likewise
    uint128 whole_debt;  // [1e-6 USD] of the account
    uint128 health_bps;
    uint128 expected;
};

class CloseFactor : public testing::TestWithParam<SizeCase> {};

TEST_P(CloseFactor, AAVE_021_edges) {
    const SizeCase& c = GetParam();
    const aave_v3::LiquidationInputs in{.collateral_balance = {c.collateral},
                                        .debt_balance = {c.debt},
                                        .collateral_price = {100'000'000},
                                        .debt_price = {100'000'000},
                                        .collateral_decimals = 6,
                                        .debt_decimals = 6,
                                        .bonus = 10'500,
                                        .protocol_fee = 1'000};
    aave_v3::AccountData data;
    data.debt = {c.whole_debt * 100};
    data.threshold_sum = data.debt.raw * c.health_bps;
    Checked m;
    EXPECT_EQ(aave_v3::liquidatable_debt(m, in, data).raw, c.expected);
}

INSTANTIATE_TEST_SUITE_P(
    AAVE_021, CloseFactor,
    testing::Values(
        SizeCase{"collateral below", 1'999'999'999, 3'000'000'000, 3'000'000'000, 9'700,
                 3'000'000'000},
        SizeCase{"collateral at 2,000", 2'000'000'000, 3'000'000'000, 3'000'000'000, 9'700,
                 1'500'000'000},
        SizeCase{"collateral above", 2'000'000'001, 3'000'000'000, 3'000'000'000, 9'700,
                 1'500'000'000},
        SizeCase{"debt below", 3'000'000'000, 1'999'999'999, 1'999'999'999, 9'700, 1'999'999'999},
        SizeCase{"debt at 2,000", 3'000'000'000, 2'000'000'000, 2'000'000'000, 9'700,
                 1'000'000'000},
        SizeCase{"debt above", 3'000'000'000, 2'000'000'001, 2'000'000'001, 9'700, 1'000'000'000},
        SizeCase{"health at 0.95", 3'000'000'000, 3'000'000'000, 3'000'000'000, 9'500,
                 3'000'000'000},
        SizeCase{"health above", 3'000'000'000, 3'000'000'000, 3'000'000'000, 9'501, 1'500'000'000},
        // Half of the whole position, which may be more than this debt.
        SizeCase{"this debt below half", 9'000'000'000, 3'000'000'000, 6'000'000'002, 9'700,
                 3'000'000'000},
        SizeCase{"this debt at half", 9'000'000'000, 3'000'000'000, 6'000'000'000, 9'700,
                 3'000'000'000},
        SizeCase{"this debt above half", 9'000'000'000, 3'000'000'000, 5'999'999'998, 9'700,
                 2'999'999'999}),
    [](const auto& one) {
        std::string name = one.param.what;
        for (char& c : name)
            if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
        return name;
    });

TEST(LiquidationSize, AAVE_024_dust_is_only_what_is_left_on_both_sides) {
    const aave_v3::LiquidationInputs in{.collateral_balance = {5'000'000'000},
                                        .debt_balance = {4'000'000'000},
                                        .collateral_price = {100'000'000},
                                        .debt_price = {100'000'000},
                                        .collateral_decimals = 6,
                                        .debt_decimals = 6,
                                        .bonus = 10'500,
                                        .protocol_fee = 1'000};
    const auto dust = [&](uint128 repaid, uint128 seized, uint128 fee) {
        Checked m;
        return aave_v3::leaves_dust(m, in, {{repaid}, {seized}, {fee}});
    };
    EXPECT_FALSE(dust(3'000'000'000, 3'900'000'000, 100'000'000));  // 1,000 on both sides
    EXPECT_TRUE(dust(3'000'000'001, 3'900'000'000, 100'000'000));   // a debt of 999.999999
    EXPECT_TRUE(dust(3'000'000'000, 3'900'000'000, 100'000'001));   // collateral likewise
    EXPECT_FALSE(dust(4'000'000'000, 4'999'999'999, 0));            // no debt is left
    EXPECT_TRUE(dust(3'999'999'999, 4'999'999'999, 0));
    EXPECT_FALSE(dust(3'999'999'999, 4'999'999'999, 1));  // no collateral is left
}

}  // namespace
}  // namespace breakwater::given
