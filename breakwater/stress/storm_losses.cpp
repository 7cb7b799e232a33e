// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <algorithm>

#include "breakwater/core/rulebooks/aave_v3.hpp"
#include "breakwater/stress/storm.hpp"

/// What a storm costs: losses as they are realised and covered, and what is left at the end.
namespace breakwater {
namespace {

/// [1] the largest liquidation threshold that collateral `c` can have against debt `d`.
double threshold_most(const aave_v3::Market& market, std::size_t c, std::size_t d) {
    double most = market.parameters[c].liquidation_threshold * 1e-4;
    for (const aave_v3::EMode& e : market.emodes)
        if (((e.collateral >> c) & 1U) != 0 && ((e.borrowable >> d) & 1U) != 0)
            most = std::max(most, e.liquidation_threshold * 1e-4);
    return most;
}

}  // namespace

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
            if (c == nullptr) continue;
            if (state_.layers[c->layer].kind != LayerKind::umbrella)
                count_paid(c->layer, c->asset, c->amount);
            // Whoever supplies the asset as collateral has lost a part of it.
            if (c->liquidity_index.raw != 0) set_units(c->asset);
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
