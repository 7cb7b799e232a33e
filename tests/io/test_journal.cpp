// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <gtest/gtest.h>

#include "breakwater/core/engine.hpp"
#include "breakwater/io/book_reader.hpp"
#include "breakwater/io/event_lines.hpp"
#include "breakwater/io/journal.hpp"
#include "small_book.hpp"

namespace breakwater {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace)

constexpr AccountId alice{0};
constexpr AccountId bob{1};
constexpr AccountId carol{2};
constexpr AccountId dave{3};
constexpr AssetId weth{0};
constexpr AssetId wsteth{1};
constexpr AssetId usdc{2};

constexpr std::uint64_t start = 1'749'513'600;

Event at(std::uint64_t after, Action action) {
    return {.time = Time{start + after}, .market = {}, .action = std::move(action)};
}

/// One event of every kind, in an order that the engine accepts (refusals aside).
std::vector<Event> every_kind(const Book& book) {
    aave_v3::Parameters tighter = aave_market(book.state).parameters[0];
    tighter.ltv = 7'900;
    aave_v3::EMode mode = aave_market(book.state).emodes[1];
    mode.ltv = 9'200;
    return {
        at(12, ReportPrices{{{150'000'000'000}, {}, {99'990'000}}}),
        at(24, Supply{dave, usdc, {2'500'000'000}}),
        at(36, Withdraw{carol, usdc, Size::exactly({1'000'000})}),
        at(48, Borrow{dave, usdc, {5'000'000}}),
        at(60, Repay{dave, usdc, Size::all()}),
        at(72, SetCollateral{dave, usdc, false}),
        at(84, SetEMode{dave, 1}),
        at(96, Liquidate{alice, weth, usdc, Size::all(), outside, false}),
        at(108, Liquidate{alice, weth, usdc, Size::exactly({1}), carol, true}),
        at(120, MintToTreasury{weth}),
        at(132, EliminateDeficit{carol, usdc, Size::all()}),
        at(144, CoverDeficit{usdc}),
        at(156, SetParameters{weth, tighter}),
        at(168, SetEModeParameters{1, mode}),
        at(172, EliminateDeficit{carol, usdc, Size::all(), DeficitPart::pending}),
        at(176, SlashStake{usdc}),
        at(180, Withdraw{bob, wsteth, Size::exactly({1})}),
    };
}

class Journal : public testing::Test {
  protected:
    Journal() : book_(read_book(write_small(folder_))) {}

    std::string read_fault(const std::string& text) {
        const fs::path path = folder_.write("events.jsonl", text);
        const std::string fault = fault_of([&] {
            EventReader reader(path, book_);
            while (reader.next())
                continue;
        });
        return fault.starts_with(path.string()) ? fault.substr(path.string().size()) : fault;
    }

    TemporaryFolder folder_;
    Book book_;
    const std::string head_ = "{\"format\":\"breakwater-events/1\",\"amounts\":\"tokens\"}\n";
};

TEST_F(Journal, what_is_written_reads_back_and_replays_to_the_same_digest) {
    const fs::path path = folder_.path() / "journal.jsonl";
    const JournalHead head{.version = "0.1.0",
                           .input_hash = book_.input_hash,
                           .scenario = "test",
                           .seed = 1,
                           .path = 17};
    JournalWriter writer(path, book_, head);
    State live = book_.state;
    Planner planner;
    std::size_t accepted = 0;
    for (const Event& event : every_kind(book_)) {
        writer.write(event);
        accepted += apply(live, event, planner).has_value() ? 1U : 0U;
    }
    EXPECT_GT(accepted, 9U);
    EXPECT_FALSE(fs::exists(path)) << "not there before it is whole";
    writer.finish(digest_of(live));

    EventReader reader(path, book_);
    EXPECT_EQ(reader.head().path, 17U);
    EXPECT_EQ(reader.head().scenario, "test");
    State replayed = book_.state;
    std::vector<std::string> lines;
    while (const auto event = reader.next()) {
        lines.push_back(event_line(book_, *event));
        (void)apply(replayed, *event, planner);
    }
    ASSERT_TRUE(reader.end().has_value());
    EXPECT_EQ(reader.end()->digest, digest_of(live));
    EXPECT_EQ(digest_of(replayed), digest_of(live));
    const std::vector<Event> events = every_kind(book_);
    ASSERT_EQ(lines.size(), events.size());
    for (std::size_t i = 0; i < events.size(); ++i)
        EXPECT_EQ(lines[i], event_line(book_, events[i]));
}

/// JSON written with ' for ".
std::string json(std::string text) {
    std::ranges::replace(text, '\'', '"');
    return text;
}

TEST_F(Journal, lines_look_as_docs_formats_says) {
    const std::vector<Event> events = every_kind(book_);
    EXPECT_EQ(event_line(book_, events[0]), json("{'time':1749513612,'event':'report_prices',"
                                                 "'prices':{'WETH':'1500','USDC':'0.9999'}}"));
    EXPECT_EQ(event_line(book_, events[7]),
              json("{'time':1749513696,'event':'liquidate','borrower':'alice','collateral':'WETH',"
                   "'debt':'USDC','debt_to_cover':'all','liquidator':'(outside)',"
                   "'receive_supply':false}"));
    const Time time{start};
    const LossRealised loss{.id = 770, .account = alice, .asset = usdc, .amount = {5}};
    EXPECT_EQ(effect_line(book_, 3, time, loss),
              json("{'number':3,'time':1749513600,'effect':'loss_realised','loss':'770',"
                   "'account':'alice','asset':'USDC','amount':'5'}"));
    const LossCovered covered{.layer = 0, .asset = usdc, .amount = {5}};
    EXPECT_EQ(effect_line(book_, 4, time, covered),
              json("{'number':4,'time':1749513600,'effect':'loss_covered','layer':'umbrella',"
                   "'asset':'USDC','amount':'5'}"));
    const StakeSlashed slashed{
        .layer = 0, .asset = usdc, .stake = weth, .slashed = {7}, .covered = {5}};
    EXPECT_EQ(effect_line(book_, 4, time, slashed),
              json("{'number':4,'time':1749513600,'effect':'stake_slashed','layer':'umbrella',"
                   "'asset':'USDC','amount':'5','stake':'WETH','slashed':'7'}"));
    EXPECT_EQ(event_line(book_, at(1, EliminateDeficit{alice, usdc, Size::all(), DeficitPart::offset})),
              json("{'time':1749513601,'event':'eliminate_deficit','account':'alice',"
                   "'asset':'USDC','amount':'all','part':'offset'}"));
    EXPECT_TRUE(refusal_line(5, time, Error::price_missing)
                    .starts_with(json("{'number':5,'time':1749513600,'refused':'price_missing',"
                                      "'because':'")));
}

TEST_F(Journal, effects_of_a_real_liquidation_are_written) {
    State state = book_.state;
    Planner planner;
    ASSERT_TRUE(
        apply(state, at(12, ReportPrices{{{125'000'000'000}, {}, {}}}), planner).has_value());
    const auto done =
        apply(state, at(24, Liquidate{alice, weth, usdc, Size::all(), outside, false}), planner);
    ASSERT_TRUE(done.has_value());
    std::string all;
    for (const Effect& effect : (*done)->effects)
        all += effect_line(book_, 1, Time{start + 24}, effect) + "\n";
    EXPECT_NE(all.find(R"("effect":"liquidated","borrower":"alice")"), std::string::npos) << all;
}

TEST_F(Journal, a_hand_written_file_may_name_tokens_and_rows) {
    const fs::path path =
        folder_.write("events.jsonl", head_ +
                                          "{\"time\":1749513700,\"event\":\"repay\",\"account\":\"#"
                                          "0\",\"asset\":\"USDC\",\"amount\":\"0.5\"}\n");
    EventReader reader(path, book_);
    const auto event = reader.next();
    ASSERT_TRUE(event.has_value());
    const auto& repay = std::get<Repay>(event->action);
    EXPECT_EQ(repay.account, alice);
    EXPECT_EQ(repay.amount.amount.raw, uint128{500'000});
    EXPECT_EQ(reader.line(), 2U);
    EXPECT_FALSE(reader.next().has_value());
    EXPECT_FALSE(reader.end().has_value());
}

TEST_F(Journal, every_fault_is_one_error_with_its_line) {
    const std::string supply =
        R"({"time":1,"event":"supply","account":"alice","asset":"WETH","amount":"1"})";
    struct Row {
        std::string line;
        const char* message;
    };
    const Row table[] = {
        {"{\"time\":1,\"event\":\"supply\"",
         "not a complete JSON object; expected one object a line, with a line end"},
        {"[]", "not a JSON object; expected {...}"},
        {changed(supply, "\"time\":1,", ""), "missing 'time'; expected an integer"},
        {changed(supply, "\"time\":1", "\"time\":-1"),
         "'time' is '-1'; expected an integer from 0 to 9223372036854775807"},
        {changed(supply, "\"supply\"", "\"suply\""),
         "unknown event 'suply'; expected one of those of docs/formats.md"},
        {changed(supply, "alice", "zoe"),
         "unknown account 'zoe'; expected the name of an account of the book, or \"#\" and its "
         "row"},
        {changed(supply, "alice", "#99"),
         "unknown account '#99'; expected the name of an account of the book, or \"#\" and its "
         "row"},
        {changed(supply, "WETH", "ETH"),
         "unknown asset 'ETH'; expected the symbol of an asset of the book"},
        {changed(supply, "\"amount\":\"1\"", "\"amount\":1"),
         "'amount' is not a text; expected text in quotes"},
        {changed(supply, "\"amount\":\"1\"", "\"amount\":\"-1\""),
         "amount '-1' is negative; expected a decimal number of tokens"},
        {changed(supply, "\"amount\":\"1\"", "\"amount\":\"NaN\""),
         "amount 'NaN' is not a number; expected a decimal number of tokens"},
        {changed(supply, "\"amount\":\"1\"", "\"amount\":\"all\""),
         "amount is 'all'; expected a number; supply and borrow do not take all"},
        {changed(supply, "\"amount\":\"1\"", "\"amount\":\"1\",\"size\":2"),
         "unknown key 'size'; expected no other keys than those of docs/formats.md"},
        {R"({"time":1,"event":"report_prices","prices":{"WETH":"0"}})",
         "price of WETH is '0'; expected a positive decimal number in quotes"},
        {R"({"time":1,"event":"report_prices","prices":{"WETH":1500}})",
         "price of WETH is '1500'; expected a positive decimal number in quotes"},
        {R"({"end":7,"digest":"x"})", "the end counts 7 events; expected 1, as many as there are"},
    };
    for (const Row& row : table)
        EXPECT_EQ(read_fault(head_ + supply + "\n" + row.line + "\n"),
                  std::string(":3: ") + row.message);
}

TEST_F(Journal, a_head_that_does_not_fit_is_refused) {
    EXPECT_EQ(read_fault("{\"format\":\"breakwater-events/2\",\"amounts\":\"atomic\"}\n"),
              ":1: format is 'breakwater-events/2'; expected \"breakwater-events/1\"");
    EXPECT_EQ(read_fault("{\"time\":1}\n"),
              ":1: no head; expected {\"format\":\"breakwater-events/1\",...} as the first line");
    EXPECT_EQ(
        read_fault(
            "{\"format\":\"breakwater-events/1\",\"amounts\":\"atomic\",\"input_hash\":\"0\"}\n"),
        ":1: written for a book with input hash 0; expected that book; this one has " +
            book_.input_hash);
}

}  // namespace
}  // namespace breakwater
