// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include "chance.hpp"
#include "shadow.hpp"

/// Small native markets and random events for them, and what must hold at every one of them. Used by the tests and by
/// the driver of the mutants.
namespace breakwater::given {

namespace morpho {
inline constexpr AssetId loan{0};
inline constexpr AssetId collateral{1};
inline constexpr AccountId lender{0};
inline constexpr AccountId borrower{1};
inline constexpr AccountId other{2};
inline constexpr AccountId fee_recipient{3};
}  // namespace morpho

namespace comet {
inline constexpr AssetId usdc{0};  ///< the base: 6 decimals, 1 USD
inline constexpr AssetId weth{1};  ///< 18 decimals, 2,000 USD, factors 80, 85 and 95 %
inline constexpr AssetId wbtc{2};  ///< 8 decimals, 30,000 USD, factors 70, 75 and 90 %
inline constexpr AccountId lender{0};
inline constexpr AccountId borrower{1};
inline constexpr AccountId other{2};
}  // namespace comet

/// LLTV 80 %, fee 10 %, one loan atom per atom of collateral, four accounts, nothing in it.
State morpho_book(morpho_blue::RateModel model = morpho_blue::RateModel::none);

/// Two kinds of collateral; a tenth of a percent per day at full use for suppliers, two for borrowers; a target of
/// 5,000 USD for the reserves; nothing in it.
State comet_book();

/// One event. Looks whether a refusal changes nothing, undo leads back and forth, and every invariant holds.
Outcome apply_native(State& state, Planner& planner, const Event& event);

/// The effects of one kind, of a market of `Native` or of all markets, in their order.
template <class Native, class E>
std::vector<E> told_by(const std::vector<Effect>& effects) {
    std::vector<E> out;
    for (const Effect& any : effects) {
        if (const auto* native = std::get_if<Native>(&any)) {
            std::visit(
                [&]<class X>(const X& e) {
                    if constexpr (std::is_same_v<X, E>) out.push_back(e);
                },
                *native);
        } else {
            std::visit(
                [&]<class X>(const X& e) {
                    if constexpr (std::is_same_v<X, E>) out.push_back(e);
                },
                any);
        }
    }
    return out;
}

// Events that are about this state; about half of them are refused.
Event random_morpho_event(const State& state, Chance& chance);
Event random_comet_event(const State& state, Chance& chance);

}  // namespace breakwater::given
