// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <array>
#include <string_view>
#include <variant>

#include "breakwater/core/rulebooks/venue_event.hpp"

/// The names of a venue's events, and the fields of each in the order in which a line tells them:
/// one list for who writes and who reads. Source: docs/formats.md, "Events".
namespace breakwater {

/// In the order of the variant.
inline constexpr std::array<std::string_view, 21> venue_actions{"venue.deposit",
                                                                "venue.withdraw",
                                                                "venue.transfer",
                                                                "venue.set_account",
                                                                "venue.trade",
                                                                "venue.publish_marks",
                                                                "venue.pay_funding",
                                                                "venue.settle_expiry",
                                                                "venue.settle",
                                                                "venue.set_borrow_rate",
                                                                "venue.publish_margin",
                                                                "venue.publish_risk_array",
                                                                "venue.publish_collateral_moves",
                                                                "venue.flag",
                                                                "venue.liquidate",
                                                                "venue.buy_collateral",
                                                                "venue.hedge",
                                                                "venue.take_over",
                                                                "venue.resolve",
                                                                "venue.cover_loss",
                                                                "venue.set_orders"};
static_assert(venue_actions.size() == std::variant_size_v<venue::Action>);

/// f(key, field) for each field that the event has. An asset comes before the amount of it.
template <class E, class F>
void for_each_actor(E& e, F&& f) {
    if constexpr (requires { e.account; }) f("account", e.account);
    if constexpr (requires { e.liquidator; }) f("liquidator", e.liquidator);
    if constexpr (requires { e.taker; }) f("taker", e.taker);
    if constexpr (requires { e.from; }) f("from", e.from);
    if constexpr (requires { e.to; }) f("to", e.to);
    if constexpr (requires { e.buyer; }) f("buyer", e.buyer);
    if constexpr (requires { e.seller; }) f("seller", e.seller);
    if constexpr (requires { e.parent; }) f.parent("parent", e.parent);
    if constexpr (requires { e.cluster; }) f("cluster", e.cluster);
    if constexpr (requires { e.counterparties; }) f("counterparties", e.counterparties);
}
template <class E, class F>
void for_each_term(E& e, F&& f) {
    if constexpr (requires { e.asset; }) f("asset", e.asset);
    if constexpr (requires { e.debt; }) f("debt", e.debt);
    if constexpr (requires { e.contract; }) f("contract", e.contract);
    if constexpr (requires { e.lots; }) f("lots", e.lots);
    if constexpr (requires { e.bids; }) f("bids", e.bids);
    if constexpr (requires { e.asks; }) f("asks", e.asks);
    if constexpr (requires { e.price; }) f("price", e.price);
    if constexpr (requires { e.amount; }) f("amount", e.amount);
    if constexpr (requires { e.rate; }) f("rate", e.rate);
    if constexpr (requires { e.average; }) f("average", e.average);
    if constexpr (requires { e.marks; }) f("marks", e.marks);
    if constexpr (requires { e.margin; }) f("margin", e.margin);
    if constexpr (requires { e.array; }) f("array", e.array);
}
template <class M, class F>
void for_each_mark_field(M& m, F&& f) {
    f("contract", m.contract);
    f("mark", m.mark);
    f("slow", m.slow);
    f("depth", m.depth);
    f("open_part", m.open_part);
}
/// Without the tiers. Deductions and version are the engine's.
template <class M, class F>
void for_each_margin_field(M& m, F&& f) {
    f("effective", m.effective);
    f("open_interest_lower", m.open_interest_lower);
    f("open_interest_upper", m.open_interest_upper);
    f("size_unit", m.size_unit);
    f("size_slope", m.size_slope);
    f("absorbed", m.absorbed);
    f("impact", m.impact);
    f("stale_add_on", m.stale_add_on);
}
/// Without the values.
template <class A, class F>
void for_each_array_field(A& a, F&& f) {
    f("grid", a.grid);
    f("version", a.version);
    f("as_of", a.as_of);
    f("expires", a.expires);
    f("delta", a.delta);
    f("short_minimum", a.short_minimum);
    f("expiry", a.expiry);
    f("roll", a.roll);
}

}  // namespace breakwater
