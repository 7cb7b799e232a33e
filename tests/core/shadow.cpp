// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "shadow.hpp"

#include <algorithm>
#include <cstring>

#include "../reference/aave_v3.hpp"
#include "breakwater/core/digest.hpp"
#include "breakwater/core/invariants.hpp"
#include "shadow_rules.hpp"

namespace breakwater::given {
namespace {

using aave_v3::Leg;

template <class Row>
bool same(const std::vector<Row>& a, const std::vector<Row>& b) {
    static_assert(std::has_unique_object_representations_v<Row>);
    return a.size() == b.size() &&
           (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(Row)) == 0);
}

bool same(std::span<const Leg> a, std::span<const Leg> b) {
    return a.size() == b.size() &&
           (a.empty() || std::memcmp(a.data(), b.data(), a.size_bytes()) == 0);
}

/// Of a table that grows: rows at its end that an undo has emptied do not count.
template <class Row>
bool same_grown(const std::vector<Row>& a, const std::vector<Row>& b) {
    static_assert(std::has_unique_object_representations_v<Row>);
    const Row zero = zero_row<Row>();
    const std::size_t size = std::max(a.size(), b.size());
    for (std::size_t i = 0; i < size; ++i) {
        const Row& left = i < a.size() ? a[i] : zero;
        const Row& right = i < b.size() ? b[i] : zero;
        if (std::memcmp(&left, &right, sizeof zero) != 0) return false;
    }
    return true;
}

/// What the effects say has moved in one asset: money at the border, and the deficit.
struct Flows {
    int128 custody = 0;
    int128 deficit = 0;
};

/// Sums an event's effects, asset by asset. `receive_supply`: the claim moved and no money left.
class Ledger {
  public:
    Ledger(std::size_t assets, bool receive_supply)
        : flows_(assets), receive_supply_(receive_supply) {}

    void operator()(const Moved& e) {
        const auto amount = static_cast<int128>(e.amount.raw);
        switch (e.kind) {
            case Moved::Kind::supplied:
            case Moved::Kind::repaid:
                of(e.asset).custody += amount;
                break;
            case Moved::Kind::withdrawn:
            case Moved::Kind::borrowed:
                of(e.asset).custody -= amount;
                break;
            case Moved::Kind::minted_to_treasury:
                break;
            case Moved::Kind::deficit_eliminated:
                of(e.asset).deficit -= amount;
                break;
        }
    }
    void operator()(const Liquidated& e) {
        of(e.debt).custody += static_cast<int128>(e.repaid.raw);
        if (!receive_supply_) of(e.collateral).custody -= static_cast<int128>(e.seized.raw);
    }
    void operator()(const LossRealised& e) {
        of(e.asset).deficit += static_cast<int128>(e.amount.raw);
    }
    void operator()(const LossCovered& e) {
        if (!e.is_burned) of(e.asset).custody += static_cast<int128>(e.amount.raw);
        of(e.asset).deficit -= static_cast<int128>(e.amount.raw);
    }
    void operator()(const PriceReported&) {}
    void operator()(const Accrued&) {}
    void operator()(const ParametersSet&) {}
    void operator()(const auto& /*of a native market*/) {}

    [[nodiscard]] const std::vector<Flows>& flows() const { return flows_; }

  private:
    Flows& of(AssetId asset) { return flows_[index(asset)]; }

    std::vector<Flows> flows_;
    bool receive_supply_ = false;
};

/// The accounts that an event names. Everybody else keeps what they have (RK6).
bool names(const Action& action, AccountId account, AccountId treasury) {
    return std::visit(
        [&](const auto& e) {
            if constexpr (requires { e.account; }) return e.account == account;
            if constexpr (requires { e.borrower; })
                return e.borrower == account || e.liquidator == account || account == treasury;
            if constexpr (std::is_same_v<std::decay_t<decltype(e)>, MintToTreasury>)
                return account == treasury;
            return false;
        },
        action);
}

/// A loss is paid by supply that stands behind a layer, whoever the event names.
bool stands_behind_a_layer(const State& state, const Action& action, AccountId account) {
    const bool slashes = std::holds_alternative<SlashStake>(action);
    if (!slashes && !std::holds_alternative<CoverDeficit>(action) &&
        !std::holds_alternative<Liquidate>(action))
        return false;
    const bool is_treasury = account == aave_market(state).treasury;
    return std::ranges::any_of(state.layers, [&](const Layer& layer) {
        if (layer.kind == LayerKind::umbrella)  // the treasury receives what is slashed
            return is_treasury || layer.account == index(account);
        if (slashes) return false;
        // Whoever borrows and pays for its own loss is named by the event.
        return (layer.kind == LayerKind::junior_tranche && layer.account == index(account)) ||
               (is_treasury && (layer.kind == LayerKind::reserves ||
                                layer.kind == LayerKind::deficit_offset));
    });
}

/// RK1: only prices, parameters and time make an account unhealthy.
bool may_harm(const Action& action) {
    return std::holds_alternative<ReportPrices>(action) ||
           std::holds_alternative<SetParameters>(action) ||
           std::holds_alternative<SetEModeParameters>(action) ||
           std::holds_alternative<ReportSources>(action) ||
           std::holds_alternative<SetFeed>(action) || std::holds_alternative<DirectFeed>(action);
}

std::string check_refused(const State& before, const State& after, const std::string& digest) {
    if (!same_bytes(before, after)) return "ENGINE-001: a refused event changed the state";
    if (digest_of(after) != digest) return "ENGINE-001: a refused event changed the digest";
    return {};
}

/// The plan, written backwards and forwards again.
std::string check_undo(const State& before, State& state, std::span<const Change> changes,
                       const std::string& digest) {
    const State after = state;
    undo(state, changes);
    if (!same_bytes(before, state)) return "ENGINE-005: undo does not lead back";
    if (digest_of(state) != digest) return "ENGINE-005: undo does not lead back to the digest";
    execute(state, changes);
    if (!same_bytes(after, state)) return "ENGINE-005: the transition does not lead forward again";
    return {};
}

/// BOOK-005 allows for rounding by what the market holds now. Where a giant has just left, rounding of its time may be
/// more than that; then this event has not done it.
bool fell_in_this_event(const State& before, const State& after, std::uint32_t asset) {
    const auto& was = aave_market(before).reserves[asset];
    const auto held = static_cast<int128>((was.supplied.raw + was.cash.raw) / power_of_ten(24));
    return residual(aave_market(after).reserves[asset]) < residual(was) - 1'000 - held;
}

std::string check_whole(const State& before, const State& after, const Event& event) {
    if (const auto v = check_state(after))
        if (v->rule != "BOOK-005" || fell_in_this_event(before, after, v->row))
            return std::string(v->rule) + ": over the whole state";
    if (after.clock.now < before.clock.now) return "ENGINE-003: time ran backwards";
    if (after.clock.now != seconds(event.time))
        return "ENGINE-003: the clock does not show the event";
    if (after.clock.events != before.clock.events + 1)
        return "ENGINE-003: the event was not counted";
    const auto& was = aave_market(before);
    const auto& is = aave_market(after);
    if (is.accounts.size() != was.accounts.size()) return "ENGINE: an account appeared";
    for (std::size_t a = 0; a < is.reserves.size(); ++a) {
        if (is.reserves[a].liquidity_index < was.reserves[a].liquidity_index &&
            !is_socialised(before, after, a))
            return "BOOK-004";
        if (is.reserves[a].liquidity_index.raw < ray / 1'000)
            return "WATERFALL-018: less than a thousandth is left of an index";
        if (is.reserves[a].borrow_index < was.reserves[a].borrow_index) return "BOOK-004";
        if (is.reserves[a].updated > after.clock.now) return "BOOK-004: a reserve from the future";
    }
    return {};
}

std::string check_flows(const State& before, const State& after, const Event& event,
                        std::span<const Effect> effects) {
    const auto* liquidate = std::get_if<Liquidate>(&event.action);
    Ledger ledger(before.custody.size(), liquidate != nullptr && liquidate->receive_supply);
    for (const Effect& effect : effects)
        std::visit(ledger, effect);
    for (std::size_t a = 0; a < before.custody.size(); ++a) {
        const auto moved = [](Amount was, Amount is) {
            return static_cast<int128>(is.raw - was.raw);
        };
        if (moved(before.custody[a].held, after.custody[a].held) != ledger.flows()[a].custody)
            return "BOOK-001: custody moved by something else than the effects tell of";
        if (moved(aave_market(before).reserves[a].deficit,
                  aave_market(after).reserves[a].deficit) != ledger.flows()[a].deficit)
            return "BOOK-005: the deficit moved by something else than losses and covers";
    }
    return {};
}

std::string check_legs(const State& after) {
    const auto& market = aave_market(after);
    for (std::uint32_t i = 0; i < market.accounts.size(); ++i) {
        const auto legs = market.legs_of(AccountId{i});
        for (const Leg& leg : legs) {
            if (leg.is_borrowing() == leg.borrowed().is_zero()) return "BOOK-006: borrowing flag";
            if (leg.is_collateral() && leg.supplied().is_zero()) return "BOOK-006: collateral flag";
            const auto twins = std::ranges::count_if(
                legs, [&](const Leg& other) { return other.asset() == leg.asset(); });
            if (twins != 1) return "BOOK-006: two legs of one asset";
        }
    }
    return {};
}

std::string check_accounts(const State& before, const State& after, const Event& event) {
    const std::uint64_t now = seconds(event.time);
    const auto& market = aave_market(before);
    for (std::uint32_t i = 0; i < market.accounts.size(); ++i) {
        const AccountId account{i};
        const auto was = market.legs_of(account);
        if (!names(event.action, account, market.treasury) &&
            !stands_behind_a_layer(before, event.action, account)) {
            if (!same(was, aave_market(after).legs_of(account)))
                return "RK6: a bystander was touched";
        }
        if (was.empty() || may_harm(event.action) || has_shared_a_loss(before, after, was)) continue;
        const auto old_figures = reference::account_figures(before, account, now);
        const auto new_figures = reference::account_figures(after, account, now);
        if (!old_figures || !new_figures) continue;
        if (!old_figures->is_unhealthy() && new_figures->is_unhealthy())
            return "RK1: an event of this kind made an account unhealthy";
    }
    return {};
}

/// Debt against threshold-weighted collateral with another price for each side, from the slow twin.
bool is_uncovered(const State& state, AccountId account, std::uint64_t now,
                  std::uint64_t (*collateral)(const FeedRow&), std::uint64_t (*debt)(const FeedRow&)) {
    State at_collateral = state;
    State at_debt = state;
    for (std::size_t a = 0; a < state.feeds.size(); ++a) {
        at_collateral.feeds[a].point = collateral(state.feeds[a]);
        at_debt.feeds[a].point = debt(state.feeds[a]);
    }
    auto figures = reference::account_figures(at_collateral, account, now);
    const auto owed = reference::account_figures(at_debt, account, now);
    if (!figures || !owed) return false;
    figures->debt = owed->debt;
    return figures->is_unhealthy();
}

/// FEEDS-040 and FEEDS-041, where the market is under guard.
std::string check_guard(const State& before, const State& after, const Event& event) {
    if (before.guard(event.market) == nullptr) return {};
    const std::uint64_t now = seconds(event.time);
    if (const auto* e = std::get_if<Liquidate>(&event.action)) {
        const bool is_certain = is_uncovered(
            before, e->borrower, now, [](const FeedRow& row) { return row.hi; },
            [](const FeedRow& row) { return row.lo; });
        return is_certain ? "" : "FEEDS-041: an account was liquidated that is healthy at a price of the band";
    }
    const auto* e = std::get_if<Borrow>(&event.action);
    if (e == nullptr) return {};
    const bool is_open = is_uncovered(
        after, e->account, now, [](const FeedRow& row) { return std::min(row.lo, row.slow); },
        [](const FeedRow& row) { return std::max(row.hi, row.slow); });
    return is_open ? "FEEDS-040: risk was opened that the band does not cover" : "";
}

}  // namespace

bool same_bytes(const State& a, const State& b) {
    if (a.clock.now != b.clock.now || a.clock.events != b.clock.events) return false;
    if (!same(a.feeds, b.feeds) || !same(a.custody, b.custody) || !same(a.layers, b.layers))
        return false;
    if (!same_grown(a.wirings, b.wirings) || !same_grown(a.asset_feeds, b.asset_feeds) ||
        !same_grown(a.sources, b.sources) || !same_grown(a.source_rows, b.source_rows) ||
        !same_grown(a.guards, b.guards) || !same_grown(a.notices, b.notices))
        return false;
    if (a.markets.size() != b.markets.size()) return false;
    const auto& ma = aave_market(a);
    const auto& mb = aave_market(b);
    return same(ma.parameters, mb.parameters) && same(ma.reserves, mb.reserves) &&
           same(ma.emodes, mb.emodes) && same(ma.accounts, mb.accounts) && same(ma.legs, mb.legs) &&
           ma.treasury == mb.treasury;
}

Outcome apply_watched(State& state, Planner& planner, const Event& event) {
    const State before = state;
    const std::string digest = digest_of(before);
    const auto result = apply(state, event, planner);
    if (!result)
        return {.status = std::unexpected(result.error()),
                .effects = {},
                .broken = check_refused(before, state, digest)};

    Outcome out{.status = {}, .effects = (*result)->effects, .broken = {}};
    const std::vector<Change> changes = (*result)->changes;
    const auto hold = [&](std::string complaint) {
        if (out.broken.empty()) out.broken = std::move(complaint);
    };
    hold(check_undo(before, state, changes, digest));
    hold(check_whole(before, state, event));
    hold(check_flows(before, state, event, out.effects));
    hold(check_legs(state));
    hold(check_accounts(before, state, event));
    hold(check_rules(before, state, event, out.effects));
    hold(check_guard(before, state, event));
    return out;
}

}  // namespace breakwater::given
