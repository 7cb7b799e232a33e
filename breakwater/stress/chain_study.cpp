// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/stress/chain_study.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "breakwater/core/math.hpp"
#include "breakwater/core/require.hpp"
#include "breakwater/world/math.hpp"

namespace breakwater {
namespace {

constexpr double lots_per_contract = 1000.0;
constexpr double unit = 1e-6;  // [quote] of the arrays

double volatility_of(const QuotedOption& q, const VolatilitySurface& surface, double years) {
    return surface_volatility(surface, log_(q.strike / q.forward), years);
}

double price_of(const QuotedOption& q, OptionKind kind, double years, double volatility) {
    return black76_price({.kind = kind, .strike = q.strike, .years = years},
                         {.forward = q.forward, .volatility = volatility, .rate = 0.0});
}

void count(const QuotedOption& q, double coins, QuoteCount& c) {
    constexpr double rounding = 1e-12;
    const bool is_below_ask = coins <= q.ask + rounding;
    if (!(q.ask > 0.0)) return;
    if (q.bid > 0.0) {
        ++c.two_sided;
        c.inside += is_below_ask && coins >= q.bid - rounding ? 1 : 0;
    } else {
        ++c.one_sided;
        c.below_ask += is_below_ask ? 1 : 0;
    }
}

ExpiryStudy study_expiry(const OptionChain& chain, const ExpiryQuotes& e,
                         const VolatilitySurface& surface, SmileSource source) {
    ExpiryStudy out;
    out.expiry = e.expiry;
    out.years = e.years;
    out.forward = e.forward;
    out.source = source;
    out.least_calendar_gap = std::numeric_limits<double>::infinity();
    const auto smile = std::ranges::find(surface.smiles, e.expiry, &Smile::expiry);
    if (smile != surface.smiles.end()) {
        out.svi = smile->svi;
        out.error = fit_error(e.quotes, e.years, smile->svi);
        out.least_durrleman = least_durrleman(smile->svi).value;
        if (smile != surface.smiles.begin())
            out.least_calendar_gap = least_calendar_gap(std::prev(smile)->svi, smile->svi).value;
    }
    for (const QuotedOption& q : chain.options) {
        if (q.expiry != e.expiry) continue;
        const double volatility = volatility_of(q, surface, e.years);
        const double call = price_of(q, OptionKind::call, e.years, volatility);
        const double put = price_of(q, OptionKind::put, e.years, volatility);
        count(q, (q.kind == OptionKind::call ? call : put) / q.forward, out.quotes);
        out.parity_error =
            std::max(out.parity_error, std::fabs(call - put - (q.forward - q.strike)) /
                                           std::max(q.forward, q.strike));
    }
    return out;
}

/// The open interest of all contracts in one account, in exact integers: lots × units.
class OneAccount {
  public:
    explicit OneAccount(std::size_t scenarios) : sums_(scenarios, 0) {}

    void add(std::int64_t lots, std::int64_t value, const std::vector<std::int64_t>& profits) {
        value_ += int128{lots} * value;
        for (std::size_t i = 0; i < profits.size(); ++i)
            sums_[i] += int128{lots} * profits[i];
        alone_ += int128{lots} * std::max<std::int64_t>(-std::ranges::min(profits), 0);
    }
    [[nodiscard]] SideMargin margin() const {
        const auto worst = std::ranges::min_element(sums_);
        return {.value = in_quote(value_),
                .requirement = in_quote(std::max<int128>(-*worst, 0)),
                .worst = static_cast<std::size_t>(worst - sums_.begin()),
                .alone = in_quote(alone_)};
    }

  private:
    static double in_quote(int128 x) { return static_cast<double>(x) * unit / lots_per_contract; }

    std::vector<int128> sums_;
    int128 value_ = 0;
    int128 alone_ = 0;
};

void add_margin(const OptionChain& chain, ChainStudy& out) {
    OneAccount held(out.grid.scenarios.size());
    OneAccount sold(out.grid.scenarios.size());
    for (const QuotedOption& q : chain.options) {
        const auto lots = std::llround(q.open_interest * lots_per_contract);
        if (lots == 0 || q.expiry <= chain.as_of) continue;
        const OptionContract contract{.id = static_cast<std::uint32_t>(out.contracts),
                                      .kind = q.kind,
                                      .strike = q.strike,
                                      .expiry = q.expiry,
                                      .forward = q.forward};
        const auto array =
            risk_array_of(contract, out.surface, out.grid,
                          {.grid = 0, .version = 0, .lot = 1.0, .unit = unit, .lifetime = 0});
        // Strikes and forwards are at most 1e9, so values are at most 5e15 units.
        REQUIRE(array.has_value());
        held.add(lots, array->value_down, array->long_profits);
        sold.add(lots, -array->value_down, array->short_profits);
        out.open_interest += static_cast<double>(lots) / lots_per_contract;
        ++out.contracts;
    }
    out.held = held.margin();
    out.sold = sold.margin();
}

}  // namespace

ChainStudy study_chain(const OptionChain& chain, const VolatilitySurface* last,
                       const RiskGrid& grid) {
    ChainStudy out{.currency = chain.currency,
                   .as_of = chain.as_of,
                   .index = chain.index,
                   .surface = {},
                   .expiries = {},
                   .quotes = {},
                   .durrleman = {},
                   .calendar = {},
                   .grid = grid,
                   .held = {},
                   .sold = {}};
    const std::vector<ExpiryQuotes> quotes = volatility_quotes(chain);
    out.surface = fit_surface(quotes, chain.as_of, last);
    for (std::size_t i = 0; i < quotes.size(); ++i) {
        const ExpiryStudy e =
            study_expiry(chain, quotes[i], out.surface, out.surface.listed[i].source);
        out.quotes.two_sided += e.quotes.two_sided;
        out.quotes.inside += e.quotes.inside;
        out.quotes.one_sided += e.quotes.one_sided;
        out.quotes.below_ask += e.quotes.below_ask;
        out.parity_error = std::max(out.parity_error, e.parity_error);
        out.expiries.push_back(e);
    }
    out.durrleman = least_durrleman(out.surface);
    out.calendar = least_calendar_gap(out.surface);
    add_margin(chain, out);
    return out;
}

}  // namespace breakwater
