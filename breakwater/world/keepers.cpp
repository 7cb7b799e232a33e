// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/world/keepers.hpp"

#include <algorithm>
#include <cmath>

#include "breakwater/core/require.hpp"

namespace breakwater {
namespace {

constexpr double seconds_per_year = 365.0 * 86'400;
constexpr double infinity = std::numeric_limits<double>::infinity();

/// What both legs come to at part `fraction` of a quote.
RouteOutcome trade(const KeeperQuote& quote, const Liquidity& liquidity, double fraction) {
    return quote_route(liquidity, quote.route, quote.seize_usd * fraction, quote.repay_usd * fraction);
}

}  // namespace

const char* to_string(Refusal refusal) {
    constexpr std::array<const char*, refusal_count> names = {
        "none", "outage", "no_block_space", "unprofitable", "no_cash", "no_capital"};
    return names[static_cast<std::size_t>(refusal)];
}

Keepers::Keepers(const KeeperParameters& parameters, double step_seconds)
    : parameters_(parameters) {
    REQUIRE(step_seconds > 0);
    REQUIRE(parameters.capital_usd >= 0);
    REQUIRE(parameters.recycle_minutes * parameters.recycle_factor >= 0);
    REQUIRE(parameters.recapture >= 0);
    REQUIRE(parameters.min_profit_usd >= 0);
    const double recycle_seconds = 60 * parameters.recycle_minutes * parameters.recycle_factor;
    recycle_steps_ =
        static_cast<std::size_t>(std::max(1.0, std::ceil(recycle_seconds / step_seconds)));
    capital_cost_ = parameters.capital_rate * recycle_seconds / seconds_per_year;
    risk_cost_ = parameters.risk_sigmas * std::sqrt(recycle_seconds / seconds_per_year);
    free_.resize(parameters.count);
    up_.resize(parameters.count);
    returning_.resize((recycle_steps_ + 1) * parameters.count);
    reset({});
}

void Keepers::reset(const KeeperDraws& draws) {
    REQUIRE(draws.up.empty() || draws.up.size() == free_.size());
    std::ranges::fill(free_, parameters_.capital_usd);
    std::ranges::fill(returning_, 0.0);
    up_count_ = 0;
    for (std::size_t i = 0; i < up_.size(); ++i) {
        up_[i] = draws.up.empty() || draws.up[i] < parameters_.up_probability;
        up_count_ += up_[i];
    }
    outage_drawn_ = draws.outage < parameters_.outage;
    outage_start_ = draws.outage_start_seconds;
    out_ = outage_drawn_ && outage_start_ <= 0;
    cursor_ = 0;
    accepted_ = 0;
    profit_ = 0;
    tallies_ = {};
    find_richest();
}

void Keepers::step(double now) {
    const double outage_end = outage_start_ + 60 * parameters_.outage_minutes;
    out_ = outage_drawn_ && now >= outage_start_ && now < outage_end;
    cursor_ = cursor_ == recycle_steps_ ? 0 : cursor_ + 1;
    double* due = returning_.data() + cursor_ * free_.size();
    bool changed = false;
    for (std::size_t i = 0; i < free_.size(); ++i) {
        if (due[i] == 0) continue;
        free_[i] += due[i];
        due[i] = 0;
        changed = true;
    }
    if (changed) find_richest();
}

void Keepers::find_richest() {
    double most = -1;
    for (std::uint32_t i = 0; i < free_.size(); ++i) {
        if (!up_[i] || free_[i] <= most) continue;
        most = free_[i];
        richest_ = i;
    }
}

KeeperDecision Keepers::decide(const KeeperQuote& quote, const Liquidity& liquidity) const {
    const auto refused = [](Refusal reason, double profit) {
        return KeeperDecision{.refusal = reason, .profit_usd = profit};
    };
    if (!any_up()) return refused(Refusal::outage, 0);
    if (quote.gas_available < parameters_.gas_per_liquidation)
        return refused(Refusal::no_block_space, 0);

    const double incentive = quote.seize_usd - quote.repay_usd;
    const double cost = parameters_.recapture * std::max(incentive, 0.0) +
                        (capital_cost_ + risk_cost_ * quote.volatility) * quote.repay_usd;
    const double margin = incentive - cost;  // of the whole, before impact and gas
    if (margin <= 0 || margin - quote.gas_cost_usd < parameters_.min_profit_usd) {
        return refused(Refusal::unprofitable, margin - quote.gas_cost_usd);
    }
    const auto profit = [&](const RouteOutcome& legs, double fraction) {
        return legs.proceeds - legs.spend - cost * fraction - quote.gas_cost_usd;
    };

    // Impact costs I·a^(1+p), p = 1 for the linear law and 1/2 for the square root, so margin·a − I·a^(1+p) is best at
    // a = (margin/((1 + p)·I))^(1/p).
    RouteOutcome legs = trade(quote, liquidity, 1);
    const double spend_all = legs.spend;
    const double impact = incentive - (legs.proceeds - legs.spend);
    double best = 1;
    if (liquidity.law() == ImpactLaw::linear) {
        if (2 * impact > margin) best = margin / (2 * impact);
    } else if (1.5 * impact > margin) {
        const double root = margin / (1.5 * impact);
        best = root * root;
    }
    KeeperDecision decision{.keeper = richest_, .fraction = std::max(best, quote.fraction_min)};
    if (decision.fraction < 1) {
        decision.limited_by = Refusal::unprofitable;
        legs = trade(quote, liquidity, decision.fraction);
    }
    decision.profit_usd = profit(legs, decision.fraction);
    if (decision.profit_usd < parameters_.min_profit_usd) {
        return refused(Refusal::unprofitable, decision.profit_usd);
    }

    // It pays; what cash and capital allow may be less, and then no longer pay for the gas.
    const double cash_part = quote.cash_usd / quote.seize_usd;
    const double capital_part = parameters_.enabled ? free_[richest_] / spend_all : infinity;
    const double part = std::min(cash_part, capital_part);
    if (part < decision.fraction) {
        const Refusal reason = cash_part <= capital_part ? Refusal::no_cash : Refusal::no_capital;
        if (!(part > 0) || part < quote.fraction_min) return refused(reason, 0);
        legs = trade(quote, liquidity, part);
        decision.limited_by = reason;
        decision.fraction = part;
        decision.profit_usd = profit(legs, part);
        if (decision.profit_usd < parameters_.min_profit_usd)
            return refused(reason, decision.profit_usd);
    }
    decision.spend_usd = legs.spend;
    return decision;
}

void Keepers::record(const KeeperDecision& decision, const KeeperQuote& quote) {
    if (!decision.accepted()) {
        RefusalTally& tally = tallies_[static_cast<std::size_t>(decision.refusal)];
        ++tally.count;
        tally.usd += quote.repay_usd;
        return;
    }
    ++accepted_;
    profit_ += decision.profit_usd;
    if (decision.limited_by != Refusal::none) {
        tallies_[static_cast<std::size_t>(decision.limited_by)].usd +=
            (1 - decision.fraction) * quote.repay_usd;
    }
    if (!parameters_.enabled) return;
    // Spending may exceed what is free by a rounding only: the part was cut to what the whole would cost.
    free_[decision.keeper] = std::max(free_[decision.keeper] - decision.spend_usd, 0.0);
    const std::size_t back = (cursor_ + recycle_steps_) % (recycle_steps_ + 1);
    returning_[back * free_.size() + decision.keeper] += decision.spend_usd;
    find_richest();
}

double Keepers::free_usd() const {
    double sum = 0;
    for (std::size_t i = 0; i < free_.size(); ++i)
        sum += up_[i] ? free_[i] : 0;
    return sum;
}

double Keepers::away_usd() const {
    double sum = 0;
    for (const double usd : returning_)
        sum += usd;
    return sum;
}

}  // namespace breakwater
