// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/core/engine.hpp"

#include <cstdio>
#include <cstring>

#include "breakwater/core/digest.hpp"
#include "breakwater/core/each_number.hpp"
#include "breakwater/core/invariants.hpp"
#include "breakwater/core/rulebooks/aave_v3.hpp"
#include "breakwater/core/rulebooks/aave_v3_guard.hpp"
#include "breakwater/core/rulebooks/aave_v3_umbrella.hpp"
#include "breakwater/core/rulebooks/breakwater_liquidation.hpp"
#include "breakwater/core/rulebooks/compound_v3.hpp"
#include "breakwater/core/rulebooks/compound_v3_invariants.hpp"
#include "breakwater/core/rulebooks/maker.hpp"
#include "breakwater/core/rulebooks/maker_invariants.hpp"
#include "breakwater/core/rulebooks/morpho_blue.hpp"
#include "breakwater/core/rulebooks/morpho_blue_invariants.hpp"
#include "breakwater/core/rulebooks/venue.hpp"
#include "breakwater/core/rulebooks/venue_invariants.hpp"
#include "breakwater/core/sourced_feeds.hpp"

namespace breakwater {
namespace {

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
    Status operator()(const ReportSources& e) const {
        for (const SourceReport& r : e.reports)
            if (index(r.asset) >= state_.feeds.size()) return refuse(Error::asset_unknown);
        return {};
    }
    Status operator()(const SetFeed& e) const { return is_priced(e.asset); }
    Status operator()(const DirectFeed& e) const { return is_priced(e.asset); }
    Status operator()(const SetGuard&) const { return {}; }
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
    Status is_priced(AssetId asset) const {
        return index(asset) < state_.feeds.size() ? Status{} : refuse(Error::asset_unknown);
    }
    const State& state_;
    const aave_v3::Market& market_;
};

/// What is for all markets of a state.
template <class Action>
concept FeedAction = std::is_same_v<Action, ReportPrices> || std::is_same_v<Action, ReportSources> ||
                     std::is_same_v<Action, SetFeed> || std::is_same_v<Action, DirectFeed>;

bool is_for_all_markets(const Action& action) {
    return std::visit([]<class A>(const A&) { return FeedAction<A>; }, action);
}

/// Hands the event to the feeds or to the rulebook of its market.
struct Work {
    Draft& draft;
    aave_v3::GrownIndices& grown;
    const GuardRow* guard;  ///< nullptr: none

    Status operator()(const ReportPrices& e) const {
        for (std::uint32_t a = 0; a < e.prices.size(); ++a) {
            if (e.prices[a].is_zero()) continue;  // no report for this asset
            const AssetId asset{static_cast<std::uint8_t>(a)};
            if (draft.state().has_sources(asset)) return refuse(Error::asset_has_sources);
            FeedRow& row = draft.feed(asset);
            const auto next = accept_report(row, e.prices[a], draft.now());
            if (!next) return refuse(next.error());
            row = *next;
            draft.emit(PriceReported{.asset = asset, .price = e.prices[a]});
        }
        return {};
    }
    Status operator()(const Supply& e) const { return aave_v3::supply(draft, grown, e); }
    Status operator()(const Withdraw& e) const {
        const Status done = aave_v3::withdraw(draft, grown, e);
        return done && was_collateral(e.account, e.asset) ? opened(done, e.account) : done;
    }
    Status operator()(const Borrow& e) const {
        return opened(aave_v3::borrow(draft, grown, e), e.account, true);
    }
    Status operator()(const Repay& e) const { return aave_v3::repay(draft, grown, e); }
    Status operator()(const SetCollateral& e) const {
        const Status done = aave_v3::set_collateral(draft, grown, e);
        return e.enabled ? done : opened(done, e.account);
    }
    Status operator()(const SetEMode& e) const { return opened(aave_v3::set_emode(draft, grown, e), e.account); }
    Status operator()(const MintToTreasury& e) const { return aave_v3::mint_to_treasury(draft, grown, e); }
    Status operator()(const Liquidate& e) const {
        if (guard != nullptr)
            if (const Status s = aave_v3::guard_liquidation(draft, grown, e.borrower); !s) return s;
        return draft.market().house ? house::liquidate(draft, grown, e) : aave_v3::liquidate(draft, grown, e);
    }
    Status operator()(const EliminateDeficit& e) const { return aave_v3::eliminate_deficit(draft, grown, e); }
    Status operator()(const CoverDeficit& e) const { return aave_v3::cover_deficit(draft, grown, e); }
    Status operator()(const SlashStake& e) const { return aave_v3::slash_stake(draft, grown, e); }
    Status operator()(const SetParameters& e) const {
        const Change change(NoticeOf::parameters, index(e.asset), e.parameters);
        if (e.notice == Notice::announced) return announce(change);
        return changed(aave_v3::set_parameters(draft, grown, e), change, e.notice);
    }
    Status operator()(const SetEModeParameters& e) const {
        const Change change(NoticeOf::emode, e.emode, e.parameters);
        if (e.notice == Notice::announced) return announce(change);
        return changed(aave_v3::set_emode_parameters(draft, e), change, e.notice);
    }
    Status operator()(const ReportSources& e) const { return report_sources(draft, e); }
    Status operator()(const SetFeed& e) const {
        Change change(NoticeOf::feed, index(e.asset), e.wiring);
        for (const feeds::Source& s : e.sources) change.absorb(s);
        if (e.notice == Notice::announced) return announce(change);
        return changed(set_feed(draft, e), change, e.notice);
    }
    Status operator()(const DirectFeed& e) const { return direct_feed(draft, e); }
    Status operator()(const SetGuard& e) const { return set_guard(draft, e); }
    template <NativeAction E>
    Status operator()(const E&) const { return refuse(Error::market_of_another_kind); }

 private:
    /// A change by what it says; its notice must say the same.
    class Change {
     public:
        template <class Row>
        Change(NoticeOf what, std::uint32_t id, const Row& row) : what_(what), id_(id) { absorb(row); }
        template <class Row>
        void absorb(const Row& row) {
            std::array<uint128, sizeof(Row) / sizeof(uint128)> words{};
            static_assert(sizeof words == sizeof row);
            std::memcpy(words.data(), &row, sizeof row);
            for (const uint128 w : words) digest_.absorb(w);
        }
        [[nodiscard]] std::uint32_t row(MarketId market) const {
            return notice_row(what_ == NoticeOf::feed ? std::uint8_t{0} : index(market), what_, id_);
        }
        [[nodiscard]] uint128 fingerprint() const { return digest_.value(); }

     private:
        Digest digest_;
        NoticeOf what_;
        std::uint32_t id_;
    };

    Status opened(const Status& done, AccountId account, bool is_borrowing = false) const {
        if (!done || guard == nullptr) return done;
        return aave_v3::guard_opening(draft, grown, account, is_borrowing);
    }
    [[nodiscard]] bool was_collateral(AccountId account, AssetId asset) const {
        for (const aave_v3::Leg& leg : draft.market().legs_of(account))
            if (leg.asset() == asset) return leg.is_collateral();
        return false;
    }
    Status announce(const Change& change) const {
        const std::uint32_t row = change.row(draft.market_id());
        draft.change_notice(row) = {.fingerprint = change.fingerprint(), .announced_at = seconds(draft.now())};
        draft.emit(NoticeGiven{.row = row, .fingerprint = change.fingerprint()});
        return {};
    }
    /// FEEDS-037: a change that was worked out is looked at by every market under guard.
    Status changed(const Status& done, const Change& change, Notice notice) const {
        if (!done) return done;
        const Status looked = looked_at();
        if (looked || notice != Notice::forced) return looked;
        const std::uint32_t row = change.row(draft.market_id());
        NoticeRow& given = draft.change_notice(row);
        const std::uint64_t due = given.announced_at + notice_seconds();
        if (given.fingerprint != change.fingerprint() || seconds(draft.now()) < due)
            return refuse(Error::notice_missing);
        given = {};
        return {};
    }
    [[nodiscard]] std::uint64_t notice_seconds() const {
        std::uint64_t out = 0;
        for (const GuardRow& g : draft.state().guards)
            if (g.is_on != 0) out = std::max(out, g.notice_seconds);
        return out;
    }
    [[nodiscard]] Status looked_at() const {
#if BREAKWATER_MUTANT_FEEDS_037
        return {};
#endif
        const State& state = draft.state();
        for (const std::uint8_t m : each_number<std::uint8_t>(state.markets.size())) {
            const GuardRow* row = state.guard(MarketId{m});
            if (row == nullptr) continue;
            for (const auto& e : draft.touched_feeds().entries()) {
                const std::uint64_t before = state.feeds[e.row].point;
                if (feeds::distance(before, e.copy.point) > feeds::share_up(before, row->valuation_move_max))
                    return refuse(Error::change_moves_valuation);
            }
            const auto* market = std::get_if<aave_v3::Market>(&state.markets[m]);
            if (market == nullptr) continue;
            if (const Status s = aave_v3::makes_nobody_liquidatable(draft, *market); !s) return s;
        }
        return {};
    }
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
        if (!is_for_all_markets(event.action)) return std::visit(native, event.action);
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
    const auto* liquidation = std::get_if<Liquidate>(&event.action);
    if (liquidation != nullptr && draft_.market().house)
        if (const auto violation = house::check_liquidation(draft_, grown_, *liquidation)) stop(*violation);
    draft_.finish();
    return &transition_;
}

Status Planner::work_out(const Event& event) {
    const Status done = std::visit(Work{.draft = draft_, .grown = grown_, .guard = draft_.state().guard(event.market)},
                                   event.action);
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
