// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/core/margin/loans.hpp"
#include "given.hpp"

/// What an account is worth, its switches, and its e-mode: AAVE-010 to AAVE-014, AAVE-019, MARGIN-001.
namespace breakwater::given {
namespace {

class Accounts : public Given {
  protected:
    Accounts() { given_liquidity(); }

    /// An account of which only these two sums matter.
    static aave_v3::AccountData worth(uint128 threshold_sum, uint128 debt) {
        aave_v3::AccountData data;
        data.threshold_sum = threshold_sum;
        data.debt = {debt};
        return data;
    }
};

TEST_F(Accounts, AAVE_010_collateral_is_floored_and_debt_is_rounded_up) {
    price_raw(weth, 1);  // 1e-8 USD a token
    given(Supply{borrower, weth, 2_weth - atom});
    given(Supply{borrower, wbtc, 1_wbtc});
    given(Borrow{borrower, wsteth, {1}});
    const auto data = data_of(borrower);
    EXPECT_EQ(data.collateral, Value{1 + 30'000'00000000});
    EXPECT_EQ(data.debt, Value{1});
    EXPECT_EQ(data.threshold_sum, 8'250U + uint128{7'500} * 30'000'00000000U);
    EXPECT_EQ(data.ltv_sum, 8'000U + uint128{7'000} * 30'000'00000000U);
}

TEST_F(Accounts, AAVE_010_only_enabled_collateral_with_a_threshold_counts) {
    given(Supply{borrower, weth, 1_weth});
    given(Supply{borrower, wbtc, 1_wbtc});
    given(SetCollateral{borrower, weth, false});
    EXPECT_EQ(data_of(borrower).collateral, Value{30'000'00000000});
    change(wbtc, [](auto& p) { p.ltv = p.liquidation_threshold = 0; });
    EXPECT_TRUE(data_of(borrower).collateral.is_zero());
    EXPECT_EQ(data_of(borrower).average_threshold(), 0U);
}

TEST_F(Accounts, AAVE_010_what_counts_needs_a_price) {
    given(Supply{borrower, weth, 10_weth});
    given(Supply{borrower, wbtc, 1_wbtc});
    given(SetCollateral{borrower, wbtc, false});
    given(Borrow{borrower, usdc, 1'000_usdc});
    state.feeds[index(wbtc)] = {};
    when(Borrow{borrower, usdc, 1_usdc}).happens();  // wbtc does not count
    when(SetCollateral{borrower, weth, false}).is_refused(Error::health_factor_below_one);
    state.feeds[index(weth)] = {};
    when(Borrow{borrower, usdc, 1_usdc}).is_refused(Error::price_missing);
    when(Withdraw{borrower, weth, Size::exactly(atom)}).is_refused(Error::price_missing);
    when(Liquidate{
             .borrower = borrower, .collateral = weth, .debt = usdc, .debt_to_cover = Size::all()})
        .is_refused(Error::price_missing);
}

TEST_F(Accounts, AAVE_010_a_value_beyond_128_bits_is_refused) {
    const Amount giant{uint128{1} << 115U};
    given(Supply{borrower, usdc, giant});
    given(Supply{borrower, weth, 10_weth});
    price_raw(usdc, price_max);
    when(Borrow{borrower, weth, atom}).is_refused(Error::amount_overflow);
}

TEST_F(Accounts, AAVE_012_the_health_factor_of_round_numbers) {
    given(Supply{borrower, weth, 10_weth});
    EXPECT_EQ(data_of(borrower).health_factor(), uint256_max);
    EXPECT_FALSE(data_of(borrower).is_unhealthy());
    given(Borrow{borrower, usdc, 10'000_usdc});
    EXPECT_EQ(data_of(borrower).health_factor(), Uint256{wad / 100 * 165});
    EXPECT_EQ(data_of(borrower).average_threshold(), 8'250U);
    EXPECT_EQ(data_of(borrower).average_ltv(), 8'000U);
}

TEST_F(Accounts, AAVE_012_unhealthy_is_below_one_and_one_is_healthy) {
    const uint128 debt = 10'000'00000000;
    EXPECT_TRUE(worth(debt * bps_one - 1, debt).is_unhealthy());
    EXPECT_FALSE(worth(debt * bps_one, debt).is_unhealthy());
    EXPECT_FALSE(worth(debt * bps_one + 1, debt).is_unhealthy());
}

TEST_F(Accounts, AAVE_012_the_division_rounds_half_up_for_giants) {
    // Half of the debt is added before dividing: from 2 × 10^18 on it hides one missing unit.
    const uint128 debt = 2 * wad;
    EXPECT_TRUE(worth((debt - 1) * bps_one - 1, debt - 1).is_unhealthy());
    EXPECT_FALSE(worth(debt * bps_one - 1, debt).is_unhealthy());
    EXPECT_TRUE(worth(debt * bps_one - 2, debt).is_unhealthy());
}

TEST_F(Accounts, AAVE_012_above_a_ratio_means_above) {
    const Ratio ratio{wad / 100 * 95};
    const uint128 debt = 10'000;
    EXPECT_FALSE(worth(debt * 9'500 - 1, debt).health_factor_above(ratio));
    EXPECT_FALSE(worth(debt * 9'500, debt).health_factor_above(ratio));
    EXPECT_TRUE(worth(debt * 9'500 + 1, debt).health_factor_above(ratio));
    EXPECT_TRUE(worth(0, 0).health_factor_above(ratio));
}

TEST_F(Accounts, AAVE_014_averages_are_floored) {
    given(Supply{borrower, weth, 1_weth});
    given(Supply{borrower, usdc, 1'000_usdc});
    // (2,000 × 8,000 + 1,000 × 7,500) / 3,000 and (2,000 × 8,250 + 1,000 × 7,800) / 3,000
    EXPECT_EQ(data_of(borrower).average_ltv(), 7'833U);
    EXPECT_EQ(data_of(borrower).average_threshold(), 8'100U);
    EXPECT_EQ(data_of(borrower).available_borrows(), Value{3'000'00000000ULL * 7'833 / 10'000});
}

TEST_F(Accounts, AAVE_019_collateral_is_switched_on_with_supply_and_borrowing_power) {
    when(SetCollateral{borrower, weth, true}).is_refused(Error::supply_none);
    change(weth, [](auto& p) { p.ltv = 0; });
    given(Supply{borrower, weth, 1_weth});
    when(SetCollateral{borrower, weth, true}).is_refused(Error::ltv_zero);
    change(weth, [](auto& p) { p.ltv = 1; });
    when(SetCollateral{borrower, weth, true}).happens();
    EXPECT_TRUE(leg(borrower, weth).is_collateral());
}

TEST_F(Accounts, AAVE_019_collateral_is_switched_off_while_the_rest_carries_the_debt) {
    given(Supply{borrower, weth, 10_weth});
    given(Supply{borrower, wbtc, 1_wbtc});  // 22,500 USD of threshold
    given(Borrow{borrower, usdc, 22'500_usdc - atom});
    when(SetCollateral{borrower, weth, false}).happens();
    given(SetCollateral{borrower, weth, true});
    given(Borrow{borrower, usdc, atom});
    when(SetCollateral{borrower, weth, false}).happens();
    given(SetCollateral{borrower, weth, true});
    given(Borrow{borrower, usdc, atom});
    when(SetCollateral{borrower, weth, false}).is_refused(Error::health_factor_below_one);
}

TEST_F(Accounts, AAVE_019_switching_refuses_in_its_order) {
    given(Supply{borrower, weth, 1_weth});
    change(weth, [](auto& p) { p.flags = aave_v3::paused; });
    when(SetCollateral{borrower, weth, false}).is_refused(Error::reserve_inactive);
    change(weth, [](auto& p) { p.flags = aave_v3::active | aave_v3::paused; });
    when(SetCollateral{borrower, weth, false}).is_refused(Error::reserve_paused);
    change(weth, [](auto& p) { p.flags = aave_v3::active | aave_v3::frozen; });
    when(SetCollateral{borrower, weth, false}).happens();
    when(SetCollateral{borrower, weth, false}).happens();  // is off already
}

TEST_F(Accounts, AAVE_013_the_collateral_without_power_must_be_switched_off_first) {
    given(Supply{borrower, weth, 10_weth});
    given(Supply{borrower, wbtc, 1_wbtc});
    given(Borrow{borrower, usdc, 1'000_usdc});
    change(wbtc, [](auto& p) { p.ltv = 0; });
    when(SetCollateral{borrower, weth, false}).is_refused(Error::ltv_zero);
    when(SetCollateral{borrower, wbtc, false}).happens();
}

TEST_F(Accounts, AAVE_011_an_emode_replaces_thresholds_inside_its_map) {
    given(Supply{borrower, weth, 1_weth});
    given(Supply{borrower, wbtc, 1_wbtc});
    given(SetEMode{borrower, emode_eth});
    EXPECT_EQ(data_of(borrower).threshold_sum,
              uint128{2'000'00000000} * 9'500 + uint128{30'000'00000000} * 7'500);
    EXPECT_EQ(data_of(borrower).ltv_sum,
              uint128{2'000'00000000} * 9'300 + uint128{30'000'00000000} * 7'000);
    const auto t = aave_v3::thresholds(aave_market(state), emode_eth, weth);
    EXPECT_EQ(t.liquidation_bonus, 10'100U);
}

TEST_F(Accounts, AAVE_011_ltv_zero_inside_and_isolation_outside_take_borrowing_power) {
    const auto& market = aave_market(state);
    EXPECT_EQ(aave_v3::thresholds(market, emode_isolated, wsteth).ltv, 8'000U);
    EXPECT_EQ(aave_v3::thresholds(market, emode_isolated, weth).ltv, 0U);
    EXPECT_EQ(aave_v3::thresholds(market, emode_isolated, weth).liquidation_threshold, 8'250U);
    aave_v3::EMode e = market.emodes[emode_eth];
    e.ltv_zero = uint128{1} << index(wsteth);
    given(SetEModeParameters{emode_eth, e});
    EXPECT_EQ(aave_v3::thresholds(market, emode_eth, wsteth).ltv, 0U);
    EXPECT_EQ(aave_v3::thresholds(market, emode_eth, wsteth).liquidation_threshold, 9'500U);
    EXPECT_EQ(aave_v3::thresholds(market, emode_eth, weth).ltv, 9'300U);
}

TEST_F(Accounts, AAVE_019_an_emode_must_exist_and_lend_what_is_owed) {
    given(Supply{borrower, wsteth, 10_wsteth});
    given(Borrow{borrower, usdc, 1'000_usdc});
    when(SetEMode{borrower, 99}).is_refused(Error::emode_unknown);
    when(SetEMode{borrower, emode_missing}).is_refused(Error::emode_unknown);
    when(SetEMode{borrower, emode_eth}).is_refused(Error::debt_not_borrowable_in_emode);
    when(SetEMode{borrower, emode_isolated}).happens();
    when(SetEMode{borrower, emode_isolated}).happens();  // is in it already
}

TEST_F(Accounts, AAVE_019_an_emode_is_left_only_healthy) {
    given(Supply{borrower, wsteth, 10_wsteth});  // 24,000 USD: 19,200 at 80 %, 22,800 at 95 %
    given(SetEMode{borrower, emode_eth});
    given(Borrow{borrower, weth, {9'600'000'000'000'000'000U}});  // 19,200 USD
    when(SetEMode{borrower, 0}).happens();
    given(SetEMode{borrower, emode_eth});
    given(Borrow{borrower, weth, atom});
    when(SetEMode{borrower, 0}).is_refused(Error::health_factor_below_one);
    given(Repay{borrower, weth, Size::exactly(atom)});
    when(SetEMode{borrower, 0}).happens();
}

TEST_F(Accounts, MARGIN_001_equity_against_requirement_says_what_health_says) {
    given(Supply{borrower, weth, 10_weth});
    given(Borrow{borrower, usdc, 16'000_usdc});
    const Standing standing = standing_of(data_of(borrower));
    EXPECT_TRUE(standing.holds());
    EXPECT_EQ(standing.equity, int128{4'000'00000000} * ppm_one);
    EXPECT_EQ(standing.requirement, int128{20'000'00000000} * 175'000);
    price(weth, 1'939_usd);  // 10 × 1,939 × 82.5 % is below 16,000
    EXPECT_FALSE(standing_of(data_of(borrower)).holds());
    EXPECT_TRUE(data_of(borrower).is_unhealthy());
}

TEST_F(Accounts, MARGIN_001_the_half_up_division_is_the_only_difference) {
    const uint128 debt = 2 * wad;
    const auto giant = worth(debt * bps_one - 1, debt);
    EXPECT_FALSE(giant.is_unhealthy());
    EXPECT_FALSE(standing_of(giant).holds());
    const Standing sum = standing_of(worth(10, 0)) + standing_of(worth(0, 0));
    EXPECT_EQ(sum.requirement, -10 * 100);
}

}  // namespace
}  // namespace breakwater::given
