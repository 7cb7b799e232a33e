// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <gtest/gtest.h>

#include "breakwater/io/book_kind.hpp"
#include "breakwater/io/venue_reader.hpp"
#include "small_book.hpp"
#include "small_venue.hpp"

namespace breakwater {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace)

/// One fault: what is changed, what it becomes, a part of the line that is named (empty: that of
/// the change), and the whole message after "file:line: ".
struct Fault {
    const char* from;
    std::string to;
    const char* at;
    std::string message;
};

class VenueBadInput : public testing::Test {
  protected:
    void expect_fault(const char* file, const char* text, const Fault& fault) {
        const std::string bad = changed(text, fault.from, fault.to);
        const std::string_view name = file;
        const fs::path book = write_small_venue(folder_, name == "market.toml" ? bad : venue_market,
                                                name == "accounts.csv" ? bad : venue_accounts,
                                                name == "positions.csv" ? bad : venue_positions);
        const std::string part = *fault.at == '\0' ? std::string() : fault.at;
        const std::size_t line = part.empty() ? line_with(text, fault.from) : line_with(bad, part);
        EXPECT_EQ(fault_of([&] { return read_venue(book); }),
                  (book / file).string() + ":" + std::to_string(line) + ": " + fault.message);
    }
    TemporaryFolder folder_;
};

TEST_F(VenueBadInput, every_bad_account_row_gets_one_error_with_its_line) {
    const Fault table[] = {
        {"bob,USDC,30000,1,", "bob,USDX,30000,1,", "",
         "unknown asset 'USDX'; expected an [[asset]] with [asset.collateral] of market.toml"},
        {"bob,USDC,30000,1,", "bob,DOGE,30000,1,", "",
         "unknown asset 'DOGE'; expected an [[asset]] with [asset.collateral] of market.toml"},
        {"bob,USDC,30000,1,", ",USDC,30000,1,", "",
         "account is empty; expected a name of 1 to 128 characters without quotes"},
        {"bob,USDC,30000,1,", "bob,USDC,+1,1,", "",
         "balance '+1' is not a number; expected a decimal number of tokens, below 0 for a loan, "
         "with at most 6 fractional digits"},
        {"bob,USDC,30000,1,", "bob,USDC,0.0000001,1,", "",
         "balance '0.0000001' has more than 6 fractional digits; expected a decimal number of "
         "tokens, below 0 for a loan, with at most 6 fractional digits"},
        {"bob,USDC,30000,1,", "bob,USDC,1e30,1,", "",
         "balance '1e30' is too large; expected less than 2^100 atomic units"},
        {"bob,USDC,30000,1,", "bob,USDC,30000,x,", "",
         "cluster is 'x'; expected a number from 1 to 4096, or nothing"},
        {"bob,USDC,30000,1,", "bob,USDC,30000,5000,", "",
         "cluster is '5000'; expected a number from 1 to 4096, or nothing"},
        {"bob,USDC,30000,1,", "bob,USDC,30000,1", "",
         "4 fields; expected 5: account,asset,balance,cluster,parent"},
        {"alice,USDC,-40000,,", "alice,BTC,1,,", "",
         "second row of 'alice' in BTC; expected one row for each account and asset"},
        {"alice,USDC,-40000,,", "alice,USDC,-40000,2,", "",
         "cluster '2' of 'alice'; expected that of its rows before"},
        {"alice,USDC,-40000,,", "alice,USDC,-40000,,bob", "",
         "parent 'bob' of 'alice'; expected that of its rows before"},
        {"alice/1,USDC,900,,alice", "alice/1,USDC,900,,zoe", "",
         "parent 'zoe' is not in the file; expected an account with rows of its own"},
        {"alice/1,USDC,900,,alice", "alice/1,USDC,900,,alice/1", "",
         "parent 'alice/1' is the account itself; expected another account"},
    };
    for (const Fault& fault : table)
        expect_fault("accounts.csv", venue_accounts, fault);
}

TEST_F(VenueBadInput, every_bad_position_gets_one_error_with_its_line) {
    const Fault table[] = {
        {"bob,BTC-PERP,-400,59000.123456789", "zoe,BTC-PERP,-400,59000", "",
         "unknown account 'zoe'; expected an account of accounts.csv"},
        {"bob,BTC-PERP,-400,59000.123456789", "bob,BTC,-400,59000", "",
         "unknown contract 'BTC'; expected a contract of market.toml"},
        {"bob,BTC-PERP,-400,59000.123456789", "bob,BTC-PERP,0,59000", "",
         "lots are '0'; expected a whole number, above 0 for long and below 0 for short, at most "
         "2^42"},
        {"bob,BTC-PERP,-400,59000.123456789", "bob,BTC-PERP,-400.5,59000", "",
         "lots are '-400.5'; expected a whole number, above 0 for long and below 0 for short, at "
         "most 2^42"},
        {"bob,BTC-PERP,-400,59000.123456789", "bob,BTC-PERP,-400,", "",
         "entry '' is empty; expected a price above 0 with at most 12 fractional digits"},
        {"bob,BTC-PERP,-400,59000.123456789", "bob,BTC-PERP,-400,0", "",
         "entry '0' is zero; expected a price above 0 with at most 12 fractional digits"},
        {"bob,BTC-PERP,-400,59000.123456789", "alice,BTC-PERP,-400,59000", "",
         "second row of 'alice' in BTC-PERP; expected one row for each account and contract"},
        {"bob,BTC-PERP,-400,59000.123456789", "fund,BTC-PERP,-400,59000", "",
         "the insurance fund holds a position; expected none"},
        {"bob,BTC-27FEB26-60000-C,10,", "bob,BTC-27FEB26-60000-C,10,1500", "",
         "entry of an option is '1500'; expected nothing: options are paid for when they are "
         "traded"},
    };
    for (const Fault& fault : table)
        expect_fault("positions.csv", venue_positions, fault);
}

TEST_F(VenueBadInput, every_bad_market_gets_one_error_with_its_line) {
    const Fault table[] = {
        {"format = \"breakwater-venue/1\"", "format = \"breakwater-venue/2\"", "",
         "format is 'breakwater-venue/2'; expected \"breakwater-venue/1\""},
        {"vault = \"vault\"", "vault = \"fund\"", "",
         "vault is the insurance fund in [venue]; expected an account of its own"},
        {"discount = 2_000\n", "discount = 30_000\n", "",
         "discount is above discount_max in [venue]; expected at most discount_max"},
        {"follows = \"BTC\"", "follows = \"ETH\"", "",
         "follows is 'ETH'; expected the asset of an [[underlying]]"},
        {"a = 0.01\n", "a = -0.02\n", "",
         "a and its neighbours allow butterfly arbitrage in underlying BTC, smile; expected a "
         "smile "
         "that does not"},
        {"USDC = \"1000000\"\nBTC", "EUR = \"1000000\"\nBTC", "EUR",
         "unknown key 'EUR' in tier, limit; expected one of USDC, BTC, stBTC"},
        {"tick = \"0.1\"\nmark", "tick = \"0.0003\"\nmark", "lot = \"0.001\"",
         "lot makes lot × tick in grains no whole number in contract BTC-PERP; expected a lot and "
         "a "
         "tick that do, or more grain_bits"},
        {"mark = \"60010.5\"", "mark = \"60010.55\"", "",
         "mark is between two ticks in contract BTC-PERP; expected a multiple of 0.1"},
        {"settlement = \"USDC\"\nlot = \"0.001\"\ntick = \"0.1\"",
         "settlement = \"DOGE\"\nlot = \"0.001\"\ntick = \"0.1\"", "settlement = \"DOGE\"",
         "settlement is no collateral in contract BTC-PERP; expected an asset with "
         "[asset.collateral]"},
        {"lower = 1_000_000, initial = 100_000", "lower = 0, initial = 100_000", "",
         "lower is not above the tier before in tier of contract BTC-PERP; expected tiers that "
         "rise"},
        {"initial = 50_000, maintenance = 25_000 },\n",
         "initial = 20_000, maintenance = 25_000 },\n", "",
         "initial is below maintenance in tier of contract BTC-PERP; expected at least "
         "maintenance"},
        {"open_interest_upper = 200_000_000", "open_interest_upper = 20_000_000", "",
         "open_interest_upper is not above open_interest_lower in margin of contract BTC-PERP; "
         "expected a larger one, or none"},
        {"strikes = [\"50000\", \"60000\"]", "strikes = [\"50000\", \"50000.25\"]", "",
         "strikes is between two ticks in series BTC; expected a multiple of 0.5"},
        {"strikes = [\"50000\", \"60000\"]", "strikes = [\"50000\", \"50000\"]", "name = \"BTC\"\n",
         "name gives 'BTC-27FEB26-50000-C' twice in series BTC; expected a name of its own"},
        {"block_lots = 1_000\nband = 1_000_000\ntier = \"majors\"",
         "block_lots = 1_000\nband = 1_000_000\ntier = \"minors\"", "tier = \"minors\"",
         "tier is unknown tier 'minors' in series BTC; expected the name of a [[tier]]"},
    };
    for (const Fault& fault : table)
        expect_fault("market.toml", venue_market, fault);
}

TEST_F(VenueBadInput, what_does_not_add_up_is_refused) {
    const auto fault = [&](const std::string& market, const std::string& accounts,
                           const std::string& positions) {
        const fs::path book = write_small_venue(folder_, market, accounts, positions);
        std::string out = fault_of([&] { return read_venue(book); });
        if (out.starts_with(book.string())) out.erase(0, book.string().size());
        return out;
    };
    EXPECT_EQ(fault(venue_market, venue_accounts,
                    changed(venue_positions, "alice,BTC-PERP,700", "alice,BTC-PERP,701")),
              ": positions in BTC-PERP sum to 1 lots; expected 0: as many lots long as short");
    EXPECT_EQ(
        fault(venue_market, changed(venue_accounts, "alice,USDC,-40000", "alice,USDC,-9000000"),
              venue_positions)
            .substr(0, 14),
        ": accounts owe");
    EXPECT_EQ(fault(venue_market, changed(venue_accounts, "fund,USDC,500000", "fund,USDC,-1"),
                    venue_positions),
              ": the insurance fund owes USDC; expected a fund without debt");
    EXPECT_EQ(fault(changed(venue_market, "borrow_rate = \"0.02\"",
                            "borrow_rate = \"0.02\"\ncustody = \"2.5\""),
                    venue_accounts, venue_positions)
                  .substr(0, 48),
              "/market.toml:44: custody of BTC is 2.5; expected");
    EXPECT_EQ(fault(changed(venue_market, "vault = \"vault\"", "vault = \"vaults\""),
                    venue_accounts, venue_positions),
              "/market.toml:8: vault 'vaults' has no row; expected an account of accounts.csv");
}

TEST_F(VenueBadInput, carriage_returns_and_a_byte_order_mark_are_accepted_and_said) {
    std::string accounts = "\xEF\xBB\xBF";
    for (const char c : std::string(venue_accounts))
        accounts += c == '\n' ? std::string("\r\n") : std::string(1, c);
    const VenueBook v = read_venue(write_small_venue(folder_, venue_market, accounts));
    const auto said = [&](std::string_view part) {
        return std::ranges::any_of(v.book.notes, [&](const std::string& note) {
            return note.find(part) != std::string::npos;
        });
    };
    EXPECT_TRUE(said("accounts.csv: byte order mark skipped"));
    EXPECT_TRUE(said("accounts.csv: line ends are CRLF, accepted"));
}

TEST_F(VenueBadInput, the_kind_of_a_folder_is_that_of_its_format) {
    EXPECT_EQ(kind_of(write_small_venue(folder_)), BookKind::venue);
    TemporaryFolder lending;
    EXPECT_EQ(kind_of(write_small(lending)), BookKind::lending);
    EXPECT_EQ(kind_of(lending.path() / "none"), BookKind::lending);
}

}  // namespace
}  // namespace breakwater
