// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <gtest/gtest.h>

#include "breakwater/core/invariants.hpp"
#include "breakwater/io/book_reader.hpp"
#include "breakwater/io/book_statistics.hpp"
#include "breakwater/io/generator.hpp"
#include "small_book.hpp"

namespace breakwater {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace)

Book example_market() {
    return read_market(project_folder("examples") / "aave-v3-ethereum");
}

class GeneratedBook : public testing::TestWithParam<std::uint64_t> {};

TEST_P(GeneratedBook, has_the_shape_that_docs_generate_promises) {
    const std::uint32_t accounts = 5'000;
    const Book book = generate_book(example_market(), accounts, GetParam());
    EXPECT_FALSE(check_state(book.state).has_value());
    const BookStatistics s = statistics_of(book);
    const auto share = [](double part, double whole) { return part / whole; };
    EXPECT_EQ(s.accounts, accounts);
    EXPECT_EQ(s.unhealthy, 0U);
    EXPECT_NEAR(static_cast<double>(s.lenders) / accounts, 0.28, 0.01);
    EXPECT_NEAR(s.debt_usd, 525'000.0 * accounts, 0.01 * s.debt_usd);
    // Health: bunched above 1, median 1.6 to 1.9, at least a tenth of the debt below 1.10.
    EXPECT_GT(s.health_by_count[0], 1.02);
    EXPECT_LT(s.health_by_count[0], 1.10);
    EXPECT_GT(s.health_by_count[4], 1.6);
    EXPECT_LT(s.health_by_count[4], 1.9);
    EXPECT_GT(share(s.debt_below_110_usd, s.debt_usd), 0.10);
    EXPECT_LT(share(s.debt_below_110_usd, s.debt_usd), 0.30);
    // Who owes what.
    EXPECT_NEAR(share(s.stable_on_volatile_usd, s.debt_usd), 0.76, 0.03);
    EXPECT_NEAR(share(s.emode_debt_usd, s.debt_usd), 0.16, 0.02);
    EXPECT_NEAR(share(static_cast<double>(s.several_collaterals), static_cast<double>(s.borrowers)),
                0.175, 0.025);
    EXPECT_NEAR(share(static_cast<double>(s.several_debts), static_cast<double>(s.borrowers)),
                0.055, 0.015);
    // Sizes: a heavy tail.
    EXPECT_GT(share(s.largest_100_debt_usd, s.debt_usd), 0.35);
    EXPECT_LT(share(s.largest_debt_usd, s.debt_usd), 0.08);
    EXPECT_LT(s.median_debt_usd, 0.2 * s.debt_usd / static_cast<double>(s.borrowers));
}

TEST_P(GeneratedBook, keeps_the_caps_and_leaves_cash_in_what_is_borrowed) {
    const Book book = generate_book(example_market(), 20'000, GetParam());
    const BookStatistics s = statistics_of(book);
    EXPECT_GT(s.debt_usd, 10e9);
    EXPECT_LT(s.debt_usd, 15e9);
    for (std::size_t a = 0; a < book.assets.size(); ++a) {
        const aave_v3::Parameters& p = aave_market(book.state).parameters[a];
        const double price = static_cast<double>(book.state.feeds[a].point) / 1e8;
        const AssetStatistics& asset = s.assets[a];
        EXPECT_LE(asset.supplied_usd, static_cast<double>(p.supply_cap) * price) << asset.symbol;
        if (p.borrow_cap != 0) {
            EXPECT_LE(asset.borrowed_usd, static_cast<double>(p.borrow_cap) * price)
                << asset.symbol;
        }
        EXPECT_LT(asset.utilisation(), 0.95) << asset.symbol;
    }
    for (const char* symbol : {"USDC", "USDT", "DAI", "USDe"}) {
        const auto at = std::ranges::find(s.assets, symbol, &AssetStatistics::symbol);
        EXPECT_GT(at->utilisation(), 0.6) << symbol;
    }
}

INSTANTIATE_TEST_SUITE_P(Seeds, GeneratedBook, testing::Values(1, 2, 3));

TEST(Generator, is_a_function_of_market_number_and_seed) {
    const std::string one = digest_of(generate_book(example_market(), 500, 1).state);
    EXPECT_EQ(digest_of(generate_book(example_market(), 500, 1).state), one);
    EXPECT_NE(digest_of(generate_book(example_market(), 500, 2).state), one);
    EXPECT_NE(digest_of(generate_book(example_market(), 501, 1).state), one);
}

TEST(Generator, gives_the_same_bits_on_every_machine) {
    // Changes only with the generator or the state digest; the changelog says so.
    const TemporaryFolder folder;
    folder.write("market.toml", small_market);
    EXPECT_EQ(digest_of(generate_book(read_market(folder.path()), 2'000, 1).state),
              "8690992577844f29954d1c5a6342b765");
}

TEST(Generator, serves_small_books_and_other_markets) {
    const TemporaryFolder folder;
    folder.write("market.toml", small_market);
    for (const std::uint32_t accounts : {10U, 37U, 1'000U}) {
        const Book book = generate_book(read_market(folder.path()), accounts, 5);
        const BookStatistics s = statistics_of(book);
        EXPECT_EQ(s.accounts, accounts);
        EXPECT_EQ(s.unhealthy, 0U);
        EXPECT_GT(s.debt_usd, 0);
        EXPECT_FALSE(check_state(book.state).has_value());
    }
}

TEST(Generator, refuses_what_it_cannot_make) {
    EXPECT_EQ(fault_of([] { return generate_book(example_market(), 9, 1); }),
              "generate: 9 accounts; expected at least 10");
    const TemporaryFolder folder;
    std::string market = small_market;
    for (std::size_t at = 0; (at = market.find("borrowing = true", at)) != std::string::npos;)
        market.replace(at, 16, "borrowing = false");
    folder.write("market.toml", market);
    EXPECT_NE(fault_of([&] {
                  return generate_book(read_market(folder.path()), 100, 1);
              }).find("no asset of this market can be borrowed"),
              std::string::npos);
}

}  // namespace
}  // namespace breakwater
