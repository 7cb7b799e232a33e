// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/io/generator_assets.hpp"

#include <algorithm>
#include <functional>

namespace breakwater {
namespace {

constexpr double supply_cap_used = 0.98;  ///< of a supply cap
constexpr double borrow_cap_used = 0.97;  ///< of a borrow cap
constexpr double uncapped_depths = 400;   ///< [depths] what an asset without a cap has room for
constexpr double usage_least = 0.72;  ///< target utilisation of what is borrowed, drawn per asset
constexpr double usage_range = 0.14;
constexpr double usage_most = 0.95;    ///< kept even against the supply cap
constexpr double idle_lenders = 0.22;  ///< share of lenders in assets that need none
constexpr double idle_size = 0.5;
constexpr std::uint32_t first_draw = 16;            ///< draws below belong to the sketch
constexpr std::uint32_t market_row = 0xffff'ffffU;  ///< draws of assets, not of accounts

/// [USD]
double cap_usd(std::uint64_t cap, double price, double depth) {
    return cap == 0 ? uncapped_depths * depth : static_cast<double>(cap) * price;
}

bool is_open(const aave_v3::Parameters& p) {
    return p.has(aave_v3::active) && !p.has(aave_v3::frozen) && !p.has(aave_v3::paused);
}

/// Index of the weight that `u` in (0, 1) of their sum falls on; the last positive one at the end.
std::size_t pick(std::span<const double> weights, double u) {
    double sum = 0;
    for (const double w : weights)
        sum += w;
    double at = u * sum;
    std::size_t last = 0;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        if (weights[i] <= 0) continue;
        last = i;
        if (at < weights[i]) return i;
        at -= weights[i];
    }
    return last;
}

}  // namespace

struct AssetChooser::Draws {
    std::uint64_t seed = 0;
    std::uint32_t account = 0;
    std::uint32_t at = first_draw;
    double next() { return generator_draw(seed, account, at++); }
};

AssetChooser::AssetChooser(const Book& market, std::uint64_t seed) : seed_(seed) {
    const aave_v3::Market& native = aave_market(market.state);
    for (std::size_t i = 0; i < market.assets.size(); ++i) {
        const AssetDescription& d = market.assets[i];
        const aave_v3::Parameters& p = native.parameters[i];
        const auto price = static_cast<double>(market.state.feeds[i].point) / 1e8;
        std::size_t root = i;
        if (d.kind == AssetKind::pegged)
            root = static_cast<std::size_t>(
                std::ranges::find(market.assets, d.peg, &AssetDescription::symbol) -
                market.assets.begin());
        Asset asset;
        asset.root = static_cast<std::uint32_t>(root);
        asset.is_stable = market.assets[root].kind == AssetKind::stable;
        asset.threshold = static_cast<double>(p.liquidation_threshold) / bps_one;
        const double depth = d.liquidity.depth_2pct;
        if (is_open(p)) asset.supply_left = supply_cap_used * cap_usd(p.supply_cap, price, depth);
        if (is_open(p) && p.has(aave_v3::borrowing))
            asset.borrow_left = borrow_cap_used * cap_usd(p.borrow_cap, price, depth);
        assets_.push_back(asset);
        const auto id = static_cast<std::uint8_t>(i);
        if (asset.threshold > 0 && asset.supply_left > 0)
            (asset.is_stable ? stable_collaterals_ : volatile_collaterals_).push_back(id);
        if (asset.borrow_left > 0)
            (asset.is_stable ? stable_debts_ : volatile_debts_).push_back(id);
    }
    find_loops(native);
}

void AssetChooser::find_loops(const aave_v3::Market& native) {
    for (std::size_t e = 1; e < native.emodes.size(); ++e) {
        const aave_v3::EMode& mode = native.emodes[e];
        for (std::size_t c = 0; c < assets_.size(); ++c) {
            if (((mode.collateral >> c) & 1U) == 0 || assets_[c].supply_left <= 0) continue;
            for (std::size_t d = 0; d < assets_.size(); ++d) {
                if (((mode.borrowable >> d) & 1U) == 0 || assets_[d].borrow_left <= 0 || c == d)
                    continue;
                const bool stable = assets_[c].is_stable && assets_[d].is_stable;
                if (!stable && assets_[c].root != assets_[d].root) continue;
                (stable ? stable_loops_ : correlated_loops_)
                    .push_back(
                        {.emode = static_cast<std::uint16_t>(e),
                         .collateral = static_cast<std::uint8_t>(c),
                         .debt = static_cast<std::uint8_t>(d),
                         .threshold = static_cast<double>(mode.liquidation_threshold) / bps_one});
            }
        }
    }
}

const std::vector<std::uint8_t>& AssetChooser::collaterals(Role role) const {
    return role == Role::leveraged ? volatile_collaterals_ : stable_collaterals_;
}
const std::vector<std::uint8_t>& AssetChooser::debts(Role role) const {
    return role == Role::short_seller ? volatile_debts_ : stable_debts_;
}
const std::vector<AssetChooser::Loop>& AssetChooser::loops(Role role) const {
    return role == Role::correlated_loop ? correlated_loops_ : stable_loops_;
}

std::array<bool, role_count> AssetChooser::possible_roles() const {
    std::array<bool, role_count> out{};
    out[0] = true;
    const auto set = [&out](Role role, bool possible) {
        out[static_cast<std::size_t>(role)] = possible;
    };
    set(Role::leveraged, !volatile_collaterals_.empty() && !stable_debts_.empty());
    set(Role::correlated_loop, !correlated_loops_.empty());
    set(Role::stable_loop, !stable_loops_.empty());
    set(Role::short_seller, !stable_collaterals_.empty() && !volatile_debts_.empty());
    set(Role::stable_pair, stable_collaterals_.size() > 1 && stable_debts_.size() > 1);
    return out;
}

double AssetChooser::room(std::span<const std::uint8_t> assets, bool for_debt) const {
    double sum = 0;
    for (const std::uint8_t a : assets)
        sum += for_debt ? assets_[a].borrow_left : assets_[a].supply_left;
    return sum;
}

double AssetChooser::debt_capacity() const {
    const auto shares = shares_of_roles(possible_roles());
    const auto share = [&shares](Role role) {
        return shares[static_cast<std::size_t>(role)].of_debt;
    };
    const auto loop_room = [this](const std::vector<Loop>& loops) {
        std::vector<std::uint8_t> distinct;
        for (const Loop& loop : loops)
            if (std::ranges::find(distinct, loop.collateral) == distinct.end())
                distinct.push_back(loop.collateral);
        return room(distinct, false);
    };
    // Room for a use, and what one dollar of total debt takes of it. Collateral per debt: means of
    // the health drawn.
    struct Bound {
        double room;
        double taken;
    };
    const std::array<Bound, 6> bounds{{
        {room(stable_debts_, true),
         share(Role::leveraged) + share(Role::stable_loop) + share(Role::stable_pair)},
        {room(volatile_debts_, true), share(Role::correlated_loop) + share(Role::short_seller)},
        {room(volatile_collaterals_, false),
         2.4 * share(Role::leveraged) + 1.15 * share(Role::correlated_loop)},
        {room(stable_collaterals_, false), 2.4 * share(Role::short_seller) +
                                               1.7 * share(Role::stable_pair) +
                                               1.15 * share(Role::stable_loop)},
        {loop_room(correlated_loops_), 1.15 * share(Role::correlated_loop)},
        {loop_room(stable_loops_), 1.15 * share(Role::stable_loop)},
    }};
    constexpr double fill = 0.95;  // the last accounts still find room
    double capacity = 1e15;
    for (const Bound& bound : bounds)
        if (bound.taken > 0) capacity = std::min(capacity, fill * bound.room / bound.taken);
    return capacity;
}

std::uint8_t AssetChooser::choose(std::span<const std::uint8_t> assets, bool for_debt, double usd,
                                  double u, std::span<const std::uint8_t> apart) const {
    std::vector<double> fitting(assets.size());
    std::vector<double> any(assets.size());
    bool fits = false;
    for (std::size_t i = 0; i < assets.size(); ++i) {
        if (std::ranges::find(apart, assets[i]) != apart.end()) continue;
        const Asset& asset = assets_[assets[i]];
        const double left = for_debt ? asset.borrow_left : asset.supply_left;
        any[i] = std::max(left, 1e-6);
        if (left >= usd) fitting[i] = left;
        fits |= left >= usd;
    }
    if (fits) return assets[pick(fitting, u)];
    const auto roomiest = static_cast<std::size_t>(std::ranges::max_element(any) - any.begin());
    return assets[roomiest];
}

void AssetChooser::supply(std::uint32_t account, std::uint8_t asset, double usd,
                          bool is_collateral) {
    assets_[asset].supply_left -= usd;
    assets_[asset].supplied += usd;
    positions_.push_back({.account = account,
                          .asset = AssetId{asset},
                          .is_collateral = is_collateral,
                          .supply_usd = usd,
                          .debt_usd = 0});
}

void AssetChooser::borrow(std::uint32_t account, std::uint8_t asset, double usd) {
    assets_[asset].borrow_left -= usd;
    assets_[asset].borrowed += usd;
    for (std::size_t i = positions_.size(); i > 0 && positions_[i - 1].account == account; --i) {
        if (positions_[i - 1].asset != AssetId{asset}) continue;
        positions_[i - 1].debt_usd += usd;
        return;
    }
    positions_.push_back({.account = account,
                          .asset = AssetId{asset},
                          .is_collateral = false,
                          .supply_usd = 0,
                          .debt_usd = usd});
}

void AssetChooser::place_loop(std::uint32_t account, const AccountSketch& sketch, Draws& draws) {
    const std::vector<Loop>& choices = loops(sketch.role);
    std::vector<double> weights(choices.size());
    const auto space = [&](const Loop& loop) {  // [USD] of debt
        return std::min(assets_[loop.debt].borrow_left,
                        assets_[loop.collateral].supply_left * loop.threshold / sketch.health);
    };
    for (std::size_t i = 0; i < choices.size(); ++i) {
        const double left = space(choices[i]);
        weights[i] = left >= sketch.size ? left : 0;
    }
    std::size_t chosen = pick(weights, draws.next());
    if (weights[chosen] <= 0)
        chosen = static_cast<std::size_t>(std::ranges::max_element(choices, {}, space) -
                                          choices.begin());
    const Loop& loop = choices[chosen];
    const double debt = std::min(sketch.size, std::max(space(loop), 0.01 * sketch.size));
    emodes_.resize(std::max<std::size_t>(emodes_.size(), account + std::size_t{1}));
    emodes_[account] = loop.emode;
    supply(account, loop.collateral, debt * sketch.health / loop.threshold, true);
    borrow(account, loop.debt, debt);
}

void AssetChooser::place_pair(std::uint32_t account, const AccountSketch& sketch, Draws& draws) {
    struct Part {
        std::uint8_t asset;
        double share;
    };
    std::vector<Part> owed;
    std::vector<Part> held;
    std::vector<std::uint8_t> taken;
    const double s = sketch.split;
    for (std::uint8_t k = 0; k < sketch.debts; ++k) {
        const double share = sketch.debts == 1 ? 1 : (k == 0 ? s : 1 - s);
        owed.push_back(
            {choose(debts(sketch.role), true, sketch.size * share, draws.next(), taken), share});
        taken.push_back(owed.back().asset);
    }
    double threshold = 0;
    const double guess = sketch.size * sketch.health / 0.8;  // of the collateral, to see what fits
    for (std::uint8_t k = 0; k < sketch.collaterals; ++k) {
        double share = k == 0 ? s : (1 - s) * (sketch.collaterals == 2 ? 1 : (k == 1 ? 0.6 : 0.4));
        if (sketch.collaterals == 1) share = 1;
        const bool is_third = k == 2 && !stable_collaterals_.empty();  // some dollars beside
        const auto& list = is_third ? stable_collaterals_ : collaterals(sketch.role);
        held.push_back({choose(list, false, guess * share, draws.next(), taken), share});
        taken.push_back(held.back().asset);
        threshold += share * assets_[held.back().asset].threshold;
    }
    const double collateral = sketch.size * sketch.health / threshold;
    double fit = 1;
    for (const Part& part : owed)
        fit = std::min(fit, assets_[part.asset].borrow_left / (sketch.size * part.share));
    for (const Part& part : held)
        fit = std::min(fit, assets_[part.asset].supply_left / (collateral * part.share));
    fit = std::max(
        fit,
        0.01);  // a full cap is passed by a hundredth of the account rather than leaving it empty
    const auto hold = [&](std::uint8_t asset, double usd) {
        for (std::size_t i = positions_.size(); i > 0 && positions_[i - 1].account == account; --i)
            if (positions_[i - 1].asset == AssetId{asset}) {
                assets_[asset].supply_left -= usd;
                assets_[asset].supplied += usd;
                positions_[i - 1].supply_usd += usd;
                return;
            }
        supply(account, asset, usd, true);
    };
    for (const Part& part : held)
        hold(part.asset, fit * collateral * part.share);
    for (const Part& part : owed)
        borrow(account, part.asset, fit * sketch.size * part.share);
}

void AssetChooser::place_borrower(std::uint32_t account, const AccountSketch& sketch) {
    Draws draws{.seed = seed_, .account = account};
    if (sketch.role == Role::correlated_loop || sketch.role == Role::stable_loop)
        place_loop(account, sketch, draws);
    else
        place_pair(account, sketch, draws);
}

/// Who lends what: the largest take one needy asset each, the others by need.
void AssetChooser::fill_needs(std::span<const std::uint32_t> lenders,
                              std::span<const AccountSketch> sketches) {
    struct Need {
        std::uint8_t asset;
        double usd;
        std::vector<std::uint32_t> lenders;
    };
    std::vector<Need> needs;
    for (std::size_t i = 0; i < assets_.size(); ++i) {
        const Asset& a = assets_[i];
        const auto id = static_cast<std::uint8_t>(i);
        const double usage = usage_least + usage_range * generator_draw(seed_, market_row, id);
        const double target =
            std::min(a.borrowed / usage, a.supplied + std::max(a.supply_left, 0.0));
        const double missing = std::max(target, a.borrowed / usage_most) - a.supplied;
        if (a.borrowed > 0 && missing > 0)
            needs.push_back({.asset = id, .usd = missing, .lenders = {}});
    }
    std::ranges::stable_sort(needs, std::greater{}, &Need::usd);
    std::vector<double> weights;
    weights.reserve(needs.size());
    for (const Need& need : needs)
        weights.push_back(need.usd);
    std::vector<std::uint8_t> idle;
    for (std::size_t i = 0; i < assets_.size(); ++i)
        if (assets_[i].threshold > 0 && assets_[i].supply_left > 0 &&
            std::ranges::find(needs, i, &Need::asset) == needs.end())
            idle.push_back(static_cast<std::uint8_t>(i));
    for (std::size_t j = 0; j < std::max(lenders.size(), needs.size()); ++j) {
        const std::uint32_t lender = lenders[j % lenders.size()];
        Draws draws{.seed = seed_, .account = lender};
        if (j < needs.size()) {
            needs[j].lenders.push_back(lender);
        } else if (needs.empty() || (draws.next() < idle_lenders && !idle.empty())) {
            if (idle.empty()) continue;
            const std::uint8_t asset = choose(idle, false, sketches[lender].size, draws.next(), {});
            const double usd =
                std::min(idle_size * sketches[lender].size, assets_[asset].supply_left / 4);
            if (usd > 0) supply(lender, asset, usd, true);
        } else {
            needs[pick(weights, draws.next())].lenders.push_back(lender);
        }
    }
    for (const Need& need : needs) {
        double sum = 0;
        for (const std::uint32_t lender : need.lenders)
            sum += sketches[lender].size;
        for (const std::uint32_t lender : need.lenders)
            supply(lender, need.asset, need.usd * sketches[lender].size / sum,
                   assets_[need.asset].threshold > 0);
    }
}

void AssetChooser::place_lenders(std::span<const std::uint32_t> order,
                                 std::span<const AccountSketch> sketches) {
    emodes_.resize(sketches.size());
    std::vector<std::uint32_t> lenders;
    for (const std::uint32_t i : order)
        if (sketches[i].role == Role::lender) lenders.push_back(i);
    fill_needs(lenders, sketches);
}

}  // namespace breakwater
