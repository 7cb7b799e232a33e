// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "maker_book.hpp"

/// Vaults, rates and the vow of Maker: MAKER-001 to MAKER-006, MAKER-017 to MAKER-024. Auctions have their own file.
namespace breakwater::given {
namespace {

using namespace maker;

TEST_F(Makers, MAKER_001_what_does_not_fit_is_refused) {
    given_vault();
    is_refused(Join{borrower, eth_a, {uint128_max}}, Error::amount_overflow);
    is_refused(Poke{eth_a, {uint128_max / 2}}, Error::amount_overflow);
}

TEST_F(Makers, ENGINE_002_names_things_that_exist) {
    is_refused(Drip{IlkId{2}}, Error::ilk_not_open);
    is_refused(Join{AccountId{4}, eth_a, {1}}, Error::account_unknown);
    is_refused(Move{buyer, AccountId{4}, {}}, Error::account_unknown);
    is_refused(Bark{eth_a, AccountId{4}, keeper}, Error::account_unknown);
    is_refused(Bark{eth_a, borrower, AccountId{4}}, Error::account_unknown);
    is_refused(Take{eth_a, 1, AccountId{4}, {1}, {}}, Error::account_unknown);
    is_refused(Redo{eth_a, 1, AccountId{4}}, Error::account_unknown);
}

TEST_F(Makers, MAKER_002_collateral_is_counted_in_wad_and_leaves_only_unlocked) {
    given(Join{borrower, wbtc_a, {1'50000000}});
    EXPECT_EQ(market.vaults[market.row(borrower, wbtc_a)].free.raw, wad / 2 * 3);
    EXPECT_EQ(state.custody[index(wbtc)].held.raw, 1'50000000U);
    given(Adjust{borrower, wbtc_a, {wad}, {}, {}, {}});
    is_refused(Exit{borrower, wbtc_a, {50000001}}, Error::balance_insufficient);
    given(Exit{borrower, wbtc_a, {50000000}});
    EXPECT_EQ(state.custody[index(wbtc)].held.raw, 1'00000000U);
}

TEST_F(Makers, MAKER_002_DAI_moves_only_if_it_is_there) {
    given_vault();
    is_refused(Move{borrower, keeper, one_more(rad(600))}, Error::balance_insufficient);
    given(Move{borrower, keeper, rad(600)});
    EXPECT_EQ(account(keeper).dai, rad(600));
    given(Move{keeper, keeper, rad(600)});
    EXPECT_EQ(account(keeper).dai, rad(600));
}

TEST_F(Makers, MAKER_003_a_vault_ends_safe_if_it_owes_more_or_has_less) {
    given_vault();  // 666.67 DAI may be owed
    is_refused(Adjust{borrower, eth_a, {}, {}, {67 * wad}, {}}, Error::collateral_insufficient);
    given(Adjust{borrower, eth_a, {}, {}, {66 * wad}, {}});
    is_refused(Adjust{borrower, eth_a, {}, {wad / 10}, {}, {}}, Error::collateral_insufficient);
    price(50);  // unsafe, and yet it may owe less
    given(Adjust{borrower, eth_a, {}, {}, {}, {66 * wad}});
    is_refused(Adjust{borrower, eth_a, {}, {1}, {}, {1}}, Error::collateral_insufficient);
    EXPECT_EQ(account(borrower).dai, rad(600));
}

TEST_F(Makers, MAKER_003_ceilings_dust_and_balances) {
    given_vault();
    is_refused(Adjust{borrower, eth_a, {}, {}, {}, {501 * wad}}, Error::debt_below_minimum);
    is_refused(Adjust{borrower, eth_a, {}, {}, {}, {601 * wad}}, Error::balance_insufficient);
    is_refused(Adjust{borrower, eth_a, {1}, {}, {}, {}}, Error::balance_insufficient);
    parameters().line = rad(609);
    is_refused(Adjust{borrower, eth_a, {}, {}, {10 * wad}, {}}, Error::borrow_cap_exceeded);
    parameters().line = rad(610);
    given(Adjust{borrower, eth_a, {}, {}, {10 * wad}, {}});
    market.system_parameters[0].line = rad(619);
    parameters().line = rad(1'000);
    is_refused(Adjust{borrower, eth_a, {}, {}, {10 * wad}, {}}, Error::borrow_cap_exceeded);
    given(Adjust{borrower, eth_a, {}, {}, {}, {510 * wad}});
    given(Adjust{borrower, eth_a, {}, {10 * wad}, {}, {100 * wad}});
    EXPECT_EQ(vault(borrower).free.raw, 10 * wad);
    EXPECT_TRUE(is_zero(account(borrower).dai));
}

TEST_F(Makers, MAKER_003_DAI_that_was_spent_cannot_wipe) {
    given_vault();
    given(Move{borrower, keeper, rad(1)});
    is_refused(Adjust{borrower, eth_a, {}, {}, {}, {600 * wad}}, Error::balance_insufficient);
}

TEST_F(Makers, MAKER_004_the_safe_price_is_the_price_over_par_and_ratio_rounded_down) {
    price(100);
    EXPECT_EQ(ilk().spot.raw, 200 * ray / 3);
    market.system_parameters[0].par = {2 * ray};
    price(100);
    EXPECT_EQ(ilk().spot.raw, 100 * ray / 3);
    price(0);
    EXPECT_TRUE(ilk().spot.is_zero());
}

TEST_F(Makers, MAKER_005_powers_round_half_up_at_each_product) {
    Checked math;
    const Ray third{ray / 3};
    EXPECT_EQ(power_half_up(math, third, 0).raw, ray);
    EXPECT_EQ(power_half_up(math, third, 1).raw, ray / 3);
    EXPECT_EQ(power_half_up(math, third, 2).raw, ray / 9);   // …110.89 up
    EXPECT_EQ(power_half_up(math, third, 3).raw, ray / 27);  // …036.999…
    EXPECT_EQ(power_half_up(math, {2 * ray}, 10).raw, 1'024 * ray);
    EXPECT_EQ(power_half_up(math, {}, 0).raw, ray);
    EXPECT_TRUE(power_half_up(math, {}, 2).is_zero());
    EXPECT_FALSE(math.overflow());
    (void)power_half_up(math, {2 * ray}, 64);
    EXPECT_TRUE(math.overflow());
}

TEST_F(Makers, MAKER_005_fees_grow_the_debt_and_go_to_the_vow) {
    given_vault();
    parameters().duty = {ray + ray / 100};  // 1 % a second, to be seen
    later(2);
    given(Drip{eth_a});
    EXPECT_EQ(ilk().rate.raw, ray / 10'000 * 10'201);
    EXPECT_EQ(account(vow).dai, milli_rad(12'060));  // 600 · 0.0201
    later(1);
    parameters().duty = {ray - ray / 100};
    given(Drip{eth_a});
    EXPECT_EQ(ilk().rate.raw, ray / 1'000'000 * 1'009'899);
    later(100);
    is_refused(Drip{eth_a}, Error::surplus_insufficient);
}

TEST_F(Makers, MAKER_006_parameters_that_governance_could_not_set) {
    const auto with = [](auto&& change) {
        IlkParameters p = terms();
        change(p);
        return SetIlk{eth_a, p};
    };
    const Error invalid = Error::parameters_invalid;
    is_refused(with([](auto& p) { p.chop.raw = wad - 1; }), invalid);
    is_refused(with([](auto& p) { p.liquidation_ratio = {}; }), invalid);
    is_refused(with([](auto& p) { p.decimals = 19; }), invalid);
    is_refused(with([](auto& p) { p.decimals = 6; }), invalid);
    is_refused(with([](auto& p) { p.asset = wbtc; }), invalid);
    is_refused(with([](auto& p) { p.curve = Curve::stairstep, p.step = 0; }), invalid);
    is_refused(with([](auto& p) { p.curve = Curve::exponential, p.cut.raw = ray + 1; }), invalid);
    given(with([](auto& p) { p.dust = rad(200); }));
    EXPECT_EQ(ilk().chost, rad(113));  // a cache
    given(UpdateChost{eth_a});
    EXPECT_EQ(ilk().chost, rad(226));
}

TEST_F(Makers, MAKER_017_debt_waits_in_the_queue_by_the_second_of_its_bark) {
    given_auction();
    EXPECT_EQ(market.system[0].queued, rad(600));
    later(99);
    is_refused(Flog{Time{now - 99}}, Error::wait_not_finished);
    is_refused(Flog{Time{now + 1}}, Error::wait_not_finished);
    later(1);
    given(Flog{Time{now - 101}});  // nothing was queued then
    EXPECT_EQ(market.system[0].queued, rad(600));
    given(Flog{Time{now - 100}});
    EXPECT_TRUE(is_zero(market.system[0].queued));
    given(Flog{Time{now - 100}});
    EXPECT_TRUE(is_zero(market.system[0].queued));
}

TEST_F(Makers, MAKER_018_surplus_heals_debt_that_is_neither_queued_nor_on_auction) {
    given_auction();
    given(Take{eth_a, 1, buyer, {10 * wad}, {}});  // 678 DAI to the vow, which owes 600 + 18.56
    is_refused(Heal{one_more(rad(678))}, Error::surplus_insufficient);
    is_refused(Heal{one_more(milli_rad(18'560))}, Error::unqueued_debt_insufficient);
    given(Heal{milli_rad(18'560)});
    later(100);
    given(Flog{Time{now - 100}});
    is_refused(Heal{one_more(rad(600))}, Error::unqueued_debt_insufficient);
    given(Heal{rad(600)});
    EXPECT_EQ(account(vow).dai, milli_rad(59'440));
    EXPECT_TRUE(is_zero(account(vow).sin));
}

TEST_F(Makers, MAKER_020_to_MAKER_023_a_missing_unit_is_seen) {
    given_auction();
    const auto broken = [&](auto&& change) {
        maker::Market m = market;
        change(m);
        const auto b = check_market(m);
        return b ? b->rule : std::string_view{};
    };
    const auto more = [](Rad& v) { v.limb[0] += 1; };
    EXPECT_EQ(broken([&](auto& m) { more(m.accounts[2].dai); }), "MAKER-020");
    EXPECT_EQ(broken([&](auto& m) { more(m.system[0].vice); }), "MAKER-020");
    EXPECT_EQ(broken([&](auto& m) { more(m.system[0].debt), more(m.accounts[2].dai); }),
              "MAKER-021");
    EXPECT_EQ(broken([](auto& m) { m.ilks[1].debt.raw += 1; }), "MAKER-021");
    EXPECT_EQ(broken([&](auto& m) { more(m.system[0].dirt); }), "MAKER-022");
    EXPECT_EQ(broken([&](auto& m) { more(m.sales[0].tab); }), "MAKER-022");
    EXPECT_EQ(broken([](auto& m) { m.ilks[0].auctioned.raw -= 1; }), "MAKER-022");
    EXPECT_EQ(broken([&](auto& m) { more(m.queue[0].amount); }), "MAKER-023");
    EXPECT_EQ(broken([](auto& m) { m.ilks[0].count = 0; }), "MAKER-023");
    EXPECT_EQ(broken([](auto& m) { m.active[0].sale = 2; }), "MAKER-023");
}

TEST_F(Makers, MAKER_024_collateral_in_vaults_balances_and_auctions_is_what_came_in) {
    given_auction();
    std::array<uint128, 3> held{};
    count_holdings(market, held);
    EXPECT_EQ(held[index(eth)], 10 * wad);
    EXPECT_EQ(held[index(wbtc)], uint128{1'00000000});
    state.custody[index(eth)].held.raw -= 1;
    const auto broken = check_state(state);
    ASSERT_TRUE(broken);
    EXPECT_EQ(broken->rule, "BOOK-001");
}

TEST_F(Makers, ENGINE_006_a_market_of_another_kind_refuses) {
    const auto done = apply(state, {Time{now}, MarketId{0}, Borrow{borrower, eth, {wad}}}, planner);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error(), Error::market_of_another_kind);
}

}  // namespace
}  // namespace breakwater::given
