// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <cmath>

#include <gtest/gtest.h>

#include "breakwater/core/digest.hpp"
#include "breakwater/core/invariants.hpp"
#include "breakwater/io/morpho_generator.hpp"
#include "breakwater/stress/morpho_storm.hpp"
#include "breakwater/stress/run.hpp"
#include "native_files.hpp"
#include "still_world.hpp"

/// Figures are worked out by hand in the comments. Collateral pays 1/(1 − 0.3·0.14) = 1/0.958 for a dollar of debt.
namespace breakwater {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace): files and worlds

const morpho_blue::Totals& totals(const State& state, std::size_t market = 0) {
    return morpho_blue::market_of(state, market).totals[0];
}

class MorphoStormTest : public testing::Test {
  protected:
    /// 100 WETH against 150,000 USDC at 2,000: a loan-to-value of 75 %, liquidated from 1744.19 down.
    Book one_borrower(const std::string& more = {}) {
        return native_book(
            folder_, std::string(morpho_head) + morpho_market("m", more),
            std::string(morpho_accounts) + "lender,m,200000,0,0\nbob,m,0,100,150000\n");
    }
    TemporaryFolder folder_;
};

TEST_F(MorphoStormTest, a_known_fall_leaves_the_bad_debt_of_the_formula) {
    // At 1,300 the collateral is worth 130,000 and pays for 130,000 · 0.958 = 124,540: 25,460 are lost.
    const Book book = one_borrower();
    const PathRun run = run_one(book, falls_to("WETH", 1'300));
    EXPECT_EQ(run.result.liquidations, 1U);
    EXPECT_NEAR(usd(run.result.realised.oracle), 25'460.0, 2e-6);
    EXPECT_NEAR(usd(run.result.repaid), 124'540.0, 2e-6);
    EXPECT_NEAR(usd(run.result.seized), 130'000.0, 1e-6);
    EXPECT_EQ(run.result.unrealised.oracle, 0);
    ASSERT_EQ(run.losses.size(), 1U);
    EXPECT_EQ(book.accounts[run.losses[0].account], "bob");
    // The suppliers of the market have it at once: 200,000 − 25,460.
    const auto left = static_cast<double>(totals(run.end).supply_assets.raw) * 1e-6;
    EXPECT_NEAR(left, 174'540.0, 2e-6);
    EXPECT_TRUE(totals(run.end).borrow_assets.is_zero());
    EXPECT_TRUE(totals(run.end).collateral.is_zero());
}

TEST_F(MorphoStormTest, a_smaller_fall_is_repaid_whole_and_costs_the_borrower_the_bonus) {
    // At 1,700: 146,200 of 150,000 may be owed. 150,000 / 0.958 = 156,576.20 of the collateral go.
    const PathRun run = run_one(one_borrower(), falls_to("WETH", 1'700));
    EXPECT_EQ(run.result.liquidations, 1U);
    EXPECT_EQ(run.result.bad_debt(), 0);
    EXPECT_NEAR(usd(run.result.repaid), 150'000.0, 2e-6);
    EXPECT_NEAR(usd(run.result.seized), 156'576.200418, 1e-5);
    EXPECT_NEAR(usd(run.result.equity_lost), 6'576.200418, 1e-5);
    EXPECT_EQ(totals(run.end).supply_assets.raw, uint128{200'000'000'000});
}

TEST_F(MorphoStormTest, at_the_edge_nobody_is_liquidated) {
    // 100 · 1744.2 · 0.86 = 150,001.2; one dollar of price less and it is 149,915.2.
    EXPECT_EQ(run_one(one_borrower(), falls_to("WETH", 1'744.2)).result.liquidations, 0U);
    EXPECT_EQ(run_one(one_borrower(), falls_to("WETH", 1'743.2)).result.liquidations, 1U);
}

TEST_F(MorphoStormTest, a_hard_wired_oracle_sees_nothing_and_the_market_does) {
    const Book book = one_borrower("fixed_price = \"2000\"\n");
    const PathRun run = run_one(book, falls_to("WETH", 1'300));
    EXPECT_EQ(run.result.liquidations, 0U);
    EXPECT_EQ(run.result.unrealised.oracle, 0);
    EXPECT_NEAR(usd(run.result.unrealised.market), 20'000.0, 1e-6);
}

TEST_F(MorphoStormTest, markets_are_isolated) {
    // The same account in two markets: 75 % in the first, 20 % in the second.
    const Book book = native_book(
        folder_, std::string(morpho_head) + morpho_market("a") + morpho_market("b"),
        std::string(morpho_accounts) +
            "lender,a,200000,0,0\nlender,b,200000,0,0\nbob,a,0,100,150000\nbob,b,0,100,40000\n");
    const auto setup = prepare_storm(book, falls_to("WETH", 1'300), 1);
    ASSERT_TRUE(setup.has_value());
    const PathRun run = run_one(book, falls_to("WETH", 1'300));
    EXPECT_EQ(run.result.liquidations, 1U);
    EXPECT_EQ(totals(run.end, 1).supply_assets.raw, uint128{200'000'000'000});
    EXPECT_EQ(totals(run.end, 1).borrow_assets.raw, uint128{40'000'000'000});
    const RunResult all = run_storms(*setup, {.paths = 3, .threads = 1, .progress = {}});
    EXPECT_NEAR(all.markets[0].mean(0.01).value, 25'460.0, 0.01);
    EXPECT_EQ(all.markets[1].positives(), 0U);
}

TEST_F(MorphoStormTest, whom_no_keeper_wants_stays_and_is_counted) {
    Scenario s = falls_to("WETH", 1'300);
    s.keepers.min_profit_usd = 1e6;
    const PathRun run = run_one(one_borrower(), s);
    EXPECT_EQ(run.result.liquidations, 0U);
    EXPECT_NEAR(usd(run.result.unrealised.oracle), 20'000.0, 1e-6);
    EXPECT_NEAR(usd(run.result.stuck), 150'000.0, 1e-6);
    EXPECT_GT(run.result.refusals[static_cast<std::size_t>(Refusal::unprofitable)], 0U);
}

TEST_F(MorphoStormTest, WATCH_007_dust_does_not_sleep_through_its_rounding) {
    // Debts of 1 to 300 millionths of a dollar at health factors of 1.00 to 1.12.
    std::string rows = std::string(morpho_accounts) + "lender,m,200000,0,0\n";
    for (int i = 1; i <= 300; ++i) {
        const std::string debt = std::to_string(1'000'000 + i).substr(1);
        const std::string held =
            std::to_string(100'000'000 + 582 * i * (100 + i % 13) / 1'000).substr(1);
        rows += "d" + std::to_string(i) + ",m,0,0.000" + held + ",0." + debt + "\n";
    }
    const Book book = native_book(folder_, std::string(morpho_head) + morpho_market("m"), rows);
    Scenario s = crash();
    s.price.jump.forced = 0;
    s.price.rules[0].volatility = 0.2;
    const auto setup = prepare_storm(book, s, 4);
    ASSERT_TRUE(setup.has_value()) << setup.error();
    MorphoStorm storm(*setup);
    storm.look_at_everybody(true);
    std::uint32_t looks = 0;
    for (std::uint32_t p = 0; p < 10; ++p) {
        looks += storm.run(p).looks;
        EXPECT_EQ(storm.missed(), 0U) << "path " << p;
    }
    EXPECT_LT(looks, 10U * 300U) << "some sleep";
}

TEST_F(MorphoStormTest, attacks_are_refused_in_words) {
    Scenario s = falls_to("WETH", 1'300);
    s.attacks.push_back({.account = "bob", .collateral = "WETH", .debt = "USDC"});
    const Book book = one_borrower();
    const auto setup = prepare_storm(book, s, 1);
    ASSERT_FALSE(setup.has_value());
    EXPECT_NE(setup.error().find("[[attack]]"), std::string::npos);
}

/// Six markets with interest, loops and a day with a fall of a quarter.
class MorphoCrash : public testing::Test {
  protected:
    MorphoCrash() {
        const TextFile text(project_folder("examples") / "morpho-blue" / "market.toml");
        folder_.write("market.toml", text.text());
        folder_.write("accounts.csv", generate_morpho_accounts(parse_native(text), 800, 7));
        book_ = read_native_book(folder_.path());
    }
    TemporaryFolder folder_;
    Book book_;
};

TEST_F(MorphoCrash, the_same_bits_at_any_thread_count) {
    expect_the_same_from_any_threads(book_, 11);
}

TEST_F(MorphoCrash, a_journal_replays_to_the_same_digest_and_every_invariant_holds) {
    expect_journals_replay<MorphoStorm>(book_, 5);
}

TEST_F(MorphoCrash, WATCH_007_no_unhealthy_account_sleeps) {
    expect_nobody_unhealthy_sleeps<MorphoStorm>(book_, 3, 800);
}

TEST_F(MorphoCrash, losses_are_what_suppliers_no_longer_have) {
    // Cash, debt and supply of each market: supply falls by what was lost and by nothing else but grows with interest.
    const auto setup = prepare_storm(book_, crash(), 5);
    ASSERT_TRUE(setup.has_value());
    MorphoStorm storm(*setup);
    Replayer replay(book_.state);
    storm.run(0, &replay);
    for (std::size_t m = 0; m < book_.markets.size(); ++m) {
        const morpho_blue::Totals& t = totals(replay.state, m);
        const uint128 owned = t.cash.raw + t.borrow_assets.raw;
        EXPECT_GE(owned, t.supply_assets.raw);
        EXPECT_LT(owned - t.supply_assets.raw, uint128{10'000}) << "rounding, an atom an event";
        EXPECT_EQ(t.supply_shares, totals(book_.state, m).supply_shares) << "nobody left";
    }
}

}  // namespace
}  // namespace breakwater
