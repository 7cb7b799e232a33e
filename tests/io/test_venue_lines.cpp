// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <gtest/gtest.h>

#include "breakwater/core/digest.hpp"
#include "breakwater/io/event_lines.hpp"
#include "breakwater/io/journal.hpp"
#include "breakwater/io/venue_reader.hpp"
#include "small_venue.hpp"
#include "tests/core/venue_book.hpp"

namespace breakwater {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace)

const std::string head = R"({"format":"breakwater-events/1","amounts":"atomic"})"
                         "\n";

std::vector<Event> read_all(const fs::path& path, const Book& book) {
    EventReader reader(path, book);
    std::vector<Event> out;
    while (auto event = reader.next())
        out.push_back(std::move(*event));
    return out;
}

/// One event of every kind of a venue, in the order of the variant, with no field left at zero.
std::vector<venue::Action> every_kind() {
    constexpr AccountId a{2};
    constexpr AccountId b{3};
    constexpr AssetId usdc{0};
    constexpr AssetId btc{1};
    constexpr venue::ContractId perpetual{0};
    constexpr venue::ContractId future{2};
    constexpr venue::ContractId call{4};
    venue::MarginTerms margin;
    margin.tiers[0] = {.initial = 60'000, .maintenance = 30'000};
    margin.tiers[1] = {.lower = uint128{1} << 80U, .initial = 90'000, .maintenance = 40'000};
    margin.effective = 1'800'000'000;
    margin.open_interest_lower = 1;
    margin.open_interest_upper = 2;
    margin.size_unit = 3;
    margin.absorbed = 4;
    margin.size_slope = 5;
    margin.impact = 6;
    margin.stale_add_on = 7;
    venue::RiskArray array;
    array.as_of = 1;
    array.expires = 2;
    array.delta = -3;
    array.short_minimum = 4;
    array.grid = 1;
    array.version = 2;
    array.expiry = 3;
    array.roll = 5;
    array.count = 2;
    array.values[0] = -9'000'000'000'000'000;
    array.values[1] = 17;
    const venue::MarkOf mark{
        .contract = future, .mark = 121'001, .slow = 121'000, .depth = 9, .open_part = 500'000};
    return {venue::Deposit{a, usdc, {uint128{1} << 100U}},
            venue::Withdraw{a, btc, {2}},
            venue::Transfer{a, b, usdc, {3}},
            venue::SetAccount{b, index(a) + 1, 1},
            venue::Trade{a, b, perpetual, 4, 600'105},
            venue::PublishMarks{{mark}},
            venue::PayFunding{perpetual, -5},
            venue::SettleExpiry{future, 121'000},
            venue::Settle{a},
            venue::SetBorrowRate{usdc, {ray / 7}},
            venue::PublishMargin{perpetual, margin},
            venue::PublishRiskArray{call, array},
            venue::PublishCollateralMoves{btc, array},
            venue::Flag{a},
            venue::Liquidate{a, b, perpetual, 6},
            venue::BuyCollateral{a, b, btc, usdc, {7}},
            venue::Hedge{a, b, call, -8},
            venue::TakeOver{a},
            venue::Resolve{a, {b, AccountId{4}}},
            venue::CoverLoss{b, usdc, {9}},
            venue::SetOrders{a, call, 9, 10}};
}

TEST(VenueLines, every_kind_of_event_reads_back_as_it_was_written) {
    TemporaryFolder folder;
    const Book book = read_venue(write_small_venue(folder)).book;
    const auto kinds = every_kind();
    ASSERT_EQ(kinds.size(), std::variant_size_v<venue::Action>);
    std::string text = head;
    for (std::size_t k = 0; k < kinds.size(); ++k) {
        ASSERT_EQ(kinds[k].index(), k);
        text += event_line(book, {.time = Time{k}, .market = {}, .action = kinds[k]}) + "\n";
    }
    const std::vector<Event> read = read_all(folder.write("events.jsonl", text), book);
    std::string again = head;
    for (const Event& event : read)
        again += event_line(book, event) + "\n";
    EXPECT_EQ(again, text);
    const auto& margin =
        std::get<venue::PublishMargin>(std::get<venue::Action>(read[10].action)).margin;
    EXPECT_EQ(margin.tiers[1].lower, uint128{1} << 80U);
    EXPECT_NE(text.find(R"("parent":"alice")"), std::string::npos);
    EXPECT_NE(text.find(R"("contract":"BTC-PERP")"), std::string::npos);
}

TEST(VenueLines, amounts_may_be_tokens) {
    TemporaryFolder folder;
    const Book book = read_venue(write_small_venue(folder)).book;
    const fs::path path = folder.write(
        "events.jsonl",
        R"({"format":"breakwater-events/1","amounts":"tokens"})"
        "\n"
        R"({"time":1767225600,"event":"venue.buy_collateral","account":"alice",)"
        R"("liquidator":"bob","asset":"BTC","debt":"USDC","amount":"0.25"})"
        "\n");
    const std::vector<Event> read = read_all(path, book);
    ASSERT_EQ(read.size(), 1U);
    EXPECT_EQ(std::get<venue::BuyCollateral>(std::get<venue::Action>(read[0].action)).amount.raw,
              25'000'000U);
}

TEST(VenueLines, a_bad_field_is_one_error_with_its_line) {
    TemporaryFolder folder;
    const Book book = read_venue(write_small_venue(folder)).book;
    const auto fault = [&](const std::string& line) {
        const fs::path path = folder.write("events.jsonl", head + line + "\n");
        std::string out = fault_of([&] { return read_all(path, book); });
        const std::string where = path.string() + ":2: ";
        if (out.starts_with(where)) out.erase(0, where.size());
        return out;
    };
    EXPECT_EQ(fault(R"({"time":1,"event":"venue.flag"})"), "missing 'account'; expected a text");
    EXPECT_EQ(fault(R"({"time":1,"event":"venue.flag","account":"alice","x":1})"),
              "unknown key 'x'; expected no other keys than those of docs/formats.md");
    EXPECT_EQ(
        fault(R"({"time":1,"event":"venue.settle","account":"zoe"})"),
        "unknown account 'zoe'; expected the name of an account of the book, or \"#\" and its "
        "row");
    EXPECT_EQ(
        fault(R"({"time":1,"event":"venue.pay_funding","contract":"BTC","rate":"1"})"),
        "unknown contract 'BTC'; expected the name of a contract of the book, or \"#\" and its "
        "row");
    EXPECT_EQ(fault(R"({"time":1,"event":"venue.pay_funding","contract":"BTC-PERP","rate":"1.5"})"),
              "rate is '1.5'; expected a whole number in quotes, below 2^63");
    EXPECT_EQ(fault(R"({"time":1,"event":"venue.close","account":"alice"})"),
              "unknown event 'venue.close'; expected one of those of docs/formats.md");
}

/// The small venue of the rulebook's tests as a book with names.
Book named(const State& state) {
    Book book;
    book.state = state;
    for (const char* symbol : {"USDC", "BTC"}) {
        AssetDescription& asset = book.assets.emplace_back();
        asset.symbol = symbol;
        asset.decimals = symbol[0] == 'U' ? 6U : 8U;
    }
    for (std::uint32_t k = 0; k < venue_given::venue_accounts; ++k)
        book.accounts.push_back("account " + std::to_string(k));
    return book;
}

TEST(VenueLines, a_random_run_replayed_from_its_text_ends_in_the_same_digest) {
    for (const std::uint64_t seed : {1ULL, 2ULL, 3ULL}) {
        venue_given::SeededChance chance(seed);
        const State start = venue_given::random_venue(chance);
        const Book book = named(start);
        State live = start;
        Planner planner;
        TemporaryFolder folder;
        JournalWriter writer(folder.path() / "journal.jsonl", book, {});
        std::size_t accepted = 0;
        for (int k = 0; k < 400; ++k) {
            const Event event = venue_given::random_venue_event(live, chance);
            if (!apply(live, event, planner)) continue;
            writer.write(event);
            ++accepted;
        }
        writer.finish(digest_of(live));
        EXPECT_GT(accepted, 50U) << "seed " << seed;
        State replayed = start;
        EventReader reader(folder.path() / "journal.jsonl", book);
        while (const auto event = reader.next())
            ASSERT_TRUE(apply(replayed, *event, planner)) << "seed " << seed;
        ASSERT_TRUE(reader.end());
        EXPECT_EQ(digest_of(replayed), reader.end()->digest) << "seed " << seed;
    }
}

}  // namespace
}  // namespace breakwater
