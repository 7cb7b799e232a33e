// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "aave_v3_book.hpp"

#include <algorithm>

namespace breakwater::reference {
namespace {

const Integer one_ray("1000000000000000000000000000");
const Integer one_wad("1000000000000000000");
const Integer year = 31'536'000;
const Integer dollars_1000("100000000000");

/// Thrown inside an event; the book is put back.
struct Refused {
    Error error;
};
void demand(bool holds, Error error) {
    if (!holds) throw Refused{error};
}

Integer down(const Integer& a, const Integer& b, const Integer& c) {
    return a * b / c;
}
Integer up(const Integer& a, const Integer& b, const Integer& c) {
    return (a * b + c - 1) / c;
}
Integer half_up(const Integer& a, const Integer& b, const Integer& c) {
    return (a * b + c / 2) / c;
}
Integer unit(unsigned decimals) {
    return boost::multiprecision::pow(Integer(10), decimals);
}
bool in_map(uint128 map, std::uint8_t asset) {
    return (map >> asset & 1U) != 0;
}

}  // namespace

AaveTwin::AaveTwin(const State& state) {
    const aave_v3::Market& m = aave_market(state);
    book_.parameters = m.parameters;
    book_.emodes = m.emodes;
    treasury_ = index(m.treasury);
    for (const aave_v3::Reserve& r : m.reserves)
        book_.reserves.push_back({integer(r.liquidity_index.raw), integer(r.borrow_index.raw),
                                  integer(r.liquidity_rate.raw), integer(r.borrow_rate.raw),
                                  integer(r.supplied.raw), integer(r.borrowed.raw),
                                  integer(r.accrued_to_treasury.raw), integer(r.cash.raw),
                                  integer(r.deficit.raw), r.updated});
    for (std::uint32_t i = 0; i < m.accounts.size(); ++i) {
        Account account{m.accounts[i].emode, {}};
        for (const aave_v3::Leg& leg : m.legs_of(AccountId{i}))
            account.legs[index(leg.asset())] = {integer(leg.supplied().raw),
                                                integer(leg.borrowed().raw), leg.is_collateral(),
                                                leg.is_borrowing()};
        book_.accounts.push_back(std::move(account));
    }
    for (const FeedRow& feed : state.feeds)
        book_.prices.emplace_back(feed.point);
    for (const Custody& c : state.custody)
        book_.custody.push_back(integer(c.held.raw));
    for (const breakwater::Layer& layer : state.layers)
        book_.layers.push_back({integer(layer.cover.raw), integer(layer.paid.raw),
                                integer(layer.pending.raw), layer.asset, layer.kind,
                                static_cast<std::uint8_t>(layer.stake), layer.fee,
                                static_cast<std::uint32_t>(layer.account)});
    book_.now = state.clock.now;
}

Integer AaveTwin::within(Integer v, unsigned bits) {
    if (v < 0 || (v >> bits) != 0) too_wide_ = true;
    return v;
}

Integer AaveTwin::Figures::health_factor() const {
    return half_up(thresholds, one_wad, debt) / 10'000;
}
bool AaveTwin::Figures::is_unhealthy() const {
    return debt != 0 && health_factor() < one_wad;
}

/// ENGINE-002.
void AaveTwin::demand_names(const auto& e) const {
    const auto asset = [this](AssetId a) {
        demand(index(a) < book_.reserves.size(), Error::asset_unknown);
    };
    const auto account = [this](AccountId a) {
        demand(index(a) < book_.accounts.size(), Error::account_unknown);
    };
    if constexpr (requires { e.prices; })
        demand(e.prices.size() == book_.prices.size(), Error::price_report_wrong_length);
    if constexpr (requires { e.asset; }) asset(e.asset);
    if constexpr (requires { e.borrower; }) {
        asset(e.collateral), asset(e.debt), account(e.borrower);
        if (e.liquidator != outside || e.receive_supply) account(e.liquidator);
    }
    if constexpr (requires { e.account; }) account(e.account);
}
void AaveTwin::demand_usable(AssetId asset) const {
    demand(book_.parameters[index(asset)].has(aave_v3::active), Error::reserve_inactive);
    demand(!book_.parameters[index(asset)].has(aave_v3::paused), Error::reserve_paused);
}

// AAVE-001 and AAVE-002.
AaveTwin::Reserve& AaveTwin::accrue(AssetId asset) {
    Reserve& r = book_.reserves[index(asset)];
    if (r.updated == book_.now) return r;
    const Integer dt = book_.now - r.updated;
    if (r.liquidity_rate != 0) {
        const Integer growth = within(one_ray + r.liquidity_rate * dt / year, 128);
        r.liquidity_index = within(half_up(growth, r.liquidity_index, one_ray), 128);
    }
    if (r.borrowed != 0) {
        const Integer before = r.borrow_index;
        r.borrow_index = debt_index_of(index(asset));
        const Integer interest = within(down(r.borrowed, r.borrow_index - before, one_ray), 128);
        const Integer share =
            half_up(interest, book_.parameters[index(asset)].reserve_factor, 10'000);
        r.to_treasury =
            within(r.to_treasury + within(down(share, one_ray, r.liquidity_index), 128), 128);
    }
    r.updated = book_.now;
    return r;
}

// INTEREST-003.
void AaveTwin::reprice(AssetId asset) {
    Reserve& r = book_.reserves[index(asset)];
    const aave_v3::Parameters& p = book_.parameters[index(asset)];
    const Integer per_bps = one_ray / 10'000;
    const Integer debt = within(up(r.borrowed, r.borrow_index, one_ray), 128);
    r.borrow_rate = p.base_rate * per_bps;
    r.liquidity_rate = 0;
    if (debt == 0) return;
    const Integer lent = within(r.cash + debt, 128);
    const Integer usage = half_up(debt, one_ray, lent);
    const Integer supply_usage = half_up(debt, one_ray, within(lent + r.deficit, 128));
    const Integer optimal = p.optimal_usage * per_bps;
    if (usage > optimal) {
        const Integer beyond = half_up(usage - optimal, one_ray, one_ray - optimal);
        r.borrow_rate += p.slope1 * per_bps + half_up(p.slope2 * per_bps, beyond, one_ray);
    } else {
        r.borrow_rate += half_up(half_up(p.slope1 * per_bps, usage, one_ray), one_ray, optimal);
    }
    r.liquidity_rate =
        half_up(half_up(r.borrow_rate, supply_usage, one_ray), 10'000 - p.reserve_factor, 10'000);
}

// AAVE-005.
void AaveTwin::flow(AssetId asset, const Integer& in, const Integer& out) {
    Reserve& r = book_.reserves[index(asset)];
    const Integer available = within(r.cash + in, 128);
    demand(out <= available, Error::cash_insufficient);
    r.cash = available - out;
    Integer& held = book_.custody[index(asset)];
    held = within(held + in, 128) - out;
    reprice(asset);
}

// AAVE-011.
AaveTwin::Terms AaveTwin::terms_of(std::uint16_t emode, std::uint8_t asset) const {
    const aave_v3::Parameters& p = book_.parameters[asset];
    Terms own{p.ltv, p.liquidation_threshold, p.liquidation_bonus};
    if (emode == 0) return own;
    const aave_v3::EMode& e = book_.emodes[emode];
    if (in_map(e.collateral, asset))
        return {in_map(e.ltv_zero, asset) ? 0U : e.ltv, e.liquidation_threshold,
                e.liquidation_bonus};
    if (e.isolated != 0) own.ltv = 0;
    return own;
}

// AAVE-010.
AaveTwin::Figures AaveTwin::figures_of(const Account& account) {
    Figures out;
    for (const auto& [asset, leg] : account.legs) {
        if (!leg.collateral && !leg.borrowing) continue;
        demand(book_.prices[asset] != 0, Error::price_missing);
        // The indices of now, each only where it is asked for: the other may be beyond what is stored.
        const Integer one = unit(book_.parameters[asset].decimals);
        if (leg.collateral) {
            const Terms terms = terms_of(account.emode, asset);
            if (terms.threshold != 0) {
                const Integer worth =
                    within(down(leg.supplied, income_of(asset), one_ray), 128);
                const Integer value = within(down(worth, book_.prices[asset], one), 128);
                out.collateral = within(out.collateral + value, 128);
                out.thresholds = within(out.thresholds + within(value * terms.threshold, 128), 128);
                out.ltvs = within(out.ltvs + within(value * terms.ltv, 128), 128);
                out.powerless = out.powerless || terms.ltv == 0;
            }
        }
        if (leg.borrowing) {
            const Integer owed = within(up(leg.borrowed, debt_index_of(asset), one_ray), 128);
            out.debt = within(out.debt + within(up(owed, book_.prices[asset], one), 128), 128);
        }
    }
    return out;
}

// AAVE-013.
void AaveTwin::demand_health_and_power(const Account& account, AssetId asset) {
    const Figures f = figures_of(account);
    demand(!f.is_unhealthy(), Error::health_factor_below_one);
    demand(!f.powerless || terms_of(account.emode, index(asset)).ltv == 0, Error::ltv_zero);
}

void AaveTwin::credit(std::uint32_t account, AssetId asset, const Integer& shares) {
    Leg& leg = book_.accounts[account].legs[index(asset)];
    leg.supplied = within(leg.supplied + shares, 120);
}

// FEEDS-001.
void AaveTwin::act(const ReportPrices& e) {
    for (std::size_t a = 0; a < e.prices.size(); ++a) {
        if (e.prices[a].is_zero()) continue;
        const Integer price = integer(e.prices[a].raw);
        demand((price >> 63) == 0, Error::price_out_of_bounds);
        book_.prices[a] = price;
    }
}

// AAVE-015.
void AaveTwin::act(const Supply& e) {
    Reserve& r = accrue(e.asset);
    const aave_v3::Parameters& p = book_.parameters[index(e.asset)];
    const Integer amount = integer(e.amount.raw);
    const Integer shares = within(down(amount, one_ray, r.liquidity_index), 128);
    demand(shares != 0, Error::amount_zero);
    demand_usable(e.asset);
    demand(!p.has(aave_v3::frozen), Error::reserve_frozen);
    if (p.supply_cap != 0) {
        const Integer all = within(r.supplied + shares + r.to_treasury, 128);
        demand(within(down(all, r.liquidity_index, one_ray), 128) <=
                   Integer(p.supply_cap) * unit(p.decimals),
               Error::supply_cap_exceeded);
    }
    flow(e.asset, amount, 0);
    Account& account = book_.accounts[index(e.account)];
    const bool first = account.legs[index(e.asset)].supplied == 0;
    credit(index(e.account), e.asset, shares);
    r.supplied = within(r.supplied + shares, 128);
    if (first && terms_of(account.emode, index(e.asset)).ltv != 0)
        account.legs[index(e.asset)].collateral = true;
}

// AAVE-016.
void AaveTwin::act(const Withdraw& e) {
    Reserve& r = accrue(e.asset);
    Account& account = book_.accounts[index(e.account)];
    Leg& leg = account.legs[index(e.asset)];
    const bool all = e.amount.is_all();
    const Integer said = integer(e.amount.amount.raw);
    const Integer shares = all ? leg.supplied : within(up(said, one_ray, r.liquidity_index), 128);
    const Integer amount = all ? within(down(shares, r.liquidity_index, one_ray), 128) : said;
    demand(shares != 0, Error::amount_zero);
    demand(shares <= leg.supplied, Error::balance_insufficient);
    demand_usable(e.asset);
    flow(e.asset, 0, amount);
    leg.supplied -= shares;
    r.supplied -= shares;
    if (!leg.collateral) return;
    if (leg.supplied == 0) leg.collateral = false;
    const bool owes =
        std::ranges::any_of(account.legs, [](const auto& l) { return l.second.borrowing; });
    if (owes) demand_health_and_power(account, e.asset);
}

// AAVE-017 and AAVE-014.
void AaveTwin::act(const Borrow& e) {
    Reserve& r = accrue(e.asset);
    const aave_v3::Parameters& p = book_.parameters[index(e.asset)];
    const Integer amount = integer(e.amount.raw);
    const Integer shares = within(up(amount, one_ray, r.borrow_index), 128);
    demand(shares != 0, Error::amount_zero);
    demand_usable(e.asset);
    demand(!p.has(aave_v3::frozen), Error::reserve_frozen);
    demand(p.has(aave_v3::borrowing), Error::borrowing_disabled);
    const Integer total = r.borrowed + shares;
    if (p.borrow_cap != 0)
        demand(within(up(within(total, 128), r.borrow_index, one_ray), 128) <=
                   Integer(p.borrow_cap) * unit(p.decimals),
               Error::borrow_cap_exceeded);
    Account& account = book_.accounts[index(e.account)];
    if (account.emode != 0)
        demand(in_map(book_.emodes[account.emode].borrowable, index(e.asset)),
               Error::not_borrowable_in_emode);
    demand(within(down(r.supplied, r.liquidity_index, one_ray), 128) >=
               within(up(shares, r.borrow_index, one_ray), 128),
           Error::amount_zero);
    Leg& leg = account.legs[index(e.asset)];
    leg.borrowed = within(leg.borrowed + shares, 120);
    leg.borrowing = true;
    r.borrowed = within(total, 128);
    flow(e.asset, 0, amount);
    const Figures f = figures_of(account);
    const Integer ltv = f.collateral == 0 ? Integer(0) : Integer(f.ltvs / f.collateral);
    demand(ltv != 0, Error::ltv_zero);
    demand(!f.is_unhealthy(), Error::health_factor_below_one);
    demand(within(up(f.debt, 10'000, ltv), 128) <= f.collateral, Error::collateral_insufficient);
}

// AAVE-018.
void AaveTwin::act(const Repay& e) {
    Reserve& r = accrue(e.asset);
    demand(e.amount.is_all() || !e.amount.amount.is_zero(), Error::amount_zero);
    demand_usable(e.asset);
    Leg& leg = book_.accounts[index(e.account)].legs[index(e.asset)];
    demand(leg.borrowed != 0, Error::debt_none);
    const Integer owed = within(up(leg.borrowed, r.borrow_index, one_ray), 128);
    const Integer amount = e.amount.is_all() ? owed : std::min(owed, integer(e.amount.amount.raw));
    const Integer shares = down(amount, one_ray, r.borrow_index);
    demand(shares != 0, Error::burn_amount_zero);
    leg.borrowed -= shares;
    if (leg.borrowed == 0) leg.borrowing = false;
    r.borrowed -= shares;
    flow(e.asset, amount, 0);
}

// AAVE-019.
void AaveTwin::act(const SetCollateral& e) {
    demand_usable(e.asset);
    Account& account = book_.accounts[index(e.account)];
    Leg& leg = account.legs[index(e.asset)];
    if (e.enabled == leg.collateral) return;
    if (e.enabled) {
        demand(leg.supplied != 0, Error::supply_none);
        demand(terms_of(account.emode, index(e.asset)).ltv != 0, Error::ltv_zero);
    }
    leg.collateral = e.enabled;
    if (!e.enabled) demand_health_and_power(account, e.asset);
}
void AaveTwin::act(const SetEMode& e) {
    Account& account = book_.accounts[index(e.account)];
    if (account.emode == e.emode) return;
    bool owes = false;
    if (e.emode != 0)
        demand(e.emode < book_.emodes.size() && book_.emodes[e.emode].liquidation_threshold != 0,
               Error::emode_unknown);
    for (const auto& [asset, leg] : account.legs) {
        owes = owes || leg.borrowing;
        demand(!leg.borrowing || e.emode == 0 || in_map(book_.emodes[e.emode].borrowable, asset),
               Error::debt_not_borrowable_in_emode);
    }
    account.emode = e.emode;
    if (owes) demand(!figures_of(account).is_unhealthy(), Error::health_factor_below_one);
}

// AAVE-033.
void AaveTwin::act(const MintToTreasury& e) {
    Reserve& r = book_.reserves[index(e.asset)];
    if (!book_.parameters[index(e.asset)].has(aave_v3::active) || r.to_treasury == 0) return;
    // The engine tells what the shares are worth with the index of now, and cannot where that does not fit.
    (void)within(down(r.to_treasury, income_of(index(e.asset)), one_ray), 128);
    r.supplied = within(r.supplied + r.to_treasury, 128);
    credit(treasury_, e.asset, r.to_treasury);
    r.to_treasury = 0;
}

// AAVE-034 and AAVE-036.
void AaveTwin::act(const EliminateDeficit& e) {
    Layer* umbrella = layer_of(e.asset, LayerKind::umbrella);
    Layer* offset = layer_of(e.asset, LayerKind::deficit_offset);
    const Integer deficit = book_.reserves[index(e.asset)].deficit;
    Integer most = deficit;
    demand(e.amount.is_all() || !e.amount.amount.is_zero(), Error::amount_zero);
    if (e.part == DeficitPart::whole) {
        demand(umbrella == nullptr, Error::part_not_named);
    } else {
        demand(umbrella != nullptr, Error::layer_unknown);
        most = umbrella->pending;
        if (e.part == DeficitPart::offset)
            most = offset == nullptr ? Integer(0)
                                     : std::min(Integer(offset->cover - offset->paid),
                                                Integer(deficit - umbrella->pending));
    }
    demand(most != 0, Error::deficit_none);
    Account& account = book_.accounts[index(e.account)];
    for (const auto& [asset, leg] : account.legs)
        demand(!leg.borrowing, Error::debt_of_coverer);
    Reserve& r = accrue(e.asset);
    const Integer covered = e.amount.is_all() ? most : std::min(most, integer(e.amount.amount.raw));
    demand(up(covered, one_ray, r.liquidity_index) <= account.legs[index(e.asset)].supplied,
           Error::balance_insufficient);
    burn(index(e.account), e.asset, covered);
    r.deficit -= covered;
    if (e.part == DeficitPart::pending) umbrella->pending -= covered;
    if (e.part == DeficitPart::offset) offset->paid += covered;
    reprice(e.asset);
}

AaveTwin::Layer* AaveTwin::layer_of(AssetId asset, LayerKind kind) {
    for (Layer& layer : book_.layers)
        if (layer.asset == index(asset) && layer.kind == kind) return &layer;
    return nullptr;
}

bool AaveTwin::owes(std::uint32_t account) const {
    for (const auto& [asset, leg] : book_.accounts[account].legs)
        if (leg.borrowing) return true;
    return false;
}

Integer AaveTwin::income_of(std::uint8_t asset) {
    const Reserve& r = book_.reserves[asset];
    const Integer growth =
        within(one_ray + r.liquidity_rate * (book_.now - r.updated) / year, 128);
    return within(half_up(growth, r.liquidity_index, one_ray), 128);
}

Integer AaveTwin::debt_index_of(std::uint8_t asset) {
    const Reserve& r = book_.reserves[asset];
    if (r.updated == book_.now || r.borrowed == 0) return r.borrow_index;
    const Integer x = within(r.borrow_rate * (book_.now - r.updated) / year, 128);
    const Integer tail =
        within(half_up(x, within(x / 2 + half_up(x, x / 6, one_ray), 128), one_ray), 128);
    return within(half_up(within(one_ray + x + tail, 128), r.borrow_index, one_ray), 128);
}

Integer AaveTwin::supply_of(std::uint32_t account, std::uint8_t asset) {
    if (owes(account)) return 0;
    return down(book_.accounts[account].legs[asset].supplied, income_of(asset), one_ray);
}

void AaveTwin::burn(std::uint32_t account, AssetId asset, const Integer& amount) {
    Reserve& r = book_.reserves[index(asset)];
    Leg& leg = book_.accounts[account].legs[index(asset)];
    const Integer shares = std::min(leg.supplied, up(amount, one_ray, r.liquidity_index));
    leg.supplied -= shares;
    if (leg.supplied == 0) leg.collateral = false;
    r.supplied -= shares;
}

// AAVE-035.
AaveTwin::Slash AaveTwin::sized(const Layer& layer, const Integer& deficit) {
    const Integer price = book_.prices[layer.asset];
    const Integer stake_price = book_.prices[layer.stake];
    if (layer.account == treasury_) return {0, 0, Error::layer_exhausted};
    if (price == 0 || stake_price == 0) return {0, 0, Error::price_missing};
    const Integer with_fee = down(deficit, 10'000 + layer.fee, 10'000);
    const Integer asked =
        within(down(price * with_fee, power_of_ten(book_.parameters[layer.stake].decimals),
                    stake_price * power_of_ten(book_.parameters[layer.asset].decimals)),
               128);
    const Integer stake = supply_of(layer.account, layer.stake);
    const Integer most = stake > 1'000'000 ? Integer(stake - 1'000'000) : Integer(0);
    if (asked == 0) return {0, 0, Error::amount_zero};
    const Integer slashed = std::min(asked, most);
    const Integer covered = slashed == asked ? deficit : down(deficit, slashed, asked);
    if (slashed == 0 || covered == 0) return {0, 0, Error::layer_exhausted};
    const Integer shares = up(slashed, one_ray, income_of(layer.stake));
    if (((book_.accounts[treasury_].legs[layer.stake].supplied + shares) >> 120U) != 0)
        return {0, 0, Error::amount_overflow};
    return {slashed, covered, std::nullopt};
}

void AaveTwin::slash(Layer& layer, const Slash& size) {
    const Integer shares = up(size.slashed, one_ray, income_of(layer.stake));
    Leg& from = book_.accounts[layer.account].legs[layer.stake];
    from.supplied -= shares;
    if (from.supplied == 0) from.collateral = false;
    book_.accounts[treasury_].legs[layer.stake].supplied += shares;
    layer.paid += size.covered;
    layer.pending += size.covered;
}

void AaveTwin::act(const SlashStake& e) {
    Layer* umbrella = layer_of(e.asset, LayerKind::umbrella);
    demand(umbrella != nullptr, Error::layer_unknown);
    const Layer* offset = layer_of(e.asset, LayerKind::deficit_offset);
    const Integer left = offset == nullptr ? Integer(0) : Integer(offset->cover - offset->paid);
    const Integer fresh = book_.reserves[index(e.asset)].deficit - left - umbrella->pending;
    demand(fresh > 0, Error::deficit_none);
    const Slash size = sized(*umbrella, fresh);
    demand(!size.refused, size.refused.value_or(Error{}));
    slash(*umbrella, size);
}

// WATERFALL-001 to WATERFALL-003 and WATERFALL-007.
void AaveTwin::act(const CoverDeficit& e) {
    Layer* umbrella = layer_of(e.asset, LayerKind::umbrella);
    const Layer* offset = layer_of(e.asset, LayerKind::deficit_offset);
    Reserve& r = book_.reserves[index(e.asset)];
    Integer open = r.deficit - (umbrella == nullptr ? Integer(0) : umbrella->pending);
    demand(open != 0, Error::deficit_none);
    accrue(e.asset);
    Integer treasury_holds = supply_of(treasury_, index(e.asset));
    if (umbrella != nullptr && umbrella->stake == umbrella->asset)
        treasury_holds -= std::min(treasury_holds, umbrella->pending);
    bool treasury_has_paid = false;
    Integer received = 0;
    Integer burned = 0;
    Integer pending = 0;
    Integer shared = 0;
    for (Layer& layer : book_.layers) {
        if (layer.asset != index(e.asset)) continue;
        Integer share = 0;
        if (layer.kind == LayerKind::socialisation) {
            shared = socialise(r, layer, open);
            layer.paid += shared;
            break;
        }
        if (layer.kind == LayerKind::insurance_fund) {
            share = std::min(Integer(layer.cover - layer.paid), open);
            received += share;
        } else if (layer.kind == LayerKind::deficit_offset) {
            share = std::min({Integer(layer.cover - layer.paid), treasury_holds, open});
            if (treasury_has_paid) share = 0;
            treasury_has_paid = treasury_has_paid || treasury_holds != 0;
            burn(treasury_, e.asset, share);
            burned += share;
        } else if (layer.kind == LayerKind::umbrella) {
            const Integer left =
                offset == nullptr ? Integer(0) : Integer(offset->cover - offset->paid);
            const Slash size = sized(layer, std::max(Integer(0), Integer(open - left)));
            if (open <= left || size.refused) continue;
            slash(layer, size);
            open -= size.covered;
            if (layer.stake != layer.asset || owes(treasury_)) {
                pending += size.covered;
                continue;
            }
            burn(treasury_, e.asset, size.covered);
            layer.pending -= size.covered;
            burned += size.covered;
            continue;
        }
        layer.paid += share;
        open -= share;
    }
    demand(received + burned + pending + shared != 0, Error::layer_exhausted);
    if (received + burned + shared == 0) return;
    r.deficit -= received + burned + shared;
    flow(e.asset, received, 0);
}

// AAVE-030 and AAVE-031.
void AaveTwin::act(const SetParameters& e) {
    const aave_v3::Parameters& p = e.parameters;
    const Integer exposed = half_up(p.liquidation_threshold, p.liquidation_bonus, 10'000);
    const bool sound =
        p.decimals <= 18 && p.ltv <= p.liquidation_threshold && p.reserve_factor <= 10'000 &&
        p.liquidation_protocol_fee <= 10'000 && p.optimal_usage >= 100 &&
        p.optimal_usage <= 9'900 && p.slope1 <= p.slope2 &&
        Integer(p.base_rate) + p.slope1 + p.slope2 <= 100'000 &&
        (p.liquidation_threshold == 0 || (p.liquidation_bonus > 10'000 && exposed <= 10'000));
    demand(sound && p.decimals == book_.parameters[index(e.asset)].decimals,
           Error::parameters_invalid);
    accrue(e.asset);
    book_.parameters[index(e.asset)] = p;
    reprice(e.asset);
}

// AAVE-032.
void AaveTwin::act(const SetEModeParameters& e) {
    demand(e.emode != 0 && e.emode < book_.emodes.size(), Error::emode_unknown);
    const aave_v3::EMode& p = e.parameters;
    demand(p.ltv <= p.liquidation_threshold && p.liquidation_bonus > 10'000 &&
               half_up(p.liquidation_threshold, p.liquidation_bonus, 10'000) <= 10'000,
           Error::parameters_invalid);
    book_.emodes[e.emode] = p;
}

/// WATERFALL-018: the least index, rounded up, at which all claims have lost no more than is open.
Integer AaveTwin::socialise(Reserve& r, const Layer& layer, const Integer& open) {
    const Integer shares = r.supplied + r.to_treasury;
    const Integer claims = down(shares, r.liquidity_index, one_ray);
    const Integer least = one_ray / 1'000;
    Integer wanted = std::min(open, claims);
    if (layer.cover != 0) wanted = std::min(wanted, Integer(layer.cover - layer.paid));
    if (shares == 0 || r.liquidity_index <= least) return 0;
    const Integer lowered = std::max(least, up(claims - wanted, one_ray, shares));
    const Integer lost = claims - down(shares, lowered, one_ray);
    if (wanted == 0 || lowered >= r.liquidity_index || lost == 0) return 0;
    r.liquidity_index = lowered;
    return lost;
}

/// WATERFALL-019: what the borrower supplies and does not use as collateral.
void AaveTwin::bear(std::uint32_t account, AssetId asset, const Integer& loss) {
    Layer* layer = layer_of(asset, LayerKind::borrower_equity);
    const Leg& leg = book_.accounts[account].legs[index(asset)];
    if (layer == nullptr || leg.collateral) return;
    Reserve& r = book_.reserves[index(asset)];
    Integer paid = std::min(loss, down(leg.supplied, r.liquidity_index, one_ray));
    if (layer->cover != 0) paid = std::min(paid, Integer(layer->cover - layer->paid));
    if (paid == 0) return;
    burn(account, asset, paid);
    layer->paid += paid;
    r.deficit -= paid;
    reprice(asset);
}

/// AAVE-026: what is owed in every asset, where no collateral is left.
std::map<std::uint8_t, Integer> AaveTwin::burn_everything(Account& account) {
    std::map<std::uint8_t, Integer> lost;
    for (auto& [asset, leg] : account.legs) {
        if (!leg.borrowing) continue;
        Reserve& r = accrue(AssetId{asset});
        lost[asset] = within(up(leg.borrowed, r.borrow_index, one_ray), 128);
        r.deficit = within(r.deficit + lost[asset], 128);
        r.borrowed -= leg.borrowed;
        leg.borrowed = 0;
        leg.borrowing = false;
        reprice(AssetId{asset});
    }
    return lost;
}

// AAVE-020 to AAVE-028.
void AaveTwin::act(const Liquidate& e) {
    Reserve& rd = accrue(e.debt);
    Reserve& rc = accrue(e.collateral);
    Account& borrower = book_.accounts[index(e.borrower)];
    const Figures f = figures_of(borrower);
    const aave_v3::Parameters& pc = book_.parameters[index(e.collateral)];
    const aave_v3::Parameters& pd = book_.parameters[index(e.debt)];
    const Terms terms = terms_of(borrower.emode, index(e.collateral));
    demand(e.borrower != e.liquidator, Error::self_liquidation);
    demand(pc.has(aave_v3::active) && pd.has(aave_v3::active), Error::reserve_inactive);
    demand(!pc.has(aave_v3::paused) && !pd.has(aave_v3::paused), Error::reserve_paused);
    demand(std::max(pc.grace_until, pd.grace_until) < book_.now, Error::grace_period_running);
    demand(f.is_unhealthy(), Error::health_factor_not_below_one);
    Leg& lc = borrower.legs[index(e.collateral)];
    Leg& ld = borrower.legs[index(e.debt)];
    demand(terms.threshold != 0 && lc.collateral, Error::collateral_not_enabled);
    demand(ld.borrowed != 0, Error::debt_not_borrowed);

    const Integer price_c = book_.prices[index(e.collateral)];
    const Integer price_d = book_.prices[index(e.debt)];
    const Integer unit_c = unit(pc.decimals);
    const Integer unit_d = unit(pd.decimals);
    const Integer has = within(down(lc.supplied, rc.liquidity_index, one_ray), 128);
    const Integer owes = within(up(ld.borrowed, rd.borrow_index, one_ray), 128);
    // AAVE-021.
    Integer repaid = owes;
    const Integer owes_value = within(up(owes, price_d, unit_d), 128);
    if (within(down(has, price_c, unit_c), 128) >= 2 * dollars_1000 &&
        owes_value >= 2 * dollars_1000 && f.health_factor() > one_wad * 95 / 100) {
        const Integer half = half_up(f.debt, 5'000, 10'000);
        if (owes_value > half) repaid = within(half * unit_d / price_d, 128);
    }
    if (!e.debt_to_cover.is_all()) repaid = std::min(repaid, integer(e.debt_to_cover.amount.raw));
    // AAVE-022.
    Integer taken = within(
        down(within(price_d * repaid * unit_c / (price_c * unit_d), 128), terms.bonus, 10'000),
        128);
    if (taken > has) {
        taken = has;
        repaid = within(
            up(within(price_c * taken * unit_d / (price_d * unit_c), 128), 10'000, terms.bonus),
            128);
    }
    // AAVE-023.
    const Integer fee =
        up(taken - down(taken, 10'000, terms.bonus), pc.liquidation_protocol_fee, 10'000);
    const Integer seized = taken - fee;
    // AAVE-024.
    if (repaid < owes && taken < has)
        demand(up(owes - repaid, price_d, unit_d) >= dollars_1000 &&
                   down(has - taken, price_c, unit_c) >= dollars_1000,
               Error::dust_left);
    // AAVE-025 and AAVE-026.
    const Integer consumed = std::min(lc.supplied, Integer(up(seized, one_ray, rc.liquidity_index) +
                                                           up(fee, one_ray, rc.liquidity_index)));
    const bool end =
        down(down(consumed, rc.liquidity_index, one_ray), price_c, unit_c) == f.collateral;
    if (end || consumed == lc.supplied) lc.collateral = false;
    const Integer burned = end ? ld.borrowed : down(repaid, one_ray, rd.borrow_index);
    demand(burned != 0, Error::burn_amount_zero);
    ld.borrowed -= burned;
    if (ld.borrowed == 0) ld.borrowing = false;
    rd.borrowed -= burned;
    if (end) rd.deficit = within(rd.deficit + owes - repaid, 128);
    if (e.collateral == e.debt && !e.receive_supply)
        demand(seized <= rc.cash, Error::cash_insufficient);
    flow(e.debt, repaid, 0);
    // AAVE-027 and AAVE-028.
    const Integer shares = std::min(lc.supplied, up(seized, one_ray, rc.liquidity_index));
    lc.supplied -= shares;
    if (e.receive_supply) {
        credit(index(e.liquidator), e.collateral, shares);
    } else {
        flow(e.collateral, 0, seized);
        rc.supplied -= shares;
    }
    if (fee != 0) {
        Leg& source = borrower.legs[index(e.collateral)];
        const Integer fee_shares = std::min(source.supplied, up(fee, one_ray, rc.liquidity_index));
        source.supplied -= fee_shares;
        credit(treasury_, e.collateral, fee_shares);
    }
    if (!end) return void(figures_of(borrower));
    bear(index(e.borrower), e.debt, owes - repaid);
    for (const auto& [asset, loss] : burn_everything(borrower))
        bear(index(e.borrower), AssetId{asset}, loss);
}

std::optional<Error> AaveTwin::apply(const State& /*feeds*/, const Event& event) {
    too_wide_ = false;
    if (seconds(event.time) < book_.now) return Error::time_before_state;
    if (index(event.market) != 0) return Error::market_unknown;
    const Book before = book_;
    try {
        book_.now = seconds(event.time);
        std::visit(
            [this](const auto& e) {
                if constexpr (requires { act(e); }) {
                    demand_names(e);
                    act(e);
                } else {
                    demand(false, Error::market_of_another_kind);
                }
            },
            event.action);
        demand(!too_wide_, Error::amount_overflow);
        return std::nullopt;
    } catch (const Refused& refused) {
        book_ = before;
        return too_wide_ ? Error::amount_overflow : refused.error;
    }
}

std::string AaveTwin::difference(const State& state) const {
    const aave_v3::Market& m = aave_market(state);
    std::string found;
    const auto compare = [&found](std::string_view what, std::size_t row, const Integer& ours,
                                  const Integer& engines) {
        if (!found.empty() || ours == engines) return;
        found = std::string(what) + ' ' + std::to_string(row) + ": twin " + ours.str() +
                ", engine " + engines.str();
    };
    compare("clock", 0, book_.now, state.clock.now);
    for (std::size_t a = 0; a < book_.reserves.size(); ++a) {
        const Reserve& ours = book_.reserves[a];
        const aave_v3::Reserve& r = m.reserves[a];
        compare("liquidity index", a, ours.liquidity_index, integer(r.liquidity_index.raw));
        compare("borrow index", a, ours.borrow_index, integer(r.borrow_index.raw));
        compare("liquidity rate", a, ours.liquidity_rate, integer(r.liquidity_rate.raw));
        compare("borrow rate", a, ours.borrow_rate, integer(r.borrow_rate.raw));
        compare("supplied", a, ours.supplied, integer(r.supplied.raw));
        compare("borrowed", a, ours.borrowed, integer(r.borrowed.raw));
        compare("to the treasury", a, ours.to_treasury, integer(r.accrued_to_treasury.raw));
        compare("cash", a, ours.cash, integer(r.cash.raw));
        compare("deficit", a, ours.deficit, integer(r.deficit.raw));
        compare("updated", a, ours.updated, r.updated);
        compare("price", a, book_.prices[a], state.feeds[a].point);
        compare("custody", a, book_.custody[a], integer(state.custody[a].held.raw));
    }
    for (std::size_t k = 0; k < book_.layers.size(); ++k) {
        compare("paid by layer", k, book_.layers[k].paid, integer(state.layers[k].paid.raw));
        compare("pending at layer", k, book_.layers[k].pending,
                integer(state.layers[k].pending.raw));
    }
    for (std::uint32_t i = 0; i < book_.accounts.size(); ++i) {
        compare("e-mode of account", i, book_.accounts[i].emode, m.accounts[i].emode);
        std::map<std::uint8_t, aave_v3::Leg> legs;
        for (const aave_v3::Leg& leg : m.legs_of(AccountId{i}))
            legs[index(leg.asset())] = leg;
        for (std::uint8_t a = 0; a < book_.reserves.size(); ++a) {
            const auto at = book_.accounts[i].legs.find(a);
            const Leg ours = at != book_.accounts[i].legs.end() ? at->second : Leg{};
            const aave_v3::Leg engines = legs.contains(a) ? legs[a] : aave_v3::Leg{};
            compare("supply of account", i, ours.supplied, integer(engines.supplied().raw));
            compare("debt of account", i, ours.borrowed, integer(engines.borrowed().raw));
            compare("collateral flag of account", i, ours.collateral, engines.is_collateral());
            compare("borrowing flag of account", i, ours.borrowing, engines.is_borrowing());
        }
    }
    return found;
}

}  // namespace breakwater::reference
