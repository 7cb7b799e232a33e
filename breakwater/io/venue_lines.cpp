// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/io/venue_lines.hpp"

#include <array>
#include <concepts>

#include "breakwater/io/decimal.hpp"
#include "breakwater/io/event_lines.hpp"
#include "breakwater/io/venue_fields.hpp"

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

/// Adds a field to a line; a kind of value is written in one way.
struct VenueAdding {
    const Book& book;
    JsonLine& line;

    void operator()(const char* key, AccountId v) const { line.text(key, account_text(book, v)); }
    void operator()(const char* key, AssetId v) const {
        line.text(key, book.assets[index(v)].symbol);
    }
    void operator()(const char* key, venue::ContractId v) const {
        line.text(key, contract_text(book, v));
    }
    void operator()(const char* key, bool v) const { line.flag(key, v); }
    void operator()(const char* key, std::unsigned_integral auto v) const { line.integer(key, v); }
    void operator()(const char* key, std::int64_t v) const { line.text(key, signed_text(v)); }
    void operator()(const char* key, int128 v) const { line.text(key, signed_text(v)); }
    template <class Kind>
    void operator()(const char* key, Quantity<Kind> v) const {
        line.text(key, format_integer(v.raw));
    }
    void operator()(const char* key, const std::vector<AccountId>& v) const {
        line.raw(key, list_of(v, [&](AccountId a) { return json_quoted(account_text(book, a)); }));
    }
    void operator()(const char* key, const std::vector<venue::MarkOf>& v) const {
        line.raw(key, list_of(v, [&](const venue::MarkOf& m) {
                     JsonLine one;
                     for_each_mark_field(m, VenueAdding{.book = book, .line = one});
                     return one.finish();
                 }));
    }
    void operator()(const char* key, const venue::MarginTerms& m) const {
        std::size_t used = 0;
        while (used < venue::tiers_max && m.tiers[used].maintenance != 0)
            ++used;
        JsonLine one;
        one.raw("tiers", list_of(std::span(m.tiers).first(used), [&](const venue::Tier& t) {
                    JsonLine tier;
                    tier.text("lower", format_integer(t.lower));
                    tier.integer("initial", t.initial).integer("maintenance", t.maintenance);
                    return tier.finish();
                }));
        for_each_margin_field(m, VenueAdding{.book = book, .line = one});
        line.raw(key, one.finish());
    }
    void operator()(const char* key, const venue::RiskArray& a) const {
        JsonLine one;
        for_each_array_field(a, VenueAdding{.book = book, .line = one});
        const std::span values(a.values);
        one.raw("values", list_of(values.first(a.count),
                                  [](std::int64_t v) { return json_quoted(signed_text(v)); }));
        line.raw(key, one.finish());
    }
    /// The account that an isolated one belongs to; empty: none.
    void parent(const char* key, std::uint32_t row) const {
        line.text(key, row == 0 ? "" : account_text(book, AccountId{row - 1}));
    }

    template <class E>
    void outcome(const E& e) const {
        const VenueAdding& add = *this;
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
};

template <class E>
void add_venue_fields(const Book& book, JsonLine& line, const E& e) {
    const VenueAdding add{.book = book, .line = line};
    for_each_actor(e, add);
    for_each_term(e, add);
    add.outcome(e);
}

// In the order of the variant.
constexpr std::array venue_effects{"venue.cash_moved",  "venue.filled",    "venue.funding_paid",
                             "venue.expired",     "venue.flagged",   "venue.position_taken",
                             "venue.deleveraged", "venue.gains_cut", "venue.fund_paid",
                             "venue.orders_set"};
static_assert(venue_effects.size() == std::variant_size_v<venue::Effect>);

}  // namespace

std::string contract_text(const Book& book, venue::ContractId contract) {
    const std::uint16_t k = venue::index(contract);
    return k < book.contract_names.size() ? book.contract_names[k] : "#" + std::to_string(k);
}

std::string_view native_name(const venue::Action& action) {
    return venue_actions[action.index()];
}
std::string_view native_name(const venue::Effect& effect) {
    return venue_effects[effect.index()];
}

void add_native(const Book& book, JsonLine& line, const venue::Action& action) {
    std::visit([&](const auto& e) { add_venue_fields(book, line, e); }, action);
}
void add_native(const Book& book, JsonLine& line, const venue::Effect& effect) {
    std::visit([&](const auto& e) { add_venue_fields(book, line, e); }, effect);
}

}  // namespace breakwater
