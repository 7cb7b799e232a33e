// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <algorithm>
#include <cmath>
#include <utility>

#include "breakwater/core/math_signed.hpp"
#include "breakwater/core/waterfall/queues.hpp"
#include "breakwater/stress/amounts.hpp"
#include "breakwater/stress/venue_storm.hpp"

/// The part of venue_storm.hpp that deals with accounts in liquidation: slices, collateral, vault,
/// resolution.
namespace breakwater {
namespace {

using venue::OpportunityKind;

constexpr std::size_t queue_holders_max = 256;  ///< the largest of a side
/// Counterparties of a position that ends hold so many times as much, and are at least so many.
constexpr double asked_multiple = 8;
constexpr std::size_t asked_least = 16;
constexpr MicroUsd cent = 10'000;

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
        const Transition* done = act(venue::Liquidate{
            .account = o.account, .liquidator = liquidator, .contract = o.contract, .lots = lots});
        if (done == nullptr) {
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

/// Holders of the other side of what the account holds, the largest at the start first: as many as
/// hold a multiple of it.
void VenueStorm::ask_few(AccountId account) {
    asked_.clear();
    const venue::Market& m = market();
    const std::uint32_t first = m.first_slot(account);
    for (std::uint32_t s = first; s < first + m.set().slots; ++s) {
        const venue::Position& p = m.positions[s];
        if (p.lots == 0) continue;
        const double need = asked_multiple * std::fabs(static_cast<double>(p.lots));
        double held = 0;
        std::size_t holders = 0;
        for (const AccountId other : holders_[venue::index(p.contract)][p.lots > 0 ? 1 : 0]) {
            if (holders >= asked_least && held >= need) break;
            if (holders >= setup_.scenario.venue.counterparties) break;
            const std::int64_t lots = venue::lots_of(view(), other, p.contract);
            if (lots == 0 || (lots > 0) == (p.lots > 0)) continue;
            asked_.push_back(other);
            held += std::fabs(static_cast<double>(lots));
            ++holders;
        }
    }
    finish_asked(account);
}

/// The same without a look at what is needed, and those who have taken positions over since.
void VenueStorm::ask_many(AccountId account) {
    asked_.clear();
    const std::uint32_t most = setup_.scenario.venue.counterparties;
    const venue::Market& m = market();
    const std::uint32_t first = m.first_slot(account);
    for (std::uint32_t s = first; s < first + m.set().slots; ++s) {
        const venue::Position& p = m.positions[s];
        if (p.lots == 0) continue;
        const auto& others = holders_[venue::index(p.contract)][p.lots > 0 ? 1 : 0];
        asked_.insert(asked_.end(), others.begin(),
                      others.begin() + static_cast<std::ptrdiff_t>(
                                           std::min<std::size_t>(others.size(), most)));
    }
    if (asked_.empty()) asked_ = largest_;
    asked_.insert(asked_.end(), setup_.venue.liquidators.begin(), setup_.venue.liquidators.end());
    asked_.push_back(m.set().vault);
    finish_asked(account);
}

void VenueStorm::finish_asked(AccountId account) {
    std::ranges::sort(asked_);
    asked_.erase(std::ranges::unique(asked_).begin(), asked_.end());
    std::erase(asked_, account);
    std::erase(asked_, market().set().fund);
}

/// What has to be closed of the accounts that end in this step, for the queue to close at once.
void VenueStorm::note_need(AccountId account) {
    const venue::Market& m = market();
    const std::uint32_t first = m.first_slot(account);
    for (std::uint32_t s = first; s < first + m.set().slots; ++s) {
        const venue::Position& p = m.positions[s];
        if (p.lots != 0)
            queue_need_[2 * venue::index(p.contract) + (p.lots > 0 ? 1U : 0U)] +=
                static_cast<std::uint64_t>(magnitude(p.lots));
    }
}

/// What the queue by profit × leverage, which closes whole positions, would have closed of the
/// holders of the other side for the same accounts; nobody twice on a path. The venue's own makers
/// stand outside it: to close one of theirs whole would be most of the market.
void VenueStorm::reckon_queue() {
    for (std::size_t k = 0; k < queue_need_.size(); ++k) {
        const std::uint64_t need = std::exchange(queue_need_[k], 0);
        if (need == 0) continue;
        const venue::ContractId contract{static_cast<std::uint16_t>(k / 2)};
        std::vector<AccountId> accounts;
        const std::vector<QueuedHolder> holders = queue_holders(contract, k % 2 == 1, accounts);
        const DeleveragingPlan plan =
            plan_queue({.lots = need, .loss = 0}, holders, QueueRule::profit_times_leverage,
                       LastInQueue::closes_whole);
        for (std::size_t i = 0; i < accounts.size(); ++i)
            if (plan.closings[i].lots != 0) queue_closed_.emplace_back(k, accounts[i]);
        // What traders do not hold is closed against makers, in part.
        const auto lots = static_cast<double>(std::max(plan.lots, need));
        result_.queue += micro(lots * notional_of(contract));
    }
}

/// @param shorts those who are asked
std::vector<QueuedHolder> VenueStorm::queue_holders(venue::ContractId contract, bool shorts,
                                                    std::vector<AccountId>& accounts) const {
    const venue::Market& m = market();
    const venue::Terms& t = m.terms[venue::index(contract)];
    const venue::Contract& c = m.contracts[venue::index(contract)];
    const std::size_t key = 2 * std::size_t{venue::index(contract)} + (shorts ? 1U : 0U);
    const double grain = 1e8 * per_atom_[index(t.settlement)] * price_[index(t.settlement)] /
                         static_cast<double>(std::int64_t{1} << t.grain_bits);
    const auto& makers = setup_.venue.liquidators;
    const auto stands_outside = [&](AccountId a) {
        return a == m.set().vault || std::ranges::find(makers, a) != makers.end() ||
               std::ranges::find(queue_closed_, std::pair(key, a)) != queue_closed_.end();
    };
    std::vector<QueuedHolder> out;
    for (const AccountId other : holders_[venue::index(contract)][shorts ? 1 : 0]) {
        if (out.size() == queue_holders_max) break;
        const venue::Position* held = nullptr;
        for (std::uint32_t s = 0; s < m.set().slots && held == nullptr; ++s) {
            const venue::Position& p = m.positions[m.first_slot(other) + s];
            if (p.lots != 0 && p.contract == contract && (p.lots < 0) == shorts) held = &p;
        }
        if (held == nullptr || stands_outside(other)) continue;
        const auto worth = venue::assess(view(), other, venue::Purpose::closing);
        if (!worth || worth->standing.equity <= 0) continue;
        const uint128 size = magnitude(held->lots);
        const double entry = to_double(magnitude(held->basis)) * grain;
        out.push_back(
            {.lots = static_cast<std::uint64_t>(size),
             .is_short = shorts,
             .mark_value = size * static_cast<uint128>(std::max<std::int64_t>(c.notional, 1)),
             .entry_value = static_cast<uint128>(std::max(entry, 1.0)),
             .cushion = worth->standing.equity / ppm_one});
        accounts.push_back(other);
    }
    return out;
}

/// A few are asked first; more where those do not bear the whole loss, and everybody where the many
/// do not hold enough.
void VenueStorm::resolve(AccountId account) {
    if (setup_.with_queue) note_need(account);
    const auto ask = [&](How how) {
        const venue::Resolve event{.account = account, .counterparties = asked_};
        return apply_now({.time = now_, .market = {}, .action = venue::Action{event}}, how);
    };
    const Transition* done = nullptr;
    if (setup_.scenario.venue.counterparties != 0) {
        ask_few(account);
        if (!asked_.empty()) done = ask(How::if_borne);
        if (done == nullptr) {
            ask_many(account);
            done = ask(How::action);
        }
    }
    if (done == nullptr) {
        asked_.clear();
        done = ask(How::action);
    }
    if (done == nullptr) return;
    record(account, *done);
    ++result_.negative;
}

/// Whether a resolution leaves no more than a cent that nobody bears.
bool VenueStorm::is_borne(const Transition& resolution) const {
    const auto of = [this](venue::ContractId contract, Amount amount) {
        return micro(usd_of(market().terms[venue::index(contract)].settlement, amount.raw));
    };
    MicroUsd left = 0;
    for (const Effect& any : resolution.effects) {
        if (const auto* l = std::get_if<LossRealised>(&any))
            left += micro(usd_of(l->asset, l->amount.raw));
        const auto* effect = std::get_if<venue::Effect>(&any);
        if (effect == nullptr) continue;
        if (const auto* d = std::get_if<venue::Deleveraged>(effect))
            left -= of(d->contract, d->haircut);
        if (const auto* g = std::get_if<venue::GainsCut>(effect))
            left -= of(g->contract, g->amount);
        if (const auto* f = std::get_if<venue::FundPaid>(effect))
            left -= micro(usd_of(f->asset, f->amount.raw));
    }
    return left <= cent;
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
