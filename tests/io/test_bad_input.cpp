// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <gtest/gtest.h>

#include "breakwater/io/book_reader.hpp"
#include "small_book.hpp"

namespace breakwater {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace)

/// One row: the line that is changed, what it becomes, and the whole message after "file:line: ".
struct BadRow {
    const char* from;
    std::string to;
    std::string message;
};

class BadInput : public testing::Test {
  protected:
    void expect_accounts_fault(const BadRow& row) {
        const std::string accounts = changed(small_accounts, row.from, row.to);
        const fs::path book = write_small(folder_, small_market, accounts);
        const std::string where = (book / "accounts.csv").string() + ":" +
                                  std::to_string(line_with(small_accounts, row.from)) + ": ";
        EXPECT_EQ(fault_of([&] { return read_book(book); }), where + row.message);
    }
    /// @param at a part of the changed text, on the line of the fault; empty: that of the change
    void expect_market_fault(const BadRow& row, const std::string& at = {}) {
        const std::string market = changed(small_market, row.from, row.to);
        const fs::path book = write_small(folder_, market);
        const std::size_t line =
            at.empty() ? line_with(small_market, row.from) : line_with(market, at);
        const std::string where =
            (book / "market.toml").string() + ":" + std::to_string(line) + ": ";
        EXPECT_EQ(fault_of([&] { return read_book(book); }), where + row.message);
    }
    std::string read_fault(const std::string& market, const std::string& accounts) {
        const fs::path book = write_small(folder_, market, accounts);
        std::string fault = fault_of([&] { return read_book(book); });
        if (fault.starts_with(book.string())) fault.erase(0, book.string().size() + 1);
        return fault;
    }

    TemporaryFolder folder_;
};

TEST_F(BadInput, every_bad_account_row_gets_one_error_with_its_line) {
    const std::string tokens = "; expected a decimal number of tokens, 0 or more, with at most ";
    const std::string digits300(300, '9');
    const BadRow table[] = {
        // assets and names
        {"alice,WETH,10,0,1,0", "alice,WBTC,10,0,1,0",
         "unknown asset 'WBTC'; expected the symbol of an [[asset]] of market.toml"},
        {"alice,WETH,10,0,1,0", "alice,weth,10,0,1,0",
         "unknown asset 'weth'; expected the symbol of an [[asset]] of market.toml"},
        {"alice,WETH,10,0,1,0", ",WETH,10,0,1,0",
         "account is empty; expected a name of 1 to 128 characters without quotes"},
        {"alice,WETH,10,0,1,0", "\"alice\",WETH,10,0,1,0",
         "account '\"alice\"' has a quote or control character; expected a name of 1 to 128 "
         "characters without quotes"},
        // amounts
        {"alice,WETH,10,0,1,0", "alice,WETH,-10,0,1,0",
         "supply '-10' is negative" + tokens + "18 fractional digits"},
        {"alice,USDC,0,12000.5,0,0", "alice,USDC,0,-1,0,0",
         "debt '-1' is negative" + tokens + "6 fractional digits"},
        {"alice,WETH,10,0,1,0", "alice,WETH,NaN,0,1,0",
         "supply 'NaN' is not a number" + tokens + "18 fractional digits"},
        {"alice,WETH,10,0,1,0", "alice,WETH,inf,0,1,0",
         "supply 'inf' is not a number" + tokens + "18 fractional digits"},
        {"alice,WETH,10,0,1,0", "alice,WETH,,0,1,0",
         "supply '' is empty" + tokens + "18 fractional digits"},
        {"alice,WETH,10,0,1,0", "alice,WETH," + digits300 + ",0,1,0",
         "supply '" + std::string(40, '9') + "' (300 characters) is too large" + tokens +
             "18 fractional digits"},
        {"alice,WETH,10,0,1,0", "alice,WETH,1e18,0,1,0",
         "supply of WETH is too large; expected an amount worth less than 7.9e20 USD"},
        {"alice,USDC,0,12000.5,0,0", "alice,USDC,0,0.1234567,0,0",
         "debt '0.1234567' has more than 6 fractional digits" + tokens + "6 fractional digits"},
        // flags
        {"alice,WETH,10,0,1,0", "alice,WETH,10,0,yes,0", "collateral is 'yes'; expected 0 or 1"},
        {"alice,WETH,10,0,1,0", "alice,WETH,10,0,1,x",
         "emode is 'x'; expected 0 or the id of an [[emode]]"},
        {"alice,WETH,10,0,1,0", "alice,WETH,10,0,1,2",
         "unknown e-mode 2; expected 0 or the id of an [[emode]]"},
        {"bob,WETH,0,110.25,0,1", "bob,WETH,0,110.25,0,0",
         "e-mode 0 of 'bob'; expected e-mode 1 as in its rows before"},
        // rows
        {"alice,USDC,0,12000.5,0,0", "alice,WETH,0,12000.5,0,0",
         "second row of 'alice' in WETH; expected one row for each account and asset"},
        {"dave,WETH,500,0,1,0", "alice,WETH,500,0,1,0",
         "second row of 'alice' in WETH; expected one row for each account and asset"},
        {"alice,WETH,10,0,1,0", "alice,WETH,10,0,1",
         "5 fields; expected 6: account,asset,supply,debt,collateral,emode"},
        {"alice,WETH,10,0,1,0", "alice,WETH,10,0,1,0,0",
         "7 fields; expected 6: account,asset,supply,debt,collateral,emode"},
        {"alice,WETH,10,0,1,0", "",
         "empty line; expected account,asset,supply,debt,collateral,emode"},
        {"account,asset,supply,debt,collateral,emode", "account,asset,debt,supply,collateral,emode",
         "header is 'account,asset,debt,supply,collateral,emo' (42 characters); expected "
         "account,asset,supply,debt,collateral,emode"},
        {"alice,WETH,10,0,1,0", "alice;WETH;10;0;1;0",
         "1 field; expected 6: account,asset,supply,debt,collateral,emode"},
    };
    for (const BadRow& row : table)
        expect_accounts_fault(row);
}

TEST_F(BadInput, a_truncated_file_is_an_error_and_a_last_row_without_line_end_a_note) {
    std::string cut = small_accounts;
    cut.resize(cut.size() - 5);
    EXPECT_EQ(read_fault(small_market, cut),
              "accounts.csv:7: 4 fields and no line end, the file is truncated; expected 6: "
              "account,asset,supply,debt,collateral,emode");
    std::string open_end = small_accounts;
    open_end.pop_back();
    const Book book = read_book(write_small(folder_, small_market, open_end));
    EXPECT_TRUE(book.notes.back().find("no line end") != std::string::npos ||
                book.notes[book.notes.size() - 2].find("no line end") != std::string::npos);
}

TEST_F(BadInput, an_empty_book_is_an_error) {
    EXPECT_EQ(
        read_fault(small_market, "account,asset,supply,debt,collateral,emode\n"),
        "accounts.csv: no accounts; expected a row for each account and asset below the header");
    EXPECT_EQ(read_fault(small_market, ""), "accounts.csv: is empty; expected text");
    EXPECT_EQ(read_fault("", small_accounts), "market.toml: is empty; expected text");
}

TEST_F(BadInput, a_folder_that_is_none_and_files_that_are_missing_are_named) {
    const std::string none = (folder_.path() / "none").string();
    EXPECT_EQ(fault_of([&] { return read_book(none); }),
              none + ": is not a folder; expected a folder with market.toml and accounts.csv");
    folder_.write("market.toml", small_market);
    EXPECT_EQ(fault_of([&] { return read_book(folder_.path()); }),
              (folder_.path() / "accounts.csv").string() +
                  ": cannot be opened: No such file or directory; expected a readable file");
}

TEST_F(BadInput, more_debt_than_supply_without_cash_is_an_error) {
    EXPECT_EQ(
        read_fault(small_market, changed(small_accounts, "carol,USDC,5000000", "carol,USDC,5000")),
        "accounts.csv: 12000.5 USDC owed against 5000 USDC supplied; expected no more debt and "
        "deficit than supply, or `cash` in market.toml");
}

TEST_F(BadInput, cash_that_leaves_suppliers_short_is_an_error_at_its_line) {
    const std::string market =
        changed(small_market, "slope2 = 3500\n", "slope2 = 3500\ncash = \"4987999\"\n");
    EXPECT_EQ(
        read_fault(market, small_accounts),
        "market.toml:" + std::to_string(line_with(market, "cash =")) +
            ": cash and debt of USDC are 0.5 USDC less than what suppliers own; expected cash of "
            "at least 4987999.5 tokens");
}

TEST_F(BadInput, every_bad_field_of_the_market_gets_one_error_with_line_asset_and_field) {
    const std::string weth = " in asset WETH";
    const std::string rules = " in asset WETH, [asset.aave_v3]";
    const BadRow table[] = {
        {"format = \"breakwater-market/1\"", "format = \"breakwater-market/2\"",
         "format is 'breakwater-market/2'; expected \"breakwater-market/1\""},
        {"rulebook = \"aave_v3\"", "rulebook = \"aave_v2\"",
         "rulebook is 'aave_v2'; expected one of aave_v3, breakwater"},
        {"amounts = \"tokens\"", "amounts = \"wei\"",
         "amounts is 'wei'; expected one of tokens, atomic"},
        {"amounts = \"tokens\"", "amounts = 1",
         "amounts has the wrong type; expected text in quotes"},
        {"as_of = 2025-06-10T00:00:00Z", "as_of = 2025-06-10T00:00:00",
         "as_of has no time zone; expected a UTC time such as 2025-06-10T00:00:00Z"},
        {"as_of = 2025-06-10T00:00:00Z", "as_of = \"yesterday\"",
         "as_of has the wrong type; expected a UTC time such as 2025-06-10T00:00:00Z"},
        {"source = \"a test\"", "sourec = \"a test\"", "unknown key 'sourec'; expected 'source'"},
        {"source = \"a test\"", "colour = \"blue\"",
         "unknown key 'colour'; expected one of format, name, source, as_of, rulebook, amounts, "
         "guard, balances, asset, emode, layer"},
        // prices
        {"price = \"2762.13\"", "price = \"NaN\"",
         "price 'NaN' is not a number" + weth +
             "; expected a decimal number in quotes, such as \"0.25\""},
        {"price = \"2762.13\"", "price = \"-1\"",
         "price '-1' is negative" + weth +
             "; expected a decimal number in quotes, such as \"0.25\""},
        {"price = \"2762.13\"", "price = \"0\"",
         "price is zero" + weth +
             "; expected a positive decimal number in quotes with at most 8 fractional digits"},
        {"price = \"2762.13\"", "price = \"0.123456789\"",
         "price '0.123456789' has more than 8 fractional digits" + weth +
             "; expected a decimal number in quotes, such as \"0.25\""},
        {"price = \"2762.13\"", "price = \"1e12\"",
         "price is too large" + weth + "; expected less than 9.2e10 USD a token"},
        {"price = \"2762.13\"", "price = 2762.13",
         "price has the wrong type" + weth +
             "; expected a decimal number in quotes, such as \"0.25\""},
        // kinds
        {"kind = \"volatile\"", "kind = \"wild\"",
         "kind is 'wild'" + weth + "; expected one of volatile, stable, pegged"},
        {"peg = \"WETH\"", "peg = \"ETH\"",
         "peg names unknown asset 'ETH' in asset wstETH; expected the symbol of an [[asset]]"},
        {"symbol = \"USDC\"", "symbol = \"WETH\"",
         "symbol occurs twice in asset WETH; expected a name of its own"},
        // the rulebook's section
        {"ltv = 8050", "ltv = 8301",
         "ltv is 8301" + rules + "; expected at most liquidation_threshold, 8300"},
        {"ltv = 8050", "ltv = -1", "ltv is -1" + rules + "; expected an integer from 0 to 10000"},
        {"ltv = 8050", "ltv = 0.805", "ltv has the wrong type" + rules + "; expected an integer"},
        {"ltv = 8050", "ltv = \"8050\"",
         "ltv has the wrong type" + rules + "; expected an integer"},
        {"liquidation_threshold = 8300", "liquidation_treshold = 8300",
         "liquidation_treshold is no key" + rules + "; expected 'liquidation_threshold'"},
        {"liquidation_bonus = 10500", "liquidation_bonus = 500",
         "liquidation_bonus is 500" + rules +
             "; expected more than 10000: 10500 is a bonus of 5 %"},
        {"liquidation_bonus = 10500", "liquidation_bonus = 12100",
         "liquidation_bonus times liquidation_threshold is 10043" + rules +
             "; expected at most 10000, or a liquidation takes more than the collateral"},
        {"optimal_usage = 9000", "optimal_usage = 10000",
         "optimal_usage is 10000" + rules + "; expected an integer from 100 to 9900"},
        {"slope1 = 270", "slope1 = 8001",
         "slope1 is above slope2" + rules + "; expected at most slope2"},
        // liquidity and feeds
        {"depth_2pct = 100_000_000", "depth_2pct = 0",
         "depth_2pct is 0 in asset WETH, [asset.liquidity]; expected a number from 1 to 1e+15"},
        {"depth_2pct = 100_000_000", "depth_2pct = nan",
         "depth_2pct is NaN in asset WETH, [asset.liquidity]; expected a number from 1 to 1e+15"},
        {"heartbeat = 3600", "hartbeat = 3600",
         "hartbeat is no key in asset WETH, [asset.feed]; expected 'heartbeat'"},
        // e-modes and layers
        {"borrowable = [\"WETH\"]", "borrowable = [\"ETH\"]",
         "borrowable names unknown asset 'ETH' in emode 1; expected the symbol of an [[asset]]"},
        {"ltv = 9300", "ltv = 9600",
         "ltv is 9600 in emode 1; expected at most liquidation_threshold, 9500"},
        {"asset = \"USDC\"\ncover", "asset = \"USD\"\ncover",
         "asset is unknown asset 'USD' in layer umbrella; expected the symbol of an [[asset]]"},
    };
    for (const BadRow& row : table)
        expect_market_fault(row);
}

TEST_F(BadInput, a_missing_field_or_section_is_named_with_the_line_of_its_table) {
    const BadRow table[] = {
        {"price = \"2762.13\"\n", "",
         "missing price in asset WETH; expected price = \"a decimal number\""},
        {"ltv = 8050\n", "",
         "missing ltv in asset WETH, [asset.aave_v3]; expected ltv = an integer"},
        {"slope1 = 270\n", "",
         "missing slope1 in asset WETH, [asset.aave_v3]; expected slope1 = an integer"},
        {"decimals = 6\n", "", "missing decimals in asset USDC; expected decimals = an integer"},
        {"rulebook = \"aave_v3\"\n", "", "missing rulebook; expected rulebook = \"text\""},
    };
    expect_market_fault(table[0], "[[asset]]\nsymbol = \"WETH\"");
    expect_market_fault(table[1], "[asset.aave_v3]\nliquidation_threshold = 8300");
    expect_market_fault(table[2], "[asset.aave_v3]\nltv = 8050");
    expect_market_fault(table[3], "[[asset]]\nsymbol = \"USDC\"");
    expect_market_fault(table[4], "format =");
    const std::size_t section = small_market.find("[asset.aave_v3]\nltv = 7500");
    std::string market = small_market;
    market.erase(section, market.find("[[emode]]") - section);
    EXPECT_EQ(read_fault(market, small_accounts),
              "market.toml:" + std::to_string(line_with(market, "[[asset]]\nsymbol = \"USDC\"")) +
                  ": missing aave_v3 in asset USDC; expected aave_v3 = a table");
}

TEST_F(BadInput, broken_toml_is_one_error_with_its_line) {
    const std::string market = changed(small_market, "price = \"2762.13\"", "price = \"2762.13");
    const std::string fault = read_fault(market, small_accounts);
    EXPECT_TRUE(fault.starts_with("market.toml:12: ")) << fault;
    EXPECT_TRUE(fault.ends_with("; expected valid TOML 1.0")) << fault;
    const std::string huge = changed(small_market, "ltv = 8050", "ltv = " + std::string(300, '9'));
    EXPECT_TRUE(read_fault(huge, small_accounts).starts_with("market.toml:15: "));
}

TEST_F(BadInput, crlf_and_byte_order_marks_are_accepted_and_said) {
    const auto with_crlf = [](const std::string& text) {
        std::string out;
        for (const char c : text)
            out += c == '\n' ? std::string("\r\n") : std::string(1, c);
        return out;
    };
    const Book plain = read_book(write_small(folder_));
    const std::string mark = "\xEF\xBB\xBF";
    const Book marked = read_book(
        write_small(folder_, mark + with_crlf(small_market), mark + with_crlf(small_accounts)));
    EXPECT_EQ(digest_of(marked.state), digest_of(plain.state));
    EXPECT_NE(marked.input_hash, plain.input_hash);
    std::size_t marks = 0;
    std::size_t line_ends = 0;
    for (const std::string& note : marked.notes) {
        marks += note.find("byte order mark") != std::string::npos ? 1U : 0U;
        line_ends += note.find("CRLF") != std::string::npos ? 1U : 0U;
    }
    EXPECT_EQ(marks, 2U);
    EXPECT_EQ(line_ends, 2U);
}

TEST_F(BadInput, a_compressed_file_is_refused_in_words) {
    EXPECT_EQ(read_fault(small_market, std::string("\x1f\x8b\x08\x00\x00", 5)),
              "accounts.csv: is compressed; expected plain text: decompress it first");
}

}  // namespace
}  // namespace breakwater
