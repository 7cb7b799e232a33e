// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors

/// Maker cases: the contracts' raw storage in, the engine's state beside it. Source: docs/rules.md, MAKER-001 to
/// MAKER-024.

#include "breakwater/core/digest.hpp"
#include "breakwater/core/invariants.hpp"
#include "cases.hpp"
#include "maker_case.hpp"

namespace breakwater::conformance {
namespace {

using nlohmann::json;

const std::vector<Reason> reasons{
    {"Dog/not-unsafe", {Error::health_factor_not_below_one}},
    {"Dog/liquidation-limit-hit", {Error::liquidation_limit_hit}},
    {"Dog/dusty-auction-from-partial-liquidation", {Error::auction_dusty}},
    {"Dog/null-auction", {Error::auction_empty}},
    {"Clipper/zero-tab", {Error::auction_empty}},
    {"Clipper/zero-lot", {Error::auction_empty}},
    {"Clipper/zero-top-price", {Error::price_missing}},
    {"Clipper/stopped-incorrect", {Error::auctions_stopped}},
    {"Clipper/not-running-auction", {Error::auction_not_running}},
    {"Clipper/needs-reset", {Error::auction_needs_reset}},
    {"Clipper/cannot-reset", {Error::auction_still_runs}},
    {"Clipper/too-expensive", {Error::slippage_exceeded}},
    {"Clipper/no-partial-purchase", {Error::partial_purchase_refused}},
    {"Vow/wait-not-finished", {Error::wait_not_finished}},
    {"Vow/insufficient-surplus", {Error::surplus_insufficient}},
    {"Vow/insufficient-debt", {Error::unqueued_debt_insufficient}},
    {"", {Error::balance_insufficient, Error::amount_overflow}},  // a bare require
};

/// All of what the rulebook does, and its undoing: the digest must lead back.
bool undo_leads_back(MakerCase& c, const std::string& before, const std::vector<Change>& changes) {
    State scratch = c.state;
    undo(scratch, changes);
    return digest_of(scratch) == before;
}

Differences step(MakerCase& c, const json& s) {
    Differences out;
    const auto at = static_cast<std::uint64_t>(number(s.at("timestamp")));
    const auto event = [&](const maker::Action& action) {
        return Event{.time = Time{at}, .market = {}, .action = action};
    };
    if (const auto poked = apply(c.state, event(MakerCase::poke_of(s)), c.planner); !poked)
        out.add("poke refused: " + std::string(name(poked.error())));
    const std::string before = digest_of(c.state);
    const auto done = apply(c.state, event(c.action_of(s)), c.planner);
    const std::string revert = s.value("revert", "");
    if (s.at("ok").get<bool>()) {
        if (!done)
            out.add("refused: " + std::string(name(done.error())));
        else if (!undo_leads_back(c, before, (*done)->changes))
            out.add("undo does not lead back");
    } else if (done) {
        out.add("expected refusal " + revert + ", was applied");
    } else {
        if (!matches(reasons, revert, done.error()))
            out.add("expected refusal " + revert + ", got " + std::string(name(done.error())));
        if (digest_of(c.state) != before) out.add("a refused event changed the state");
    }
    c.compare(out, s.at("post"), at);
    if (const auto v = check_state(c.state)) out.add("invariant " + std::string(v->rule));
    return out;
}

}  // namespace

Wrong maker_case(const json& c) {
    MakerCase book(c);
    if (const auto v = check_state(book.state))
        return {"at the start: invariant " + std::string(v->rule)};
    return each_step(c.at("steps"), [&](const json& s) { return step(book, s).lines(); });
}

}  // namespace breakwater::conformance
