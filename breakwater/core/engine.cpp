// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/core/engine.hpp"

#include <cstdio>

#include "breakwater/core/invariants.hpp"
#include "breakwater/core/rulebooks/aave_v3.hpp"
#include "breakwater/core/rulebooks/compound_v3.hpp"
#include "breakwater/core/rulebooks/compound_v3_invariants.hpp"
#include "breakwater/core/rulebooks/maker.hpp"
#include "breakwater/core/rulebooks/maker_invariants.hpp"
#include "breakwater/core/rulebooks/morpho_blue.hpp"
#include "breakwater/core/rulebooks/morpho_blue_invariants.hpp"
#include "breakwater/core/rulebooks/venue.hpp"
#include "breakwater/core/rulebooks/venue_invariants.hpp"

namespace breakwater {
namespace {

Status refuse(Error error) { return std::unexpected(error); }

/// Whose market the actions of a native protocol are for; one line each.
template <class Action>
struct MarketOf {};
template <>
struct MarketOf<morpho_blue::Action> { using Type = morpho_blue::Market; };
template <>
struct MarketOf<compound_v3::Action> { using Type = compound_v3::Market; };
template <>
struct MarketOf<maker::Action> { using Type = maker::Market; };
template <>
struct MarketOf<venue::Action> { using Type = venue::Market; };

template <class Action>
concept NativeAction = requires { typename MarketOf<Action>::Type; };

/// ENGINE-002: an event names things that exist.
class Names {
 public:
    explicit Names(const State& state, const aave_v3::Market& market) : state_(state), market_(market) {}

    Status operator()(const ReportPrices& e) const {
        return e.prices.size() == state_.feeds.size() ? Status{} : refuse(Error::price_report_wrong_length);
    }
    Status operator()(const Liquidate& e) const {
        if (!market_.has(e.collateral) || !market_.has(e.debt)) return refuse(Error::asset_unknown);
        if (!market_.has(e.borrower)) return refuse(Error::account_unknown);
        const bool liquidator_known = market_.has(e.liquidator) || (e.liquidator == outside && !e.receive_supply);
        return liquidator_known ? Status{} : refuse(Error::account_unknown);
    }
    Status operator()(const SetEMode& e) const {
        return market_.has(e.account) ? Status{} : refuse(Error::account_unknown);
    }
    Status operator()(const SetEModeParameters&) const { return {}; }
    template <NativeAction E>
    Status operator()(const E&) const { return refuse(Error::market_of_another_kind); }
    template <class E>
    Status operator()(const E& e) const {
        if (!market_.has(e.asset)) return refuse(Error::asset_unknown);
        if constexpr (requires { e.account; })
            if (!market_.has(e.account)) return refuse(Error::account_unknown);
        return {};
    }

 private:
    const State& state_;
    const aave_v3::Market& market_;
};

/// Hands the event to the feeds or to the rulebook of its market.
struct Work {
    Draft& draft;
    aave_v3::GrownIndices& grown;

    Status operator()(const ReportPrices& e) const {
        for (std::uint32_t a = 0; a < e.prices.size(); ++a) {
            if (e.prices[a].is_zero()) continue;  // no report for this asset
            const AssetId asset{static_cast<std::uint8_t>(a)};
            FeedRow& row = draft.feed(asset);
            const auto next = accept_report(row, e.prices[a], draft.now());
            if (!next) return refuse(next.error());
            row = *next;
            draft.emit(PriceReported{.asset = asset, .price = e.prices[a]});
        }
        return {};
    }
    Status operator()(const Supply& e) const { return aave_v3::supply(draft, grown, e); }
    Status operator()(const Withdraw& e) const { return aave_v3::withdraw(draft, grown, e); }
    Status operator()(const Borrow& e) const { return aave_v3::borrow(draft, grown, e); }
    Status operator()(const Repay& e) const { return aave_v3::repay(draft, grown, e); }
    Status operator()(const SetCollateral& e) const { return aave_v3::set_collateral(draft, grown, e); }
    Status operator()(const SetEMode& e) const { return aave_v3::set_emode(draft, grown, e); }
    Status operator()(const MintToTreasury& e) const { return aave_v3::mint_to_treasury(draft, grown, e); }
    Status operator()(const Liquidate& e) const { return aave_v3::liquidate(draft, grown, e); }
    Status operator()(const EliminateDeficit& e) const { return aave_v3::eliminate_deficit(draft, grown, e); }
    Status operator()(const CoverDeficit& e) const { return aave_v3::cover_deficit(draft, grown, e); }
    Status operator()(const SetParameters& e) const { return aave_v3::set_parameters(draft, grown, e); }
    Status operator()(const SetEModeParameters& e) const { return aave_v3::set_emode_parameters(draft, e); }
    template <NativeAction E>
    Status operator()(const E&) const { return refuse(Error::market_of_another_kind); }
};

[[noreturn]] void stop(const Violation& violation) {
    std::fprintf(stderr, "breakwater: invariant %.*s is broken at row %u\n", static_cast<int>(violation.rule.size()),
                 violation.rule.data(), violation.row);
    require_failed("every invariant holds", __FILE__, __LINE__);
}

}  // namespace

/// `plan` for a market that names its own tables, with the same beats; the rulebook is found by the desk's market.
template <class NativeMarket, class Action>
Result<const Transition*> Planner::plan_native(const State& state, const Event& event, const Action& action) {
    const auto* market = std::get_if<NativeMarket>(&state.markets[index(event.market)]);
    if (market == nullptr) return std::unexpected(Error::market_of_another_kind);
    Desk<NativeMarket>& desk = std::get<Desk<NativeMarket>>(desks_);
    desk.begin(state, *market, event.time, transition_);
    const Status done = plan_action(desk, action);
    if (desk.math.overflow()) return std::unexpected(Error::amount_overflow);
    if (!done) return std::unexpected(done.error());
    if (const auto violation = check_desk(desk)) stop(*violation);
    desk.finish(event.market);
    return &transition_;
}

Result<const Transition*> Planner::plan(const State& state, const Event& event) {
#if !BREAKWATER_MUTANT_ENGINE_003
    if (event.time < state.now()) return std::unexpected(Error::time_before_state);
#endif
    if (index(event.market) >= state.markets.size()) return std::unexpected(Error::market_unknown);
    if (!std::holds_alternative<aave_v3::Market>(state.markets[index(event.market)])) [[unlikely]] {
        const auto native = [&]<class E>(const E& action) -> Result<const Transition*> {
            if constexpr (NativeAction<E>)
                return plan_native<typename MarketOf<E>::Type>(state, event, action);
            else
                return std::unexpected(Error::market_of_another_kind);
        };
        if (!std::holds_alternative<ReportPrices>(event.action)) return std::visit(native, event.action);
    }
    draft_.begin(state, event, transition_);
    const Names names(state, draft_.market());
    if (const Status known = std::visit(names, event.action); !known) return std::unexpected(known.error());

    if (const Status done = work_out(event); !done) {
#if BREAKWATER_MUTANT_ENGINE_001
        draft_.finish();
        execute(const_cast<State&>(state), transition_.changes);  // NOLINT: the planted fault
#endif
        return std::unexpected(done.error());
    }
    if (const auto violation = check_draft(draft_)) stop(*violation);
    draft_.finish();
    return &transition_;
}

Status Planner::work_out(const Event& event) {
    const Status done = std::visit(Work{.draft = draft_, .grown = grown_}, event.action);
    // A number that did not fit makes everything after it meaningless, the refusal included.
    if (draft_.math.overflow()) return refuse(Error::amount_overflow);
    return done;
}

Result<const Transition*> apply(State& state, const Event& event, Planner& planner) {
    const auto transition = planner.plan(state, event);
    if (!transition) return transition;  // nothing has changed
    execute(state, (*transition)->changes);  // only writes cells; cannot fail
    return transition;
}

}  // namespace breakwater
