// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <algorithm>
#include <map>
#include <random>

#include <gtest/gtest.h>

#include "breakwater/core/invariants.hpp"
#include "breakwater/core/math.hpp"
#include "breakwater/io/book_reader.hpp"
#include "breakwater/io/book_writer.hpp"
#include "breakwater/io/generator.hpp"
#include "small_book.hpp"

namespace breakwater {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace)

constexpr AssetId weth{0};
constexpr AssetId usdc{2};

const aave_v3::Leg* leg_of(const Book& book, std::uint32_t account, AssetId asset) {
    for (const aave_v3::Leg& leg : aave_market(book.state).legs_of(AccountId{account}))
        if (leg.asset() == asset) return &leg;
    return nullptr;
}

TEST(BookFiles, a_book_reads_as_it_is_written_down) {
    const TemporaryFolder folder;
    const Book book = read_book(write_small(folder));
    const aave_v3::Market& market = aave_market(book.state);
    ASSERT_EQ(book.accounts.size(), 5U);
    EXPECT_EQ(book.accounts[AccountId{0}], "alice");
    EXPECT_EQ(book.accounts[AccountId{4}], "(treasury)");
    EXPECT_EQ(market.treasury, AccountId{4});
    EXPECT_EQ(market.accounts[4].capacity, 3);
    EXPECT_EQ(leg_of(book, 0, weth)->supplied().raw, 10 * wad);
    EXPECT_TRUE(leg_of(book, 0, weth)->is_collateral());
    EXPECT_EQ(leg_of(book, 0, usdc)->borrowed().raw, uint128{12'000'500'000});
    EXPECT_TRUE(leg_of(book, 0, usdc)->is_borrowing());
    EXPECT_EQ(market.accounts[1].emode, 1);
    EXPECT_EQ(market.reserves[0].supplied.raw, 510 * wad);
    EXPECT_EQ(market.reserves[0].borrowed.raw, wad * 441 / 4);
    EXPECT_EQ(market.reserves[0].cash.raw, 510 * wad - wad * 441 / 4);
    EXPECT_EQ(book.state.custody[0].held, market.reserves[0].cash);
    EXPECT_EQ(residual(market.reserves[0]), 0);
    EXPECT_EQ(book.state.feeds[0].point, 276'213'000'000U);
    EXPECT_EQ(book.state.clock.now, 1'749'513'600U);
    EXPECT_EQ(market.reserves[2].updated, 1'749'513'600U);
    // slope1 · utilisation / optimum of USDC: 12,000.5 of 5,000,000 borrowed, 92 % optimal, 5.5 %.
    const double rate = static_cast<double>(market.reserves[2].borrow_rate.raw) / 1e27;
    EXPECT_NEAR(rate, 0.055 * (12'000.5 / 5'000'000) / 0.92, 1e-12);
    EXPECT_EQ(book.state.layers[0].cover.raw, uint128{1'234'500'000});
    EXPECT_EQ(book.input_hash.size(), 32U);
    EXPECT_FALSE(check_state(book.state).has_value());
}

TEST(BookFiles, the_dials_of_our_own_rulebook_are_read_with_defaults_and_written_back) {
    const TemporaryFolder folder;
    std::string market = small_market;
    market.replace(market.find("\"aave_v3\""), 9, "\"breakwater\"");
    const Book plain = read_book(write_small(folder, market));
    ASSERT_TRUE(aave_market(plain.state).house.has_value());
    EXPECT_EQ(aave_market(plain.state).house->target_health, house::Rules{}.target_health);
    EXPECT_EQ(aave_market(plain.state).house->depth.size(), plain.assets.size());
    const Book book = read_book(write_small(
        folder, market + "\n[breakwater]\ntarget_health = 11000\nnotice_hours = 24\n"));
    EXPECT_EQ(aave_market(book.state).house->target_health.raw, wad * 11 / 10);
    EXPECT_EQ(aave_market(book.state).house->notice_hours, 24U);
    write_book(book, folder.path() / "again", Existing::refuse);
    EXPECT_EQ(digest_of(read_book(folder.path() / "again").state), digest_of(book.state));
}

TEST(BookFiles, WATERFALL_005_layers_of_each_kind_are_read_and_written_back) {
    const TemporaryFolder folder;
    const std::string layers = R"(
[[layer]]
name = "junior"
asset = "USDC"
kind = "junior_tranche"
account = "carol"
[[layer]]
name = "fund"
asset = "USDC"
cover = "100"
refill_per_day = "2.5"
[[layer]]
name = "nobody"
asset = "USDC"
kind = "deficit"
)";
    const Book book = read_book(write_small(folder, small_market + layers));
    ASSERT_EQ(book.state.layers.size(), 4U);
    EXPECT_EQ(book.state.layers[1].kind, LayerKind::junior_tranche);
    EXPECT_EQ(book.accounts[AccountId{static_cast<std::uint32_t>(book.state.layers[1].account)}],
              "carol");
    EXPECT_EQ(book.state.layers[2].refill.raw, uint128{2'500'000});
    EXPECT_EQ(book.state.layers[3].kind, LayerKind::deficit);
    write_book(book, folder.path() / "again", Existing::refuse);
    EXPECT_EQ(digest_of(read_book(folder.path() / "again").state), digest_of(book.state));
    std::string unknown = layers;
    unknown.replace(unknown.find("carol"), 5, "nobody");
    EXPECT_THROW(read_book(write_small(folder, small_market + unknown)), InputError);
}

TEST(BookFiles, WATERFALL_018_a_borrower_pays_first_and_all_suppliers_last) {
    const TemporaryFolder folder;
    const std::string first = "\n[[layer]]\nname = \"own\"\nasset = \"USDC\"\nkind = \"borrower_equity\"\n";
    const std::string last =
        "\n[[layer]]\nname = \"all\"\nasset = \"USDC\"\nkind = \"socialisation\"\ncover = \"2.5\"\n";
    const std::string fund = "\n[[layer]]\nname = \"fund\"\nasset = \"USDC\"\ncover = \"100\"\n";
    // The small market has a fund for USDC; WETH has no layer.
    const auto of_weth = [](std::string text) { return text.replace(text.find("USDC"), 4, "WETH"); };
    const Book book = read_book(
        write_small(folder, small_market + of_weth(first) + of_weth(fund) + of_weth(last) + last));
    ASSERT_EQ(book.state.layers.size(), 5U);
    EXPECT_EQ(book.state.layers[1].kind, LayerKind::borrower_equity);
    EXPECT_EQ(book.state.layers[3].kind, LayerKind::socialisation);
    EXPECT_EQ(book.state.layers[4].cover.raw, uint128{2'500'000});
    write_book(book, folder.path() / "again", Existing::refuse);
    EXPECT_EQ(digest_of(read_book(folder.path() / "again").state), digest_of(book.state));
    EXPECT_THROW(read_book(write_small(folder, small_market + first)), InputError);
    EXPECT_THROW(read_book(write_small(folder, small_market + last + fund)), InputError);
}

TEST(BookFiles, WATERFALL_007_an_umbrella_is_read_and_written_back) {
    const TemporaryFolder folder;
    const std::string layers = R"(
[[layer]]
name = "first loss"
asset = "USDC"
kind = "deficit_offset"
cover = "100"
[[layer]]
name = "stake"
asset = "USDC"
kind = "umbrella"
account = "dave"
stake = "WETH"
fee = 250
)";
    const Book book = read_book(write_small(folder, small_market + layers));
    ASSERT_EQ(book.state.layers.size(), 3U);
    EXPECT_EQ(book.state.layers[1].kind, LayerKind::deficit_offset);
    const Layer& stake = book.state.layers[2];
    EXPECT_EQ(stake.kind, LayerKind::umbrella);
    EXPECT_EQ(book.assets[stake.stake].symbol, "WETH");
    EXPECT_EQ(stake.fee, 250);
    EXPECT_EQ(book.accounts[AccountId{static_cast<std::uint32_t>(stake.account)}], "dave");
    write_book(book, folder.path() / "again", Existing::refuse);
    EXPECT_EQ(digest_of(read_book(folder.path() / "again").state), digest_of(book.state));
    const auto refused = [&](std::string_view from, std::string_view to) {
        std::string other = layers;
        other.replace(other.find(from), from.size(), to);
        EXPECT_THROW(read_book(write_small(folder, small_market + other)), InputError) << to;
    };
    refused("stake = \"WETH\"", "stake = \"nothing\"");
    refused("account = \"dave\"", "");
    refused("fee = 250", "fee = 10001");
    refused("fee = 250", "pending = \"1\"");                    // the reserve has no deficit
    refused("cover = \"100\"", "");                             // an offset has an end
    refused("fee = 250", "cover = \"1\"");                      // the stake is all there is
    refused("kind = \"deficit_offset\"\ncover = \"100\"",
            "kind = \"umbrella\"\naccount = \"dave\"");        // two for one asset
    const std::size_t second = layers.find("[[layer]]\nname = \"stake\"");
    const std::string upside_down = layers.substr(second) + layers.substr(0, second);
    EXPECT_THROW(read_book(write_small(folder, small_market + upside_down)), InputError);
}

TEST(BookFiles, rows_of_one_account_may_lie_apart) {
    const TemporaryFolder folder;
    const Book book = read_book(write_small(folder));
    // The same rows; first rows of the accounts in the same order.
    const Book apart = read_book(write_small(folder, small_market,
                                             "account,asset,supply,debt,collateral,emode\n"
                                             "alice,WETH,10,0,1,0\n"
                                             "bob,wstETH,100,0,1,1\n"
                                             "carol,USDC,5000000,0,0,0\n"
                                             "alice,USDC,0,12000.5,0,0\n"
                                             "dave,WETH,500,0,1,0\n"
                                             "bob,WETH,0,110.25,0,1\n"));
    EXPECT_EQ(digest_of(apart.state), digest_of(book.state));
}

TEST(BookFiles, thousands_of_shuffled_rows_make_the_same_accounts) {
    const Book book =
        generate_book(read_market(project_folder("examples") / "aave-v3-ethereum"), 3'000, 7);
    const std::string text = accounts_text(book, AmountUnit::tokens, BalanceKind::underlying);
    std::vector<std::string> rows;
    std::istringstream in(text);
    std::string header;
    std::getline(in, header);
    for (std::string row; std::getline(in, row);)
        rows.push_back(row);
    constexpr unsigned seed = 11;
    std::shuffle(rows.begin(), rows.end(), std::mt19937_64(seed));
    std::string shuffled = header + "\n";
    for (const std::string& row : rows)
        shuffled += row + "\n";
    const TemporaryFolder folder;
    const Book other = read_book(write_small(folder, market_text(book), shuffled));
    ASSERT_EQ(other.accounts.size(), book.accounts.size());
    std::map<std::string_view, std::uint32_t> by_name;
    for (std::uint32_t i = 0; i < other.accounts.size(); ++i)
        by_name[other.accounts[AccountId{i}]] = i;
    for (std::uint32_t i = 0; i + 1 < book.accounts.size(); ++i) {
        const std::uint32_t j = by_name.at(book.accounts[AccountId{i}]);
        const auto legs = aave_market(book.state).legs_of(AccountId{i});
        ASSERT_EQ(aave_market(other.state).legs_of(AccountId{j}).size(), legs.size())
            << "seed " << seed;
        for (const aave_v3::Leg& leg : legs) {
            const aave_v3::Leg* found = leg_of(other, j, leg.asset());
            ASSERT_NE(found, nullptr);
            EXPECT_EQ(found->supplied(), leg.supplied());
            EXPECT_EQ(found->borrowed(), leg.borrowed());
            EXPECT_EQ(found->is_collateral(), leg.is_collateral());
        }
    }
}

TEST(BookFiles, a_written_book_reads_back_with_the_same_digest) {
    const TemporaryFolder folder;
    const Book book = read_book(write_small(folder));
    write_book(book, folder.path() / "out");
    EXPECT_EQ(digest_of(read_book(folder.path() / "out").state), digest_of(book.state));
}

TEST(BookFiles, indices_treasury_deficit_and_cash_survive_the_round_trip) {
    const TemporaryFolder folder;
    const std::string reserve =
        "slope2 = 8000\n"
        "liquidity_index = \"1041234567890123456789012345\"\n"
        "variable_borrow_index = \"1059876543210987654321098765\"\n"
        "accrued_to_treasury = \"123456789012345678\"\n"
        "deficit = \"98765432109876543\"\n"
        "cash = \"401.5\"\n";
    const std::string market = changed(small_market, "slope2 = 8000\n", reserve);
    const std::string accounts = small_accounts + "(treasury),USDC,12.5,0,0,0\nerin,USDC,0,0,0,0\n";
    const Book book = read_book(write_small(folder, market, accounts));
    const aave_v3::Market& native = aave_market(book.state);
    const aave_v3::Reserve& r = native.reserves[0];
    Checked math;
    // Alice and Dave hold ⌊amount / index⌋ shares, Bob owes ⌈amount / index⌉.
    EXPECT_EQ(r.supplied.raw, math.ray_div_down(10 * wad, r.liquidity_index.raw) +
                                  math.ray_div_down(500 * wad, r.liquidity_index.raw));
    EXPECT_EQ(r.borrowed.raw, math.ray_div_up(wad * 441 / 4, r.borrow_index.raw));
    EXPECT_EQ(r.cash.raw, wad * 803 / 2);
    EXPECT_GT(residual(r), 0);
    EXPECT_EQ(native.legs_of(native.treasury).front().supplied().raw, uint128{12'500'000});
    EXPECT_EQ(native.accounts[4].count, 0) << "erin is an account without a leg";
    EXPECT_FALSE(check_state(book.state).has_value());
    write_book(book, folder.path() / "out");
    const Book back = read_book(folder.path() / "out");
    EXPECT_EQ(digest_of(back.state), digest_of(book.state));
    EXPECT_NE(text_of(folder.path() / "out" / "market.toml").find("balances = \"scaled\""),
              std::string::npos);
}

TEST(BookFiles, underlying_amounts_survive_the_round_trip_at_any_index) {
    const TemporaryFolder folder;
    const std::string indices =
        "slope2 = 8000\n"
        "liquidity_index = \"1999999999999999999999999999\"\n"
        "variable_borrow_index = \"3333333333333333333333333333\"\n";
    const std::string market = changed(small_market, "slope2 = 8000\n", indices);
    std::string accounts = "account,asset,supply,debt,collateral,emode\n";
    std::mt19937_64 random(3);
    for (int i = 0; i < 500; ++i) {
        const std::string name = "a" + std::to_string(i);
        const std::string amount =
            std::to_string(random() % 1'000) + "." + std::to_string(random() % 1'000'000'000);
        accounts += name + ",WETH," + amount + "," + std::to_string(random() % 3) + ",1,0\n";
    }
    const Book book = read_book(write_small(folder, market, accounts));
    write_accounts(book, AmountUnit::tokens, BalanceKind::underlying,
                   folder.path() / "accounts.csv");
    EXPECT_EQ(digest_of(read_book(folder.path()).state), digest_of(book.state));
}

TEST(BookFiles, atomic_and_token_amounts_are_the_same_book) {
    const TemporaryFolder folder;
    const Book tokens = read_book(write_small(folder));
    const Book atomic = read_book(
        write_small(folder, changed(small_market, "amounts = \"tokens\"", "amounts = \"atomic\""),
                    "account,asset,supply,debt,collateral,emode\n"
                    "alice,WETH,10000000000000000000,0,1,0\n"
                    "alice,USDC,0,12000500000,0,0\n"
                    "bob,wstETH,100000000000000000000,0,1,1\n"
                    "bob,WETH,0,110250000000000000000,0,1\n"
                    "carol,USDC,5000000000000,0,0,0\n"
                    "dave,WETH,500000000000000000000,0,1,0\n"));
    EXPECT_EQ(digest_of(atomic.state), digest_of(tokens.state));
}

TEST(BookFiles, a_collateral_flag_without_supply_is_dropped) {
    const TemporaryFolder folder;
    const Book book = read_book(write_small(
        folder, small_market,
        changed(small_accounts, "alice,USDC,0,12000.5,0,0", "alice,USDC,0,12000.5,1,0")));
    EXPECT_FALSE(leg_of(book, 0, usdc)->is_collateral());
}

TEST(BookFiles, the_input_hash_sees_every_byte_of_both_files) {
    const TemporaryFolder folder;
    const std::string hash = read_book(write_small(folder)).input_hash;
    EXPECT_EQ(read_book(write_small(folder)).input_hash, hash);
    EXPECT_NE(read_book(write_small(folder, small_market + "\n")).input_hash, hash);
    EXPECT_NE(read_book(write_small(folder, small_market, changed(small_accounts, "dave", "Dave")))
                  .input_hash,
              hash);
}

TEST(BookFiles, output_replaces_nothing_unless_told_and_leaves_nothing_behind) {
    const TemporaryFolder folder;
    const Book book = read_book(write_small(folder));
    const fs::path out = folder.path() / "out";
    write_book(book, out);
    EXPECT_EQ(fault_of([&] { write_book(book, out); }).find("already holds"),
              out.string().size() + 2);
    write_book(book, out, Existing::replace);
    std::ofstream(out / "mine.txt") << "keep";
    EXPECT_NE(fault_of([&] { write_book(book, out, Existing::replace); }), "");
    EXPECT_EQ(text_of(out / "mine.txt"), "keep");
    EXPECT_NE(fault_of([&] { write_book(book, "/proc/breakwater/none"); }), "");
    std::size_t entries = 0;
    for (const auto& entry : fs::directory_iterator(folder.path())) {
        ++entries;
        EXPECT_EQ(entry.path().string().find(".tmp"), std::string::npos) << entry.path();
    }
    EXPECT_EQ(entries, 3U);
}

TEST(BookFiles, the_example_is_a_book_of_twenty_thousand_accounts) {
    const fs::path example = project_folder("examples") / "aave-v3-ethereum";
    ASSERT_TRUE(fs::exists(example / "accounts.csv"));
    const Book book = read_book(example);
    EXPECT_EQ(book.accounts.size(), 20'001U);
    EXPECT_EQ(book.assets.size(), 14U);
    const Book generated = generate_book(read_market(example), 20'000, 1);
    EXPECT_EQ(digest_of(generated.state), digest_of(book.state))
        << "generate --accounts 20000 --seed 1";
}

}  // namespace
}  // namespace breakwater
