// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <string>

#include "files.hpp"

/// A market of three assets with four accounts, as text, to be changed by tests.
namespace breakwater::test {

inline const std::string small_market = R"(format = "breakwater-market/1"
name = "Small"
as_of = 2025-06-10T00:00:00Z
rulebook = "aave_v3"
amounts = "tokens"
balances = "underlying"
source = "a test"

[[asset]]
symbol = "WETH"
decimals = 18
price = "2762.13"
kind = "volatile"
[asset.aave_v3]
ltv = 8050
liquidation_threshold = 8300
liquidation_bonus = 10500
liquidation_protocol_fee = 1000
reserve_factor = 1500
optimal_usage = 9000
base_rate = 0
slope1 = 270
slope2 = 8000
supply_cap = 3_000_000
borrow_cap = 2_700_000
borrowing = true
[asset.liquidity]
depth_2pct = 100_000_000
recovery_minutes = 20
own_share = 0.5
[asset.feed]
deviation = 50
heartbeat = 3600
latency = 24

[[asset]]
symbol = "wstETH"
decimals = 18
price = "3328.91225917"
kind = "pegged"
peg = "WETH"
[asset.aave_v3]
ltv = 7850
liquidation_threshold = 8100
liquidation_bonus = 10600
liquidation_protocol_fee = 1000
reserve_factor = 500
optimal_usage = 8000
base_rate = 0
slope1 = 160
slope2 = 8500
supply_cap = 0
borrow_cap = 0
borrowing = true

[[asset]]
symbol = "USDC"
decimals = 6
price = "0.99979999"
kind = "stable"
[asset.aave_v3]
ltv = 7500
liquidation_threshold = 7800
liquidation_bonus = 10450
liquidation_protocol_fee = 2000
reserve_factor = 1000
optimal_usage = 9200
base_rate = 0
slope1 = 550
slope2 = 3500
supply_cap = 0
borrow_cap = 0
borrowing = true

[[emode]]
id = 1
label = "ETH correlated"
ltv = 9300
liquidation_threshold = 9500
liquidation_bonus = 10100
collateral = ["WETH", "wstETH"]
borrowable = ["WETH"]

[[layer]]
name = "umbrella"
asset = "USDC"
cover = "1234.5"
)";

inline const std::string small_accounts = R"(account,asset,supply,debt,collateral,emode
alice,WETH,10,0,1,0
alice,USDC,0,12000.5,0,0
bob,wstETH,100,0,1,1
bob,WETH,0,110.25,0,1
carol,USDC,5000000,0,0,0
dave,WETH,500,0,1,0
)";

/// `text` with the one place where `from` stands changed to `to`.
inline std::string changed(std::string text, const std::string& from, const std::string& to) {
    const std::size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    EXPECT_EQ(text.find(from, at + 1), std::string::npos) << "ambiguous: " << from;
    return text.replace(at, from.size(), to);
}

/// Line of the first place where `part` stands.
inline std::size_t line_with(const std::string& text, const std::string& part) {
    const std::size_t at = text.find(part);
    EXPECT_NE(at, std::string::npos) << part;
    return 1 + static_cast<std::size_t>(
                   std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
}

inline fs::path write_small(const TemporaryFolder& folder, const std::string& market = small_market,
                            const std::string& accounts = small_accounts) {
    folder.write("market.toml", market);
    folder.write("accounts.csv", accounts);
    return folder.path();
}

}  // namespace breakwater::test
