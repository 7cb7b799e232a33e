// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <gtest/gtest.h>

#include "../stress/native_files.hpp"
#include "breakwater/core/digest.hpp"
#include "breakwater/core/engine.hpp"
#include "breakwater/core/invariants.hpp"
#include "breakwater/core/rulebooks/morpho_blue.hpp"
#include "breakwater/io/book_kind.hpp"
#include "breakwater/io/book_reader.hpp"
#include "breakwater/io/journal.hpp"
#include "breakwater/io/morpho_generator.hpp"
#include "breakwater/io/native_check.hpp"
#include "breakwater/stress/native_standing.hpp"

namespace breakwater {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace): files

class MorphoBook : public NativeBookTest {
  protected:
    MorphoBook() : NativeBookTest(morpho_accounts) {}
    const std::string head_{morpho_head};
    const std::string one_ = head_ + morpho_market("m");
};

TEST_F(MorphoBook, what_is_written_is_owed_to_the_atom) {
    const Book book = read(one_, "lender,m,200000.000001,0,0\nbob,m,0,100.5,150000.333333\n");
    EXPECT_EQ(book.rulebook, "morpho_blue");
    EXPECT_EQ(kind_of(folder_.path()), BookKind::native);
    const auto& market = std::get<morpho_blue::Market>(book.state.markets[0]);
    const morpho_blue::Totals& t = market.totals[0];
    Checked math;
    const Amount owed = morpho_blue::assets_up(math, market.positions[1].borrow_shares,
                                               t.borrow_assets, t.borrow_shares);
    const Amount lent = morpho_blue::assets_down(math, market.positions[0].supply_shares,
                                                 t.supply_assets, t.supply_shares);
    EXPECT_EQ(owed.raw, uint128{150'000'333'333});
    EXPECT_EQ(lent.raw, uint128{200'000'000'001});
    EXPECT_EQ(t.cash.raw, uint128{49'999'666'668});
    EXPECT_EQ(market.positions[1].collateral.raw, power_of_ten(17) * 1'005);
    EXPECT_EQ(book.accounts[AccountId{2}], others_name);
    EXPECT_FALSE(check_state(book.state).has_value());
    const auto rows = market_standings(book);
    EXPECT_NEAR(rows[0].price, 2'000, 1e-9);
    EXPECT_NEAR(rows[0].bonus, 1 / 0.958 - 1, 1e-12);
}

TEST_F(MorphoBook, who_is_not_named_holds_the_rest_of_the_supply) {
    const Book book =
        read(head_ + morpho_market("m", "supplied = \"500000\"\n"), "bob,m,0,100,150000\n");
    const auto& market = std::get<morpho_blue::Market>(book.state.markets[0]);
    EXPECT_EQ(market.totals[0].supply_assets.raw, uint128{500'000'000'000});
    EXPECT_EQ(market.positions.back().supply_shares, market.totals[0].supply_shares);
    EXPECT_EQ(market.positions.size(), book.accounts.size());
}

TEST_F(MorphoBook, shares_as_the_chain_has_them) {
    std::string market = head_ + morpho_market("m", "supplied = \"1100\"\nborrowed = \"550\"\n");
    market.replace(market.find("underlying"), 10, "scaled");
    const Book book = read(market, "lender,m,1000000000,0,0\nbob,m,0,1,500000000\n");
    const auto& m = std::get<morpho_blue::Market>(book.state.markets[0]);
    EXPECT_EQ(m.positions[1].borrow_shares.raw, uint128{500'000'000});
    EXPECT_EQ(m.totals[0].borrow_assets.raw, uint128{550'000'000});
}

TEST_F(MorphoBook, a_fault_of_the_market_file_names_line_and_field) {
    const auto at = [&](const std::string& more) { return fault(head_ + more, "bob,m,0,0,0\n"); };
    EXPECT_EQ(at(""), "market.toml: no markets; expected at least one [[market]]");
    EXPECT_TRUE(at(morpho_market("m", "ltv = 1\n")).starts_with("market.toml:26: "));
    EXPECT_NE(at(morpho_market("m") + morpho_market("m")).find("occurs twice"), std::string::npos);
    std::string lltv = morpho_market("m");
    lltv.replace(lltv.find("0.86"), 4, "1.00");
    EXPECT_EQ(at(lltv),
              "market.toml:24: lltv is '1' in market m; expected above 0 and below 1, as in "
              "\"0.86\" (MORPHO-010)");
    std::string loan = morpho_market("m");
    loan.replace(loan.find("USDC"), 4, "USDX");
    EXPECT_NE(at(loan).find("is unknown asset 'USDX'"), std::string::npos);
    EXPECT_NE(at(morpho_market("m", "fee = \"0.3\"\n")).find("at most 0.25"), std::string::npos);
}

TEST_F(MorphoBook, a_fault_of_the_accounts_names_the_line) {
    EXPECT_EQ(
        fault(one_, "bob,n,0,0,0\n"),
        "accounts.csv:2: unknown market 'n'; expected the name of a [[market]] of market.toml");
    EXPECT_TRUE(fault(one_, "bob,m,0,0\n").starts_with("accounts.csv:2: 4 fields; expected 5: "));
    EXPECT_TRUE(fault(one_, "bob,m,1,0,0\nbob,m,1,0,0\n")
                    .starts_with("accounts.csv:3: account 'bob' occurs twice in 'm'; expected "));
    EXPECT_TRUE(fault(one_, "bob,m,0.0000001,0,0\n").starts_with("accounts.csv:2: supply "));
    EXPECT_TRUE(fault(one_, "bob,m,-1,0,0\n").starts_with("accounts.csv:2: supply "));
    EXPECT_TRUE(fault(one_, "(others),m,1,0,0\n").starts_with("accounts.csv:2: account is "));
    EXPECT_NE(fault(one_, "bob,m,10,1,11\n").find("debt of 11 is more than the supply of 10"),
              std::string::npos);
    EXPECT_NE(fault(head_ + morpho_market("m", "supplied = \"5\"\n"), "bob,m,10,0,0\n")
                  .find("supplied of at least 10"),
              std::string::npos);
}

TEST_F(MorphoBook, commands_for_reserve_sets_refuse_it_in_words) {
    (void)read(one_, "bob,m,1,0,0\n");
    const std::string what = fault_of([&] { (void)read_book(folder_.path()); });
    EXPECT_NE(what.find("rulebook"), std::string::npos) << what;
    EXPECT_NE(what.find("aave_v3"), std::string::npos) << what;
}

TEST_F(MorphoBook, each_event_reads_back_and_replays_to_the_same_digest) {
    const Book book = read(head_ + morpho_market("m") + morpho_market("n"),
                           "lender,n,200000,0,0\nbob,n,0,100,150000\n");
    const AccountId lender{0};
    const AccountId bob{1};
    const std::vector<morpho_blue::Action> actions{
        morpho_blue::Supply{lender, {5'000'000}, {}},
        morpho_blue::Withdraw{lender, {}, {1'000'000'000}},
        morpho_blue::Borrow{bob, {1'000'000}, {}},
        morpho_blue::Repay{bob, {}, {2'000'000'000}},
        morpho_blue::SupplyCollateral{bob, {7}},
        morpho_blue::WithdrawCollateral{bob, {6}},
        morpho_blue::ReportPrice{Uint256{power_of_ten(27)}},
        morpho_blue::Liquidate{bob, {power_of_ten(18)}, {}},
        morpho_blue::SetFee{wad / 10},
        morpho_blue::Accrue{}};
    const auto path = folder_.path() / "journal.jsonl";
    JournalHead first;
    first.version = "1";
    first.input_hash = book.input_hash;
    JournalWriter writer(path, book, first);
    State live = book.state;
    Planner planner;
    for (const morpho_blue::Action& action : actions) {
        const Event event{.time = book.state.now(), .market = MarketId{1}, .action = action};
        ASSERT_TRUE(apply(live, event, planner).has_value()) << action.index();
        writer.write(event);
    }
    writer.finish(digest_of(live));
    State replayed = book.state;
    EventReader reader(path, book);
    while (const auto event = reader.next())
        ASSERT_TRUE(apply(replayed, *event, planner).has_value());
    EXPECT_EQ(digest_of(replayed), digest_of(live));
    EXPECT_EQ(reader.end()->digest, digest_of(live));
}

TEST_F(MorphoBook, a_bad_event_names_its_line) {
    const Book book = read(one_, "lender,m,2,0,0\n");
    const auto at = [&](const std::string& line) {
        const auto path = folder_.write(
            "e.jsonl",
            "{\"format\":\"breakwater-events/1\",\"amounts\":\"atomic\"}\n" + line + "\n");
        return fault_of([&] {
            EventReader reader(path, book);
            while (reader.next())
                continue;
        });
    };
    const std::string head = R"({"time":1767225600,"event":"morpho_blue.)";
    EXPECT_NE(at(head + R"(suply"})").find("e.jsonl:2: unknown event"), std::string::npos);
    EXPECT_NE(at(head + R"(supply","account":"lender","assets":"-1"})").find("assets '-1'"),
              std::string::npos);
    EXPECT_NE(at(head + R"(report_price","price":"1e9"})").find("price '1e9'"), std::string::npos);
    EXPECT_NE(at(head + R"(accrue","amount":"1"})").find("unknown key 'amount'"),
              std::string::npos);
}

TEST_F(MorphoBook, check_doubts_what_is_odd) {
    std::string market = morpho_market("m", "fixed_price = \"2100\"\nsupplied = \"300000\"\n");
    market.replace(market.find("0.86"), 4, "0.85");
    (void)read(head_ + market, "bob,m,0,100,290000\n");
    const CheckReport report = check_native(folder_.path());
    const auto says = [&](std::string_view text, Concern concern) {
        return std::ranges::any_of(report.findings, [&](const Finding& f) {
            return f.concern == concern && f.text.find(text) != std::string::npos;
        });
    };
    EXPECT_TRUE(says("hard-wired, 5.0 % above", Concern::doubt));
    EXPECT_TRUE(says("an LLTV of 85.0 %", Concern::doubt));
    EXPECT_TRUE(says("1 positions are unhealthy", Concern::doubt));
    EXPECT_TRUE(says("no [asset.feed]", Concern::doubt));
    EXPECT_TRUE(says("100.0 % of the supply is of suppliers", Concern::fact));
    EXPECT_EQ(report.borrowers, 1U);
    EXPECT_NEAR(report.insolvent_debt_usd, 80'000, 1e-6);
}

TEST_F(MorphoBook, generated_borrowers_are_healthy_and_the_same_for_a_seed) {
    const TextFile text(project_folder("examples") / "morpho-blue" / "market.toml");
    const NativeFile file = parse_native(text);
    const std::string accounts = generate_morpho_accounts(file, 300, 5);
    EXPECT_EQ(accounts, generate_morpho_accounts(file, 300, 5));
    EXPECT_NE(accounts, generate_morpho_accounts(file, 300, 6));
    folder_.write("market.toml", text.text());
    folder_.write("accounts.csv", accounts);
    const CheckReport report = check_native(folder_.path());
    EXPECT_EQ(report.borrowers, 300U);
    EXPECT_EQ(report.unhealthy, 0U);
    EXPECT_NEAR(report.borrowed_usd / report.supplied_usd, 0.9, 1e-3);
}

}  // namespace
}  // namespace breakwater
