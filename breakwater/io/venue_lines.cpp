// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/io/venue_lines.hpp"

#include <array>
#include <concepts>

#include "breakwater/io/decimal.hpp"
#include "breakwater/io/event_lines.hpp"

namespace breakwater {
namespace {

std::string signed_text(int128 v) {
    return v < 0 ? "-" + format_integer(~static_cast<uint128>(v) + 1)
                 : format_integer(static_cast<uint128>(v));
}

template <class Range, class Text>
std::string list_of(const Range& range, Text text) {
    std::string list = "[";
    for (const auto& item : range)
        list += (list.size() == 1 ? "" : ",") + text(item);
    return list + "]";
}

/// The fields of events and effects, by their names in the records; a kind of value is written in
/// one way.
struct Adding {
    const Book& book;  // NOLINT(*-avoid-const-or-ref-data-members)
    JsonLine& line;    // NOLINT(*-avoid-const-or-ref-data-members)

    void add(const char* key, AccountId v) const { line.text(key, account_text(book, v)); }
    void add(const char* key, AssetId v) const { line.text(key, book.assets[index(v)].symbol); }
    void add(const char* key, venue::ContractId v) const { line.integer(key, index(v)); }
    void add(const char* key, bool v) const { line.flag(key, v); }
    void add(const char* key, std::unsigned_integral auto v) const { line.integer(key, v); }
    void add(const char* key, std::int64_t v) const { line.text(key, signed_text(v)); }
    void add(const char* key, int128 v) const { line.text(key, signed_text(v)); }
    template <class Kind>
    void add(const char* key, Quantity<Kind> v) const {
        line.text(key, format_integer(v.raw));
    }
    void add(const char* key, const std::vector<AccountId>& v) const {
        line.raw(key, list_of(v, [&](AccountId a) { return json_quoted(account_text(book, a)); }));
    }
    void add(const char* key, const std::vector<venue::MarkOf>& v) const {
        line.raw(key, list_of(v, [&](const venue::MarkOf& m) {
                     JsonLine one;
                     const Adding in{.book = book, .line = one};
                     in.add("contract", m.contract);
                     in.add("mark", m.mark);
                     in.add("slow", m.slow);
                     in.add("depth", m.depth);
                     in.add("open_part", m.open_part);
                     return one.finish();
                 }));
    }
    void add(const char* key, const venue::MarginTerms& m) const {
        JsonLine one;
        const Adding in{.book = book, .line = one};
        one.raw("tiers", list_of(m.tiers, [&](const venue::Tier& t) {
                    JsonLine tier;
                    tier.text("lower", format_integer(t.lower));
                    tier.integer("initial", t.initial).integer("maintenance", t.maintenance);
                    return tier.finish();
                }));
        in.add("effective", m.effective);
        in.add("open_interest_lower", m.open_interest_lower);
        in.add("open_interest_upper", m.open_interest_upper);
        in.add("size_unit", m.size_unit);
        in.add("size_slope", m.size_slope);
        in.add("absorbed", m.absorbed);
        in.add("impact", m.impact);
        in.add("stale_add_on", m.stale_add_on);
        line.raw(key, one.finish());
    }
    void add(const char* key, const venue::RiskArray& a) const {
        JsonLine one;
        const Adding in{.book = book, .line = one};
        in.add("grid", a.grid);
        in.add("version", a.version);
        in.add("as_of", a.as_of);
        in.add("expires", a.expires);
        in.add("delta", a.delta);
        in.add("short_minimum", a.short_minimum);
        in.add("expiry", a.expiry);
        in.add("roll", a.roll);
        const std::span values(a.values);
        one.raw("values", list_of(values.first(a.count),
                                  [](std::int64_t v) { return json_quoted(signed_text(v)); }));
        line.raw(key, one.finish());
    }

    template <class E>
    void who(const E& e) const {
        if constexpr (requires { e.account; }) add("account", e.account);
        if constexpr (requires { e.liquidator; }) add("liquidator", e.liquidator);
        if constexpr (requires { e.taker; }) add("taker", e.taker);
        if constexpr (requires { e.from; }) add("from", e.from);
        if constexpr (requires { e.to; }) add("to", e.to);
        if constexpr (requires { e.buyer; }) add("buyer", e.buyer);
        if constexpr (requires { e.seller; }) add("seller", e.seller);
        if constexpr (requires { e.parent; }) add("parent", e.parent);
        if constexpr (requires { e.cluster; }) add("cluster", e.cluster);
        if constexpr (requires { e.counterparties; }) add("counterparties", e.counterparties);
    }
    template <class E>
    void what(const E& e) const {
        if constexpr (requires { e.asset; }) add("asset", e.asset);
        if constexpr (requires { e.debt; }) add("debt", e.debt);
        if constexpr (requires { e.contract; }) add("contract", e.contract);
        if constexpr (requires { e.lots; }) add("lots", e.lots);
        if constexpr (requires { e.price; }) add("price", e.price);
        if constexpr (requires { e.amount; }) add("amount", e.amount);
        if constexpr (requires { e.rate; }) add("rate", e.rate);
        if constexpr (requires { e.average; }) add("average", e.average);
        if constexpr (requires { e.marks; }) add("marks", e.marks);
        if constexpr (requires { e.margin; }) add("margin", e.margin);
        if constexpr (requires { e.array; }) add("array", e.array);
    }
    template <class E>
    void outcome(const E& e) const {
        if constexpr (requires { e.in; }) add("in", e.in);
        if constexpr (requires { e.realised; }) add("realised", e.realised);
        if constexpr (requires { e.per_lot; }) add("per_lot", e.per_lot);
        if constexpr (requires { e.value; }) add("value", e.value);
        if constexpr (requires { e.in_liquidation; }) add("in_liquidation", e.in_liquidation);
        if constexpr (requires { e.negative; }) add("negative", e.negative);
        if constexpr (requires { e.discount; }) add("discount", e.discount);
        if constexpr (requires { e.fee; }) add("fee", e.fee);
        if constexpr (requires { e.haircut; }) add("haircut", e.haircut);
        if constexpr (requires { e.loss; }) add("loss", e.loss);
    }
    template <class E>
    void operator()(const E& e) const {
        who(e);
        what(e);
        outcome(e);
    }
};

// In the order of the variants.
constexpr std::array actions{"venue.deposit",
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
                             "venue.cover_loss"};
constexpr std::array effects{"venue.cash_moved",  "venue.filled",    "venue.funding_paid",
                             "venue.expired",     "venue.flagged",   "venue.position_taken",
                             "venue.deleveraged", "venue.gains_cut", "venue.fund_paid"};
static_assert(actions.size() == std::variant_size_v<venue::Action>);
static_assert(effects.size() == std::variant_size_v<venue::Effect>);

}  // namespace

std::string_view native_name(const venue::Action& action) {
    return actions[action.index()];
}
std::string_view native_name(const venue::Effect& effect) {
    return effects[effect.index()];
}

void add_native(const Book& book, JsonLine& line, const venue::Action& action) {
    std::visit(Adding{.book = book, .line = line}, action);
}
void add_native(const Book& book, JsonLine& line, const venue::Effect& effect) {
    std::visit(Adding{.book = book, .line = line}, effect);
}

}  // namespace breakwater
