// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <algorithm>
#include <limits>

#include "breakwater/core/rulebooks/aave_v3.hpp"
#include "breakwater/stress/storm.hpp"

/// The part of a step in which keepers act.
namespace breakwater {
namespace {

/// Liquidations of one account in one step; a keeper that is not done comes back in the next.
constexpr int rounds_max = 4;
/// A part that is smaller than this is not worth an attempt.
constexpr double part_least = 0.05;
/// [1] health factor at which an account that was unhealthy goes back to the watch.
constexpr double recovered = 1.01;

}  // namespace

/// Most have waited for long and wait on: from `i` to the first who must be looked at. Nothing is called and nothing
/// written that is what it was, so that a step passes by thousands of them.
inline std::size_t Storm::wait_on(std::size_t i, std::size_t& kept, Refusal closed,
                                  Waiting& sums) {
    if (is_guarded_) return i;
    Waiting w = sums;
    std::size_t to = kept;
    for (; i < awake_.size(); ++i, ++to) {
        Awake& a = awake_[i];
        const Weighed now = weigh_now(a);
        if (!is_surely_unhealthy(now, a)) break;
        const Refusal refusal = closed != Refusal::none ? closed : refusal_at_a_glance(a, now);
        if (refusal == Refusal::none) break;
        if (refusal == Refusal::unprofitable && !a.turned_away) a.turned_away = true;
        ++w.refused[static_cast<std::size_t>(refusal)];
        w.debt += now.debt;
        w.shortfall += now.shortfall();
        if (to != i) awake_[to] = a;
    }
    kept = to;
    sums = w;
    return i;
}

void Storm::liquidate_awake() {
    const std::size_t ether = setup_.book_prices.market_asset;
    gas_cost_ = chain_.gas_cost_usd(keepers_.gas_per_liquidation(), market_[ether]);
    find_leads();
    Refusal closed = closed_for_all();
    std::size_t kept = 0;
    double contested = 0;
    double suspended = 0;
    Waiting waiting;
    for (std::size_t i = 0; (i = wait_on(i, kept, closed, waiting)) < awake_.size(); ++i) {
        Awake& a = awake_[i];
        Weighed now = weigh_now(a);
        Wakefulness left = wakefulness(a, is_guarded_ ? weigh_at(a, share_worst_) : now);
        Hold hold = Hold::none;
        if (is_guarded_ && left == Wakefulness::awake) hold = held_up(a);
        if (hold == Hold::contested) contested += now.debt;
        if (hold == Hold::suspended) suspended += now.debt;
        for (int round = 0;
             left == Wakefulness::awake && hold == Hold::none && round < rounds_max; ++round) {
            const Refusal refusal = closed != Refusal::none ? closed : refusal_at_a_glance(a, now);
            if (refusal != Refusal::none) {
                a.turned_away |= refusal == Refusal::unprofitable;
                ++waiting.refused[static_cast<std::size_t>(refusal)];
                break;
            }
            const std::uint32_t before = result_.liquidations;
            if (!try_liquidate(a, now)) left = awake_when_healthy(a);
            if (result_.liquidations == before) break;
            a.turned_away = false;
            closed = closed_for_all();
            now = weigh_now(a);
        }
        if (left == Wakefulness::asleep) {
            if (a.turned_away) result_.turned_away_recovered += micro(now.debt);
            rest(a);
            continue;
        }
        if (left == Wakefulness::awake && (!is_guarded_ || now.is_health_below(1))) {
            waiting.debt += now.debt;
            waiting.shortfall += now.shortfall();
        }
        if (kept != i) awake_[kept] = a;
        ++kept;
    }
    awake_.resize(kept);
    backlog_ = waiting.debt;
    for (std::size_t r = 0; r < refusal_count; ++r)
        result_.refusals[r] += waiting.refused[r];
    if (is_guarded_) record_guard(contested, suspended);
    result_.backlog_peak = std::max(result_.backlog_peak, micro(backlog_));
    result_.unrealised_peak = std::max(result_.unrealised_peak, micro(waiting.shortfall));
}

void Storm::find_leads() {
    lead_most_ = 0;
    lead_least_ = std::numeric_limits<double>::infinity();
    for (std::size_t a = 0; a < assets_; ++a) {
        lead_[a] = market_[a] * per_oracle_[a];
        lead_most_ = std::max(lead_most_, lead_[a]);
        lead_least_ = std::min(lead_least_, lead_[a]);
    }
}

/// Who only just recovers is often back in the next step: dozing costs less than the way to the watch and back.
inline Storm::Wakefulness Storm::wakefulness(const Awake& a, const Weighed& now) {
    if (is_surely_unhealthy(now, a)) return Wakefulness::awake;
    if (!now.is_health_below(recovered)) return Wakefulness::asleep;
    if (is_surely_healthy(now, a)) return Wakefulness::dozing;
    return look_awake(a.account) ? Wakefulness::awake : Wakefulness::dozing;
}

/// Under a guard who is healthy at the point may still be contested, and is looked at in the next step.
Storm::Wakefulness Storm::awake_when_healthy(Awake& a) {
    if (!is_guarded_) return Wakefulness::asleep;
    measure(a);
    return Wakefulness::dozing;
}

/// What is refused at any size and for any pair: the whole bonus does not pay the gas, the market has fallen so far
/// below the oracle (and the debt risen above it) that even the first dollar loses, or no keeper has the money for a
/// size that pays.
inline Refusal Storm::refusal_at_a_glance(const Awake& a, const Weighed& now) const {
    const double least = gas_cost_ + setup_.scenario.keepers.min_profit_usd;
    double get = lead_most_;
    double pay = lead_least_;
    if (a.is_pair) {
        get = lead_[index(a.collateral)];
        pay = lead_[index(a.owed)];
    }
    const double grossed = 1 + static_cast<double>(a.bonus_most);
    const double margin = get * grossed - pay;  // of 1 USD that is repaid, at the oracle's price
    const bool is_poor = keepers_.richest_usd() * margin < least * pay;
    const bool pays_not = std::min(now.debt * grossed, now.collateral) * margin < least * grossed;
    // Chosen and not branched on: who waits for what is no pattern.
    const Refusal otherwise = is_poor ? Refusal::no_capital : Refusal::none;
    return pays_not ? Refusal::unprofitable : otherwise;
}

/// Nobody is there, or the blocks of this step are full: those who wait wait on, unasked.
Refusal Storm::closed_for_all() const {
    if (!keepers_.any_up()) return Refusal::outage;
    if (chain_.gas_available() < keepers_.gas_per_liquidation()) return Refusal::no_block_space;
    return Refusal::none;
}

/// `part` of the best pair at market prices, as keepers see it.
KeeperQuote Storm::offer(const Prospect& best, double part) const {
    const auto& root = setup_.book_prices.root;
    const std::size_t c = index(best.collateral);
    const std::size_t d = index(best.owed);
    return {.route = {.from = best.collateral,
                      .from_root = AssetId{static_cast<std::uint8_t>(root[c])},
                      .to_root = AssetId{static_cast<std::uint8_t>(root[d])},
                      .to = best.owed},
            .repay_usd = best.repay * part * lead_[d],
            .seize_usd = best.get * part * lead_[c],
            .cash_usd = usd_at(market_, best.collateral, aave_market(state_).reserves[c].cash),
            .fraction_min = 0,
            .volatility = setup_.book_prices.volatility[c],
            .gas_cost_usd = gas_cost_,
            .gas_available = chain_.gas_available()};
}

/// What is refused at any size is seen before the impact is reckoned.
KeeperDecision Storm::decide(const KeeperQuote& offer) const {
    const double least = gas_cost_ + setup_.scenario.keepers.min_profit_usd;
    const double incentive = offer.seize_usd - offer.repay_usd;
    if (!(incentive >= least)) return {.refusal = Refusal::unprofitable};
    if (incentive * keepers_.richest_usd() < least * offer.repay_usd)
        return {.refusal = Refusal::no_capital};
    return keepers_.decide(offer, liquidity_);
}

/// One attempt; returns whether the account stays awake.
bool Storm::try_liquidate(Awake& awake, const Weighed& now) {
    const auto refused = [this, &awake](Refusal reason) {
        awake.turned_away |= reason == Refusal::unprofitable;
        ++result_.refusals[static_cast<std::size_t>(reason)];
        return true;
    };
    const auto& own = aave_market(state_).house;
    const Prospect best = own ? own_prospect(*own, holdings_of(awake), share_value_, now)
                              : prospect(holdings_of(awake), share_value_, now);
    double part = best.leaves_dust ? best.part_most : 1;
    if (best.repay <= 0 || part < part_least) return refused(Refusal::unprofitable);
    KeeperQuote bid = offer(best, part);
    KeeperDecision decision = decide(bid);
    if (!decision.accepted()) return refused(decision.refusal);
    if (decision.fraction < 1 && decision.fraction * part > best.part_most) {
        // The whole is too much, and this part of it would leave dust: the largest part that does not.
        if (best.part_most < part_least) return refused(decision.limited_by);
        part = best.part_most;
        bid = offer(best, part);
        decision = decide(bid);
        if (!decision.accepted()) return refused(decision.refusal);
    }
    part *= decision.fraction;
    // "All" and not an amount: what is reckoned in floats may leave an atom.
    Size size = Size::all();
    if (part < 1) {
        const double unit = per_atom_[index(best.owed)] * oracle_[index(best.owed)];
        size = Size::exactly({static_cast<uint128>(best.repay * part / unit)});
        if (size.amount.is_zero()) return refused(Refusal::unprofitable);
    }
    const Outcome outcome = submit(awake, bid.route, size);
    // The cash has gone since, or an atom too much is dust.
    if (outcome == Outcome::refused) return refused(Refusal::no_cash);
    keepers_.record(decision, bid);
    if (outcome == Outcome::unhealthy) {
        measure(awake);
        return true;
    }
    return false;
}

/// Sends the liquidation to the engine, and what it took to the market.
Storm::Outcome Storm::submit(const Awake& awake, const Route& route, Size size) {
    const bool is_wrong = is_wronged(awake);
    const Transition* done = apply_now({.time = now_,
                                        .market = {},
                                        .action = Liquidate{.borrower = awake.account,
                                                            .collateral = route.from,
                                                            .debt = route.to,
                                                            .debt_to_cover = size}});
    if (done == nullptr) return Outcome::refused;
    chain_.include(keepers_.gas_per_liquidation());
    ++result_.liquidations;
    Outcome outcome = Outcome::healthy;
    double sold = 0;
    double bought = 0;
    for (const Effect& effect : done->effects) {
        const auto* l = std::get_if<Liquidated>(&effect);
        if (l == nullptr) continue;
        const double repaid = usd_at(oracle_, l->debt, l->repaid);
        const double seized = usd_at(oracle_, l->collateral, l->seized);
        result_.repaid += micro(repaid);
        if (is_wrong) {
            result_.guard.wrongful += micro(repaid);
            ++result_.guard.wrongful_count;
        }
        result_.seized += micro(seized);
        result_.equity_lost +=
            micro(seized + usd_at(oracle_, l->collateral, l->protocol_fee) - repaid);
        if (l->still_unhealthy) outcome = Outcome::unhealthy;
        result_.ltv_raised += l->ltv_raised ? 1 : 0;
        repaid_since_point_ += repaid;
        sold += usd_at(market_, l->collateral, l->seized);
        bought += usd_at(market_, l->debt, l->repaid);
    }
    settle_losses(*done);
    if (route.from != route.to) {
        take_route(liquidity_, route, sold, bought);
        mark_to_market();
        find_leads();
    }
    // Rates have moved with the cash: the interest ahead of the watch must cover the new ones.
    cover_rate(route.from);
    cover_rate(route.to);
    return outcome;
}

}  // namespace breakwater
