// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "maker_book.hpp"

/// Auctions of Maker: MAKER-010 to MAKER-016. The figures are worked out by hand.
namespace breakwater::given {
namespace {

using namespace maker;

class MakerAuctions : public Makers {};

TEST_F(MakerAuctions, MAKER_010_and_LIQUIDATION_005_a_safe_vault_is_not_touched) {
    given_vault();
    price(90);  // safe price 60: 600 of collateral against 600 of debt
    is_refused(Bark{eth_a, borrower, keeper}, Error::health_factor_not_below_one);
    is_refused(Bark{eth_a, keeper, keeper}, Error::health_factor_not_below_one);
    price(0);  // no price, no bark
    is_refused(Bark{eth_a, borrower, keeper}, Error::health_factor_not_below_one);
    given(Poke{eth_a, {90 * wad - 1}});
    given(Bark{eth_a, borrower, keeper});
}

TEST_F(MakerAuctions, MAKER_010_the_whole_vault_where_there_is_room) {
    given_auction();
    EXPECT_TRUE(vault(borrower).locked.is_zero());
    EXPECT_TRUE(vault(borrower).debt.is_zero());
    EXPECT_EQ(sale(1).tab, rad(678));
    EXPECT_EQ(sale(1).lot.raw, 10 * wad);
    EXPECT_EQ(sale(1).top.raw, 96 * ray);
    EXPECT_EQ(sale(1).tic, now);
    EXPECT_EQ(sale(1).usr, borrower);
    EXPECT_EQ(ilk().dirt, rad(678));
    EXPECT_EQ(market.system[0].dirt, rad(678));
    EXPECT_EQ(market.system[0].queued, rad(600));
}

TEST_F(MakerAuctions, MAKER_014_the_keeper_gets_tip_and_chip) {
    given_auction();
    EXPECT_EQ(account(keeper).dai, milli_rad(18'560));  // 5 + 2 % of 678
    EXPECT_EQ(account(vow).sin, milli_rad(618'560));
}

/// A vault of 600 DAI with dust of 100 and a penalty of 13 % before `room` DAI of room.
class MakerRoom : public MakerAuctions {
  protected:
    void given_room(const Rad& room) {
        given_vault();
        price(80);
        parameters().hole = room;
    }
};

TEST_F(MakerRoom, MAKER_010_no_room) {
    given_room({});
    is_refused(Bark{eth_a, borrower, keeper}, Error::liquidation_limit_hit);
}

TEST_F(MakerRoom, MAKER_010_the_smaller_of_both_holes_counts) {
    given_room(rad(10'000));
    market.system_parameters[0].hole = rad(339);
    given(Bark{eth_a, borrower, keeper});
    EXPECT_EQ(vault(borrower).debt.raw, 300 * wad);
}

TEST_F(MakerRoom, MAKER_010_a_part_where_there_is_room_for_a_part) {
    given_room(rad(339));
    given(Bark{eth_a, borrower, keeper});
    EXPECT_EQ(vault(borrower).debt.raw, 300 * wad);
    EXPECT_EQ(vault(borrower).locked.raw, 5 * wad);
    EXPECT_EQ(sale(1).tab, rad(339));
    EXPECT_EQ(sale(1).lot.raw, 5 * wad);
    is_refused(Bark{eth_a, borrower, keeper}, Error::liquidation_limit_hit);
}

TEST_F(MakerRoom, MAKER_010_a_part_below_dust_is_refused) {
    given_room(Rad{});
    parameters().hole = mul_wide(113 * wad, ray);
    parameters().hole.limb[0] -= 1;  // 100 DAI less one unit
    is_refused(Bark{eth_a, borrower, keeper}, Error::auction_dusty);
    parameters().hole = rad(113);
    given(Bark{eth_a, borrower, keeper});
    EXPECT_EQ(vault(borrower).debt.raw, 500 * wad);
}

TEST_F(MakerRoom, MAKER_010_the_whole_where_the_rest_would_be_dust) {
    given_room(rad(565));  // 500 DAI: the rest is 100
    Checked math;
    parameters().hole = math.add_wide(rad(565), mul_wide(113, ray / 100));  // one unit of debt more
    given(Bark{eth_a, borrower, keeper});
    EXPECT_TRUE(vault(borrower).debt.is_zero());
    EXPECT_EQ(ilk().dirt, rad(678));  // more than the hole holds
}

TEST_F(MakerRoom, MAKER_010_at_dust_the_rest_stays) {
    given_room(rad(565));
    given(Bark{eth_a, borrower, keeper});
    EXPECT_EQ(vault(borrower).debt.raw, 100 * wad);
}

TEST_F(MakerAuctions, MAKER_010_nothing_to_sell_is_refused) {
    given_vault();
    given(Poke{eth_a, {1}});
    market.vaults[market.row(borrower, eth_a)].locked = {};
    state.custody[0].held = {};
    is_refused(Bark{eth_a, borrower, keeper}, Error::auction_empty);
}

TEST_F(MakerAuctions, MAKER_011_the_three_curves) {
    struct Row {
        Curve curve;
        std::uint64_t age;
        uint128 price;  ///< [ray]
    };
    constexpr std::array rows{
        Row{Curve::linear, 0, 96 * ray},
        Row{Curve::linear, 1'800, 72 * ray},
        Row{Curve::linear, 3'600, 48 * ray},
        Row{Curve::linear, 7'199, 96 * (ray / 7'200)},
        Row{Curve::linear, 7'200, 0},
        Row{Curve::linear, 9'000, 0},
        // 0.99 every 90 seconds
        Row{Curve::stairstep, 0, 96 * ray},
        Row{Curve::stairstep, 89, 96 * ray},
        Row{Curve::stairstep, 90, 96 * (ray / 100 * 99)},
        Row{Curve::stairstep, 179, 96 * (ray / 100 * 99)},
        Row{Curve::stairstep, 180, 96 * (ray / 10'000 * 9'801)},
        // 0.99 every second
        Row{Curve::exponential, 0, 96 * ray},
        Row{Curve::exponential, 1, 96 * (ray / 100 * 99)},
        Row{Curve::exponential, 3, 96 * (ray / 1'000'000 * 970'299)},
    };
    for (const Row& row : rows) {
        Checked math;
        const PriceCurve curve{
            .curve = row.curve, .tau = 7'200, .step = 90, .cut = {ray / 100 * 99}};
        EXPECT_TRUE(auction_price_down(math, curve, {96 * ray}, row.age).raw == row.price)
            << static_cast<int>(row.curve) << " at " << row.age;
        EXPECT_FALSE(math.overflow());
    }
}

TEST_F(MakerAuctions, MAKER_012_an_old_auction_is_void_until_begun_anew) {
    parameters().cusp = {};
    given_auction();
    later(5'000);
    is_refused(Redo{eth_a, 1, keeper}, Error::auction_still_runs);
    later(1);
    is_refused(Take{eth_a, 1, buyer, {wad}, {}}, Error::auction_needs_reset);
    price(60);
    given(Redo{eth_a, 1, keeper});
    EXPECT_EQ(sale(1).top.raw, 72 * ray);
    EXPECT_EQ(sale(1).tic, now);
    EXPECT_EQ(account(keeper).dai, milli_rad(37'120));  // twice 18.56
    is_refused(Redo{eth_a, 2, keeper}, Error::auction_not_running);
    is_refused(Redo{eth_a, 0, keeper}, Error::auction_not_running);
}

TEST_F(MakerAuctions, MAKER_012_an_auction_is_void_below_cusp) {
    given_auction();
    later(4'320);  // 40 % of the start
    is_refused(Redo{eth_a, 1, keeper}, Error::auction_still_runs);
    later(1);
    is_refused(Take{eth_a, 1, buyer, {wad}, {}}, Error::auction_needs_reset);
    given(Redo{eth_a, 1, keeper});
}

TEST_F(MakerAuctions, MAKER_014_nobody_is_paid_to_restart_what_nobody_would_buy) {
    given_auction();
    later(5'001);
    price(11);  // 110 DAI of collateral, chost is 113
    given(Redo{eth_a, 1, keeper});
    EXPECT_EQ(account(keeper).dai, milli_rad(18'560));
    later(5'001);
    given(Poke{eth_a, {wad / 10 * 113}});
    given(Redo{eth_a, 1, keeper});
    EXPECT_EQ(account(keeper).dai, milli_rad(37'120));
    later(5'001);
    price(0);
    is_refused(Redo{eth_a, 1, keeper}, Error::price_missing);
}

TEST_F(MakerAuctions, MAKER_013_a_part_at_the_price_of_now) {
    given_auction();
    later(1'800);
    is_refused(Take{eth_a, 1, buyer, {2 * wad}, Ray{72 * ray - 1}}, Error::slippage_exceeded);
    given(Take{eth_a, 1, buyer, {2 * wad}, Ray{72 * ray}});
    EXPECT_EQ(sale(1).tab, rad(534));
    EXPECT_EQ(sale(1).lot.raw, 8 * wad);
    EXPECT_EQ(vault(buyer).free.raw, 2 * wad);
    EXPECT_EQ(account(buyer).dai, rad(4'856));
    EXPECT_EQ(ilk().dirt, rad(534));
    EXPECT_EQ(effects<Liquidated>().at(0).repaid.raw, 144 * wad);
}

TEST_F(MakerAuctions, MAKER_013_and_LIQUIDATION_004_no_more_than_the_tab_and_the_rest_goes_back) {
    given_auction();
    given(Take{eth_a, 1, buyer, {uint128_max}, {}});
    EXPECT_EQ(vault(buyer).free.raw, wad / 10'000 * 70'625);  // 678 / 96
    EXPECT_EQ(vault(borrower).free.raw, wad / 10'000 * 29'375);
    EXPECT_EQ(account(buyer).dai, rad(4'322));
    EXPECT_TRUE(is_zero(ilk().dirt));
    EXPECT_EQ(ilk().count, 0U);
    EXPECT_TRUE(effects<LossRealised>().empty());
    is_refused(Take{eth_a, 1, buyer, {wad}, {}}, Error::auction_not_running);
}

TEST_F(MakerAuctions, MAKER_013_no_rest_below_chost_while_collateral_is_left) {
    given_auction();
    later(1'800);  // 9 ETH would pay 648 and leave 30 to raise
    given(Take{eth_a, 1, buyer, {9 * wad}, {}});
    EXPECT_EQ(sale(1).tab, rad(113));
    EXPECT_EQ(sale(1).lot.raw, 10 * wad - 7'847'222'222'222'222'222U);  // ⌊565 / 72⌋
    is_refused(Take{eth_a, 1, buyer, {wad}, {}}, Error::partial_purchase_refused);
    given(Take{eth_a, 1, buyer, {2 * wad}, {}});  // 144 covers the rest
    EXPECT_EQ(ilk().count, 0U);
}

TEST_F(MakerAuctions, MAKER_013_DAI_must_be_there) {
    given_auction();
    is_refused(Take{eth_a, 1, keeper, {10 * wad}, {}}, Error::balance_insufficient);
}

TEST_F(MakerAuctions, MAKER_015_what_is_left_to_raise_without_collateral_is_lost) {
    given_auction();
    later(3'600);
    given(Take{eth_a, 1, buyer, {10 * wad}, {}});  // 480 of 678
    const auto losses = effects<LossRealised>();
    ASSERT_EQ(losses.size(), 1U);
    EXPECT_EQ(losses[0].amount.raw, 120 * wad);  // of 600 owed; the penalty is no loss
    EXPECT_EQ(losses[0].account, borrower);
    EXPECT_EQ(losses[0].asset, dai);
    EXPECT_TRUE(is_zero(ilk().dirt));
    EXPECT_EQ(ilk().count, 0U);
    EXPECT_TRUE(vault(borrower).free.is_zero());
}

TEST_F(MakerAuctions, MAKER_015_a_penalty_that_is_not_raised_is_no_loss) {
    given_auction();
    later(2'520);  // 62.4 each: 624 of 678
    given(Take{eth_a, 1, buyer, {10 * wad}, {}});
    EXPECT_EQ(ilk().count, 0U);
    EXPECT_TRUE(effects<LossRealised>().empty());
}

TEST_F(MakerAuctions, MAKER_016_the_last_auction_fills_the_gap) {
    given_vault();
    parameters().hole = rad(10'000);
    for (const AccountId other : {keeper, buyer}) {
        given(Join{other, eth_a, {10 * wad}});
        given(Adjust{other, eth_a, {10 * wad}, {}, {600 * wad}, {}});
    }
    price(80);
    for (const AccountId owner : {borrower, keeper, buyer})
        given(Bark{eth_a, owner, keeper});
    given_buyer();
    EXPECT_EQ(ilk().count, 3U);
    given(Take{eth_a, 1, buyer, {10 * wad}, {}});
    EXPECT_EQ(ilk().count, 2U);
    EXPECT_EQ(market.active[market.row(0, eth_a)].sale, 3U);
    EXPECT_EQ(sale(3).place, 1U);
    EXPECT_EQ(sale(2).place, 2U);
    given(Take{eth_a, 2, buyer, {10 * wad}, {}});
    given(Take{eth_a, 3, buyer, {10 * wad}, {}});
    EXPECT_EQ(ilk().count, 0U);
    EXPECT_EQ(ilk().kicks, 3U);
}

TEST_F(MakerAuctions, MAKER_016_the_breaker_stops_in_three_steps) {
    given_auction();
    given(Join{keeper, eth_a, {10 * wad}});
    price(100);
    given(Adjust{keeper, eth_a, {10 * wad}, {}, {600 * wad}, {}});
    price(80);
    parameters().stopped = Stopped::new_auctions;
    is_refused(Bark{eth_a, keeper, keeper}, Error::auctions_stopped);
    given(Take{eth_a, 1, buyer, {wad}, {}});
    parameters().stopped = Stopped::resets;
    later(5'001);
    is_refused(Redo{eth_a, 1, keeper}, Error::auctions_stopped);
    parameters().stopped = Stopped::takes;
    is_refused(Take{eth_a, 1, buyer, {wad}, {}}, Error::auctions_stopped);
}

}  // namespace
}  // namespace breakwater::given
