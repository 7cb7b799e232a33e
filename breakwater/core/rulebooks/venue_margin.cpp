// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/core/rulebooks/venue_margin.hpp"

#include <algorithm>

#include "breakwater/core/interest.hpp"
#include "breakwater/core/margin/non_linear.hpp"
#include "breakwater/core/math_signed.hpp"
#include "breakwater/core/rulebooks/venue_orders.hpp"
#include "breakwater/core/rulebooks/venue_portfolio.hpp"
#include "breakwater/core/rulebooks/venue_value.hpp"

namespace breakwater::venue {
namespace {

/// [atomic] The balance with interest up to now, rounded against the account. Source: VENUE-005.
int128 grown_cash(Checked& math, const View& view, AssetId asset, const Balance& b) {
    if (b.cash >= 0) return b.cash;
    const Collateral& c = view.read<&Market::collaterals>(breakwater::index(asset));
    const std::uint64_t now = seconds(view.now());
    Ray at = c.borrow_index;
    if (now > c.updated)
        at.raw = math.ray_mul_up(at.raw, compound_growth(math, c.borrow_rate, now - c.updated).raw);
    return with_sign(math, math.mul_div_up(magnitude(b.cash), at.raw, b.index.raw), true);
}

/// [grains] What a position is worth at one value of a lot.
int128 worth_of(Checked& math, const Position& p, int128 worth) {
    const auto word = static_cast<std::int64_t>(worth);
    if (word == worth) [[likely]]  // a product of words fits
        return sub_signed(math, int128{p.lots} * word, p.basis);
    return sub_signed(math, mul_signed(math, p.lots, worth), p.basis);
}

/// [1e-8 USD] At the mark.
uint128 notional_of(const Contract& c, const Position& p) {
    if (c.phase == Phase::expired) return 0;
    return uint128{size_of(p.lots)} * size_of(c.notional);
}

/// [atomic] What a position counts for.
int128 counted(Checked& math, const View& view, const Contract& c, const Position& p,
               Purpose purpose) {
    const Terms& t = view.terms(p.contract);
    int128 worth = worth_of(math, p, c.worth());
    if (purpose != Purpose::opening || c.phase == Phase::expired) return atoms_down(t, worth);
#if BREAKWATER_MUTANT_RK_018
    return atoms_down(t, worth);
#endif
    worth = std::min(worth, worth_of(math, p, c.slow_worth()));
    if (worth > 0) {
        const Collateral& k = view.read<&Market::collaterals>(breakwater::index(t.settlement));
        worth = mul_div_floor(math, worth, k.profit_weight, ppm_one);
    }
    return atoms_down(t, worth);
}

/// [1e-14 USD] A balance, rounded against the account.
int128 value_of(Checked& math, const View& view, AssetId asset, int128 net, Purpose purpose) {
    const FeedRow& f = view.feed(asset);
    const Collateral& c = view.read<&Market::collaterals>(breakwater::index(asset));
    const bool opening = purpose == Purpose::opening;
    if (net < 0) {
        const uint128 price = opening ? std::max(f.hi, f.slow) : f.lo;
        return with_sign(math, math.mul_div_unit_up(magnitude(net), price * ppm_one, c.decimals),
                         true);
    }
    const uint128 price = opening ? std::min(f.lo, f.slow) : f.hi;
    const std::uint32_t kept = purpose == Purpose::closing ? ppm_one : ppm_one - c.haircut;
    return with_sign(math, math.mul_div_unit_down(magnitude(net), price * kept, c.decimals), false);
}

/// Tiers, or the law of the square root where that is more, of the cluster; the part that is one's
/// own.
uint128 of_cluster(const MarginTerms& m, uint128 own, uint128 linked, Purpose purpose) {
    uint128 whole = tier_requirement(m, linked, purpose);
    if (m.size_unit != 0) {
        const std::uint32_t base =
            purpose == Purpose::opening ? m.tiers[0].initial : m.tiers[0].maintenance;
        const SizeLaw law{.base = base, .slope = m.size_slope, .unit = m.size_unit};
        whole = std::max(whole, size_requirement(law, linked, linked));
    }
    if (own == linked) return whole;
    Checked math;  // Cannot overflow: the part is at most the whole.
    return math.mul_div_up(whole, own, linked);
}

/// What the venue's open interest asks for. Source: VENUE-012.
uint128 of_open_interest(const MarginTerms& m, const Contract& c, uint128 own) {
    const uint128 open = uint128{size_of(c.open_interest)} * size_of(c.notional);
    const MarginRates rates = scaled_by_open_interest(
        {.initial = m.tiers[0].initial, .maintenance = m.tiers[0].maintenance}, open,
        {.lower = m.open_interest_lower, .upper = m.open_interest_upper});
    return own * rates.initial;
}

/// Without an impact the contract has no such charge. Source: VENUE-013.
uint128 of_depth(const MarginTerms& m, uint128 absorbed, uint128 own, uint128 linked) {
    if (m.impact == 0) return 0;
    return concentration_charge({.absorbed = absorbed, .impact = m.impact}, own, linked);
}

std::int64_t linked_with(const View& view, const Account& account, ContractId contract,
                         std::int64_t lots) {
    const auto own = static_cast<std::int64_t>(size_of(lots));
    if (account.cluster == 0) return own;
    const ClusterLots& c =
        view.read<&Market::clusters>(view.market().row(account.cluster, contract));
    return std::max({own, c.longs, c.shorts});
}

/// Until somebody has an order the table has no rows. Source: VENUE-028.
void count_orders(Checked& math, const View& view, AccountId account, uint128& requirement,
                  Assessment& out) {
    if (!view.may_have<&Market::orders>()) return;
    requirement = math.add(requirement, order_requirement(math, view, account));
    if (has_stale_orders(view, account)) out.allows_new_risk = false;
}

}  // namespace

bool is_stale(const View& view, const Contract& c, ContractId contract) {
    if (c.phase == Phase::expired) return false;
    const std::uint64_t now = seconds(view.now());
    if (c.marked_at == 0 || now > c.marked_at + view.settings().mark_age_max) return true;
    if (view.terms(contract).by_arrays == 0) return false;
    const RiskArray& a = view.read<&Market::arrays>(index(contract));
    return a.grid != view.settings().grid || now >= a.expires;
}

uint128 tier_requirement(const MarginTerms& m, uint128 notional, Purpose purpose) {
    std::size_t k = 0;
    while (k + 1 < tiers_max && m.tiers[k + 1].maintenance != 0 && m.tiers[k + 1].lower <= notional)
        ++k;
    const Tier& tier = m.tiers[k];
    if (purpose == Purpose::opening) return tier.initial * notional - tier.initial_deduction;
    return tier.maintenance * notional - tier.maintenance_deduction;
}

MarginInForce margin_in_force(const View& view, ContractId contract) {
    const MarginTerms& announced = view.read<&Market::announced>(index(contract));
    if (seconds(view.now()) >= announced.effective) return {announced, announced};
    return {announced, view.read<&Market::margins>(index(contract))};
}

ContractMargin::ContractMargin(const View& view, ContractId contract)
    : ContractMargin(view, contract, view.contract(contract)) {}

ContractMargin::ContractMargin(const View& view, ContractId contract, const Contract& as_it_stands)
    : contract_(&as_it_stands), margin_(margin_in_force(view, contract)) {}

uint128 ContractMargin::requirement(std::int64_t lots, std::int64_t linked, Purpose purpose) const {
    const Contract& c = *contract_;
    if (purpose == Purpose::closing || c.phase == Phase::expired) return 0;
    // Positions are held below notional_max when they are made; a mark that carries them beyond
    // counts as that.
    const auto notional = [&c](std::int64_t n) {
        return std::min(uint128{size_of(n)} * size_of(c.notional), notional_max);
    };
    const uint128 own = notional(lots);
    const uint128 all = std::max(own, notional(linked));
    if (own == 0) return 0;
    const MarginTerms& m = margin_.maintenance;
    uint128 needed =
        of_cluster(m, own, all, Purpose::liquidation) + of_depth(m, m.absorbed, own, all);
    if (purpose == Purpose::opening) {
        const MarginTerms& i = margin_.initial;
        const uint128 absorbed = std::min<uint128>(i.absorbed, notional(c.depth));
        const uint128 by_size =
            std::max(of_cluster(i, own, all, purpose), of_open_interest(i, c, own));
        needed = std::max(needed, by_size + of_depth(i, absorbed, own, all));
    }
    if (c.open_part == ppm_one) return needed;
    Checked math;  // Cannot overflow: the part is at most the whole.
    return math.mul_div_up(needed, c.open_part, ppm_one);
}

uint128 contract_requirement(const View& view, ContractId contract, std::int64_t lots,
                             std::int64_t linked, Purpose purpose) {
    return ContractMargin(view, contract).requirement(lots, linked, purpose);
}

Result<Assessment> assess(const View& view, AccountId account, Purpose purpose) {
    Checked math;
    Assessment out;
    const Account& a = view.read<&Market::accounts>(breakwater::index(account));
    const std::uint32_t assets = view.market().assets();
    std::array<int128, assets_max> net;  // NOLINT(*-member-init): as many as there are assets
    const std::uint32_t first_balance = view.market().row(account, AssetId{0});
    const auto balances = view.stored<&Market::balances>(first_balance, assets);
    for (std::uint32_t k = 0; k < assets; ++k)
        net[k] = grown_cash(
            math, view, AssetId{static_cast<std::uint8_t>(k)},
            balances.empty() ? view.read<&Market::balances>(first_balance + k) : balances[k]);
    uint128 requirement = 0;
    uint128 exposed = 0;  // [1e-8 USD]
    Portfolio portfolio(view, purpose);
    const std::uint32_t slots = view.settings().slots;
    const auto positions =
        view.stored<&Market::positions>(view.market().first_slot(account), slots);
    for (std::uint32_t s = 0; s < slots; ++s) {
        const Position& p = positions.empty() ? view.position(account, s) : positions[s];
        if (p.lots == 0) continue;
        const Contract& c = view.contract(p.contract);
        int128& settled = net[breakwater::index(view.terms(p.contract).settlement)];
        settled = add_signed(math, settled, counted(math, view, c, p, purpose));
        exposed = math.add(exposed, notional_of(c, p));
        if (purpose == Purpose::closing) continue;
        if (purpose == Purpose::opening && is_stale(view, c, p.contract))
            out.allows_new_risk = false;
        if (view.terms(p.contract).by_arrays != 0)
            portfolio.add(p, c);
        else
            requirement = math.add(
                requirement, ContractMargin(view, p.contract, c)
                                 .requirement(p.lots, linked_with(view, a, p.contract, p.lots),
                                              purpose));
    }
    if (purpose == Purpose::opening) count_orders(math, view, account, requirement, out);
    int128 equity = 0;
    int128 closing = 0;
    for (std::uint32_t k = 0; k < assets; ++k) {
        if (net[k] == 0) continue;
        const AssetId asset{static_cast<std::uint8_t>(k)};
        if (view.feed(asset).point == 0) return std::unexpected(Error::price_missing);
        const int128 value = value_of(math, view, asset, net[k], purpose);
        if (portfolio.is_used()) portfolio.add_collateral(asset, value);
        equity = add_signed(math, equity, value);
        if (purpose != Purpose::liquidation) continue;
        if (net[k] < 0) {
            out.owes = true;
            exposed = math.add(exposed, requirement_up(magnitude(value)));
        }
        const bool same = net[k] < 0 || view.market().collaterals[k].haircut == 0;
        closing = add_signed(
            math, closing,
            same ? value : value_of(math, view, asset, net[k], Purpose::closing));
    }
    if (portfolio.is_used()) {
        requirement = math.add(requirement, portfolio.requirement(math));
        out.worst_scenario = portfolio.worst_scenario();
        out.scenario_factor = portfolio.factor();
    }
    out.standing = {.equity = equity, .requirement = with_sign(math, requirement, false)};
    out.exit = with_sign(
        math, math.add(requirement, math.mul(exposed, view.settings().exit)), false);
    out.closing = purpose == Purpose::closing ? equity : closing;
    if (math.overflow()) return std::unexpected(Error::amount_overflow);
    return out;
}

std::int64_t lots_of(const View& view, AccountId account, ContractId contract) {
    for (std::uint32_t s = 0; s < view.settings().slots; ++s) {
        const Position& p = view.position(account, s);
        if (p.lots != 0 && p.contract == contract) return p.lots;
    }
    return 0;
}

std::int64_t linked_lots(const View& view, AccountId account, ContractId contract) {
    return linked_with(view, view.read<&Market::accounts>(breakwater::index(account)), contract,
                       lots_of(view, account, contract));
}

int128 net_of_asset(const View& view, AccountId account, AssetId asset) {
    Checked math;
    int128 net = grown_cash(math, view, asset,
                            view.read<&Market::balances>(view.market().row(account, asset)));
    for (std::uint32_t s = 0; s < view.settings().slots; ++s) {
        const Position& p = view.position(account, s);
        if (p.lots != 0 && view.terms(p.contract).settlement == asset)
            net = add_signed(
                math, net, counted(math, view, view.contract(p.contract), p, Purpose::closing));
    }
    return net;
}

bool is_no_riskier(const Standing& before, const Standing& after) {
    if (after.requirement > before.requirement) return false;
    if (before.requirement == 0) return after.equity >= before.equity;
    return compare_products(after.equity, before.requirement, before.equity, after.requirement) >=
           0;
}

}  // namespace breakwater::venue
