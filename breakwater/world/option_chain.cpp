// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/world/option_chain.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <utility>

#include "breakwater/world/math.hpp"

namespace breakwater {
namespace {

VolatilityQuote quote_of(const QuotedOption& q, double years) {
    const Option option{.kind = q.kind, .strike = q.strike, .years = years};
    const OptionMarket market{.forward = q.forward, .volatility = 0.0, .rate = 0.0};
    const auto volatility = [&](double coins) {
        return black76_implied_volatility(option, market, coins * q.forward);
    };
    VolatilityQuote out{
        .k = log_(q.strike / q.forward),
        .bid = q.bid > 0.0 ? volatility(q.bid) : 0.0,
        .ask = q.ask > 0.0 ? volatility(q.ask) : std::numeric_limits<double>::infinity(),
        .counts_middle = false};
    const bool is_outside = (q.kind == OptionKind::call) == (out.k >= 0.0);
    out.counts_middle = is_outside && out.bid > 0.0 && out.ask < 100.0;
    return out;
}

double median(std::vector<double> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

}  // namespace

double implied_forward(std::span<const QuotedOption> options, std::int64_t expiry) {
    struct Pair {
        double apart;
        double forward;
    };
    constexpr std::size_t nearest = 5;
    std::map<double, std::array<const QuotedOption*, 2>> by_strike;
    for (const QuotedOption& q : options)
        if (q.expiry == expiry && q.bid > 0.0 && q.ask > 0.0)
            by_strike[q.strike][q.kind == OptionKind::call ? 0 : 1] = &q;
    std::vector<Pair> pairs;
    for (const auto& [strike, both] : by_strike) {
        if (both[0] == nullptr || both[1] == nullptr) continue;
        const double apart = 0.5 * (both[0]->bid + both[0]->ask - both[1]->bid - both[1]->ask);
        if (apart < 1.0)
            pairs.push_back(
                {.apart = apart < 0.0 ? -apart : apart, .forward = strike / (1.0 - apart)});
    }
    if (pairs.empty()) return 0.0;
    std::ranges::sort(pairs, [](const Pair& x, const Pair& y) {
        return std::pair(x.apart, x.forward) < std::pair(y.apart, y.forward);
    });
    pairs.resize(std::min(pairs.size(), nearest));
    std::vector<double> forwards;
    forwards.reserve(pairs.size());
    for (const Pair& p : pairs)
        forwards.push_back(p.forward);
    return median(std::move(forwards));
}

std::vector<ExpiryQuotes> volatility_quotes(const OptionChain& chain) {
    std::map<std::int64_t, std::pair<ExpiryQuotes, std::vector<double>>> by_expiry;
    for (const QuotedOption& q : chain.options) {
        const double years = static_cast<double>(q.expiry - chain.as_of) / seconds_per_year;
        if (!(years > 0.0)) continue;
        auto& [e, forwards] = by_expiry[q.expiry];
        e.expiry = q.expiry;
        e.years = years;
        e.quotes.push_back(quote_of(q, years));
        forwards.push_back(q.forward);
    }
    std::vector<ExpiryQuotes> out;
    out.reserve(by_expiry.size());
    for (auto& [expiry, found] : by_expiry) {
        found.first.forward = median(std::move(found.second));
        out.push_back(std::move(found.first));
    }
    return out;
}

}  // namespace breakwater
