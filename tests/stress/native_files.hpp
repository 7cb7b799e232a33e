// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <string>
#include <string_view>

#include "../io/files.hpp"
#include "breakwater/io/native_reader.hpp"

/// Small books of native markets, as text, and a world in which nothing disturbs: prices follow given points, feeds
/// are seen at once, sales move nothing, blocks and keepers are without end.
namespace breakwater::test {

inline constexpr std::string_view morpho_head = R"(format = "breakwater-market/1"
name = "small"
as_of = 2026-01-01T00:00:00Z
rulebook = "morpho_blue"
amounts = "tokens"
balances = "underlying"

[[asset]]
symbol = "WETH"
decimals = 18
price = "2000"
kind = "volatile"

[[asset]]
symbol = "USDC"
decimals = 6
price = "1"
kind = "stable"
)";

/// A [[market]] without interest.
inline std::string morpho_market(const std::string& name, const std::string& more = {}) {
    return "\n[[market]]\nname = \"" + name +
           "\"\nloan = \"USDC\"\ncollateral = \"WETH\"\nlltv = \"0.86\"\nrate_model = \"none\"\n" +
           more;
}

inline constexpr std::string_view morpho_accounts = "account,market,supply,collateral,debt\n";

/// One market that lends USDC against WETH, without interest: liquidated at 90 %, credited 95 %, sold 3 % below the
/// oracle while reserves are under `target`.
inline std::string comet_market(const std::string& target, const std::string& more = {}) {
    std::string head(morpho_head);
    head.replace(head.find("morpho_blue"), 11, "compound_v3");
    std::string curves;
    for (const char* side : {"supply", "borrow"})
        for (const char* what : {"kink", "base", "slope_low", "slope_high"})
            curves += std::string(side) + "_" + what + " = \"0\"\n";
    return head + "\n[comet]\nname = \"c\"\nbase = \"USDC\"\n" + curves + "reserves_target = \"" +
           target + "\"\nborrow_min = \"100\"\nstore_front_price_factor = \"0.6\"\n" + more +
           "\n[[collateral]]\nasset = \"WETH\"\nborrow_factor = \"0.83\"\nliquidate_factor = "
           "\"0.9\"\n"
           "liquidation_factor = \"0.95\"\nsupply_cap = \"1000000\"\n";
}

inline constexpr std::string_view comet_accounts = "account,asset,balance\n";

inline Book native_book(const TemporaryFolder& folder, const std::string& market,
                        const std::string& accounts) {
    folder.write("market.toml", market);
    folder.write("accounts.csv", accounts);
    return read_native_book(folder.path());
}

/// Reads books under the rows of one header.
class NativeBookTest : public testing::Test {
  protected:
    explicit NativeBookTest(std::string_view header) : header_(header) {}
    Book read(const std::string& market, const std::string& rows) {
        return native_book(folder_, market, header_ + rows);
    }
    /// What is wrong, without the folder.
    std::string fault(const std::string& market, const std::string& rows) {
        const std::string what = fault_of([&] { (void)read(market, rows); });
        const std::string where = folder_.path().string() + "/";
        return what.starts_with(where) ? what.substr(where.size()) : what;
    }
    TemporaryFolder folder_;

  private:
    std::string header_;
};

}  // namespace breakwater::test
