// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <algorithm>
#include <limits>

#include "breakwater/core/require.hpp"
#include "breakwater/core/rulebooks/aave_v3.hpp"
#include "breakwater/stress/storm.hpp"

/// The part of a step in which keepers act, and what is left at the end.
namespace breakwater {
namespace {

/// Liquidations of one account in one step; a keeper that is not done comes back in the next.
constexpr int rounds_max = 4;
/// A part that is smaller than this is not worth an attempt.
constexpr double part_least = 0.05;
/// [1] health factor at which an account that was unhealthy goes back to the watch.
constexpr double recovered = 1.01;

/// [1] the largest liquidation threshold that collateral `c` can have against debt `d`.
double threshold_most(const aave_v3::Market& market, std::size_t c, std::size_t d) {
    double most = market.parameters[c].liquidation_threshold * 1e-4;
    for (const aave_v3::EMode& e : market.emodes)
        if (((e.collateral >> c) & 1U) != 0 && ((e.borrowable >> d) & 1U) != 0)
            most = std::max(most, e.liquidation_threshold * 1e-4);
    return most;
}

}  // namespace

void Storm::liquidate_awake() {
    const std::size_t ether = setup_.book_prices.market_asset;
    gas_cost_ = chain_.gas_cost_usd(keepers_.gas_per_liquidation(), market_[ether]);
    find_leads();
    Refusal closed = closed_for_all();
    std::size_t kept = 0;
    double unrealised = 0;
    double contested = 0;
    double suspended = 0;
    backlog_ = 0;
    for (std::size_t i = 0; i < awake_.size(); ++i) {
        Awake& a = awake_[i];
        Weighed now = weigh_now(a);
        Wakefulness left = wakefulness(a, is_guarded_ ? weigh(holdings_of(a), share_worst_) : now);
        Hold hold = Hold::none;
        if (is_guarded_ && left == Wakefulness::awake) hold = held_up(a);
        if (hold == Hold::contested) contested += now.debt;
        if (hold == Hold::suspended) suspended += now.debt;
        for (int round = 0;
             left == Wakefulness::awake && hold == Hold::none && round < rounds_max; ++round) {
            const Refusal refusal = closed != Refusal::none ? closed : refusal_at_a_glance(a, now);
            if (refusal != Refusal::none) {
                a.turned_away |= refusal == Refusal::unprofitable;
                ++result_.refusals[static_cast<std::size_t>(refusal)];
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
            put_to_sleep(a.account);
            continue;
        }
        if (left == Wakefulness::awake && (!is_guarded_ || now.is_health_below(1))) {
            backlog_ += now.debt;
            unrealised += now.shortfall();
        }
        if (kept != i) awake_[kept] = a;
        ++kept;
    }
    awake_.resize(kept);
    if (is_guarded_) record_guard(contested, suspended);
    result_.backlog_peak = std::max(result_.backlog_peak, micro(backlog_));
    result_.unrealised_peak = std::max(result_.unrealised_peak, micro(unrealised));
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
    if (now.is_health_below(surely_unhealthy)) return Wakefulness::awake;
    if (!now.is_health_below(recovered)) return Wakefulness::asleep;
    if (!now.is_health_below(surely_healthy)) return Wakefulness::dozing;
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
    if (std::min(now.debt * grossed, now.collateral) * margin < least * grossed)
        return Refusal::unprofitable;
    if (keepers_.richest_usd() * margin < least * pay) return Refusal::no_capital;
    return Refusal::none;
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

void Storm::settle_losses(const Transition& transition) {
    std::array<AssetId, 8> to_cover{};
    std::size_t n = 0;
    for (const Effect& effect : transition.effects) {
        const auto* loss = std::get_if<LossRealised>(&effect);
        if (loss == nullptr) continue;
        const MicroUsd at_oracle = micro(usd_at(oracle_, loss->asset, loss->amount));
        const double at_market = usd_at(market_, loss->asset, loss->amount);
        result_.realised.oracle += at_oracle;
        result_.realised.market += micro(at_market);
        result_.realised.exit += micro(at_market * liquidity_.quote_buy(loss->asset, at_market));
        losses_.push_back(
            {.account = loss->account, .debt = loss->asset, .amount = at_oracle, .realised = true});
        if (has_layer_[index(loss->asset)] && n < to_cover.size()) to_cover[n++] = loss->asset;
    }
    const auto count_paid = [this](std::uint32_t layer, AssetId asset, Amount amount) {
        layers_[layer].paid += micro(usd_at(oracle_, asset, amount));
        result_.covered += micro(usd_at(oracle_, asset, amount));
    };
    const auto count_covered = [&](const Transition& done) {
        for (const Effect& effect : done.effects) {
            // An Umbrella has paid when its stake is slashed, burned against the deficit or not.
            if (const auto* s = std::get_if<StakeSlashed>(&effect))
                count_paid(s->layer, s->asset, s->covered);
            const auto* c = std::get_if<LossCovered>(&effect);
            if (c != nullptr && state_.layers[c->layer].kind != LayerKind::umbrella)
                count_paid(c->layer, c->asset, c->amount);
        }
    };
    count_covered(transition);  // our own rulebook allocates a loss where it is realised
    for (std::size_t i = 0; i < n; ++i) {
        const Event cover{.time = now_, .market = {}, .action = CoverDeficit{to_cover[i]}};
        if (const Transition* done = apply_now(cover)) count_covered(*done);  // else exhausted
    }
}

void Storm::assess_account(AccountId account, std::span<const double> sell_factor,
                           std::span<const double> buy_factor) {
    const aave_v3::Market& market = aave_market(state_);
    double at_oracle = 0;
    double at_market = 0;
    double at_exit = 0;
    double largest = -1;
    AssetId largest_debt{};
    for (const aave_v3::Leg& leg : market.legs_of(account)) {
        const std::size_t a = index(leg.asset());
        Checked math;
        if (leg.is_borrowing()) {
            const Amount owed = aave_v3::debt_balance(math, view(), leg);
            at_oracle += usd_at(oracle_, leg.asset(), owed);
            at_market += usd_at(market_, leg.asset(), owed);
            at_exit += usd_at(market_, leg.asset(), owed) * buy_factor[a];
            if (usd_at(oracle_, leg.asset(), owed) > largest) {
                largest = usd_at(oracle_, leg.asset(), owed);
                largest_debt = leg.asset();
            }
        }
        if (leg.is_collateral()) {
            const Amount held = aave_v3::supply_balance(math, view(), leg);
            at_oracle -= usd_at(oracle_, leg.asset(), held);
            at_market -= usd_at(market_, leg.asset(), held);
            at_exit -= usd_at(market_, leg.asset(), held) * sell_factor[a];
        }
    }
    result_.unrealised.oracle += micro(std::max(0.0, at_oracle));
    result_.unrealised.market += micro(std::max(0.0, at_market));
    result_.unrealised.exit += micro(std::max(0.0, at_exit));
    if (at_oracle > 0)
        losses_.push_back({.account = account,
                           .debt = largest_debt,
                           .amount = micro(at_oracle),
                           .realised = false});
}

/// At the oracle's price or after exit cost, in floats and with room for interest since the last price.
bool Storm::may_be_insolvent(AccountId account, std::span<const double> sell_factor,
                             std::span<const double> buy_factor) const {
    constexpr double room = 1 + 1e-3;
    double at_oracle = 0;
    double at_exit = 0;
    for (const aave_v3::Leg& leg : aave_market(state_).legs_of(account)) {
        const std::size_t a = index(leg.asset());
        if (leg.is_borrowing()) {
            const double owed =
                room * to_double(leg.borrowed().raw) * share_value_[a].borrowed * per_atom_[a];
            at_oracle += owed;
            at_exit += owed * lead_[a] * buy_factor[a];
        }
        if (leg.is_collateral()) {
            const double held =
                to_double(leg.supplied().raw) * share_value_[a].supplied * per_atom_[a];
            at_oracle -= held;
            at_exit -= held * lead_[a] * sell_factor[a];
        }
    }
    return at_oracle > 0 || at_exit > 0;
}

/// What is left at the end of the path: accounts that are liquidatable and, where prices after exit cost have run away
/// from the oracle by more than some liquidation threshold leaves, whoever is insolvent there.
void Storm::assess_remaining() {
    find_leads();
    const aave_v3::Market& market = aave_market(state_);
    std::vector<double> sell_factor(assets_);
    std::vector<double> buy_factor(assets_);
    for (const Awake& a : awake_) {
        if (!weigh_now(a).is_health_below(1)) continue;
        for (const aave_v3::Leg& leg : market.legs_of(a.account)) {
            Checked math;
            if (leg.is_collateral())
                sell_factor[index(leg.asset())] +=
                    usd_at(market_, leg.asset(), aave_v3::supply_balance(math, view(), leg));
            if (leg.is_borrowing())
                buy_factor[index(leg.asset())] +=
                    usd_at(market_, leg.asset(), aave_v3::debt_balance(math, view(), leg));
        }
    }
    for (std::size_t a = 0; a < assets_; ++a) {
        const AssetId id{static_cast<std::uint8_t>(a)};
        sell_factor[a] = liquidity_.quote_sell(id, sell_factor[a]);
        buy_factor[a] = liquidity_.quote_buy(id, buy_factor[a]);
    }
    bool may_hide_losses = false;
    for (std::size_t c = 0; c < assets_; ++c)
        for (std::size_t d = 0; d < assets_; ++d)
            may_hide_losses |=
                lead_[c] * sell_factor[c] < lead_[d] * buy_factor[d] * threshold_most(market, c, d);

    if (may_hide_losses) {
        for (std::uint32_t i = 0; i < market.accounts.size(); ++i)
            if (may_be_insolvent(AccountId{i}, sell_factor, buy_factor))
                assess_account(AccountId{i}, sell_factor, buy_factor);
    } else {
        for (const Awake& a : awake_)
            assess_account(a.account, sell_factor, buy_factor);
    }
    for (const Awake& a : awake_) {
        const MicroUsd debt = micro(weigh_now(a).debt);
        if (!look(a.account)) {
            if (a.turned_away) result_.turned_away_recovered += debt;
            continue;
        }
        if (a.turned_away) result_.turned_away_left += debt;
        result_.stuck += debt;
        ++result_.stuck_accounts;
    }
    result_.unrealised_peak = std::max(result_.unrealised_peak, result_.unrealised.oracle);
}

}  // namespace breakwater
