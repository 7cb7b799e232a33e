// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <gtest/gtest.h>

#include "../stress/native_files.hpp"
#include "breakwater/core/digest.hpp"
#include "breakwater/core/engine.hpp"
#include "breakwater/core/invariants.hpp"
#include "breakwater/io/book_kind.hpp"
#include "breakwater/io/comet_generator.hpp"
#include "breakwater/io/journal.hpp"
#include "breakwater/io/native_check.hpp"
#include "breakwater/stress/native_standing.hpp"

namespace breakwater {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace): files

class CometBook : public NativeBookTest {
  protected:
    CometBook() : NativeBookTest(comet_accounts) {}
    const std::string market_ = comet_market("1000000", "reserves = \"50000\"\n");
};

TEST_F(CometBook, balances_totals_and_cash_are_what_is_written) {
    const Book book =
        read(market_, "lender,USDC,200000\nbob,WETH,100.5\nbob,USDC,-150000.000001\n");
    EXPECT_EQ(kind_of(folder_.path()), BookKind::native);
    const auto& m = std::get<compound_v3::Market>(book.state.markets[0]);
    EXPECT_EQ(m.positions[1].principal, -int128{150'000'000'001});
    EXPECT_EQ(m.positions[1].assets_in, 1U);
    EXPECT_EQ(m.totals[0].supplied, uint128{200'000'000'000});
    EXPECT_EQ(m.totals[0].cash.raw, uint128{99'999'999'999});
    EXPECT_EQ(m.collaterals[0].held.raw, power_of_ten(17) * 1'005);
    EXPECT_FALSE(check_state(book.state).has_value());
    const auto supplies = market_supplies(book);
    EXPECT_NEAR(supplies[0].reserves, 50'000, 1e-5);
    EXPECT_NEAR(market_standings(book)[0].bonus, 0.03, 1e-12);
}

TEST_F(CometBook, rates_a_year_become_rates_a_second) {
    std::string market = market_;
    market.replace(market.find("borrow_base = \"0\""), 17, "borrow_base = \"0.015\"");
    const Book book = read(market, "lender,USDC,1\n");
    const auto& m = std::get<compound_v3::Market>(book.state.markets[0]);
    EXPECT_EQ(m.totals[0].borrow_curve.base, 475'646'879U);  // ⌊0.015 · 10^18 / 31,536,000⌋
}

TEST_F(CometBook, a_fault_names_line_and_field) {
    EXPECT_EQ(fault(market_, "bob,WBTC,1\n"),
              "accounts.csv:2: unknown asset 'WBTC'; expected the base or a [[collateral]] of "
              "market.toml");
    EXPECT_TRUE(fault(market_, "bob,WETH\n").starts_with("accounts.csv:2: 2 fields; expected 3: "));
    EXPECT_TRUE(
        fault(market_, "bob,WETH,-1\n").starts_with("accounts.csv:2: balance '-1' is negative"));
    EXPECT_TRUE(fault(market_, "bob,USDC,1\nbob,USDC,2\n")
                    .starts_with("accounts.csv:3: a second balance in the base asset"));
    EXPECT_TRUE(fault(market_, "bob,WETH,1\nbob,WETH,2\n")
                    .starts_with("accounts.csv:3: a second balance in WETH"));
    EXPECT_NE(fault(market_, "bob,USDC,-50001\n").find("more than supply and reserves of 50000"),
              std::string::npos);
    std::string factor = market_;
    factor.replace(factor.find("0.83"), 4, "0.95");
    EXPECT_NE(fault(factor, "bob,USDC,1\n").find("borrow_factor is not below liquidate_factor"),
              std::string::npos);
    std::string base = market_;
    base.replace(base.find("asset = \"WETH\""), 14, "asset = \"USDC\"");
    EXPECT_NE(fault(base, "bob,USDC,1\n").find("is the base or occurs twice"), std::string::npos);
    std::string name = market_;
    name.replace(name.find("borrow_min"), 10, "borrow_mni");
    EXPECT_NE(
        fault(name, "bob,USDC,1\n").find("borrow_mni is no key in [comet]; expected 'borrow_min'"),
        std::string::npos);
}

TEST_F(CometBook, each_event_reads_back_and_replays_to_the_same_digest) {
    const Book book =
        read(market_, "lender,USDC,900000\nbob,WETH,100\nbob,USDC,-150000\neve,WETH,1\n");
    const AssetId weth{0};
    const AssetId usdc{1};
    const AccountId lender{0};
    const AccountId bob{1};
    const AccountId eve{2};
    const std::vector<Action> actions{
        compound_v3::Action{compound_v3::Supply{lender, usdc, Size::exactly({5})}},
        compound_v3::Action{compound_v3::Withdraw{lender, usdc, Size::exactly({1'000})}},
        compound_v3::Action{compound_v3::Transfer{lender, eve, usdc, Size::exactly({7})}},
        compound_v3::Action{compound_v3::Withdraw{eve, usdc, Size::all()}},
        ReportPrices{{Price{140'000'000'000}, {}}},
        compound_v3::Action{compound_v3::Absorb{{bob}}},
        compound_v3::Action{compound_v3::BuyCollateral{weth, {1'358'000'000}, {1}}},
        compound_v3::Action{compound_v3::Pause{compound_v3::Paused::buy}},
        compound_v3::Action{compound_v3::Accrue{}}};
    const auto path = folder_.path() / "journal.jsonl";
    JournalHead head;
    head.input_hash = book.input_hash;
    JournalWriter writer(path, book, head);
    State live = book.state;
    Planner planner;
    for (const Action& action : actions) {
        const Event event{.time = book.state.now(), .market = {}, .action = action};
        const auto done = apply(live, event, planner);
        ASSERT_TRUE(done.has_value()) << action.index() << " " << name(done.error());
        writer.write(event);
    }
    writer.finish(digest_of(live));
    State replayed = book.state;
    EventReader reader(path, book);
    while (const auto event = reader.next())
        ASSERT_TRUE(apply(replayed, *event, planner).has_value());
    EXPECT_EQ(digest_of(replayed), digest_of(live));
}

TEST_F(CometBook, check_doubts_what_is_odd) {
    std::string market = market_;
    market.replace(market.find("supply_cap = \"1000000\""), 22, "supply_cap = \"50\"");
    market.replace(market.find("\"0.95\""), 6, "\"0.85\"");
    (void)read(market, "lender,USDC,200000\nbob,WETH,100\nbob,USDC,-190000\n");
    const CheckReport report = check_native(folder_.path());
    const auto says = [&](std::string_view text, Concern concern) {
        return std::ranges::any_of(report.findings, [&](const Finding& f) {
            return f.concern == concern && f.text.find(text) != std::string::npos;
        });
    };
    EXPECT_TRUE(says("WETH is supplied beyond its cap", Concern::doubt));
    EXPECT_TRUE(says("every absorption is a loss", Concern::doubt));
    EXPECT_TRUE(says("1 positions are unhealthy", Concern::doubt));
    EXPECT_TRUE(says("reserves of", Concern::fact));
}

TEST_F(CometBook, generated_borrowers_are_healthy_and_the_same_for_a_seed) {
    const TextFile text(project_folder("examples") / "compound-v3" / "market.toml");
    const NativeFile file = parse_native(text);
    const std::string accounts = generate_comet_accounts(file, 300, 5);
    EXPECT_EQ(accounts, generate_comet_accounts(file, 300, 5));
    folder_.write("market.toml", text.text());
    folder_.write("accounts.csv", accounts);
    const CheckReport report = check_native(folder_.path());
    EXPECT_EQ(report.borrowers, 300U);
    EXPECT_EQ(report.unhealthy, 0U);
    EXPECT_NEAR(report.borrowed_usd / report.supplied_usd, 0.85, 1e-3);
}

}  // namespace
}  // namespace breakwater
