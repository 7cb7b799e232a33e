// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include "breakwater/core/units.hpp"
#include "breakwater/world/liquidity.hpp"

/// How seized collateral becomes the debt asset: a wrapped or staked token is first sold for what
/// it is pegged to, that is sold for what the debt asset is pegged to, and the debt asset is bought
/// with it. Each hop has its own book, so unwinding wstETH against a dollar debt presses on the
/// stETH discount and on ETH, against an ETH debt on the discount alone. Source: docs/models.md,
/// "Price impact".
namespace breakwater {

struct Route {
    AssetId from{};
    AssetId from_root{};  ///< `from` itself where it follows nothing
    AssetId to_root{};
    AssetId to{};
};

/// What a trade comes to. Without trade (from = to): unchanged.
struct RouteOutcome {
    double proceeds = 0;  ///< [USD] of what is sold
    double spend = 0;     ///< [USD] for what is bought
};

/// `sell_usd` of `from` and `buy_usd` of `to`, both worth that at the market's price before. Pure.
inline RouteOutcome quote_route(const Liquidity& l, const Route& r, double sell_usd,
                                double buy_usd) {
    RouteOutcome out{.proceeds = sell_usd, .spend = buy_usd};
    if (r.from == r.to) return out;
    if (r.from != r.from_root) out.proceeds *= l.quote_sell(r.from, sell_usd);
    if (r.to != r.to_root) out.spend *= l.quote_buy(r.to, buy_usd);
    if (r.from_root == r.to_root) return out;
    out.proceeds *= l.quote_sell(r.from_root, out.proceeds);
    out.spend *= l.quote_buy(r.to_root, out.spend);
    return out;
}

/// The same trade displaces the books.
inline void take_route(Liquidity& l, const Route& r, double sell_usd, double buy_usd) {
    if (r.from == r.to) return;
    const bool is_one_book = r.from_root == r.to_root;
    if (r.from != r.from_root) {
        if (is_one_book)
            l.press_sell(r.from, sell_usd);
        else
            sell_usd *= l.sell(r.from, sell_usd);
    }
    if (r.to != r.to_root) {
        if (is_one_book)
            l.press_buy(r.to, buy_usd);
        else
            buy_usd *= l.buy(r.to, buy_usd);
    }
    if (is_one_book) return;
    l.press_sell(r.from_root, sell_usd);
    l.press_buy(r.to_root, buy_usd);
}

}  // namespace breakwater
