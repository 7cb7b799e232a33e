// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <algorithm>
#include <cmath>

#include "breakwater/core/require.hpp"
#include "breakwater/core/rulebooks/aave_v3.hpp"
#include "breakwater/stress/storm.hpp"

/// The part of a step in which keepers act, and what is left at the end.
namespace breakwater {
namespace {

/// Liquidations of one account in one step; a keeper that is not done comes back in the next.
constexpr int rounds_max = 4;
/// [USD] above the protocol's own minimum, so that rounding and interest do not undercut it.
constexpr double leftover_usd = 1'001;

}  // namespace

void Storm::liquidate_awake() {
    const std::size_t ether = setup_.book_prices.market_asset;
    gas_cost_ = chain_.gas_cost_usd(keepers_.gas_per_liquidation(), market_[ether]);
    std::size_t kept = 0;
    backlog_ = 0;
    for (std::size_t a = 0; a < assets_; ++a)
        lead_[a] = market_[a] / oracle_[a];
    for (std::size_t i = 0; i < awake_.size(); ++i) {
        Awake& a = awake_[i];
        bool open = true;
        if (const Refusal closed = closed_for_all(); closed != Refusal::none) {
            ++result_.refusals[static_cast<std::size_t>(closed)];
            backlog_ += a.debt;
            awake_[kept++] = a;
            continue;
        }
        for (int round = 0; open && round < rounds_max; ++round) {
            const Refusal refusal = refusal_without_quote(a);
            if (refusal != Refusal::none) {
                ++result_.refusals[static_cast<std::size_t>(refusal)];
                break;
            }
            const std::uint32_t before = result_.liquidations;
            open = try_liquidate(a);
            if (result_.liquidations == before) break;
        }
        if (!open) {
            continue;
        }
        backlog_ += a.debt;
        awake_[kept++] = a;
    }
    awake_.resize(kept);
    result_.backlog_peak = std::max(result_.backlog_peak, micro(backlog_));
}

/// Nobody is there, or the blocks of this step are full: those who wait wait on, without a quote.
Refusal Storm::closed_for_all() const {
    if (!keepers_.any_up()) return Refusal::outage;
    if (chain_.gas_available() < keepers_.gas_per_liquidation()) return Refusal::no_block_space;
    return Refusal::none;
}

/// What would be refused at any size is seen without a quote: the whole bonus does not pay the gas,
/// the market has fallen so far below the oracle (and the debt risen above it) that even the first
/// dollar loses, or no keeper has the money for a size that pays.
Refusal Storm::refusal_without_quote(const Awake& a) const {
    const double least = gas_cost_ + setup_.scenario.keepers.min_profit_usd;
    if (a.incentive_most < least) return Refusal::unprofitable;
    double get = 0;
    double pay = 1e300;
    double at_stake = a.debt * (1 + a.bonus_most);
    if (a.is_pair) {
        get = lead_[index(a.collateral)];
        pay = lead_[index(a.owed)];
        const double all_debt = a.owes * oracle_[index(a.owed)] * (1 + a.bonus_most);
        at_stake = std::min(all_debt, a.held * oracle_[index(a.collateral)]);
    } else {
        for (const aave_v3::Leg& leg : aave_market(state_).legs_of(a.account)) {
            if (leg.is_collateral()) get = std::max(get, lead_[index(leg.asset())]);
            if (leg.is_borrowing()) pay = std::min(pay, lead_[index(leg.asset())]);
        }
        at_stake *= 2;  // prices may have moved since it was measured
    }
    // Seizing 1 USD at the oracle's prices costs 1/(1 + bonus) there. 1 % for interest since the measure.
    const double margin = 1.01 * (get - pay / (1 + a.bonus_most));
    if (at_stake * margin < least) return Refusal::unprofitable;
    const double affordable = keepers_.richest_usd() * (1 + a.bonus_most) / pay;
    return affordable * margin < least ? Refusal::no_capital : Refusal::none;
}

/// A smaller size where the full one would leave too little behind for the protocol to accept.
std::optional<Best> Storm::best_without_dust(const Best& best) {
    const aave_v3::Market& market = aave_market(state_);
    const Opportunity& o = best.opportunity;
    for (const aave_v3::Leg& leg : market.legs_of(o.account)) {
        if (leg.asset() != o.collateral) continue;
        Checked math;
        const Amount balance = aave_v3::supply_balance(math, view(), leg);
        const double taken = to_double(best.quote.get.raw);
        const double left_least =
            leftover_usd / (per_atom_[index(o.collateral)] * oracle_[index(o.collateral)]);
        const double part = (to_double(balance.raw) - left_least) / (taken * 1.01);
        if (part <= 0.05) return std::nullopt;
        const auto pay = static_cast<uint128>(to_double(best.quote.pay.raw) * std::min(1.0, part));
        const auto smaller = quote(view(), o, Size::exactly({pay}));
        if (!smaller || smaller->leaves_dust) return std::nullopt;
        return Best{.opportunity = o, .quote = *smaller};
    }
    return std::nullopt;
}

/// New prices: quotes that rest on them are void, and who may have recovered is looked at.
void Storm::tell_awake(uint128 risen, uint128 fallen) {
    std::erase_if(awake_, [&](Awake& a) {
        const uint128 holds =
            a.is_pair ? uint128{1} << index(a.collateral) : quotes_[a.quote].collateral_map;
        const uint128 owes = a.is_pair ? uint128{1} << index(a.owed) : quotes_[a.quote].debt_map;
        if (((holds | owes) & (risen | fallen)) == 0) return false;
        a.is_quoted = false;
        const bool may_have_recovered = (holds & risen) != 0 || (owes & fallen) != 0;
        if (!may_have_recovered || is_far_below(a) || look(a.account)) return false;
        put_to_sleep(a.account);
        return true;
    });
}

/// A pair whose health is below 1 by more than interest since it was measured can have changed: no exact look needed.
bool Storm::is_far_below(const Awake& a) const {
    constexpr double surely = 0.99;  // 1 % of interest between a measure and the end of the path
    return a.is_pair && a.held * oracle_[index(a.collateral)] * static_cast<double>(a.threshold) <
                            surely * a.owes * oracle_[index(a.owed)];
}

/// Asks the engine what can be done now; false where the account is healthy.
bool Storm::refresh_quote(Awake& a) {
    const auto found = best_opportunity(view(), a.account);
    REQUIRE(found.has_value());
    AwakeQuote& quote = quotes_[a.quote];
    a.is_quoted = true;
    quote.has_size = false;
    if (!*found) return look(a.account);  // unhealthy with nothing left to take stays awake
    std::optional<Best> best = **found;
    quote.is_cut = best->quote.leaves_dust;
    if (quote.is_cut) best = best_without_dust(*best);
    if (!best || best->quote.pay.is_zero()) return true;
    quote.has_size = true;
    quote.best = *best;
    return true;
}

/// One attempt; returns whether the account stays awake.
bool Storm::try_liquidate(Awake& awake) {
    const auto refused = [this](Refusal reason) {
        ++result_.refusals[static_cast<std::size_t>(reason)];
        return true;
    };
    if (!awake.is_quoted && !refresh_quote(awake)) {
        put_to_sleep(awake.account);
        return false;
    }
    const AwakeQuote& quote = quotes_[awake.quote];
    if (!quote.has_size) return refused(Refusal::unprofitable);
    const AssetId c = quote.best.opportunity.collateral;
    const AssetId d = quote.best.opportunity.debt;
    const double seize = usd_at(market_, c, quote.best.quote.get);
    const double repay = usd_at(market_, d, quote.best.quote.pay);
    const double least = gas_cost_ + setup_.scenario.keepers.min_profit_usd;
    if (seize - repay < least) return refused(Refusal::unprofitable);
    if ((seize - repay) * std::min(1.0, keepers_.richest_usd() / repay) < least)
        return refused(Refusal::no_capital);
    const auto& root = setup_.book_prices.root;
    const KeeperQuote offer{
        .route = {.from = c,
                  .from_root = AssetId{static_cast<std::uint8_t>(root[index(c)])},
                  .to_root = AssetId{static_cast<std::uint8_t>(root[index(d)])},
                  .to = d},
        .repay_usd = repay,
        .seize_usd = seize,
        .cash_usd = usd_at(market_, c, aave_market(state_).reserves[index(c)].cash),
        .fraction_min = 0,
        .volatility = setup_.book_prices.volatility[index(c)],
        .gas_cost_usd = gas_cost_,
        .gas_available = chain_.gas_available()};
    const KeeperDecision decision = keepers_.decide(offer, liquidity_);
    if (!decision.accepted()) return refused(decision.refusal);
    const Outcome outcome = submit(awake, offer, decision.fraction);
    if (outcome == Outcome::refused) {
        awake.is_quoted = false;
        return true;
    }
    keepers_.record(decision, offer);
    if (outcome == Outcome::unhealthy) {
        measure(awake);
        return true;
    }
    put_to_sleep(awake.account);
    return false;
}

/// Sends the liquidation to the engine and its legs to the market.
Storm::Outcome Storm::submit(const Awake& awake, const KeeperQuote& offer, double fraction) {
    const AwakeQuote& quote = quotes_[awake.quote];
    const Opportunity o = quote.best.opportunity;
    // "All" and not the amount quoted: interest has grown since, and a remainder of it would be dust.
    Size size = Size::all();
    if (quote.is_cut || fraction < 1)
        size =
            Size::exactly({static_cast<uint128>(to_double(quote.best.quote.pay.raw) * fraction)});
    if (!size.is_all() && size.amount.is_zero()) return Outcome::refused;
    const Transition* done = apply_now({.time = now_,
                                        .market = {},
                                        .action = Liquidate{.borrower = awake.account,
                                                            .collateral = o.collateral,
                                                            .debt = o.debt,
                                                            .debt_to_cover = size}});
    if (done == nullptr) {  // the cut size breaks the dust rule, or the cash is gone
        ++result_.refusals[static_cast<std::size_t>(fraction < 1 ? Refusal::no_capital
                                                                 : Refusal::no_cash)];
        return Outcome::refused;
    }
    chain_.include(keepers_.gas_per_liquidation());
    ++result_.liquidations;
    Outcome outcome = Outcome::healthy;
    for (const Effect& effect : done->effects) {
        const auto* l = std::get_if<Liquidated>(&effect);
        if (l == nullptr) continue;
        const double repaid = usd_at(oracle_, l->debt, l->repaid);
        const double seized = usd_at(oracle_, l->collateral, l->seized);
        result_.repaid += micro(repaid);
        result_.seized += micro(seized);
        result_.equity_lost +=
            micro(seized + usd_at(oracle_, l->collateral, l->protocol_fee) - repaid);
        if (l->still_unhealthy) outcome = Outcome::unhealthy;
        result_.ltv_raised += l->ltv_raised ? 1 : 0;
        repaid_since_point_ += repaid;
    }
    settle_losses(*done);
    if (o.collateral != o.debt) {
        take_route(liquidity_, offer.route, offer.seize_usd * fraction, offer.repay_usd * fraction);
        mark_to_market();
        for (std::size_t a = 0; a < assets_; ++a)
            lead_[a] = market_[a] / oracle_[a];
    }
    // Rates have moved with the cash: the interest ahead of the watch must cover the new ones.
    cover_rate(o.collateral);
    cover_rate(o.debt);
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
    for (std::size_t i = 0; i < n; ++i) {
        const Transition* done =
            apply_now({.time = now_, .market = {}, .action = CoverDeficit{.asset = to_cover[i]}});
        if (done == nullptr) continue;  // the layers are exhausted
        for (const Effect& effect : done->effects)
            if (const auto* c = std::get_if<LossCovered>(&effect))
                result_.covered += micro(usd_at(oracle_, c->asset, c->amount));
    }
}

/// max(0, debt − collateral) at the oracle's price, with the indices of the last touch.
double Storm::shortfall(const Awake& a) const {
    if (a.is_pair)
        return std::max(0.0,
                        a.owes * oracle_[index(a.owed)] - a.held * oracle_[index(a.collateral)]);
    const aave_v3::Market& market = aave_market(state_);
    double net = 0;
    for (const aave_v3::Leg& leg : market.legs_of(a.account)) {
        const aave_v3::Reserve& r = market.reserves[index(leg.asset())];
        const double unit = per_atom_[index(leg.asset())] * oracle_[index(leg.asset())] * 1e-27;
        if (leg.is_borrowing())
            net += to_double(leg.borrowed().raw) * to_double(r.borrow_index.raw) * unit;
        if (leg.is_collateral())
            net -= to_double(leg.supplied().raw) * to_double(r.liquidity_index.raw) * unit;
    }
    return std::max(0.0, net);
}

/// Over the awake accounts: who is insolvent at the oracle's price is unhealthy there.
void Storm::note_unrealised() {
    double sum = 0;
    for (const Awake& a : awake_)
        sum += shortfall(a);
    result_.unrealised_peak = std::max(result_.unrealised_peak, micro(sum));
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

/// What is left at the end of the path: accounts that are liquidatable and, where the market has run away from the
/// oracle by more than any liquidation threshold leaves, everybody.
void Storm::assess_remaining() {
    const aave_v3::Market& market = aave_market(state_);
    double worst = 1;  // market / oracle of collateral against debt
    for (std::size_t c = 0; c < assets_; ++c)
        for (std::size_t d = 0; d < assets_; ++d)
            worst = std::min(worst, (market_[c] / oracle_[c]) / (market_[d] / oracle_[d]));
    double threshold_most = 0;
    for (const auto& p : market.parameters)
        threshold_most = std::max(threshold_most, p.liquidation_threshold * 1e-4);
    for (const auto& e : market.emodes)
        threshold_most = std::max(threshold_most, e.liquidation_threshold * 1e-4);

    std::vector<AccountId> remaining;
    if (worst > threshold_most) {
        for (const Awake& a : awake_)
            remaining.push_back(a.account);
    } else {
        for (std::uint32_t i = 0; i < market.accounts.size(); ++i)
            remaining.push_back(AccountId{i});
    }
    std::vector<double> to_sell(assets_);
    std::vector<double> to_buy(assets_);
    for (const Awake& a : awake_)
        for (const aave_v3::Leg& leg : market.legs_of(a.account)) {
            Checked math;
            if (leg.is_collateral())
                to_sell[index(leg.asset())] +=
                    usd_at(market_, leg.asset(), aave_v3::supply_balance(math, view(), leg));
            if (leg.is_borrowing())
                to_buy[index(leg.asset())] +=
                    usd_at(market_, leg.asset(), aave_v3::debt_balance(math, view(), leg));
        }
    for (std::size_t a = 0; a < assets_; ++a) {
        const AssetId id{static_cast<std::uint8_t>(a)};
        to_sell[a] = liquidity_.quote_sell(id, to_sell[a]);
        to_buy[a] = liquidity_.quote_buy(id, to_buy[a]);
    }
    for (const AccountId account : remaining)
        assess_account(account, to_sell, to_buy);
    for (const Awake& a : awake_) {
        if (!look(a.account)) continue;
        result_.stuck += micro(a.debt);
        ++result_.stuck_accounts;
    }
    result_.unrealised_peak = std::max(result_.unrealised_peak, result_.unrealised.oracle);
}

}  // namespace breakwater
