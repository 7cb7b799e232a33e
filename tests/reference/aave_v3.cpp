// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "aave_v3.hpp"

#include <algorithm>

namespace breakwater::reference {
namespace {

using aave_v3::Leg;

const Number one_ray = number(ray);
const Number one_wad = number(wad);
const Number one_bps = 10'000;
const Number year = 31'536'000;

Number down(const Number& a, const Number& b, const Number& c) {
    return a * b / c;
}
Number up(const Number& a, const Number& b, const Number& c) {
    return (a * b + c - 1) / c;
}
Number half_up(const Number& a, const Number& b, const Number& c) {
    return (a * b + c / 2) / c;
}

Number unit(unsigned decimals) {
    Number u = 1;
    for (unsigned i = 0; i < decimals; ++i)
        u *= 10;
    return u;
}

/// What an asset is for one account: the e-mode's figures where its category has the asset.
struct Terms {
    Number ltv;
    Number threshold;
    Number bonus;
};
/// What holds of a threshold that falls to `to` over its notice.
Number on_the_way(const house::Ramp& ramp, Number to, std::uint64_t now) {
    const Number length = Number(ramp.hours) * 3'600;
    if (now >= ramp.ends || ramp.from <= to) return to;
    const Number left = std::min(Number(ramp.ends - now), length);
    return to + up(ramp.from - to, left, length);
}
Terms terms_of(const aave_v3::Market& market, std::uint16_t emode, AssetId asset,
               std::uint64_t now) {
    const aave_v3::Parameters& p = market.parameters[index(asset)];
    const aave_v3::EMode& e = market.emodes[emode];
    const bool in_category = emode != 0 && (e.collateral >> index(asset) & 1U) != 0;
    if (in_category) {
        const bool zero = (e.ltv_zero >> index(asset) & 1U) != 0;
        return {zero ? 0U : e.ltv, on_the_way(e.ramp, e.liquidation_threshold, now),
                e.liquidation_bonus};
    }
    const bool no_power = emode != 0 && e.isolated != 0;
    return {no_power ? 0U : p.ltv, on_the_way(p.ramp, p.liquidation_threshold, now),
            p.liquidation_bonus};
}

/// One leg as the figures see it.
struct Holding {
    Number supply;  // [atomic]
    Number debt;    // [atomic]
    Number price;   // [1e-8 USD]
    Number unit;    // 10^decimals
    Indices indices;

    [[nodiscard]] Number supply_value() const { return down(supply, price, unit); }
    [[nodiscard]] Number debt_value() const { return up(debt, price, unit); }
};
Holding holding_of(const State& state, const Leg& leg, std::uint64_t now) {
    const aave_v3::Market& market = aave_market(state);
    const std::size_t row = index(leg.asset());
    const Indices indices = indices_at(market.reserves[row], now);
    return {.supply = down(number(leg.supplied().raw), indices.income, one_ray),
            .debt = up(number(leg.borrowed().raw), indices.debt, one_ray),
            .price = state.feeds[row].point,
            .unit = unit(market.parameters[row].decimals),
            .indices = indices};
}

const Leg* leg_of(std::span<const Leg> legs, AssetId asset) {
    const auto at =
        std::ranges::find_if(legs, [&](const Leg& leg) { return leg.asset() == asset; });
    return at == legs.end() ? nullptr : &*at;
}

/// The most that may be repaid: half of the whole position where it is large and not too deep.
Number debt_that_may_be_repaid(const AccountFigures& account, const Holding& c, const Holding& d) {
    const Number small = number(2'000) * 100'000'000;
    const bool large = c.supply_value() >= small && d.debt_value() >= small;
    const bool shallow = account.health_factor() > one_wad * 95 / 100;
    if (!large || !shallow) return d.debt;
    const Number half = half_up(account.debt, 5'000, one_bps);
    return d.debt_value() > half ? Number(half * d.unit / d.price) : d.debt;
}

}  // namespace

Number number(uint128 v) {
    return (Number(static_cast<std::uint64_t>(v >> 64U)) << 64) | static_cast<std::uint64_t>(v);
}

Indices indices_at(const aave_v3::Reserve& reserve, std::uint64_t now) {
    const Number dt = now - reserve.updated;
    const Number linear = one_ray + down(number(reserve.liquidity_rate.raw), dt, year);
    const Number x = down(number(reserve.borrow_rate.raw), dt, year);
    const Number square = half_up(x, x / 2 + half_up(x, x / 6, one_ray), one_ray);
    const Number income = number(reserve.liquidity_index.raw);
    const Number debt = number(reserve.borrow_index.raw);
    if (dt == 0) return {income, debt};
    return {half_up(linear, income, one_ray), half_up(one_ray + x + square, debt, one_ray)};
}

Rates rates_of(const aave_v3::Parameters& p, const aave_v3::Reserve& r) {
    const Number debt = up(number(r.borrowed.raw), number(r.borrow_index.raw), one_ray);
    const Number per_bps = one_ray / one_bps;
    const Number base = p.base_rate * per_bps;
    if (debt == 0) return {0, base};
    const Number lent = number(r.cash.raw) + debt;
    const Number usage = half_up(debt, one_ray, lent);
    const Number supply_usage = half_up(debt, one_ray, lent + number(r.deficit.raw));
    const Number optimal = p.optimal_usage * per_bps;
    const Number slope1 = p.slope1 * per_bps;
    const Number slope2 = p.slope2 * per_bps;
    Number borrow = base;
    if (usage > optimal) {
        const Number beyond = half_up(usage - optimal, one_ray, one_ray - optimal);
        borrow += slope1 + half_up(slope2, beyond, one_ray);
    } else {
        borrow += half_up(half_up(slope1, usage, one_ray), one_ray, optimal);
    }
    const Number to_suppliers = one_bps - p.reserve_factor;
    return {half_up(half_up(borrow, supply_usage, one_ray), to_suppliers, one_bps), borrow};
}

Number AccountFigures::health_factor() const {
    return half_up(threshold_sum, one_wad, debt) / one_bps;
}

bool AccountFigures::is_unhealthy() const {
    return has_debt() && health_factor() < one_wad;
}

std::optional<AccountFigures> account_figures(const State& state, AccountId account,
                                              std::uint64_t now) {
    const aave_v3::Market& market = aave_market(state);
    AccountFigures out;
    for (const Leg& leg : market.legs_of(account)) {
        if (!leg.is_collateral() && !leg.is_borrowing()) continue;
        const Holding h = holding_of(state, leg, now);
        if (h.price == 0) return std::nullopt;
        const Terms terms = terms_of(market, market.accounts[index(account)].emode, leg.asset(), now);
        if (leg.is_collateral() && terms.threshold != 0) {
            out.collateral += h.supply_value();
            out.threshold_sum += h.supply_value() * terms.threshold;
            out.ltv_sum += h.supply_value() * terms.ltv;
        }
        if (leg.is_borrowing()) out.debt += h.debt_value();
    }
    return out;
}

std::optional<LiquidationFigures> liquidation_figures(const State& state, const Liquidate& event,
                                                      std::uint64_t now) {
    const aave_v3::Market& market = aave_market(state);
    const auto legs = market.legs_of(event.borrower);
    const auto account = account_figures(state, event.borrower, now);
    const Leg* collateral = leg_of(legs, event.collateral);
    const Leg* debt = leg_of(legs, event.debt);
    if (!account || !account->is_unhealthy() || collateral == nullptr || debt == nullptr)
        return std::nullopt;
    const Terms terms =
        terms_of(market, market.accounts[index(event.borrower)].emode, event.collateral, now);
    const Holding c = holding_of(state, *collateral, now);
    const Holding d = holding_of(state, *debt, now);
    if (terms.threshold == 0 || !collateral->is_collateral() || d.debt == 0) return std::nullopt;

    LiquidationFigures out;
    out.repaid = debt_that_may_be_repaid(*account, c, d);
    if (!event.debt_to_cover.is_all())
        out.repaid = std::min(out.repaid, number(event.debt_to_cover.amount.raw));
    const Number base = d.price * out.repaid * c.unit / (c.price * d.unit);
    Number taken = down(base, terms.bonus, one_bps);
    if (taken > c.supply) {
        taken = c.supply;
        out.repaid = up(c.price * taken * d.unit / (d.price * c.unit), one_bps, terms.bonus);
    }
    const Number share = market.parameters[index(event.collateral)].liquidation_protocol_fee;
    const Number bonus = taken - down(taken, one_bps, terms.bonus);
    out.fee = up(bonus, share, one_bps);
    out.seized = taken - out.fee;
    if (out.repaid < d.debt && taken < c.supply) {
        const Number least = number(1'000) * 100'000'000;
        out.leaves_dust = up(d.debt - out.repaid, d.price, d.unit) < least ||
                          down(c.supply - taken, c.price, c.unit) < least;
    }

    const Number income = c.indices.income;
    const Number shares = up(out.seized, one_ray, income) + up(out.fee, one_ray, income);
    const Number consumed = std::min(shares, number(collateral->supplied().raw));
    const Number consumed_value = down(down(consumed, income, one_ray), c.price, c.unit);
    if (consumed_value != account->collateral) return out;
    if (d.debt > out.repaid) out.losses.push_back({event.debt, d.debt - out.repaid});
    for (const Leg& leg : legs)
        if (leg.is_borrowing() && leg.asset() != event.debt)
            out.losses.push_back({leg.asset(), holding_of(state, leg, now).debt});
    std::ranges::sort(out.losses, {}, [](const Loss& l) { return index(l.asset); });
    return out;
}

}  // namespace breakwater::reference
