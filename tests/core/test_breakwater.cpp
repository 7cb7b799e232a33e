// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <map>

#include "breakwater/core/digest.hpp"
#include "breakwater/core/rulebooks/breakwater_liquidation.hpp"
#include "given.hpp"
#include "random_events.hpp"
#include "rounds.hpp"

/// Our own rulebook, BREAKWATER-001 to BREAKWATER-008. Each accepted event also runs under the
/// shadow, which looks at loan-to-value, health, band, target, dust and loss with the figures of
/// the naive twin.
namespace breakwater::given {
namespace {

/// 10 weth against 16,000 usdc under our own rulebook: unhealthy below 1,939.39 USD.
class OwnRules : public Given {
  protected:
    OwnRules() {
        house::Rules& rules = aave_market(state).house.emplace();
        rules.target_health = {wad * 110 / 100};
        rules.bonus_start = 5'000;
        rules.bonus_whole_at = {wad * 90 / 100};
        given_liquidity();
        given(Supply{borrower, weth, 10_weth});
        given(Borrow{borrower, usdc, 16'000_usdc});
    }
    house::Rules& rules() { return *aave_market(state).house; }
    void band(AssetId asset, Price lo, Price hi) {
        FeedRow& feed = state.feeds[index(asset)];
        feed.lo = static_cast<std::uint64_t>(lo.raw);
        feed.hi = static_cast<std::uint64_t>(hi.raw);
    }
    double health() {
        const auto d = data_of(borrower);
        return static_cast<double>(d.threshold_sum) / static_cast<double>(d.debt.raw) / 1e4;
    }
    static Liquidate all_of(AssetId collateral, AssetId debt) {
        return {.borrower = borrower,
                .collateral = collateral,
                .debt = debt,
                .debt_to_cover = Size::all()};
    }
};

TEST_F(OwnRules, BREAKWATER_001_who_is_healthy_at_some_price_of_the_band_is_left_alone) {
    price(weth, 1'900_usd);
    band(weth, 1'850_usd, 1'940_usd);
    when(all_of(weth, usdc)).is_refused(Error::liquidation_contested);
    band(weth, 1'850_usd, 1'939_usd);
    EXPECT_TRUE(when(all_of(weth, usdc)).happens().happened());
}

TEST_F(OwnRules, BREAKWATER_001_doubt_about_the_debt_protects_as_well) {
    price(weth, 1'930_usd);
    band(usdc, {99'000'000}, {101'000'000});
    when(all_of(weth, usdc)).is_refused(Error::liquidation_contested);
}

TEST_F(OwnRules, BREAKWATER_002_risk_is_opened_at_the_cautious_end) {
    given(Supply{bystander, weth, 10_weth});
    band(weth, 1'500_usd, 2'100_usd);
    state.feeds[index(weth)].slow = 190'000'000'000;
    when(Borrow{bystander, usdc, 12'001_usdc}).is_refused(Error::collateral_insufficient);
    band(weth, 1'950_usd, 2'100_usd);  // now the slow price is the lower one: 10 · 1,900 · 80 %
    when(Borrow{bystander, usdc, 15'201_usdc}).is_refused(Error::collateral_insufficient);
    EXPECT_TRUE(when(Borrow{bystander, usdc, 15'200_usdc}).happens().happened());
}

TEST_F(OwnRules, BREAKWATER_003_a_liquidation_ends_at_the_target_and_not_above) {
    price(weth, 1'900_usd);
    EXPECT_TRUE(when(all_of(weth, usdc)).happens().happened());
    EXPECT_LE(health(), 1.1);
    EXPECT_GT(health(), 1.1 - 1e-6);
    when(all_of(weth, usdc)).is_refused(Error::health_factor_not_below_one);
}

TEST_F(OwnRules, BREAKWATER_003_the_closed_form) {
    // S = 15,675 at 82.5 %, D = 16,000, bonus: health 0.9796875, share 0.5 + 0.5·0.203125 =
    // 0.6015625 of 5 %.
    price(weth, 1'900_usd);
    const auto done = when(all_of(weth, usdc)).happens().the<Liquidated>();
    const double g = 1 + 0.05 * 0.6015625;
    const double x = (1.1 * 16'000 - 15'675) / (1.1 - g * 0.825);
    EXPECT_NEAR(static_cast<double>(done.repaid.raw) * 1e-6, x, 1e-3);
    const double seized = static_cast<double>((done.seized + done.protocol_fee).raw) * 1e-18;
    EXPECT_NEAR(seized, x * g / 1'900, 1e-9);
}

TEST_F(OwnRules, BREAKWATER_003_no_more_than_the_depth_at_once) {
    rules().depth = {Value{2'000'00000000}};
    price(weth, 1'900_usd);
    const auto done = when(all_of(weth, usdc)).happens().the<Liquidated>();
    EXPECT_LE((done.seized + done.protocol_fee).raw * 1'900, 2'000 * wad);
    EXPECT_TRUE(done.still_unhealthy);
    EXPECT_TRUE(when(all_of(weth, usdc)).happens().happened());
}

TEST_F(OwnRules, BREAKWATER_004_the_bonus_rises_with_the_shortfall_up_to_the_cap) {
    const auto grossed = [&](std::uint64_t dollars) {
        price(weth, Price{uint128{dollars} * 100'000'000});
        Checked math;
        const auto t = aave_v3::thresholds(aave_market(state), 0, weth);
        return house::grossed_bonus(math, rules(), data_of(borrower), t, 200).raw;
    };
    const auto parts = [](int n) { return wad / 10'000 * static_cast<unsigned>(n); };
    EXPECT_NEAR(static_cast<double>(grossed(1'939)), 1.025e18, 1e14);
    EXPECT_GT(grossed(1'800), grossed(1'900));
    EXPECT_EQ(grossed(1'745), parts(10'500));  // health below 0.9: the whole bonus
    EXPECT_EQ(grossed(1'640), parts(10'250));  // collateral / debt = 1.025: no more than that
}

TEST_F(OwnRules, BREAKWATER_004_the_part_of_the_protocol_is_not_taken_off_the_least_bonus) {
    price(weth, 1'632_usd);  // collateral / debt = 1.02
    const auto done = when(all_of(weth, usdc)).happens().the<Liquidated>();
    EXPECT_TRUE(done.protocol_fee.is_zero());
}

TEST_F(OwnRules, BREAKWATER_006_a_rest_too_small_to_liquidate_is_taken_whole) {
    rules().leftover_min = {9'000'00000000};
    price(weth, 1'900_usd);
    const auto done = when(all_of(weth, usdc)).happens().the<Liquidated>();
    EXPECT_EQ(done.repaid, 16'000_usdc);
    EXPECT_TRUE(debt_of(borrower, usdc).is_zero());
}

TEST_F(OwnRules, BREAKWATER_006_who_offers_less_than_the_rest_is_clamped_or_refused) {
    rules().leftover_min = {15'000'00000000};
    price(weth, 1'900_usd);
    Liquidate e = all_of(weth, usdc);
    e.debt_to_cover = Size::exactly(5'000_usdc);
    EXPECT_LE(when(e).happens().the<Liquidated>().repaid, 1'000_usdc);
    when(e).is_refused(Error::dust_left);
}

TEST_F(OwnRules, BREAKWATER_007_what_the_collateral_cannot_repay_is_a_loss_at_once) {
    price(weth, 1'500_usd);
    Liquidate e = all_of(weth, usdc);
    e.debt_to_cover = Size::exactly(1'000_usdc);
    const When done = when(e).happens();
    // 1,020 of 15,000 is taken: 1,088 of 16,000 goes, of which 1,000 is repaid.
    EXPECT_NEAR(static_cast<double>(done.the<LossRealised>().amount.raw) * 1e-6, 88, 1e-4);
    EXPECT_EQ(reserve(usdc).deficit, done.the<LossRealised>().amount);
    const auto d = data_of(borrower);
    EXPECT_NEAR(static_cast<double>(d.debt.raw) / static_cast<double>(d.collateral.raw), 16.0 / 15,
                1e-9);
    const When rest = when(all_of(weth, usdc)).happens();
    EXPECT_TRUE(debt_of(borrower, usdc).is_zero());
    // 15,000 / 1.02 = 14,705.882352 is repaid in the end; the rest is lost.
    EXPECT_NEAR(static_cast<double>(reserve(usdc).deficit.raw) * 1e-6, 1'294.117648, 1e-4);
    EXPECT_EQ(rest.the<LossRealised>().amount + done.the<LossRealised>().amount,
              reserve(usdc).deficit);
}

TEST_F(OwnRules, WATERFALL_005_a_loss_is_allocated_in_the_event_that_realises_it) {
    state.layers = {{.cover = 60_usdc, .paid = {}, .asset = index(usdc)}};
    price(weth, 1'500_usd);
    Liquidate e = all_of(weth, usdc);
    e.debt_to_cover = Size::exactly(1'000_usdc);
    const When done = when(e).happens();
    EXPECT_EQ(done.the<LossCovered>().amount, 60_usdc);
    EXPECT_EQ(reserve(usdc).deficit, done.the<LossRealised>().amount - 60_usdc);
}

TEST_F(OwnRules, WATERFALL_018_the_rest_of_a_loss_is_shared_where_it_arises) {
    state.layers = {{.cover = 60_usdc, .paid = {}, .asset = index(usdc)},
                    {.cover = {}, .paid = {}, .asset = index(usdc), .kind = LayerKind::socialisation}};
    price(weth, 1'500_usd);
    Liquidate e = all_of(weth, usdc);
    e.debt_to_cover = Size::exactly(1'000_usdc);
    const Amount before = supply_of(lender, usdc);
    const When done = when(e).happens();
    ASSERT_EQ(done.all<LossCovered>().size(), 2U);
    EXPECT_LE(reserve(usdc).deficit, atom);
    const Amount shared = done.the<LossRealised>().amount - 60_usdc - reserve(usdc).deficit;
    EXPECT_EQ(done.all<LossCovered>()[1].amount, shared);
    EXPECT_NEAR(static_cast<double>((before - supply_of(lender, usdc)).raw),
                static_cast<double>(shared.raw), 2);
}

TEST_F(OwnRules, WATERFALL_006_with_the_switch_on_whoever_leaves_bears_its_part) {
    price(weth, 1'000_usd);
    given(all_of(weth, usdc));
    const aave_v3::Reserve r = reserve(usdc);
    ASSERT_FALSE(r.deficit.is_zero());
    const double backed =
        1 - static_cast<double>(r.deficit.raw) / static_cast<double>(supply_of(lender, usdc).raw);
    EXPECT_EQ(when(Withdraw{lender, usdc, Size::exactly(1'000_usdc)}).happens().the<Moved>().amount,
              1'000_usdc);  // off: the last one out pays for the first
    rules().impaired_withdrawals = true;
    const Amount deficit = reserve(usdc).deficit;
    const When left = when(Withdraw{lender, usdc, Size::exactly(1'000_usdc)}).happens();
    EXPECT_NEAR(static_cast<double>(left.the<Moved>().amount.raw) / 1e9, backed, 1e-4);
    EXPECT_EQ(left.the<LossCovered>().layer, all_suppliers);
    EXPECT_EQ(left.the<Moved>().amount + left.the<LossCovered>().amount, 1'000_usdc);
    EXPECT_EQ(reserve(usdc).deficit, deficit - left.the<LossCovered>().amount);
}

TEST_F(OwnRules, BREAKWATER_008_a_threshold_falls_over_its_notice_and_rises_at_once) {
    const auto threshold = [&](std::uint64_t after_hours) {
        return aave_v3::thresholds(aave_market(state), 0, weth, Time{now + after_hours * 3'600})
            .liquidation_threshold;
    };
    change(weth, [](auto& p) {
        p.ltv = 7'000;
        p.liquidation_threshold = 7'410;
    });
    EXPECT_EQ(threshold(0), 8'250U);
    EXPECT_EQ(threshold(84), 7'830U);
    EXPECT_EQ(threshold(168), 7'410U);
    later(84 * 3'600);
    change(weth, [](auto& p) { p.liquidation_threshold = 7'200; });
    EXPECT_EQ(threshold(0), 7'830U);
    EXPECT_EQ(threshold(84), 7'515U);
    change(weth, [](auto& p) { p.liquidation_threshold = 8'000; });
    EXPECT_EQ(threshold(0), 8'000U);
}

TEST_F(OwnRules, BREAKWATER_008_a_protocol_lowers_its_threshold_at_once) {
    aave_market(state).house.reset();
    change(weth, [](auto& p) { p.ltv = p.liquidation_threshold = 7'410; });
    EXPECT_EQ(aave_v3::thresholds(aave_market(state), 0, weth, Time{now}).liquidation_threshold,
              7'410U);
}

TEST_F(OwnRules, ENGINE_004_the_dials_are_part_of_the_digest) {
    const std::string digest = digest_of(state);
    rules().bonus_least += 1;
    EXPECT_NE(digest_of(state), digest);
    aave_market(state).house.reset();
    EXPECT_NE(digest_of(state), digest);
}

/// BREAKWATER-001 to BREAKWATER-008 over random books, bands and events; each seed is one book.
TEST(OwnRulesProperties, BREAKWATER_005_no_liquidation_makes_an_account_worse) {
    std::map<std::string, int> seen;
    for (std::uint64_t seed = 1; seed <= given::rounds(300U); ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        SeededChance chance(seed);
        State state = random_own_market(chance);
        Planner planner;
        for (int i = 0; i < 300; ++i) {
            if (chance.one_in(4)) doubt_prices(state, chance);
            const Event event = random_event(state, chance);
            const Outcome outcome = apply_watched(state, planner, event);
            ASSERT_EQ(outcome.broken, "") << "event " << i << " of kind " << event.action.index();
            if (!std::holds_alternative<Liquidate>(event.action)) continue;
            ++seen[outcome.status ? "done" : std::string(name(outcome.status.error()))];
            for (const Effect& e : outcome.effects)
                seen["loss"] += std::holds_alternative<LossRealised>(e);
        }
    }
    EXPECT_GT(seen["done"], given::rounds(500));
    EXPECT_GT(seen["loss"], given::rounds(100));
    EXPECT_TRUE(given::sanitized || seen["liquidation_contested"] > 5);
    EXPECT_TRUE(given::sanitized || seen["dust_left"] > 5);
}

}  // namespace
}  // namespace breakwater::given
