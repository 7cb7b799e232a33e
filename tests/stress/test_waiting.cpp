// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <gtest/gtest.h>

#include "../report/small_book.hpp"
#include "breakwater/core/engine.hpp"
#include "breakwater/core/liquidation/opportunity.hpp"
#include "breakwater/stress/amounts.hpp"
#include "breakwater/stress/waiting.hpp"

/// What keepers reckon in floats against what the engine says, over random accounts in a crash.
namespace breakwater {
namespace {

using test::random_book;

struct Reckoned : ::testing::TestWithParam<double> {
    Reckoned() : book(random_book(3, 3'000)) {
        // Every second account is small, so that the rules for small positions matter.
        auto& reserve_set = aave_market(book.state);
        for (std::uint32_t i = 1; i < reserve_set.accounts.size(); i += 2)
            for (std::uint32_t k = 0; k < reserve_set.accounts[i].count; ++k) {
                aave_v3::Leg& leg = reserve_set.legs[reserve_set.accounts[i].first + k];
                leg.set_supplied({leg.supplied().raw / 40});
                leg.set_borrowed({leg.borrowed().raw / 40});
            }
        Event crash{.time = book.state.now(), .market = {}, .action = {}};
        ReportPrices report{.prices = std::vector<Price>(book.assets.size())};
        report.prices[0] = {static_cast<uint128>(2e11 * GetParam())};  // WETH
        crash.action = report;
        EXPECT_TRUE(apply(book.state, crash, planner).has_value());
    }

    const aave_v3::Market& market() const { return aave_market(book.state); }
    aave_v3::View view() {
        return {.state = book.state,
                .market = market(),
                .grown = planner.grown(),
                .now = book.state.now()};
    }
    std::vector<ShareValue> values() const {
        std::vector<ShareValue> out;
        for (std::size_t a = 0; a < book.assets.size(); ++a) {
            const double price = static_cast<double>(book.state.feeds[a].point) * 1e-8;
            const aave_v3::Reserve& r = market().reserves[a];
            out.push_back({.supplied = price * to_double(r.liquidity_index.raw) * 1e-27,
                           .borrowed = price * to_double(r.borrow_index.raw) * 1e-27});
        }
        return out;
    }
    std::vector<Holding> holdings(AccountId account) const {
        std::vector<Holding> out;
        const std::uint16_t emode = market().accounts[index(account)].emode;
        for (const aave_v3::Leg& leg : market().legs_of(account)) {
            const auto& p = market().parameters[index(leg.asset())];
            const double per_atom = 1.0 / static_cast<double>(power_of_ten(p.decimals));
            const auto t = aave_v3::thresholds(market(), emode, leg.asset());
            if (leg.is_borrowing())
                out.push_back({.shares = to_double(leg.borrowed().raw) * per_atom,
                               .asset = leg.asset(),
                               .side = Side::debt});
            if (leg.is_collateral())
                out.push_back({.shares = to_double(leg.supplied().raw) * per_atom,
                               .threshold = static_cast<float>(t.liquidation_threshold * 1e-4),
                               .bonus = static_cast<float>(t.liquidation_bonus * 1e-4),
                               .fee = static_cast<float>(p.liquidation_protocol_fee * 1e-4),
                               .asset = leg.asset(),
                               .side = Side::collateral});
        }
        return out;
    }
    double usd(Value v) const { return to_double(v.raw) * 1e-8; }

    Planner planner;
    Book book;
};

/// Floats carry thresholds and bonuses with 24 bits.
constexpr double near = 1e-6;

TEST_P(Reckoned, agrees_with_the_engine_on_health_size_and_dust) {
    int unhealthy = 0;
    for (std::uint32_t i = 0; i + 1 < market().accounts.size(); ++i) {
        const AccountId account{i};
        const auto data =
            aave_v3::account_data(view(), market().legs_of(account), market().accounts[i].emode);
        ASSERT_TRUE(data.has_value());
        const auto held = holdings(account);
        const Weighed now = weigh(held, values());
        EXPECT_NEAR(now.debt, usd(data->debt), near * now.debt + 1e-6) << i;
        EXPECT_NEAR(now.collateral, usd(data->collateral), near * now.collateral + 1e-6) << i;
        if (!data->is_unhealthy()) {
            EXPECT_FALSE(now.is_health_below(1 - near)) << i;
            continue;
        }
        EXPECT_TRUE(now.is_health_below(1 + near)) << i;
        const auto best = best_opportunity(view(), account);
        ASSERT_TRUE(best.has_value() && best->has_value());
        const Quote& quote = (*best)->quote;
        const Prospect seen = prospect(held, values(), now);
        ASSERT_EQ(seen.collateral, (*best)->opportunity.collateral) << i;
        ASSERT_EQ(seen.owed, (*best)->opportunity.debt) << i;
        EXPECT_NEAR(seen.repay, usd(quote.pay_value), near * seen.repay + 1e-4) << i;
        EXPECT_NEAR(seen.get, usd(quote.get_value), near * seen.get + 1e-4) << i;
        EXPECT_EQ(seen.leaves_dust, quote.leaves_dust) << i;
        ++unhealthy;
        if (seen.part_most < 0.05 || seen.part_most >= 1) continue;
        const auto part = static_cast<uint128>(to_double(quote.pay.raw) * seen.part_most);
        const auto smaller = breakwater::quote(view(), (*best)->opportunity, Size::exactly({part}));
        ASSERT_TRUE(smaller.has_value());
        EXPECT_FALSE(smaller->leaves_dust)
            << i << ": the largest part that leaves no dust leaves some";
    }
    EXPECT_GT(unhealthy, 100)
        << "the fall must make some unhealthy for this test to mean something";
}

TEST_P(Reckoned, BREAKWATER_003_agrees_with_our_own_rulebook_on_pair_size_and_bonus) {
    aave_market(book.state).house.emplace();
    int unhealthy = 0;
    int exhausted = 0;
    for (std::uint32_t i = 0; i + 1 < market().accounts.size(); ++i) {
        const AccountId account{i};
        const auto best = best_opportunity(view(), account);
        ASSERT_TRUE(best.has_value());
        if (!best->has_value()) continue;
        const Quote& quote = (*best)->quote;
        const auto held = holdings(account);
        const Weighed now = weigh(held, values());
        const Prospect seen = own_prospect(*market().house, held, values(), now);
        EXPECT_NEAR(seen.repay, usd(quote.pay_value), 1e-4 * seen.repay + 0.01) << i;
        EXPECT_NEAR(seen.get, usd(quote.get_value), 1e-4 * seen.get + 0.01) << i;
        EXPECT_FALSE(seen.leaves_dust) << i;
        ++unhealthy;
        exhausted += now.debt > now.collateral / 1.02 ? 1 : 0;
    }
    EXPECT_GT(unhealthy, 100);
    if (GetParam() < 0.7) {
        EXPECT_GT(exhausted, 50);
    }
}

INSTANTIATE_TEST_SUITE_P(Falls, Reckoned, ::testing::Values(0.97, 0.85, 0.6));

TEST(Waiting, a_position_of_exactly_two_minima_can_be_halved_only_when_healthy_enough) {
    const std::vector<ShareValue> values{{.supplied = 1, .borrowed = 1},
                                         {.supplied = 1, .borrowed = 1}};
    const auto account = [](double collateral, double debt) {
        return std::vector<Holding>{{.shares = collateral,
                                     .threshold = 0.8F,
                                     .bonus = 1.05F,
                                     .fee = 0.1F,
                                     .asset = AssetId{0},
                                     .side = Side::collateral},
                                    {.shares = debt, .asset = AssetId{1}, .side = Side::debt}};
    };
    const auto whole = account(5'000, 4'500);  // health 0.89: the whole debt
    EXPECT_NEAR(prospect(whole, values, weigh(whole, values)).repay, 4'500, 1e-9);
    const auto half = account(5'000, 4'100);  // health 0.976: half of it
    EXPECT_NEAR(prospect(half, values, weigh(half, values)).repay, 2'050, 1e-9);
    const auto small = account(2'200, 1'800);  // health 0.978, but the debt is below 2,000
    EXPECT_NEAR(prospect(small, values, weigh(small, values)).repay, 1'800, 1e-9);
    const auto under = account(1'000, 1'500);  // the collateral pays for 1,000 / 1.05
    const Prospect seen = prospect(under, values, weigh(under, values));
    EXPECT_NEAR(seen.repay, 1'000 / 1.05, 1e-3);
    EXPECT_NEAR(seen.get, 1'000 - 0.1 * (1'000 - 1'000 / 1.05), 1e-3);
    EXPECT_NEAR(weigh(under, values).shortfall(), 500, 1e-9);
}

TEST(Waiting, a_size_that_would_leave_too_little_is_cut_to_what_leaves_a_little_more) {
    const std::vector<ShareValue> values{{.supplied = 1, .borrowed = 1},
                                         {.supplied = 1, .borrowed = 1}};
    const std::vector<Holding> account{{.shares = 2'050,
                                        .threshold = 0.999F,
                                        .bonus = 1.05F,
                                        .asset = AssetId{0},
                                        .side = Side::collateral},
                                       {.shares = 2'100, .asset = AssetId{1}, .side = Side::debt}};
    // Health 0.975, so half: 1,050 is repaid, 1,102.50 taken, and 947.50 < 1,000 would be left.
    const Prospect seen = prospect(account, values, weigh(account, values));
    EXPECT_NEAR(seen.repay, 1'050, 1e-9);
    EXPECT_TRUE(seen.leaves_dust);
    EXPECT_NEAR(seen.part_most, (2'050 - 1'001) / 1'102.5, 1e-6);
}

}  // namespace
}  // namespace breakwater
