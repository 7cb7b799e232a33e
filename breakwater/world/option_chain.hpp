// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "breakwater/world/options.hpp"
#include "breakwater/world/prices.hpp"
#include "breakwater/world/svi_fit.hpp"

/// The options of one currency on one venue at one moment, as quoted: in coins, per coin.
namespace breakwater {

struct QuotedOption {
    std::string instrument;
    OptionKind kind = OptionKind::call;
    double strike = 0;         ///< [quote]
    std::int64_t expiry = 0;   ///< [s since 1970]
    double forward = 0;        ///< [quote] of the expiry, when the quote was taken
    double bid = 0;            ///< [coin] 0: none
    double ask = 0;            ///< [coin] 0: none
    double open_interest = 0;  ///< [contracts of one coin]
};

struct OptionChain {
    std::string currency;
    std::int64_t as_of = 0;             ///< [s since 1970]
    double index = 0;                   ///< [quote] spot
    std::vector<QuotedOption> options;  ///< by expiry, strike, kind
};

/// [quote] of an expiry by put-call parity, c − p = 1 − K/F in coins: median over the five strikes
/// with both quotes two-sided where call and put are nearest to each other; 0 where there is none.
double implied_forward(std::span<const QuotedOption> options, std::int64_t expiry);

/// What one expiry's options say about its smile.
struct ExpiryQuotes {
    std::int64_t expiry = 0;  ///< [s since 1970]
    double years = 0;         ///< of 365 days, as quoted volatilities have them
    double forward = 0;       ///< [quote] median of its options'
    std::vector<VolatilityQuote> quotes;
};
/// Quotes as volatilities after Black (1976) without discounting, price = coins × forward. Bid and
/// ask of an option in the money only bound the smile: in them the time value is the smaller part.
std::vector<ExpiryQuotes> volatility_quotes(const OptionChain& chain);

}  // namespace breakwater
