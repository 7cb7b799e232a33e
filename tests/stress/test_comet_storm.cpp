// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <gtest/gtest.h>

#include "breakwater/core/digest.hpp"
#include "breakwater/core/invariants.hpp"
#include "breakwater/stress/comet_storm.hpp"
#include "breakwater/world/random.hpp"
#include "native_files.hpp"
#include "still_world.hpp"

/// Figures are worked out by hand in the comments. 100 WETH against 150,000 USDC, liquidated at 90 % of the value,
/// credited 95 % of it, sold at 97 % of the oracle's price.
namespace breakwater {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace): files and worlds

const compound_v3::Market& comet(const State& state) {
    return std::get<compound_v3::Market>(state.markets[0]);
}
double reserves_of(const State& state) {
    Checked math;
    const compound_v3::Totals& t = comet(state).totals[0];
    const int128 r =
        compound_v3::reserves_at(math, t, {.supply = t.supply_index, .borrow = t.borrow_index});
    return static_cast<double>(r) * 1e-6;
}

class CometStormTest : public testing::Test {
  protected:
    Book one_borrower(const std::string& target, const std::string& reserves = "50000") {
        return native_book(
            folder_, comet_market(target, "reserves = \"" + reserves + "\"\n"),
            std::string(comet_accounts) + "lender,USDC,200000\nbob,WETH,100\nbob,USDC,-150000\n");
    }
    TemporaryFolder folder_;
};

TEST_F(CometStormTest, a_known_fall_costs_the_reserves_what_the_credit_does_not_cover) {
    // At 1,400: 140,000 · 0.95 = 133,000 credited, 17,000 lost. The store front takes 140,000 · 0.97 = 135,800.
    const PathRun run = run_one(one_borrower("1000000"), falls_to("WETH", 1'400));
    EXPECT_EQ(run.result.liquidations, 1U);
    EXPECT_NEAR(usd(run.result.realised.oracle), 17'000.0, 1e-5);
    EXPECT_NEAR(usd(run.result.repaid), 133'000.0, 1e-5);
    EXPECT_NEAR(usd(run.result.seized), 140'000.0, 1e-5);
    EXPECT_EQ(run.result.covered, run.result.realised.oracle) << "50,000 of reserves pay it";
    EXPECT_EQ(run.result.unrealised.oracle, 0);
    EXPECT_TRUE(comet(run.end).collaterals[0].supplied.is_zero());
    // 50,000 − 150,000 + 135,800; a part in 10^9 of the stock is left for rounding.
    EXPECT_NEAR(reserves_of(run.end), 35'800.0, 1e-3);
    EXPECT_LT(comet(run.end).collaterals[0].held.raw, power_of_ten(12));
}

TEST_F(CometStormTest, a_smaller_fall_leaves_the_borrower_what_the_credit_has_over) {
    // At 1,650: 148,500 of 150,000 may be owed. 165,000 · 0.95 = 156,750 credited: 6,750 are bob's.
    const PathRun run = run_one(one_borrower("1000000"), falls_to("WETH", 1'650));
    EXPECT_EQ(run.result.liquidations, 1U);
    EXPECT_EQ(run.result.bad_debt(), 0);
    EXPECT_EQ(comet(run.end).positions[1].principal, int128{6'750'000'000});
    EXPECT_NEAR(usd(run.result.equity_lost), 165'000 * 0.05, 1e-5);
}

TEST_F(CometStormTest, at_the_edge_nobody_is_absorbed) {
    EXPECT_EQ(run_one(one_borrower("1000000"), falls_to("WETH", 1'666.67)).result.liquidations, 0U);
    EXPECT_EQ(run_one(one_borrower("1000000"), falls_to("WETH", 1'666.66)).result.liquidations, 1U);
}

TEST_F(CometStormTest, a_closed_store_front_keeps_what_falls_further) {
    // Reserves are above their target after all: nothing is sold. Credited 133,000, worth 120,000 at 1,200.
    Scenario s = falls_to("WETH", 1'400);
    auto& points = s.price.histories[0].points;
    points = {{0, 2'000, 2'000, 1'400},
              {300, 1'400, 1'400, 1'200},
              {600, 1'200, 1'200, 1'200},
              {7'200, 1'200, 1'200, 1'200}};
    const PathRun run = run_one(one_borrower("0", "500000"), s);
    EXPECT_NEAR(usd(run.result.realised.oracle), 17'000.0, 1e-5);
    EXPECT_NEAR(usd(run.result.unrealised.oracle), 13'000.0, 1e-5);
    EXPECT_EQ(comet(run.end).collaterals[0].held.raw, power_of_ten(20));
}

TEST_F(CometStormTest, nobody_absorbs_for_less_than_the_gas) {
    Scenario s = falls_to("WETH", 1'400);
    s.keepers.min_profit_usd = 1e6;
    const PathRun run = run_one(one_borrower("1000000"), s);
    EXPECT_EQ(run.result.liquidations, 0U);
    EXPECT_NEAR(usd(run.result.unrealised.oracle), 10'000.0, 1e-5);
    EXPECT_NEAR(usd(run.result.stuck), 150'000.0, 1e-5);
}

/// Three kinds of collateral in all mixtures, with interest.
class CometCrash : public testing::Test {
  protected:
    CometCrash() {
        std::string market =
            comet_market("1000000", "reserves = \"100000\"\nsupplied = \"90000000\"\n");
        const auto set = [&market](const std::string& key, const std::string& value) {
            const auto at = market.find(key + " = \"0\"");
            market.replace(at, key.size() + 6, key + " = \"" + value + "\"");
        };
        set("borrow_base", "0.015");
        set("borrow_kink", "0.9");
        set("borrow_slope_low", "0.06");
        const auto asset = [](const std::string& symbol, const std::string& decimals,
                              const std::string& price) {
            return "\n[[asset]]\nsymbol = \"" + symbol + "\"\ndecimals = " + decimals +
                   "\nprice = \"" + price + "\"\nkind = \"volatile\"\n";
        };
        market.insert(market.find("\n[comet]"),
                      asset("WBTC", "8", "100000") + asset("LINK", "18", "15"));
        for (const char* symbol : {"WBTC", "LINK"})
            market += std::string("\n[[collateral]]\nasset = \"") + symbol +
                      "\"\nborrow_factor = \"0.75\"\nliquidate_factor = \"0.8\"\n"
                      "liquidation_factor = \"0.93\"\nsupply_cap = \"1000000\"\n";
        std::string rows(comet_accounts);
        for (std::uint32_t i = 0; i < 300; ++i) {
            const std::string name = "b" + std::to_string(i);
            const auto draw = [i](std::uint32_t k) { return uniform(9, i, Stream::book, 0, k); };
            const double debt = 1'000 + 200'000 * draw(0) * draw(0);
            double worth = debt * (1.02 + 0.8 * draw(1)) / 0.8;
            rows += name + ",USDC,-" + std::to_string(static_cast<int>(debt)) + "\n";
            if (draw(2) < 0.4)
                rows += name + ",WETH," + std::to_string(worth / 4'000) + "\n", worth /= 2;
            if (draw(3) < 0.3)
                rows += name + ",LINK," + std::to_string(worth / 30) + "\n", worth /= 2;
            rows += name + ",WBTC," + std::to_string(worth / 100'000) + "\n";
        }
        book_ = native_book(folder_, market, rows);
    }
    TemporaryFolder folder_;
    Book book_;
};

TEST_F(CometCrash, the_same_bits_at_any_thread_count) {
    expect_the_same_from_any_threads(book_, 11);
}

TEST_F(CometCrash, a_journal_replays_to_the_same_digest_and_every_invariant_holds) {
    expect_journals_replay<CometStorm>(book_, 5);
}

TEST_F(CometCrash, WATCH_007_no_unhealthy_account_sleeps) {
    expect_nobody_unhealthy_sleeps<CometStorm>(book_, 3, 300);
}

}  // namespace
}  // namespace breakwater
