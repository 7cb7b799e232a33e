// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "given.hpp"

/// Parameters, deficits and who pays for them: AAVE-030, AAVE-032, AAVE-034, WATERFALL-001 to WATERFALL-003.
namespace breakwater::given {
namespace {

class Parameters : public Given {
  protected:
    void valid(auto&& how) { EXPECT_TRUE(check(how).has_value()); }
    void invalid(auto&& how) {
        const Status status = check(how);
        ASSERT_FALSE(status.has_value());
        EXPECT_EQ(status.error(), Error::parameters_invalid);
    }

  private:
    Status check(auto&& how) {
        aave_v3::Parameters p = aave_market(state).parameters[index(weth)];
        how(p);
        return aave_v3::check_parameters(p);
    }
};

TEST_F(Parameters, AAVE_030_each_bound_one_below_at_and_one_above) {
    valid([](auto& p) { p.ltv = 8'249; });
    valid([](auto& p) { p.ltv = 8'250; });
    invalid([](auto& p) { p.ltv = 8'251; });
    invalid([](auto& p) { p.liquidation_bonus = 9'999; });
    invalid([](auto& p) { p.liquidation_bonus = 10'000; });
    valid([](auto& p) { p.liquidation_bonus = 10'001; });
    // threshold × bonus is rounded half up: 0.41 × 2.4391 = 1.000031 passes, 0.41 × 2.4392 = 1.000072 does not.
    const auto exposed = [](std::uint16_t bonus) {
        return [bonus](auto& p) {
            p.ltv = 0, p.liquidation_threshold = 4'100, p.liquidation_bonus = bonus;
        };
    };
    valid(exposed(24'390));
    valid(exposed(24'391));
    invalid(exposed(24'392));
    valid([](auto& p) { p.decimals = 18; });
    invalid([](auto& p) { p.decimals = 19; });
    valid([](auto& p) { p.reserve_factor = 10'000; });
    invalid([](auto& p) { p.reserve_factor = 10'001; });
    valid([](auto& p) { p.liquidation_protocol_fee = 10'000; });
    invalid([](auto& p) { p.liquidation_protocol_fee = 10'001; });
    invalid([](auto& p) { p.optimal_usage = 99; });
    valid([](auto& p) { p.optimal_usage = 100; });
    valid([](auto& p) { p.optimal_usage = 9'900; });
    invalid([](auto& p) { p.optimal_usage = 9'901; });
    valid([](auto& p) { p.slope1 = 6'000; });
    invalid([](auto& p) { p.slope1 = 6'001; });
    valid([](auto& p) { p.slope2 = 99'600; });
    invalid([](auto& p) { p.slope2 = 99'601; });
    valid([](auto& p) { p.ltv = 0, p.liquidation_threshold = 0, p.liquidation_bonus = 0; });
}

TEST_F(Parameters, AAVE_030_what_is_refused_holds_for_the_event) {
    auto p = aave_market(state).parameters[index(weth)];
    p.optimal_usage = 99;
    when(SetParameters{weth, p}).is_refused(Error::parameters_invalid);
    p.optimal_usage = 100;
    const auto set = when(SetParameters{weth, p}).happens().the<ParametersSet>();
    EXPECT_EQ(set.asset, weth);
}

TEST_F(Parameters, AAVE_032_an_emode_category_keeps_the_same_bounds) {
    const aave_v3::EMode good = aave_market(state).emodes[emode_eth];
    const auto with = [&](auto&& how) {
        aave_v3::EMode e = good;
        how(e);
        return SetEModeParameters{emode_eth, e};
    };
    when(SetEModeParameters{0, good}).is_refused(Error::emode_unknown);
    when(SetEModeParameters{4, good}).is_refused(Error::emode_unknown);
    when(SetEModeParameters{emode_missing, good}).happens();
    when(with([](auto& e) { e.ltv = 9'501; })).is_refused(Error::parameters_invalid);
    when(with([](auto& e) { e.ltv = 9'500; })).happens();
    when(with([](auto& e) { e.liquidation_bonus = 10'000; })).is_refused(Error::parameters_invalid);
    when(with([](auto& e) { e.liquidation_bonus = 10'001; })).happens();
    when(with([](auto& e) { e.liquidation_bonus = 10'526; })).happens();  // 0.95 × 1.0526 = 0.99997
    when(with([](auto& e) { e.liquidation_bonus = 10'528; })).is_refused(Error::parameters_invalid);
}

TEST_F(Parameters, AAVE_032_without_a_threshold_a_category_does_not_exist) {
    when(SetEMode{borrower, emode_missing}).is_refused(Error::emode_unknown);
    given(SetEModeParameters{emode_missing, aave_market(state).emodes[emode_eth]});
    when(SetEMode{borrower, emode_missing}).happens();
}

class Deficit : public Given {
  protected:
    Deficit() { given_deficit(); }
    static constexpr Amount deficit{6'476'190'476};

    void given_layer(AssetId asset, Amount cover) {
        state.layers.push_back({.cover = cover, .paid = {}, .asset = index(asset)});
    }
};

TEST_F(Deficit, AAVE_034_is_eliminated_by_burning_ones_own_supply) {
    ASSERT_EQ(reserve(usdc).deficit, deficit);
    given(Supply{coverer, usdc, 10'000_usdc});
    const Amount before = supply_of(coverer, usdc);
    when(EliminateDeficit{coverer, usdc, Size::exactly(1'000_usdc)}).happens();
    EXPECT_EQ(reserve(usdc).deficit, deficit - 1'000_usdc);
    EXPECT_EQ(supply_of(coverer, usdc), before - 1'000_usdc);
    EXPECT_EQ(when(EliminateDeficit{coverer, usdc, Size::exactly(9'000_usdc)})
                  .happens()
                  .the<Moved>()
                  .amount,
              deficit - 1'000_usdc);  // a maximum
    when(EliminateDeficit{coverer, usdc, Size::all()}).is_refused(Error::deficit_none);
}

TEST_F(Deficit, AAVE_034_needs_the_supply_to_its_last_unit) {
    given(Supply{coverer, usdc, deficit - atom});
    when(EliminateDeficit{coverer, usdc, Size::all()}).is_refused(Error::balance_insufficient);
    given(Supply{coverer, usdc, atom});
    when(EliminateDeficit{coverer, usdc, Size::all()}).happens();
    EXPECT_FALSE(leg(coverer, usdc).is_collateral());
    EXPECT_TRUE(reserve(usdc).deficit.is_zero());
}

TEST_F(Deficit, AAVE_034_refusals_come_in_their_order) {
    given(Supply{coverer, wbtc, 1_wbtc});
    given(Borrow{coverer, wsteth, 1_wsteth});
    when(EliminateDeficit{coverer, weth, Size::exactly({0})}).is_refused(Error::amount_zero);
    when(EliminateDeficit{coverer, weth, Size::all()}).is_refused(Error::deficit_none);
    when(EliminateDeficit{coverer, usdc, Size::all()}).is_refused(Error::debt_of_coverer);
    given(Repay{coverer, wsteth, Size::all()});
    when(EliminateDeficit{coverer, usdc, Size::all()}).is_refused(Error::balance_insufficient);
}

TEST_F(Deficit, WATERFALL_001_layers_pay_in_their_order) {
    given_layer(usdc, 4'000_usdc);
    given_layer(weth, 1'000_weth);
    given_layer(usdc, 4'000_usdc);
    given_layer(usdc, 4'000_usdc);
    const Amount cash = reserve(usdc).cash;
    const auto paid = when(CoverDeficit{usdc}).happens().all<LossCovered>();
    ASSERT_EQ(paid.size(), 2U);
    EXPECT_EQ(paid[0].layer, 0U);
    EXPECT_EQ(paid[0].amount, 4'000_usdc);
    EXPECT_EQ(paid[1].layer, 2U);
    EXPECT_EQ(paid[1].amount, deficit - 4'000_usdc);
    EXPECT_TRUE(reserve(usdc).deficit.is_zero());
    EXPECT_EQ(reserve(usdc).cash, cash + deficit);
    EXPECT_TRUE(state.layers[3].paid.is_zero());
    when(CoverDeficit{usdc}).is_refused(Error::deficit_none);
}

TEST_F(Deficit, WATERFALL_002_and_003_a_layer_pays_its_cover_and_the_rest_stays) {
    given_layer(usdc, deficit - atom);
    EXPECT_EQ(when(CoverDeficit{usdc}).happens().the<LossCovered>().amount, deficit - atom);
    EXPECT_EQ(reserve(usdc).deficit, atom);
    EXPECT_EQ(state.layers[0].paid, state.layers[0].cover);
    when(CoverDeficit{usdc}).is_refused(Error::layer_exhausted);
}

TEST_F(Deficit, WATERFALL_003_without_layers_the_loss_stays_where_it_is) {
    when(CoverDeficit{weth}).is_refused(Error::deficit_none);
    when(CoverDeficit{usdc}).is_refused(Error::layer_exhausted);
    EXPECT_EQ(reserve(usdc).deficit, deficit);
}

TEST_F(Deficit, WATERFALL_001_reserves_and_a_junior_tranche_give_up_their_supply) {
    given(Supply{treasury, usdc, 1'000_usdc});
    given(Supply{coverer, usdc, 2'000_usdc});
    state.layers = {{.cover = {}, .paid = {}, .asset = 1, .kind = LayerKind::reserves},
                    {.cover = 1'500_usdc,
                     .paid = {},
                     .asset = 1,
                     .kind = LayerKind::junior_tranche,
                     .account = index(coverer)},
                    {.cover = {}, .paid = {}, .asset = 1, .kind = LayerKind::deficit},
                    {.cover = 9'000_usdc, .paid = {}, .asset = 1}};
    const Amount cash = reserve(usdc).cash;
    const auto paid = when(CoverDeficit{usdc}).happens().all<LossCovered>();
    ASSERT_EQ(paid.size(), 2U);
    EXPECT_TRUE(paid[0].is_burned && paid[1].is_burned);
    EXPECT_EQ(paid[0].amount, 1'000_usdc);
    EXPECT_EQ(paid[1].amount, 1'500_usdc);
    EXPECT_EQ(supply_of(coverer, usdc), 500_usdc);
    EXPECT_EQ(reserve(usdc).cash, cash);
    EXPECT_EQ(reserve(usdc).deficit, deficit - 2'500_usdc);  // below the deficit nobody pays
    when(CoverDeficit{usdc}).is_refused(Error::layer_exhausted);
}

TEST_F(Deficit, WATERFALL_001_who_owes_is_no_tranche) {
    given(Supply{coverer, usdc, 2'000_usdc});
    given(SetCollateral{coverer, usdc, true});
    given(Borrow{coverer, wsteth, {wad / 10}});
    state.layers = {{.cover = {},
                     .paid = {},
                     .asset = 1,
                     .kind = LayerKind::junior_tranche,
                     .account = index(coverer)}};
    when(CoverDeficit{usdc}).is_refused(Error::layer_exhausted);
}

TEST_F(Deficit, WATERFALL_018_all_suppliers_bear_a_loss_in_proportion) {
    given(Supply{coverer, usdc, 2'000'000_usdc});
    given_layer(usdc, 400_usdc);
    state.layers.push_back({.cover = {}, .paid = {}, .asset = 1, .kind = LayerKind::socialisation});
    const auto share = [&](AccountId who) { return static_cast<double>(supply_of(who, usdc).raw); };
    const double of_lender = share(lender);
    const double of_coverer = share(coverer);
    const Amount cash = reserve(usdc).cash;
    const auto paid = when(CoverDeficit{usdc}).happens().all<LossCovered>();
    ASSERT_EQ(paid.size(), 2U);
    EXPECT_EQ(paid[0].amount, 400_usdc);
    EXPECT_TRUE(paid[1].is_burned);
    EXPECT_EQ(paid[1].liquidity_index, reserve(usdc).liquidity_index);
    EXPECT_LT(reserve(usdc).liquidity_index.raw, ray);
    EXPECT_LE(reserve(usdc).deficit, atom);  // what rounding of the index leaves
    EXPECT_EQ(reserve(usdc).cash, cash + 400_usdc);
    EXPECT_NEAR(share(lender) / of_lender, share(coverer) / of_coverer, 1e-11);
    EXPECT_NEAR(of_lender + of_coverer - share(lender) - share(coverer),
                static_cast<double>(paid[1].amount.raw), 2);
}

TEST_F(Deficit, WATERFALL_018_ends_the_list_and_keeps_to_its_cover) {
    state.layers = {{.cover = 1'000_usdc, .paid = {}, .asset = 1, .kind = LayerKind::socialisation},
                    {.cover = 9'000_usdc, .paid = {}, .asset = 1}};
    const auto paid = when(CoverDeficit{usdc}).happens().all<LossCovered>();
    ASSERT_EQ(paid.size(), 1U);
    EXPECT_LE(paid[0].amount, 1'000_usdc);
    EXPECT_GE(paid[0].amount, 1'000_usdc - atom);
    EXPECT_TRUE(state.layers[1].paid.is_zero());
}

TEST_F(Deficit, WATERFALL_018_leaves_a_thousandth_of_the_index) {
    aave_v3::Reserve& r = aave_market(state).reserves[1];
    state.custody[1].held -= r.cash;
    r.deficit += r.cash;
    r.cash = {};
    state.layers = {{.cover = {}, .paid = {}, .asset = 1, .kind = LayerKind::socialisation}};
    when(CoverDeficit{usdc}).happens();
    EXPECT_EQ(reserve(usdc).liquidity_index.raw, ray / 1'000);
    EXPECT_FALSE(reserve(usdc).deficit.is_zero());
    when(CoverDeficit{usdc}).is_refused(Error::layer_exhausted);
}

TEST_F(Deficit, WATERFALL_018_collateral_of_suppliers_falls_with_the_rest) {
    given(Supply{coverer, usdc, 10'000_usdc});
    given(SetCollateral{coverer, usdc, true});
    state.layers = {{.cover = {}, .paid = {}, .asset = 1, .kind = LayerKind::socialisation}};
    const Amount before = supply_of(coverer, usdc);
    when(CoverDeficit{usdc}).happens();
    EXPECT_LT(supply_of(coverer, usdc), before);
    EXPECT_TRUE(leg(coverer, usdc).is_collateral());
    given(Withdraw{coverer, usdc, Size::all()});
    EXPECT_TRUE(leg(coverer, usdc).supplied().is_zero());
}

class BorrowerEquity : public Given {
  protected:
    /// Owes 16,000 USDC on 10 WETH, and lends 2,000 USDC besides that are no collateral.
    BorrowerEquity() {
        given_liquidity();
        given(Supply{borrower, weth, 10_weth});
        given(Supply{borrower, usdc, 2'000_usdc});
        given(SetCollateral{borrower, usdc, false});
        given(Borrow{borrower, usdc, 16'000_usdc});
        price(weth, 1'000_usd);
    }
    void given_layer(Amount cover) {
        state.layers.push_back(
            {.cover = cover, .paid = {}, .asset = 1, .kind = LayerKind::borrower_equity});
    }
    const Liquidate liquidation{
        .borrower = borrower, .collateral = weth, .debt = usdc, .debt_to_cover = Size::all()};
};

TEST_F(BorrowerEquity, WATERFALL_019_pays_where_the_loss_arises) {
    given_layer({});
    const auto done = when(liquidation).happens();
    EXPECT_EQ(done.the<LossCovered>().amount, 2'000_usdc);
    EXPECT_TRUE(done.the<LossCovered>().is_burned);
    EXPECT_EQ(reserve(usdc).deficit, done.the<LossRealised>().amount - 2'000_usdc);
    EXPECT_TRUE(supply_of(borrower, usdc).is_zero());
    when(CoverDeficit{usdc}).is_refused(Error::layer_exhausted);
}

TEST_F(BorrowerEquity, WATERFALL_019_keeps_to_its_cover_and_without_the_layer_nothing_is_taken) {
    const State before = state;
    when(liquidation).happens();
    EXPECT_EQ(supply_of(borrower, usdc), 2'000_usdc);
    state = before;
    given_layer(500_usdc);
    EXPECT_EQ(when(liquidation).happens().the<LossCovered>().amount, 500_usdc);
    EXPECT_EQ(supply_of(borrower, usdc), 1'500_usdc);
    EXPECT_EQ(state.layers[0].paid, 500_usdc);
}

TEST_F(Deficit, WATERFALL_004_a_fund_is_refilled_with_time_and_never_above_its_cover) {
    state.layers = {{.cover = 1'000_usdc,
                     .paid = {},
                     .asset = 1,
                     .refill = 240_usdc,
                     .refilled = now}};
    when(CoverDeficit{usdc}).happens();
    when(CoverDeficit{usdc}).is_refused(Error::layer_exhausted);
    later(3'600);
    EXPECT_EQ(when(CoverDeficit{usdc}).happens().the<LossCovered>().amount, 10_usdc);
    when(CoverDeficit{usdc}).is_refused(Error::layer_exhausted);
    later(365 * 86'400);
    EXPECT_EQ(when(CoverDeficit{usdc}).happens().the<LossCovered>().amount, 1'000_usdc);
}

TEST(Waterfall, WATERFALL_003_payments_and_the_rest_sum_to_the_loss) {
    const std::vector<Layer> layers{{.cover = {10}, .paid = {4}, .asset = 1},
                                    {.cover = {5}, .paid = {5}, .asset = 1},
                                    {.cover = {100}, .paid = {0}, .asset = 2},
                                    {.cover = {7}, .paid = {0}, .asset = 1}};
    std::vector<Amount> available;
    for (const Layer& layer : layers)
        available.push_back(layer.left());
    struct Expected {
        uint128 loss, first, last, rest;
    };
    for (const Expected& e :
         {Expected{0, 0, 0, 0}, Expected{5, 5, 0, 0}, Expected{6, 6, 0, 0}, Expected{7, 6, 1, 0},
          Expected{12, 6, 6, 0}, Expected{13, 6, 7, 0}, Expected{14, 6, 7, 1}}) {
        const Allocation out = allocate(layers, available, AssetId{1}, {e.loss});
        EXPECT_EQ(out.uncovered.raw, e.rest);
        uint128 first = 0;
        uint128 last = 0;
        for (const Payment& p : out.payments) {
            EXPECT_FALSE(p.amount.is_zero());
            EXPECT_TRUE(p.layer == 0 || p.layer == 3);
            (p.layer == 0 ? first : last) += p.amount.raw;
        }
        EXPECT_EQ(first, e.first);
        EXPECT_EQ(last, e.last);
    }
}

}  // namespace
}  // namespace breakwater::given
