// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "given.hpp"

#include <algorithm>

namespace breakwater {

std::string text(uint128 v) {
    std::string out;
    do {
        out += static_cast<char>('0' + static_cast<int>(v % 10));
        v /= 10;
    } while (v != 0);
    std::ranges::reverse(out);
    return out;
}

namespace given {
namespace {

/// "line 12", for a failure inside a helper.
testing::ScopedTrace trace(const std::source_location& at) {
    return {at.file_name(), static_cast<int>(at.line()), "from here"};
}

std::string_view reason(const Status& status) {
    return status ? std::string_view{"none"} : name(status.error());
}

}  // namespace

void When::is_refused(Error error, std::source_location at) const {
    const auto here = trace(at);
    EXPECT_EQ(reason(outcome_.status), name(error));
}

const When& When::happens(std::source_location at) const {
    const auto here = trace(at);
    EXPECT_EQ(reason(outcome_.status), "none");
    return *this;
}

void Given::given(const Action& action, std::source_location at) {
    const auto here = trace(at);
    const Outcome outcome = apply_watched(state, planner, {Time{now}, MarketId{0}, action});
    ASSERT_EQ(reason(outcome.status), "none");
    ASSERT_EQ(outcome.broken, "");
}

When Given::when(const Action& action) {
    Outcome outcome = apply_watched(state, planner, {Time{now}, MarketId{0}, action});
    EXPECT_EQ(outcome.broken, "");
    return When{std::move(outcome)};
}

void Given::price(AssetId asset, Price dollars) {
    std::vector<Price> prices(assets);
    prices[index(asset)] = dollars;
    given(ReportPrices{prices});
}

void Given::given_liquidity() {
    given(Supply{lender, weth, 1'000_weth});
    given(Supply{lender, usdc, 10'000'000_usdc});
    given(Supply{lender, wbtc, 100_wbtc});
    given(Supply{lender, wsteth, 1'000_wsteth});
}

void Given::given_deficit() {
    given_liquidity();
    given(Supply{borrower, weth, 10_weth});
    given(Borrow{borrower, usdc, 16'000_usdc});
    price(weth, 1'000_usd);
    given(Liquidate{
        .borrower = borrower, .collateral = weth, .debt = usdc, .debt_to_cover = Size::all()});
}

aave_v3::Leg Given::leg(AccountId account, AssetId asset) const {
    for (const aave_v3::Leg& l : aave_market(state).legs_of(account))
        if (l.asset() == asset) return l;
    return aave_v3::Leg(asset);
}

Amount Given::supply_of(AccountId account, AssetId asset) {
    Checked math;
    return aave_v3::supply_balance(math, view(), leg(account, asset));
}

Amount Given::debt_of(AccountId account, AssetId asset) {
    Checked math;
    return aave_v3::debt_balance(math, view(), leg(account, asset));
}

aave_v3::AccountData Given::data_of(AccountId account) {
    const auto data = aave_v3::account_data(view(), aave_market(state).legs_of(account),
                                            aave_market(state).accounts[index(account)].emode);
    EXPECT_TRUE(data.has_value());
    return data.value_or(aave_v3::AccountData{});
}

}  // namespace given
}  // namespace breakwater
