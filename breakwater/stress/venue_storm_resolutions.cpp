// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <algorithm>
#include <cmath>
#include <utility>

#include "breakwater/core/math_signed.hpp"
#include "breakwater/core/waterfall/queues.hpp"
#include "breakwater/stress/amounts.hpp"
#include "breakwater/stress/venue_storm.hpp"

/// The part of venue_storm.hpp in which accounts below zero end: who is asked to close against them, and what a queue
/// of the venues would have closed.
namespace breakwater {
namespace {

constexpr std::size_t queue_holders_max = 256;  ///< the largest of a side
/// Counterparties of a position that ends hold so many times as much, and are at least so many.
constexpr double asked_multiple = 8;
constexpr std::size_t asked_least = 16;
constexpr MicroUsd cent = 10'000;

}  // namespace

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

}  // namespace breakwater
