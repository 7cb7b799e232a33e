// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/stress/comet_storm.hpp"

#include <algorithm>
#include <map>

#include "breakwater/core/require.hpp"
#include "breakwater/stress/comet_view.hpp"

namespace breakwater {
namespace {

/// Purchases of one kind in one step.
constexpr int purchases_max = 4;
/// What is paid is rounded so that never more is bought than there is.
constexpr double shaved = 1 - 1e-9;

}  // namespace

CometStorm::CometStorm(const StormSetup& setup) : NativeStorm(setup) {
    const compound_v3::Market& m = market();
    const compound_v3::Totals& t = m.totals[0];
    base_ = t.base;
    const auto price = [&](AssetId a) {
        return static_cast<double>(state_.feeds[index(a)].point) * 1e-8;
    };
    start_base_ = price(base_);
    start_index_ = static_cast<double>(t.borrow_index);
    for (const compound_v3::Collateral& c : m.collaterals)
        kinds_.push_back({.asset = c.asset,
                          .liquidate_factor = compound_v3::of_wad(c.liquidate_factor),
                          .liquidation_factor = compound_v3::of_wad(c.liquidation_factor),
                          .discount = compound_v3::store_front_discount(t, c),
                          .start = price(c.asset)});
    legs_.reserve(kinds_.size() + 1);
    world_.begin(0);  // prices of the start, for the health factors
    refresh();
    reserves_ = static_cast<double>(std::max<int128>(0, compound_v3::reserves_now(desk_))) *
                tokens(base_, Amount{1}) * start_base_;
    std::map<std::uint32_t, std::uint32_t> groups;
    for (std::uint32_t i = 0; i < m.positions.size(); ++i) {
        if (m.positions[i].principal >= 0) continue;
        const std::uint32_t mask = m.positions[i].assets_in;
        const auto [at, is_new] =
            groups.try_emplace(mask, static_cast<std::uint32_t>(masks_.size()));
        if (is_new) masks_.push_back(mask);
        add_sleeper({.account = AccountId{i}, .group = at->second});
    }
    seal();
}

void CometStorm::begin() {
    for (Kind& k : kinds_)
        k.credited = 0;
    for (std::size_t i = 0; i < kinds_.size(); ++i)
        kinds_[i].credited = stock(i) * kinds_[i].start;
}

void CometStorm::refresh() {
    desk_.begin(state_, market(), now_, scratch_);
    compound_v3::accrue(desk_);
    REQUIRE(!desk_.math.overflow());
}

double CometStorm::health_kept(std::uint32_t group) const {
    double least = 1;
    bool any = false;
    for (std::size_t i = 0; i < kinds_.size(); ++i) {
        if ((masks_[group] >> i & 1U) == 0) continue;
        const double kept = world_.oracle(kinds_[i].asset) / kinds_[i].start;
        least = any ? std::min(least, kept) : kept;
        any = true;
    }
    const auto index_now =
        static_cast<double>(desk_.read<&compound_v3::Market::totals>(0).borrow_index);
    return least * (start_base_ / world_.oracle(base_)) * (start_index_ / index_now);
}

std::span<const NativeStorm::Leg> CometStorm::legs_of(const Borrower& b) {
    legs_.clear();
    const compound_v3::Market& m = market();
    const compound_v3::Totals& t = desk_.read<&compound_v3::Market::totals>(0);
    const compound_v3::Position& p = m.positions[index(b.account)];
    for (std::uint32_t i = 0; i < kinds_.size(); ++i) {
        if (!p.holds(i)) continue;
        const Kind& k = kinds_[i];
        const double held =
            tokens(k.asset, m.holdings[compound_v3::holding_row(t, b.account, i)].amount);
        legs_.push_back({.asset = k.asset,
                         .side = Side::collateral,
                         .tokens = held,
                         .value = held * world_.oracle(k.asset),
                         .threshold = k.liquidate_factor});
    }
    if (p.principal < 0) {
        const double owed = compound_v3::present(static_cast<uint128>(-p.principal), t.borrow_index) *
                            tokens(base_, Amount{1});
        legs_.push_back({.asset = base_,
                         .side = Side::debt,
                         .tokens = owed,
                         .value = owed * world_.oracle(base_)});
    }
    return legs_;
}

bool CometStorm::is_unhealthy(const Borrower& b) {
    const auto found = compound_v3::is_liquidatable(desk_, b.account);
    REQUIRE(found.has_value());  // every asset of a book has a price
    REQUIRE(!desk_.math.overflow());
    return *found;
}

double CometStorm::bonus_of(const Borrower& b) const {
    double most = 0;
    for (std::size_t i = 0; i < kinds_.size(); ++i)
        if ((masks_[b.group] >> i & 1U) != 0) most = std::max(most, kinds_[i].discount);
    return most;
}

/// Two floors for each kind and one for the debt, in 1e-8 USD; the debt itself is floored to an atom (COMET-003).
double CometStorm::rounding_of(const Borrower& /*borrower*/) const {
    return 1e-8 * static_cast<double>(2 * kinds_.size() + 1) +
           tokens(base_, Amount{1}) * world_.oracle(base_);
}

/// Absorbs the account where what it leaves in the store front is worth the gas.
bool CometStorm::liquidate(Borrower& b, const Weighed& now) {
    double discount = 0;
    for (const Leg& leg : legs_of(b)) {
        if (leg.side == Side::debt) continue;
        const auto k = std::ranges::find(kinds_, leg.asset, &Kind::asset);
        discount += leg.tokens * std::max(0.0, world_.market(leg.asset) - discounted(*k));
    }
    if (discount < world_.gas_cost() + setup_.scenario.keepers.min_profit_usd)
        return refused(b, Refusal::unprofitable);
    const Transition* done = apply_now(compound_v3::Action{compound_v3::Absorb{{b.account}}});
    if (done == nullptr) return refused(b, Refusal::no_cash);
    book_absorbed(*done, now);
    refresh();
    return false;
}

void CometStorm::book_absorbed(const Transition& done, const Weighed& now) {
    include_liquidation();
    double lost = 0;
    for (const Effect& effect : done.effects) {
        if (const auto* loss = std::get_if<LossRealised>(&effect)) {
            settle_loss(*loss, 0);
            lost += tokens(base_, loss->amount) * world_.oracle(base_);
        }
        const auto* own = std::get_if<compound_v3::Effect>(&effect);
        if (own == nullptr) continue;
        const auto* taken = std::get_if<compound_v3::CollateralAbsorbed>(own);
        if (taken == nullptr) continue;
        Kind& k = *std::ranges::find(kinds_, taken->asset, &Kind::asset);
        const double value = tokens(taken->asset, taken->amount) * world_.oracle(taken->asset);
        k.credited += value * k.liquidation_factor;
        result_.seized += micro(value);
        result_.equity_lost += micro(value * (1 - k.liquidation_factor));
    }
    count_repaid(std::max(0.0, now.debt - lost));
}

double CometStorm::stock(std::size_t kind) const {
    const compound_v3::Collateral& c = market().collaterals[kind];
    return tokens(c.asset, c.held - c.supplied);
}

/// The store front is open while reserves are under their target.
void CometStorm::trade() {
    if (!world_.keepers().any_up()) return;
    for (std::size_t i = 0; i < kinds_.size(); ++i) {
        int left = purchases_max;
        while (left > 0 && stock(i) > 0 && buy(i))
            --left;
    }
}

bool CometStorm::buy(std::size_t kind) {
    Kind& k = kinds_[kind];
    const compound_v3::Totals& t = market().totals[0];
    const int128 reserves = compound_v3::reserves_now(desk_);
    if (reserves >= 0 && static_cast<uint128>(reserves) >= t.reserves_target.raw) return false;
    if (world_.chain().gas_available() < world_.keepers().gas_per_liquidation()) return false;
    const double there = stock(kind);
    const double cost = there * discounted(k);  // [USD] at the oracle's prices
    const KeeperQuote offer{.route = world_.route(k.asset, base_),
                            .repay_usd = cost * world_.market(base_) / world_.oracle(base_),
                            .seize_usd = there * world_.market(k.asset)};
    const KeeperDecision decision = decide(offer);
    if (!decision.accepted()) return false;
    const double paid = cost * decision.fraction * shaved;
    const Amount base{static_cast<uint128>(paid / world_.oracle(base_) / tokens(base_, Amount{1}))};
    if (base.is_zero()) return false;
    const Transition* done =
        apply_now(compound_v3::Action{compound_v3::BuyCollateral{k.asset, base, {}}});
    if (done == nullptr) return false;
    const double sold = there - stock(kind);
    const double credited = k.credited * sold / there;
    k.credited -= credited;
    if (credited > paid) book_loss(AccountId{t.accounts - 1}, base_, credited - paid, 0);
    include_purchase();
    world_.trade(offer.route, sold * world_.market(k.asset),
                 tokens(base_, base) * world_.market(base_));
    world_.keepers().record(decision, offer);
    refresh();
    return stock(kind) > 0;
}

/// What lies in the store front at the end, against what was credited for it.
void CometStorm::assess_stock(std::span<const double> sell) {
    for (std::size_t i = 0; i < kinds_.size(); ++i) {
        const Kind& k = kinds_[i];
        const double there = stock(i);
        const auto short_of = [&](double price) {
            return std::max(0.0, k.credited - there * price);
        };
        const double at_oracle = short_of(world_.oracle(k.asset));
        const double at_market = short_of(world_.market(k.asset));
        const double at_exit = short_of(world_.market(k.asset) * sell[index(k.asset)]);
        book_unrealised(AccountId{market().totals[0].accounts - 1}, base_,
                        {at_oracle, at_market, at_exit}, 0);
    }
    result_.covered = std::min(result_.realised.oracle, micro(reserves_));
}

NativeStorm::Cash CometStorm::cash_of(AssetId asset) const {
    if (asset != base_) return {};
    const compound_v3::Totals& t = desk_.read<&compound_v3::Market::totals>(0);
    const double atom = tokens(base_, Amount{1});
    return {.borrowed = compound_v3::present(t.borrowed, t.borrow_index) * atom,
            .supplied = compound_v3::present(t.supplied, t.supply_index) * atom,
            .cash = tokens(base_, t.cash)};
}

}  // namespace breakwater
