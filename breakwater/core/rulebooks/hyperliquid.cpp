// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/core/rulebooks/hyperliquid.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

#include "breakwater/core/wads.hpp"

namespace breakwater::hyperliquid {

using exchange_tiers::Side;

BigInteger maintenance_rate(const BigInteger& leverage) {
    return wads::quotient_up(wads::one(), leverage + leverage);
}

std::optional<exchange_tiers::Brackets> brackets_of(std::span<const Tier> tiers) {
    std::vector<exchange_tiers::Bracket> brackets;
    brackets.reserve(tiers.size());
    for (const Tier& t : tiers)
        brackets.push_back({.floor = t.lower, .rate = maintenance_rate(t.leverage_max)});
    return exchange_tiers::Brackets::of(std::move(brackets));
}

Margin liquidation_price(const BigInteger& mark, const Held& held) {
    const bool is_long = held.side == Side::long_side;
    const BigInteger rate = maintenance_rate(held.leverage);
    const BigInteger maintenance = div_up(held.size * mark * rate, wads::one() * wads::one());
    const BigInteger available = held.value - maintenance;
    const BigInteger above = available * wads::one() * wads::one();
    const BigInteger below = held.size * (is_long ? wads::one() - rate : wads::one() + rate);
    // Rounded down the distance is the shorter one: a long's price is up, a short's is down.
    const BigInteger distance = div_down(above, below);
    return {.maintenance = maintenance,
            .available = available,
            .liquidation_price = is_long ? mark - distance : mark + distance};
}

Stage liquidation_stage(const BigInteger& account_value, const BigInteger& maintenance) {
    if (account_value.sign() < 0) return Stage::adl;
    if (BigInteger{3} * account_value < BigInteger{2} * maintenance) return Stage::backstop;
    return account_value < maintenance ? Stage::market : Stage::none;
}

const char* name(Stage stage) {
    switch (stage) {
        case Stage::none:
            return "none";
        case Stage::market:
            return "market";
        case Stage::backstop:
            return "backstop";
        case Stage::adl:
            return "adl";
    }
    return "none";
}

std::uint32_t first_order_share(const BigInteger& notional, bool is_in_cooldown) {
    const BigInteger large = BigInteger{100'000} * wads::one();
    return notional > large && !is_in_cooldown ? 200'000 : 1'000'000;
}

std::optional<BigInteger> mark_price(const MarkInputs& in) {
    std::vector<BigInteger> present;
    for (const auto& x : {in.oracle_plus_ema, in.book, in.other_venues})
        if (x) present.push_back(*x);
    if (present.size() == 2 && in.book_ema) present.push_back(*in.book_ema);
    if (present.size() != 3) return std::nullopt;
    return wads::median(present[0], present[1], present[2]);
}

std::size_t weighted_median(std::span<const BigInteger> prices,
                            std::span<const BigInteger> weights) {
    std::vector<std::size_t> order(prices.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, {}, [&](std::size_t i) { return prices[i]; });
    BigInteger total;
    for (const BigInteger& w : weights)
        total = total + w;
    BigInteger below;
    for (const std::size_t i : order) {
        below = below + weights[i];
        if (below + below >= total) return i;
    }
    return order.back();
}

BigInteger premium_index(const BigInteger& impact_bid, const BigInteger& impact_ask,
                         const BigInteger& oracle) {
    const BigInteger zero;
    return wads::quotient_down(max(impact_bid - oracle, zero) - max(oracle - impact_ask, zero),
                               oracle);
}

Funding funding(const BigInteger& premium_8h, const FundingTerms& t) {
    const BigInteger rate = premium_8h + wads::clamp(t.interest_8h - premium_8h, -t.clamp, t.clamp);
    return {.rate_8h = rate,
            .hourly = wads::clamp(div_down(rate, BigInteger{8}), -t.hourly_cap, t.hourly_cap)};
}

BigInteger adl_index(const BigInteger& mark, const BigInteger& entry, const BigInteger& notional,
                     const BigInteger& account_value) {
    return wads::quotient_down(mark * notional, entry * account_value);
}

}  // namespace breakwater::hyperliquid
