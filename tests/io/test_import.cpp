// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <map>

#include <gtest/gtest.h>

#include "breakwater/io/book_reader.hpp"
#include "breakwater/io/book_statistics.hpp"
#include "breakwater/io/book_writer.hpp"
#include "breakwater/io/decimal.hpp"
#include "breakwater/io/import_aave.hpp"
#include "breakwater/io/import_crvusd.hpp"
#include "small_book.hpp"

namespace breakwater {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace)

constexpr Time june{1'749'513'600};

std::size_t row_of(const Book& book, const std::string& symbol) {
    const auto at = std::ranges::find(book.assets, symbol, &AssetDescription::symbol);
    EXPECT_NE(at, book.assets.end()) << symbol;
    return static_cast<std::size_t>(at - book.assets.begin());
}

TEST(ImportAave, the_configuration_of_june_2025_has_its_published_facts) {
    NEED_DATA(
        json,
        "aave_reserve_configs_202506/1_0x87870Bca3F3fD6335C3F4ce8392D69350B4fA4E2_before.json.gz");
    const TemporaryFolder folder;
    const Book book = import_aave_configuration(unpacked(json, folder), june);
    ASSERT_EQ(book.assets.size(), 47U);
    const aave_v3::Market& market = aave_market(book.state);
    const std::size_t weth = row_of(book, "WETH");
    EXPECT_EQ(market.parameters[weth].liquidation_threshold, 8300);
    EXPECT_EQ(market.parameters[weth].ltv, 8050);
    EXPECT_EQ(market.parameters[weth].liquidation_bonus, 10500);
    EXPECT_EQ(market.parameters[weth].slope1, 270U);
    EXPECT_EQ(book.state.feeds[weth].point, 276'213'000'000U);
    EXPECT_EQ(market.emodes.size(), 17U);
    EXPECT_EQ(book.emode_labels[1], "ETH correlated");
    EXPECT_EQ(market.emodes[1].liquidation_threshold, 9500);
    EXPECT_EQ(market.emodes[1].borrowable, uint128{1} << weth);
    EXPECT_EQ(book.assets[row_of(book, "wstETH")].peg, "WETH");
    EXPECT_EQ(book.assets[row_of(book, "cbBTC")].peg, "WBTC");
    EXPECT_EQ(book.assets[row_of(book, "sUSDe")].peg, "USDe");
    EXPECT_EQ(book.assets[row_of(book, "USDC")].kind, AssetKind::stable);
    EXPECT_EQ(book.assets[row_of(book, "LINK")].kind, AssetKind::volatile_);
    // What is written reads back: the importer makes nothing that the reader refuses.
    write_market(book, folder.path() / "out");
    const Book back = read_market(folder.path() / "out");
    EXPECT_EQ(digest_of(back.state), digest_of(book.state));
}

TEST(ImportAave, every_configuration_at_hand_imports_and_reads_back) {
    NEED_DATA(data, "aave_reserve_configs_202506");
    const TemporaryFolder folder;
    std::size_t files = 0;
    for (const fs::path& set : {data, data.parent_path() / "aave_reserve_configs_2023"}) {
        for (const auto& entry : fs::directory_iterator(set)) {
            const fs::path json = unpacked(entry.path(), folder);
            if (json.filename().string().starts_with("AaveV2")) {
                EXPECT_NE(fault_of([&] {
                              return import_aave_configuration(json, june);
                          }).find("is not an Aave v3 configuration"),
                          std::string::npos);
                continue;
            }
            const Book book = import_aave_configuration(json, june);
            write_market(book, folder.path() / "out", Existing::replace);
            EXPECT_EQ(digest_of(read_market(folder.path() / "out").state), digest_of(book.state))
                << json;
            ++files;
        }
    }
    EXPECT_EQ(files, 27U);
}

TEST(ImportAave, users_join_by_symbol_or_address_scaled_or_plain) {
    NEED_DATA(
        json,
        "aave_reserve_configs_202506/1_0x87870Bca3F3fD6335C3F4ce8392D69350B4fA4E2_before.json.gz");
    const TemporaryFolder folder;
    const fs::path config = unpacked(json, folder);
    const fs::path plain =
        folder.write("users.csv",
                     "user,asset,supply,debt,collateral,emode,note\n"
                     "0xa,0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2,10,,true,0,x\n"
                     "0xa,USDC,0,12000.5,false,,y\n"
                     "0xb,wstETH,100,0,1,1,\n"
                     "0xb,WETH,0,110.25,0,1,\n"
                     "0xc,USDC,5000000,0,0,0,\n");
    const Book book =
        import_aave_users(plain, config, june, {AmountUnit::tokens, BalanceKind::underlying});
    const BookStatistics s = statistics_of(book);
    EXPECT_EQ(s.accounts, 3U);
    EXPECT_EQ(s.borrowers, 2U);
    EXPECT_NEAR(s.debt_usd, 12'000.5 * 0.99979999 + 110.25 * 2762.13, 1e-3);
    // 328,220 idle WETH in the configuration cover what one supplier owns.
    EXPECT_GT(aave_market(book.state).reserves[row_of(book, "WETH")].cash.raw, 300'000 * wad);
    write_book(book, folder.path() / "out");
    EXPECT_EQ(digest_of(read_book(folder.path() / "out").state), digest_of(book.state));

    const fs::path scaled = folder.write(
        "scaled.csv",
        "user,asset,supply,debt,collateral,emode,liquidity_index,variable_borrow_index\n"
        "0xa,WETH,1000000000000000000,500,1,0,1050000000000000000000000000,"
        "1070000000000000000000000000\n");
    const Book grown =
        import_aave_users(scaled, config, june, {AmountUnit::atomic, BalanceKind::scaled});
    const aave_v3::Reserve& r = aave_market(grown.state).reserves[row_of(grown, "WETH")];
    EXPECT_EQ(r.supplied.raw, wad);
    EXPECT_EQ(r.borrowed.raw, uint128{500});
    EXPECT_EQ(r.liquidity_index.raw, ray / 100 * 105);
}

TEST(ImportAave, bad_users_get_one_error_with_line) {
    const TemporaryFolder folder;
    const fs::path market = folder.write("market.toml", small_market);
    const UsersOptions tokens{AmountUnit::tokens, BalanceKind::underlying};
    struct Row {
        const char* text;
        const char* message;
    };
    constexpr Row table[] = {
        {"user,asset,supply,debt,emode\n0xa,WETH,1,0,0\n",
         ":1: no column 'collateral'; expected a header with user, asset, supply, debt, "
         "collateral, emode"},
        {"user,asset,supply,debt,collateral\n0xa,0xdead,1,0,0\n",
         ":2: unknown asset '0xdead'; expected a symbol or an underlying's address of the market"},
        {"user,asset,supply,debt,collateral\n0xa,WETH,-1,0,0\n",
         ":2: supply '-1' is negative; expected a decimal number of tokens, 0 or more"},
        {"user,asset,supply,debt,collateral\n0xa,WETH,1,0,0\n0xa,WETH,1,0,0\n",
         ":3: second row of '0xa' in WETH; expected one row for each account and asset"},
        {"user,asset,supply,debt,collateral\n0xa,WETH,1,0\n",
         ":2: 4 fields; expected 5 as in the header"},
        {"user,asset,supply,debt,collateral\n,WETH,1,0,0\n",
         ":2: user is empty; expected an address or a name"},
        {"user,asset,supply,debt,collateral\n",
         ": no users; expected a row for each user and asset below the header"},
    };
    for (const Row& row : table) {
        const fs::path users = folder.write("users.csv", row.text);
        EXPECT_EQ(fault_of([&] { return import_plain(users, market, tokens); }),
                  users.string() + row.message);
    }
}

TEST(ImportPlain, a_csv_against_ones_own_market_is_the_same_book) {
    const TemporaryFolder folder;
    const Book book = read_book(write_small(folder));
    const Book imported =
        import_plain(folder.path() / "accounts.csv", folder.path() / "market.toml",
                     {AmountUnit::tokens, BalanceKind::underlying});
    EXPECT_EQ(digest_of(imported.state), digest_of(book.state));
}

/// Sums of the borrowers' file itself, by market, read by other means than the importer's.
struct MarketSums {
    std::size_t borrowers = 0;
    uint128 debt = 0;        ///< [1e-18 crvUSD]
    uint128 collateral = 0;  ///< [1e-18 tokens]
};

std::map<std::string, MarketSums> sums_of(const fs::path& csv) {
    std::map<std::string, MarketSums> out;
    std::istringstream in(text_of(csv));
    std::string line;
    std::getline(in, line);
    while (std::getline(in, line)) {
        std::istringstream row(line);
        std::vector<std::string> fields(6);
        for (std::string& field : fields)
            std::getline(row, field, ',');
        MarketSums& sums = out[fields[0].substr(fields[0].rfind(' ') + 1)];
        ++sums.borrowers;
        sums.collateral += *parse_decimal(fields[3], 18);
        sums.debt += *parse_decimal(fields[5], 18);
    }
    return out;
}

TEST(ImportCrvusd, the_773_real_borrowers_match_the_file_in_count_debt_and_collateral) {
    NEED_DATA(csv, "crvusd_risk/crvusd_borrowers_20240130_flat.csv");
    const TemporaryFolder folder;
    std::vector<fs::path> metadata;
    for (const auto& entry : fs::directory_iterator(csv.parent_path()))
        if (entry.path().filename().string().starts_with("pool_metadata"))
            metadata.push_back(unpacked(entry.path(), folder));
    std::ranges::sort(metadata);
    const Book book = import_crvusd(csv, metadata);
    const aave_v3::Market& market = aave_market(book.state);
    const std::size_t crvusd = row_of(book, "crvUSD");
    std::map<std::string, MarketSums> imported;
    for (std::uint32_t i = 0; i + 2 < book.accounts.size(); ++i) {  // without lender and treasury
        const std::string name(book.accounts[AccountId{i}]);
        MarketSums& sums = imported[name.substr(name.find('/') + 1)];
        ++sums.borrowers;
        for (const aave_v3::Leg& leg : market.legs_of(AccountId{i})) {
            if (index(leg.asset()) == crvusd)
                sums.debt += leg.borrowed().raw;
            else
                sums.collateral +=
                    leg.supplied().raw *
                    (book.assets[index(leg.asset())].decimals == 8 ? 10'000'000'000U : 1U);
        }
    }
    const auto expected = sums_of(csv);
    ASSERT_EQ(imported.size(), expected.size());
    for (const auto& [symbol, sums] : expected) {
        EXPECT_EQ(imported[symbol].borrowers, sums.borrowers) << symbol;
        EXPECT_EQ(imported[symbol].debt, sums.debt) << symbol;
        EXPECT_EQ(imported[symbol].collateral, sums.collateral) << symbol;
    }
    EXPECT_EQ(imported["WETH"].borrowers, 255U);
    EXPECT_EQ(imported["wstETH"].borrowers, 240U);
    EXPECT_EQ(imported["WBTC"].borrowers, 191U);
    EXPECT_EQ(imported["tBTC"].borrowers, 21U);
    EXPECT_EQ(imported["sfrxETH"].borrowers, 66U);
    EXPECT_EQ(market.parameters[row_of(book, "WBTC")].liquidation_threshold, 9400);
    EXPECT_EQ(book.state.feeds[row_of(book, "WETH")].point, 236'879'096'621U);
    EXPECT_EQ(book.state.clock.now, 1'706'657'099U);
    EXPECT_NE(book.source.find("approximation"), std::string::npos);
    const BookStatistics s = statistics_of(book);
    EXPECT_EQ(s.borrowers, 773U);
    EXPECT_NEAR(s.debt_usd, 105e6, 0.5e6);
    write_book(book, folder.path() / "out");
    EXPECT_EQ(digest_of(read_book(folder.path() / "out").state), digest_of(book.state));
}

TEST(ImportCrvusd, a_market_without_metadata_is_named_with_its_line) {
    const TemporaryFolder folder;
    const fs::path csv =
        folder.write("b.csv",
                     "market,snapshot_ts,user,collateral,stablecoin,debt\n"
                     "Curve WETH,1706657099,0xa,1,0,100\nCurve LINK,1706657099,0xb,1,0,100\n");
    const fs::path metadata[] = {folder.write(
        "m.json", R"({"llamma_params":{"name":"Curve WETH","oracle_price":"2368.79",)"
                  R"("collateral_precision":"18","collateral_symbol":"WETH"},)"
                  R"("controller_params":{"liquidation_discount":"0.06","loan_discount":"0.09",)"
                  R"("rate":"0.069"}})")};
    EXPECT_EQ(
        fault_of([&] { return import_crvusd(csv, metadata); }),
        csv.string() +
            ":3: unknown market 'Curve LINK'; expected the market of one of the metadata files");
}

}  // namespace
}  // namespace breakwater
