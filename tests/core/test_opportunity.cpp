// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "given.hpp"

/// What a keeper sees: LIQUIDATION-001 to LIQUIDATION-003.
namespace breakwater::given {
namespace {

/// 10 weth and 1 wbtc against 20,000 usdc and 5 wsteth: 50,000 USD against 32,000.
class Opportunities : public Given {
  protected:
    Opportunities() {
        given_liquidity();
        given(Supply{borrower, weth, 10_weth});
        given(Supply{borrower, wbtc, 1_wbtc});
        given(Borrow{borrower, usdc, 20'000_usdc});
        given(Borrow{borrower, wsteth, 5_wsteth});
    }
    [[nodiscard]] std::vector<Opportunity> list(AccountId account) {
        std::vector<Opportunity> out{{}};  // what was in it is thrown away
        EXPECT_TRUE(opportunities(view(), account, out).has_value());
        return out;
    }
    [[nodiscard]] Result<Quote> quoted(AssetId collateral, AssetId debt, Size size = Size::all()) {
        return quote(view(),
                     {.kind = OpportunityKind::buy,
                      .account = borrower,
                      .collateral = collateral,
                      .debt = debt},
                     size);
    }
};

TEST_F(Opportunities, LIQUIDATION_001_a_healthy_account_has_none) {
    EXPECT_TRUE(list(borrower).empty());
    EXPECT_TRUE(list(bystander).empty());
    EXPECT_EQ(quoted(weth, usdc).error(), Error::health_factor_not_below_one);
    EXPECT_FALSE(best_opportunity(view(), borrower)->has_value());
}

TEST_F(Opportunities, LIQUIDATION_001_an_unhealthy_one_has_its_pairs) {
    price(wbtc, 15'000_usd);
    const auto pairs = list(borrower);
    ASSERT_EQ(pairs.size(), 4U);
    EXPECT_EQ(pairs[0].collateral, weth);
    EXPECT_EQ(pairs[0].debt, usdc);
    EXPECT_EQ(pairs[3].collateral, wbtc);
    EXPECT_EQ(pairs[3].debt, wsteth);
    EXPECT_EQ(quoted(usdc, usdc).error(), Error::collateral_not_enabled);
    EXPECT_EQ(quoted(weth, wbtc).error(), Error::debt_not_borrowed);
    change(weth, [](auto& p) { p.ltv = p.liquidation_threshold = 0; });
    EXPECT_EQ(list(borrower).size(), 2U);  // weth does not count any more
    EXPECT_EQ(quoted(weth, usdc).error(), Error::collateral_not_enabled);
}

TEST_F(Opportunities, LIQUIDATION_002_a_quote_is_what_the_liquidation_does) {
    price(wbtc, 15'000_usd);
    later(7'200);
    for (const Size size :
         {Size::all(), Size::exactly(5'000_usdc), Size::exactly(1'000'000_usdc)}) {
        const auto q = quoted(weth, usdc, size);
        ASSERT_TRUE(q.has_value());
        State copy = state;
        const auto done = apply(
            copy,
            {Time{now}, MarketId{0},
             Liquidate{
                 .borrower = borrower, .collateral = weth, .debt = usdc, .debt_to_cover = size}},
            planner);
        ASSERT_TRUE(done.has_value());
        const auto& made = std::get<Liquidated>((*done)->effects.back());
        EXPECT_EQ(made.repaid, q->pay);
        EXPECT_EQ(made.seized, q->get);
        EXPECT_EQ(q->pay_value.raw, q->pay.raw * 100);
        EXPECT_EQ(q->incentive(),
                  static_cast<int128>(q->get_value.raw) - static_cast<int128>(q->pay_value.raw));
        EXPECT_GT(q->incentive(), 0);
    }
}

TEST_F(Opportunities, LIQUIDATION_002_a_quote_says_where_dust_would_be_left) {
    price(wbtc, 5'000_usd);
    EXPECT_TRUE(quoted(weth, usdc, Size::exactly(18'500_usdc))->leaves_dust);
    Liquidate e{.borrower = borrower,
                .collateral = weth,
                .debt = usdc,
                .debt_to_cover = Size::exactly(18'500_usdc)};
    when(e).is_refused(Error::dust_left);
}

TEST_F(Opportunities, LIQUIDATION_003_the_best_has_the_largest_incentive) {
    price(wbtc, 15'000_usd);
    const auto best = best_opportunity(view(), borrower);
    ASSERT_TRUE(best.has_value() && best->has_value());
    int128 largest = 0;
    for (const Opportunity& o : list(borrower)) {
        const auto q = quoted(o.collateral, o.debt);
        ASSERT_TRUE(q.has_value());
        if (!q->leaves_dust) largest = std::max(largest, q->incentive());
    }
    EXPECT_EQ((*best)->quote.incentive(), largest);
    EXPECT_EQ((*best)->opportunity.collateral, wbtc);  // 10 % against 5 %
    EXPECT_FALSE((*best)->quote.leaves_dust);
}

TEST_F(Opportunities, LIQUIDATION_003_a_pair_that_leaves_dust_is_the_last_choice) {
    // Debts of 16,000 and 15,000 USD: half of the whole is 15,500, which would leave 500 of the first and closes the
    // second, so that the smaller incentive is the one that can be had.
    given(Supply{bystander, weth, 20_weth});
    given(Borrow{bystander, usdc, 16'000_usdc});
    given(Borrow{bystander, wsteth, {6'250'000'000'000'000'000U}});
    price(weth, 1'822_usd);
    const auto of = [&](AssetId debt) {
        return quote(
            view(),
            {.kind = OpportunityKind::buy, .account = bystander, .collateral = weth, .debt = debt},
            Size::all());
    };
    ASSERT_TRUE(of(usdc)->leaves_dust);
    ASSERT_FALSE(of(wsteth)->leaves_dust);
    ASSERT_GT(of(usdc)->incentive(), of(wsteth)->incentive());
    const auto best = best_opportunity(view(), bystander);
    ASSERT_TRUE(best.has_value() && best->has_value());
    EXPECT_EQ((*best)->opportunity.debt, wsteth);
    EXPECT_FALSE((*best)->quote.leaves_dust);
}

TEST_F(Opportunities, LIQUIDATION_002_without_a_price_there_is_no_quote) {
    state.feeds[index(weth)] = {};
    EXPECT_EQ(quoted(weth, usdc).error(), Error::price_missing);
    EXPECT_EQ(best_opportunity(view(), borrower).error(), Error::price_missing);
    std::vector<Opportunity> out;
    EXPECT_EQ(opportunities(view(), borrower, out).error(), Error::price_missing);
}

}  // namespace
}  // namespace breakwater::given
