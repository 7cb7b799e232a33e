// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include "files.hpp"

/// A venue of five accounts with every kind of contract, as its three files.
namespace breakwater::test {

inline constexpr const char* venue_market = R"(format = "breakwater-venue/1"
name = "small venue"
as_of = 2026-01-01T00:00:00Z
source = "made up"

[venue]
fund = "fund"
vault = "vault"
liquidators = ["maker"]
slots = 8
notice = 86400
gate_time = 3600
mark_age_max = 300
array_life = 7200
exit = 20_000
participation = 100_000
discount = 2_000
discount_max = 20_000
discount_per_hour = 20_000
fund_fee = 5_000
take_over = 666_667

[[asset]]
symbol = "USDC"
decimals = 6
price = "1"
kind = "stable"
[asset.collateral]
haircut = 0
profit_weight = 500_000
cap = "1000000000"
borrow_rate = "0.06"

[[asset]]
symbol = "BTC"
decimals = 8
price = "60000"
kind = "volatile"
[asset.collateral]
haircut = 50_000
profit_weight = 500_000
cap = "10000"
borrow_rate = "0.02"
borrow_index = "1020000000000000000000000000"

[[asset]]
symbol = "stBTC"
decimals = 18
price = "61000"
kind = "pegged"
peg = "BTC"
[asset.collateral]
haircut = 100_000
profit_weight = 0
cap = "1000"
borrow_rate = "0.01"
follows = "BTC"
beta = 1_000_000
depeg = 50_000

[[asset]]
symbol = "DOGE"
decimals = 8
price = "0.12"
kind = "volatile"

[[underlying]]
asset = "BTC"
tick = "0.5"
range = 60_000
roll_min = 10_000
roll_yearly = 75_000
short_minimum = 10_000
[[underlying.smile]]
expiry = 2026-02-27T08:00:00Z
forward = 60500.5
a = 0.01
b = 0.05
rho = -0.2
m = 0.01
s = 0.2

[[underlying]]
asset = "DOGE"
tick = "0.00001"
range = 150_000
roll_min = 10_000
roll_yearly = 75_000
short_minimum = 10_000

[[tier]]
name = "majors"
[tier.limit]
USDC = "1000000"
BTC = "1.5"

[[contract]]
name = "BTC-PERP"
form = "perpetual"
settled = "linear"
underlying = "BTC"
settlement = "USDC"
lot = "0.001"
tick = "0.1"
mark = "60010.5"
slow = "60000"
depth = 50_000
block_lots = 100_000
band = 100_000
tier = "majors"
[contract.margin]
tiers = [{ lower = 0, initial = 50_000, maintenance = 25_000 },
         { lower = 1_000_000, initial = 100_000, maintenance = 50_000 }]
open_interest_lower = 50_000_000
open_interest_upper = 200_000_000
size_unit = 1_000_000
size_slope = 5_000
absorbed = 2_000_000
impact = 10_000

[[contract]]
name = "BTC-INV"
form = "perpetual"
settled = "coin"
underlying = "BTC"
lot = "100"
tick = "0.5"
mark = "60020"
depth = 10_000
block_lots = 100_000
band = 100_000
tier = "majors"
[contract.margin]
tiers = [{ lower = 0, initial = 50_000, maintenance = 25_000 }]

[[contract]]
name = "BTC-27FEB26"
form = "future"
settled = "linear"
underlying = "BTC"
settlement = "USDC"
lot = "0.001"
tick = "0.5"
expiry = 2026-02-27T08:00:00Z
mark = "60500.5"
depth = 10_000
block_lots = 100_000
band = 100_000
tier = "majors"
stale_add_on = 200_000
arrays = true

[[contract]]
name = "DOGE-PERP"
form = "perpetual"
settled = "linear"
underlying = "DOGE"
settlement = "USDC"
lot = "100"
tick = "0.00001"
mark = "0.12002"
depth = 1_000
block_lots = 10_000
band = 100_000
tier = "majors"
[contract.margin]
tiers = [{ lower = 0, initial = 100_000, maintenance = 50_000 }]

[[series]]
name = "BTC"
settled = "coin"
underlying = "BTC"
lot = "0.1"
tick = "0.0001"
expiry = 2026-02-27T08:00:00Z
strikes = ["50000", "60000"]
depth = 500
block_lots = 1_000
band = 1_000_000
tier = "majors"
stale_add_on = 200_000
)";

inline constexpr const char* venue_accounts = R"(account,asset,balance,cluster,parent
fund,USDC,500000,,
vault,USDC,1000000.5,,
alice,BTC,2.5,,
alice,USDC,-40000,,
bob,USDC,30000,1,
maker,USDC,750000,1,
maker,stBTC,3.000000000000000001,1,
alice/1,USDC,900,,alice
)";

inline constexpr const char* venue_positions = R"(account,contract,lots,entry
alice,BTC-PERP,700,58000.5
bob,BTC-PERP,-400,59000.123456789
maker,BTC-PERP,-300,61000
alice,BTC-INV,-250,60100
maker,BTC-INV,250,60099.7
maker,BTC-27FEB26,20,60000
bob,BTC-27FEB26,-20,60333.3
alice/1,DOGE-PERP,40,0.11
maker,DOGE-PERP,-40,0.115
maker,BTC-27FEB26-50000-P,-30,
alice,BTC-27FEB26-50000-P,30,
bob,BTC-27FEB26-60000-C,10,
maker,BTC-27FEB26-60000-C,-10,
)";

inline fs::path write_small_venue(const TemporaryFolder& folder,
                                  std::string_view market = venue_market,
                                  std::string_view accounts = venue_accounts,
                                  std::string_view positions = venue_positions) {
    folder.write("market.toml", market);
    folder.write("accounts.csv", accounts);
    folder.write("positions.csv", positions);
    return folder.path();
}

}  // namespace breakwater::test
