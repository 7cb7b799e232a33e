// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <algorithm>
#include <cmath>

#include "breakwater/core/math_signed.hpp"
#include "breakwater/stress/amounts.hpp"
#include "breakwater/stress/venue_storm.hpp"

/// The part of venue_storm.hpp that deals with accounts in liquidation: slices, collateral, vault.
namespace breakwater {
namespace {

using venue::OpportunityKind;

double delta_share(const venue::Terms& t) {
    return t.is_option() ? 0.5 : 1.0;  // of an option at the money
}

}  // namespace

void VenueStorm::press(venue::ContractId contract, double lots) {
    const std::size_t k = venue::index(contract);
    const AssetId asset = setup_.venue.underlyings[setup_.venue.contracts[k].underlying].asset;
    const venue::Terms& t = market().terms[k];
    const double usd_moved = std::fabs(lots) * notional_of(contract) * delta_share(t);
    const bool buys = (lots > 0) != (t.form == venue::Form::put);
    if (buys)
        world_.liquidity().press_buy(asset, usd_moved);
    else
        world_.liquidity().press_sell(asset, usd_moved);
}

/// A part of a position, as large as its discount pays for the slippage of hedging it; the first of
/// the liquidators whose margin bears it takes it.
bool VenueStorm::try_position(const venue::Opportunity& o) {
    const std::size_t k = venue::index(o.contract);
    const AssetId asset = setup_.venue.underlyings[setup_.venue.contracts[k].underlying].asset;
    const std::int64_t held = venue::lots_of(view(), o.account, o.contract);
    if (held == 0) return false;
    const double per_lot = notional_of(o.contract) * delta_share(market().terms[k]);
    const double margin = o.discount * 1e-6;
    std::int64_t lots = o.lots;
    for (int halvings = 0; halvings < 12 && lots > 0; ++halvings) {
        const double cost =
            world_.liquidity().slippage_at(asset, static_cast<double>(lots) * per_lot);
        if (cost <= margin) break;
        lots /= 2;
    }
    if (lots == 0) return false;
    for (std::size_t i = 0; i < setup_.venue.liquidators.size(); ++i) {
        const AccountId liquidator = setup_.venue.liquidators[i];
        if (liquidator == o.account) continue;
        if (refused_at_[i] == now_ && !reduces(liquidator, o.contract, held)) continue;
        if (!has_room(liquidator, o.contract)) continue;
        const Transition* done = act(venue::Liquidate{
            .account = o.account, .liquidator = liquidator, .contract = o.contract, .lots = lots});
        if (done == nullptr) {
            // It frees nothing whoever takes it; only who is linked with the taker might need less.
            const bool is_linked = market().accounts[index(o.account)].cluster != 0;
            if (refusal_ == Error::hedge_useless && !is_linked) return false;
            note_refusal(i);
            continue;
        }
        record(o.account, *done);
        ++result_.liquidations;
        return true;
    }
    return false;
}

/// Whether taking a part of `held` lots over makes what the liquidator has smaller.
bool VenueStorm::reduces(AccountId liquidator, venue::ContractId contract,
                         std::int64_t held) const {
    const std::int64_t own = venue::lots_of(view(), liquidator, contract);
    return own != 0 && (own < 0) != (held < 0);
}

/// Whether the account holds the contract or has an empty slot for it.
bool VenueStorm::has_room(AccountId account, venue::ContractId contract) const {
    const venue::Market& m = market();
    const auto slots = std::span(m.positions).subspan(m.first_slot(account), m.set().slots);
    return std::ranges::any_of(slots, [contract](const venue::Position& p) {
        return p.lots == 0 || p.contract == contract;
    });
}

/// Who has no margin for more is not asked for more again at the same instant.
void VenueStorm::note_refusal(std::size_t liquidator) {
    if (refusal_ == Error::margin_insufficient || refusal_ == Error::account_in_liquidation)
        refused_at_[liquidator] = now_;
}

bool VenueStorm::try_collateral(const venue::Opportunity& o) {
    if (o.amount.is_zero()) return false;
    for (std::size_t i = 0; i < setup_.venue.liquidators.size(); ++i) {
        const AccountId liquidator = setup_.venue.liquidators[i];
        if (liquidator == o.account || refused_at_[i] == now_) continue;
        const int128 held = market().balances[market().row(o.account, o.asset)].cash;
        const Transition* done = act(venue::BuyCollateral{.account = o.account,
                                                          .liquidator = liquidator,
                                                          .asset = o.asset,
                                                          .debt = o.debt,
                                                          .amount = o.amount});
        if (done == nullptr) {
            note_refusal(i);
            continue;
        }
        record(o.account, *done);
        touch(liquidator);
        const int128 left = market().balances[market().row(o.account, o.asset)].cash;
        const double sold = usd_of(o.asset, magnitude(held - left));
        result_.collateral += micro(sold);
        world_.liquidity().press_sell(o.asset, sold);
        ++result_.liquidations;
        return true;
    }
    return false;
}

void VenueStorm::take_over(AccountId account) {
    const Transition* done = act(venue::TakeOver{.account = account});
    if (done == nullptr) return;
    record(account, *done);
    touch(market().set().vault);
    ++result_.taken_over;
}

/// What an event came to, from its effects; and who has to be looked at.
void VenueStorm::record(AccountId account, const Transition& done) {
    MicroUsd loss = 0;
    MicroUsd covered = 0;
    const bool is_resolution = std::ranges::any_of(
        done.effects, [](const Effect& e) { return std::holds_alternative<LossRealised>(e); });
    for (const Effect& any : done.effects) {
        if (const auto* l = std::get_if<LossRealised>(&any))
            loss += micro(usd_of(l->asset, l->amount.raw));
        const auto* effect = std::get_if<venue::Effect>(&any);
        if (effect == nullptr) continue;
        if (const auto* f = std::get_if<venue::Filled>(effect))
            if (f->account != account) touch(f->account);
        if (const auto* t = std::get_if<venue::PositionTaken>(effect)) {
            const AssetId asset = market().terms[venue::index(t->contract)].settlement;
            const double lots = static_cast<double>(t->lots);
            const double notional = std::fabs(lots) * notional_of(t->contract);
            result_.liquidated += micro(notional);
            liquidated_since_point_ += notional;
            result_.conceded += micro(usd_of(asset, t->discount.raw + t->fee.raw));
            press(t->contract, -lots);
        }
        if (const auto* d = std::get_if<venue::Deleveraged>(effect)) {
            const AssetId asset = market().terms[venue::index(d->contract)].settlement;
            const double lots = std::fabs(static_cast<double>(d->lots));
            result_.deleveraged += micro(lots * notional_of(d->contract));
            ++result_.deleverages;
            const MicroUsd paid = micro(usd_of(asset, d->haircut.raw));
            result_.borne.deleveraging += paid;
            covered += paid;
        }
        if (const auto* g = std::get_if<venue::GainsCut>(effect)) {
            const AssetId asset = market().terms[venue::index(g->contract)].settlement;
            const MicroUsd paid = micro(usd_of(asset, g->amount.raw));
            result_.borne.gains += paid;
            covered += paid;
            touch(g->account);
        }
        if (const auto* f = std::get_if<venue::FundPaid>(effect)) {
            const MicroUsd paid = micro(usd_of(f->asset, f->amount.raw));
            result_.borne.fund += paid;
            covered += paid;
        }
    }
    touch_linked(account);
    if (!is_resolution) return;
    result_.loss += loss;
    result_.borne.uncovered += std::max<MicroUsd>(0, loss - covered);
    losses_.push_back({.account = account, .amount = loss});
}

/// One account in one pass. False where it needs no further one in this step.
bool VenueStorm::liquidate(AccountId account, bool is_first_slice) {
    const auto in_liquidation = [&] {
        return market().accounts[index(account)].in_liquidation != 0;
    };
    if (!in_liquidation()) {
        // Above the exit since an earlier slice, and nobody has changed it since.
        if (!is_first_slice && is_touched_[index(account)] == 0) return false;
        const Transition* done = act(venue::Flag{.account = account});
        if (done != nullptr && in_liquidation()) ++result_.flagged;
    }
    if (!venue::opportunities(view(), account, opportunities_)) return false;
    if (opportunities_.empty()) return false;
    if (opportunities_.front().kind == OpportunityKind::resolve) {
        resolve(account);
        return false;
    }
    // The largest first, so that few steps free much.
    std::ranges::sort(opportunities_, [&](const auto& a, const auto& b) {
        const auto size = [&](const venue::Opportunity& o) {
            return o.kind == OpportunityKind::liquidate
                       ? static_cast<double>(o.lots) * notional_of(o.contract)
                       : 0.0;
        };
        return std::tuple(a.kind, -size(a), index(a.asset), index(a.debt)) <
               std::tuple(b.kind, -size(b), index(b.asset), index(b.debt));
    });
    bool any = false;
    for (const venue::Opportunity& o : opportunities_) {
        if (!in_liquidation()) break;  // noted by the last event: above the exit
        switch (o.kind) {
            case OpportunityKind::liquidate:
                any = try_position(o) || any;
                break;
            case OpportunityKind::buy_collateral:
                any = try_collateral(o) || any;
                break;
            case OpportunityKind::take_over:
                take_over(account);
                break;
            case OpportunityKind::resolve:
                break;
        }
    }
    return any;
}

void VenueStorm::liquidate_all() {
    if (awake_.empty()) return;
    std::ranges::sort(awake_, {}, [](const Awake& a) { return index(a.account); });
    std::vector<std::size_t>& working = working_;
    working.resize(awake_.size());
    for (std::size_t i = 0; i < working.size(); ++i)
        working[i] = i;
    for (std::uint32_t slice = 0; slice < setup_.scenario.venue.slices; ++slice) {
        now_ = Time{seconds(step_time_) + slice};
        std::erase_if(working,
                      [&](std::size_t i) { return !liquidate(awake_[i].account, slice == 0); });
        if (working.empty()) break;
    }
    if (setup_.with_queue) reckon_queue();
    measure_backlog();
    look_at_touched();
}

/// Who is above the exit, or gone, sleeps again.
void VenueStorm::measure_backlog() {
    backlog_ = 0;
    const venue::Market& m = market();
    std::erase_if(awake_, [&](Awake& a) {
        const auto found = venue::assess(view(), a.account, venue::Purpose::liquidation);
        const bool is_over = found && found->holds() &&
                             (m.accounts[index(a.account)].in_liquidation == 0 ||
                              found->is_above_exit());
        if (is_over) {
            if (m.accounts[index(a.account)].in_liquidation != 0)
                act(venue::Flag{.account = a.account});
            is_awake_[index(a.account)] = 0;
            ++result_.looks;
            sleep(a.account, found->standing);
            return true;
        }
        a.notional = 0;
        for (std::uint32_t s = 0; s < m.set().slots; ++s) {
            const venue::Position& p = m.positions[m.first_slot(a.account) + s];
            if (p.lots != 0)
                a.notional += std::fabs(static_cast<double>(p.lots)) * notional_of(p.contract);
        }
        backlog_ += a.notional;
        return false;
    });
    result_.backlog_peak = std::max(result_.backlog_peak, micro(backlog_));
}

}  // namespace breakwater
