// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <algorithm>

#include "breakwater/core/require.hpp"
#include "breakwater/core/rulebooks/aave_v3.hpp"
#include "breakwater/stress/storm.hpp"

/// The part of a step in which accounts wake, and where they go to rest.
namespace breakwater {
namespace {

/// [1] health factor at the worst end of the band from which an account sleeps in the watch again.
constexpr double rested = 1.03;

}  // namespace

bool Storm::look(AccountId account, aave_v3::Pricing pricing) {
    const aave_v3::Market& market = aave_market(state_);
    aave_v3::View valued = view().for_liquidation();
    if (pricing != aave_v3::Pricing::point) valued.pricing = pricing;
    const auto data = aave_v3::account_data(valued, market.legs_of(account),
                                            market.accounts[index(account)].emode);
    REQUIRE(
        data.has_value());  // every asset of a book has a price, and values fit: the reader has checked
    return data->is_unhealthy();
}

void Storm::measure(Awake& out) {
    const aave_v3::Market& market = aave_market(state_);
    const std::uint16_t emode = market.accounts[index(out.account)].emode;
    const auto legs = market.legs_of(out.account);
    if (out.count < 2 * legs.size()) {  // new rows; a liquidation only ever takes legs away
        out.first = static_cast<std::uint32_t>(holdings_.size());
        holdings_.resize(holdings_.size() + 2 * legs.size());
    }
    out.count = 0;
    out.bonus_most = 0;
    int collaterals = 0;
    for (const aave_v3::Leg& leg : legs) {
        const double per_atom = per_atom_[index(leg.asset())];
        if (leg.is_borrowing()) {
            out.owes = to_double(leg.borrowed().raw) * per_atom;
            out.owed = leg.asset();
            holdings_[out.first + out.count++] = {
                .shares = out.owes, .asset = leg.asset(), .side = Side::debt};
        }
        if (!leg.is_collateral()) continue;
        const auto t = aave_v3::thresholds(market, emode, leg.asset(), now_);
        if (t.liquidation_threshold == 0) continue;
        const auto bonus = static_cast<float>(t.liquidation_bonus * 1e-4);
        ++collaterals;
        out.held = to_double(leg.supplied().raw) * per_atom;
        out.collateral = leg.asset();
        out.threshold = static_cast<float>(t.liquidation_threshold * 1e-4);
        out.bonus_most = std::max(out.bonus_most, bonus - 1);
        holdings_[out.first + out.count++] = {
            .shares = out.held,
            .threshold = out.threshold,
            .bonus = bonus,
            .fee = static_cast<float>(
                market.parameters[index(leg.asset())].liquidation_protocol_fee * 1e-4),
            .asset = leg.asset(),
            .side = Side::collateral};
    }
    out.is_pair = collaterals == 1 && out.count == 2;
    const auto is_one_asset = [](const Holding& a, const Holding& b) { return a.asset == b.asset; };
    const auto holdings = holdings_of(out);
    out.on_both_sides = is_guarded_ && std::ranges::adjacent_find(holdings, is_one_asset) != holdings.end();
}

/// What floats can tell of an account that sleeps; nothing near the edge, nor where both sides of an asset have one
/// price at an end of the band.
std::optional<bool> Storm::is_unhealthy_at_a_glance(AccountId account) const {
    const aave_v3::Market& market = aave_market(state_);
    const std::uint16_t emode = market.accounts[index(account)].emode;
    const auto legs = market.legs_of(account);
    if (!floats_tell_) return std::nullopt;
    Weighed now;
    for (const aave_v3::Leg& leg : legs) {
        if (!leg.is_collateral() && !leg.is_borrowing()) continue;
        const std::size_t a = index(leg.asset());
        const ShareValue& value = values_awake()[a];
        if (leg.is_borrowing()) {
            if (leg.is_collateral()) return std::nullopt;
            now.debt += to_double(leg.borrowed().raw) * per_atom_[a] * value.borrowed;
            continue;
        }
        const auto t = aave_v3::thresholds(market, emode, leg.asset(), now_);
        now.capacity += to_double(leg.supplied().raw) * per_atom_[a] * value.supplied *
                        (t.liquidation_threshold * 1e-4);
    }
    if (is_surely_unhealthy(now, legs.size())) return true;
    if (is_surely_healthy(now, legs.size())) return false;
    return std::nullopt;
}

void Storm::wake_found() {
    found_.clear();
    const auto is_unhealthy = [this](AccountId account) {
        const auto glance = is_unhealthy_at_a_glance(account);
        return glance ? *glance : look_awake(account);
    };
    watch_.collect(is_unhealthy, found_);
    wake_naps();
    if (found_.empty()) return;
    const auto sorted = static_cast<std::ptrdiff_t>(awake_.size());
    for (const AccountId account : found_) {
        Awake& a = awake_.emplace_back();
        a.account = account;
        measure(a);
        const Weighed now = weigh_now(a);
        const double grossed = 1 + static_cast<double>(a.bonus_most);
        a.incentive = std::min(now.debt, now.collateral / grossed) * (grossed - 1);
    }
    // Keepers go for the fattest first.
    const auto fatter = [](const Awake& a, const Awake& b) {
        return a.incentive != b.incentive ? a.incentive > b.incentive
                                          : index(a.account) < index(b.account);
    };
    std::ranges::sort(awake_.begin() + sorted, awake_.end(), fatter);
    std::ranges::inplace_merge(awake_, awake_.begin() + sorted, fatter);
}

/// Near the edge an end of the band crosses it every few reports: two products at each of them cost less than the way
/// to the watch and back. Who has one asset on both sides is weighed by the rulebook alone.
void Storm::rest(const Awake& awake) {
    const bool naps =
        may_nap_ && !awake.on_both_sides && weigh_at(awake, share_worst_).is_health_below(rested);
    if (!naps) return put_to_sleep(awake.account);
    naps_.push_back(awake);
    told_ = true;
}

/// As Watch::collect: whoever is unhealthy wakes.
void Storm::wake_naps() {
    if (!told_) return;
    told_ = false;
    std::size_t kept = 0;
    for (std::size_t i = 0; i < naps_.size(); ++i) {
        const Awake& nap = naps_[i];
        const Weighed now = weigh_at(nap, share_worst_);
        const bool is_healthy = is_surely_healthy(now, nap);
        if (is_healthy && !now.is_health_below(rested)) {
            put_to_sleep(nap.account);
            continue;
        }
        if (!is_healthy && (is_surely_unhealthy(now, nap) || look_awake(nap.account))) {
            found_.push_back(nap.account);
            continue;
        }
        if (kept != i) naps_[kept] = nap;
        ++kept;
    }
    naps_.resize(kept);
}

void Storm::put_to_sleep(AccountId account) {
    const std::size_t n = watch_legs(aave_market(state_), account, legs_, shares_an_atom_);
    watch_.sleep(account, std::span(legs_).first(n));
}

}  // namespace breakwater
