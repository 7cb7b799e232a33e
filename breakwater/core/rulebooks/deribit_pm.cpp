// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/core/rulebooks/deribit_pm.hpp"

#include "breakwater/core/wads.hpp"

namespace breakwater::deribit_pm {
namespace {

std::vector<BigInteger> moves_of(const Parameters& p) {
    const auto n = static_cast<int>(p.buckets_each_side);
    std::vector<BigInteger> out;
    for (int i = -n; i <= n; ++i)
        out.push_back(n == 0 ? BigInteger{}
                             : div_toward_zero(p.price_range * BigInteger{i}, BigInteger{n}));
    return out;
}

BigInteger roll_shock(std::span<const Expiry> expiries, const Parameters& p) {
    BigInteger sum;
    for (const Expiry& e : expiries) {
        BigInteger net;
        for (const BigInteger& q : e.quantities)
            net = net + q;
        const BigInteger years = max(e.years, BigInteger{});
        const BigInteger rate =
            max(p.annualised_move_min, wads::mul_up(p.annualised_move_risk, years));
        sum = sum + wads::mul_up(net.magnitude(), rate);
    }
    return sum;
}

}  // namespace

BigInteger inverse_profit(const BigInteger& quantity, const BigInteger& move) {
    return div_down(quantity * move, wads::one() + move);
}

Margin portfolio_margin(std::span<const Expiry> expiries, const Parameters& p,
                        const Contingencies& c) {
    Margin out;
    out.moves = moves_of(p);
    for (const BigInteger& move : out.moves) {
        BigInteger profit;
        for (const Expiry& e : expiries)
            for (const BigInteger& q : e.quantities)
                profit = profit + inverse_profit(q, move);
        const BigInteger counted =
            profit.sign() > 0 ? wads::mul_down(profit, p.profit_offset) : profit;
        out.profits.push_back(profit);
        out.aggregated.push_back(counted);
        out.worst_case = max(out.worst_case, -counted);
    }
    out.roll_shock = roll_shock(expiries, p);
    out.risk_matrix = out.worst_case + out.roll_shock + c.delta_shock + c.correlation;
    out.initial = out.risk_matrix + c.spot_margin + c.mmp_margin + c.open_orders;
    out.maintenance = wads::mul_up(p.maintenance_factor, out.risk_matrix);
    return out;
}

FutureMargin standard_future(Currency currency, const BigInteger& size) {
    const BigInteger per_coin =
        currency == Currency::btc ? wads::ratio(5, 100'000) : wads::ratio(4, 1'000'000);
    const BigInteger extra = wads::mul_up(size.magnitude(), per_coin);
    const BigInteger initial = wads::ratio(2, 100) + extra;
    const BigInteger maintenance = wads::ratio(1, 100) + extra;
    return {.initial_rate = initial,
            .maintenance_rate = maintenance,
            .initial = wads::mul_up(size.magnitude(), initial),
            .maintenance = wads::mul_up(size.magnitude(), maintenance)};
}

OptionMargin standard_option(const ShortOption& o) {
    const BigInteger away = max(o.is_call ? o.strike - o.index : o.index - o.strike, BigInteger{});
    const BigInteger out_of_money = wads::quotient_down(away, o.index);
    const BigInteger initial =
        max(wads::ratio(15, 100) - out_of_money, wads::ratio(1, 10)) + o.mark;
    const BigInteger least = wads::ratio(75, 1000);
    if (o.is_call) return {.initial = initial, .maintenance = least + o.mark};
    const BigInteger maintenance = max(least, wads::mul_up(least, o.mark)) + o.mark;
    return {.initial = max(initial, maintenance), .maintenance = maintenance};
}

BigInteger extended_profit(const BigInteger& profit, const BigInteger& move,
                           const ExtendedTable& t) {
    const BigInteger size = move.magnitude();
    const BigInteger edge =
        move.sign() < 0 ? wads::one() - t.price_range : wads::one() + t.price_range;
    const BigInteger scaled = div_down(
        wads::mul_down(profit, t.factor) * t.price_range * (wads::one() + move), size * edge);
    const BigInteger beyond =
        max(size - t.price_range, BigInteger{});  // (|move|/range − 1) · range
    const BigInteger damp = min(
        div_down(beyond * t.dampener * wads::one() * wads::one(), t.price_range * edge * t.index),
        scaled.magnitude());
    return scaled.sign() < 0 ? scaled + damp : scaled - damp;
}

}  // namespace breakwater::deribit_pm
