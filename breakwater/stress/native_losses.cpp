// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <algorithm>

#include "breakwater/stress/native_storm.hpp"

/// What a storm over a native market costs: losses as the protocol realises them, and what is left at the end.
namespace breakwater {

void NativeStorm::settle_loss(const LossRealised& loss, std::uint8_t market) {
    const double lost = tokens(loss.asset, loss.amount);
    book_loss(loss.account, loss.asset, lost * world_.oracle(loss.asset), market);
}

void NativeStorm::book_loss(AccountId account, AssetId asset, double at_oracle,
                            std::uint8_t market) {
    const double at_market = at_oracle / world_.oracle(asset) * world_.market(asset);
    result_.realised.oracle += micro(at_oracle);
    result_.realised.market += micro(at_market);
    result_.realised.exit += micro(at_market * world_.liquidity().quote_buy(asset, at_market));
    losses_.push_back({.account = account,
                       .debt = asset,
                       .amount = micro(at_oracle),
                       .realised = true,
                       .market = market});
}

void NativeStorm::book_unrealised(AccountId account, AssetId asset,
                                  const std::array<double, 3>& usd, std::uint8_t market) {
    result_.unrealised.oracle += micro(std::max(0.0, usd[0]));
    result_.unrealised.market += micro(std::max(0.0, usd[1]));
    result_.unrealised.exit += micro(std::max(0.0, usd[2]));
    if (usd[0] > 0)
        losses_.push_back({.account = account,
                           .debt = asset,
                           .amount = micro(usd[0]),
                           .realised = false,
                           .market = market});
}

void NativeStorm::assess(const Borrower& borrower, std::span<const double> sell,
                         std::span<const double> buy) {
    double at_oracle = 0;
    double at_market = 0;
    double at_exit = 0;
    AssetId owed{};
    for (const Leg& leg : legs_of(borrower)) {
        const double worth = leg.tokens * world_.market(leg.asset);
        if (leg.side == Side::debt) {
            owed = leg.asset;
            at_oracle += leg.value;
            at_market += worth;
            at_exit += worth * buy[index(leg.asset)];
        } else {
            at_oracle -= leg.value;
            at_market -= worth;
            at_exit -= worth * sell[index(leg.asset)];
        }
    }
    book_unrealised(borrower.account, owed, {at_oracle, at_market, at_exit}, borrower.market);
}

/// Everybody with debt: whose oracle is hard-wired may be insolvent at the market and asleep.
void NativeStorm::assess_remaining() {
    const std::size_t assets = per_token_.size();
    std::vector<double> sell(assets);
    std::vector<double> buy(assets);
    for (const Borrower& b : awake_) {
        const Weighed now = weigh(b);
        if (!is_unhealthy_now(b, now)) {
            if (b.turned_away) result_.turned_away_recovered += micro(now.debt);
            continue;
        }
        if (b.turned_away) result_.turned_away_left += micro(now.debt);
        result_.stuck += micro(now.debt);
        ++result_.stuck_accounts;
        for (const Leg& leg : legs_of(b))
            (leg.side == Side::debt ? buy : sell)[index(leg.asset)] +=
                leg.tokens * world_.market(leg.asset);
    }
    for (std::size_t a = 0; a < assets; ++a) {
        const AssetId id{static_cast<std::uint8_t>(a)};
        sell[a] = world_.liquidity().quote_sell(id, sell[a]);
        buy[a] = world_.liquidity().quote_buy(id, buy[a]);
    }
    for (std::uint32_t k = 0; k < groups_.size(); ++k)
        for (const Sleeper& s : groups_[k].sleepers)
            assess({.account = s.account, .group = k, .market = s.market}, sell, buy);
    assess_stock(sell);
    result_.unrealised_peak = std::max(result_.unrealised_peak, result_.unrealised.oracle);
}

}  // namespace breakwater
