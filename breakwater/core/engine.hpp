// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <tuple>

#include "breakwater/core/desk.hpp"
#include "breakwater/core/draft.hpp"
#include "breakwater/core/rulebooks/aave_v3_accounts.hpp"

/// The flow on one screen: feeds → book → margin → liquidation → waterfall → controls, as a plan and its execution.
/// Source: docs/architecture.md; docs/rules.md, ENGINE-001 to ENGINE-006.
namespace breakwater {

/// One desk for each kind of native market.
using NativeDesks = std::tuple<Desk<morpho_blue::Market>,
                               Desk<compound_v3::Market>,
                               Desk<maker::Market>,
                               Desk<venue::Market>>;

/// Plans events against a state that it only reads. Keeps its desk between events; one per thread.
class Planner {
 public:
    /// The complete dry run: every refusal happens here and keeps nothing. The transition stays valid until the next
    /// plan. `state` must not change between `plan` and `execute`.
    /// Source: ENGINE-001, ENGINE-002, ENGINE-003.
    Result<const Transition*> plan(const State& state, const Event& event);

    aave_v3::GrownIndices& grown() { return grown_; }

 private:
    Status work_out(const Event& event);
    template <class NativeMarket, class Action>
    Result<const Transition*> plan_native(const State& state, const Event& event, const Action& action);

    Draft draft_;
    NativeDesks desks_;
    Transition transition_;
    aave_v3::GrownIndices grown_;
};

/// plan, then execute. The effects stay valid until the planner's next use.
Result<const Transition*> apply(State& state, const Event& event, Planner& planner);

}  // namespace breakwater
