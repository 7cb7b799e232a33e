// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <cstdint>

/// Small rules of centralised exchanges. A side is +1 for long and −1 for short.
namespace breakwater {

/// Binance USDⓈ-M mark price: median of index · (1 + funding · hours / 8), index + moving average of
/// the basis, and the contract's last price. Source: binance.com/en/support/faq/fff6ec1b3f58.
struct BinanceMark {
    double by_funding;
    double by_basis;
    double mark;
};
BinanceMark binance_mark(double index, double last_funding, double hours_to_funding,
                         double basis_average, double last);

/// Entry · (1 ∓ 1/leverage) of a linear contract.
double bankruptcy_price_linear(double side, double entry, double leverage);
/// Of an inverse contract: entry · L / (L ± 1). A short needs leverage above 1.
/// Source: help.bybit.com/hc/en-us/articles/900000031623.
double bankruptcy_price_inverse(double side, double entry, double leverage);

/// [base] what the insurance fund gains when an inverse position of `contracts` USD that it took at
/// the bankruptcy price is closed at `executed`: side · contracts · (1/bankruptcy − 1/executed).
double insurance_fund_flow_inverse(double side, double contracts, double bankruptcy,
                                   double executed);

/// BitMEX's lineage of queues (Bybit, Poloniex, Deepcoin); values signed, a short's are negative.
struct AdlRank {
    double profit;    ///< (mark − entry) / |entry|
    double leverage;  ///< |mark| / (mark − bankrupt)
    double rank;      ///< profit · leverage of winners, profit / leverage of losers
};
AdlRank adl_rank_bitmex(double mark_value, double entry_value, double bankrupt_value);

/// Deribit standard margin of a future: initial 2 % and maintenance 1 %, each plus `size` times
/// 0.005 % a BTC or 0.0004 % an ETH. Source: Deribit announcement of 11 January 2022.
enum class DeribitCurrency : std::uint8_t { btc, eth };
struct DeribitFutureMargin {
    double initial_rate;
    double maintenance_rate;
};
DeribitFutureMargin deribit_future_margin(DeribitCurrency currency, double size);

/// Deribit standard margin of one short option [base currency]: call initial
/// max(15 % − out of the money / index, 10 %) + mark, maintenance 7.5 % + mark; put maintenance
/// max(7.5 %, 7.5 % of mark) + mark, initial at least that.
struct OptionMargin {
    double initial;
    double maintenance;
};
OptionMargin deribit_short_option_margin(bool is_call, double index, double strike, double mark);

}  // namespace breakwater
