// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/io/native_lines.hpp"

#include <array>

#include "breakwater/io/decimal.hpp"
#include "breakwater/io/event_lines.hpp"

namespace breakwater {
namespace {

/// The fields that several events and effects have, by their names in the records.
struct Fields {
    const Book& book;
    JsonLine& line;

    void account(const char* key, AccountId id) const { line.text(key, account_text(book, id)); }
    void asset(AssetId id) const { line.text("asset", book.assets[index(id)].symbol); }
    template <class Kind>
    void number(const char* key, Quantity<Kind> q) const {
        line.text(key, format_integer(q.raw));
    }

    template <class E>
    void who(const E& e) const {
        if constexpr (requires { e.account; }) account("account", e.account);
        if constexpr (requires { e.borrower; }) account("borrower", e.borrower);
        if constexpr (requires { e.from; }) account("from", e.from);
        if constexpr (requires { e.to; }) account("to", e.to);
        if constexpr (requires { e.asset; }) asset(e.asset);
    }
    template <class E>
    void how_much(const E& e) const {
        if constexpr (requires { e.amount.raw; }) number("amount", e.amount);
        if constexpr (requires { e.amount.kind; }) line.text("amount", size_text(e.amount));
        if constexpr (requires { e.assets; }) number("assets", e.assets);
        if constexpr (requires { e.shares; }) number("shares", e.shares);
        if constexpr (requires { e.seized; }) number("seized", e.seized);
        if constexpr (requires { e.repaid; }) number("repaid_shares", e.repaid);
        if constexpr (requires { e.bad_debt; }) number("bad_debt_shares", e.bad_debt);
        if constexpr (requires { e.base_amount; }) number("base_amount", e.base_amount);
        if constexpr (requires { e.collateral_min; }) number("collateral_min", e.collateral_min);
        if constexpr (requires { e.collateral_amount; })
            number("collateral_amount", e.collateral_amount);
        if constexpr (requires { e.paid_out; }) number("paid_out", e.paid_out);
        if constexpr (requires { e.value; }) number("value", e.value);
        if constexpr (requires { e.rate; }) number("rate", e.rate);
        if constexpr (requires { e.interest; }) number("interest", e.interest);
        if constexpr (requires { e.fee_shares; }) number("fee_shares", e.fee_shares);
    }
    template <class E>
    void rest(const E& e) const {
        if constexpr (requires { e.price; }) line.text("price", format_integer(e.price));
        if constexpr (requires { e.fee; }) line.text("fee", std::to_string(e.fee));
        if constexpr (requires { e.side; })
            line.text("side", e.side == Side::debt ? "debt" : "supply");
        if constexpr (requires { e.minted; }) line.flag("minted", e.minted);
        if constexpr (requires { e.paused; }) line.integer("paused", e.paused);
        if constexpr (requires { e.supply_index; })
            line.text("supply_index", std::to_string(e.supply_index));
        if constexpr (requires { e.borrow_index; })
            line.text("borrow_index", std::to_string(e.borrow_index));
        if constexpr (requires { e.accounts; }) {
            std::string list = "[";
            for (const AccountId id : e.accounts)
                list += (list.size() == 1 ? "" : ",") + json_quoted(account_text(book, id));
            line.raw("accounts", list + "]");
        }
    }
};

template <class Variant>
void add_fields(const Book& book, JsonLine& line, const Variant& any) {
    const Fields fields{.book = book, .line = line};
    std::visit(
        [&fields](const auto& e) {
            fields.who(e);
            fields.how_much(e);
            fields.rest(e);
        },
        any);
}

// In the order of the variants.
constexpr std::array morpho_actions{"morpho_blue.supply",
                                    "morpho_blue.withdraw",
                                    "morpho_blue.borrow",
                                    "morpho_blue.repay",
                                    "morpho_blue.supply_collateral",
                                    "morpho_blue.withdraw_collateral",
                                    "morpho_blue.liquidate",
                                    "morpho_blue.accrue",
                                    "morpho_blue.report_price",
                                    "morpho_blue.set_fee"};
constexpr std::array compound_actions{"compound_v3.supply",         "compound_v3.withdraw",
                                      "compound_v3.transfer",       "compound_v3.absorb",
                                      "compound_v3.buy_collateral", "compound_v3.withdraw_reserves",
                                      "compound_v3.accrue",         "compound_v3.pause"};
constexpr std::array morpho_effects{"morpho_blue.accrued", "morpho_blue.shares_moved",
                                    "morpho_blue.debt_burned"};
constexpr std::array compound_effects{
    "compound_v3.accrued",       "compound_v3.transferred",       "compound_v3.collateral_absorbed",
    "compound_v3.debt_absorbed", "compound_v3.collateral_bought", "compound_v3.reserves_withdrawn"};
static_assert(morpho_actions.size() == std::variant_size_v<morpho_blue::Action>);
static_assert(compound_actions.size() == std::variant_size_v<compound_v3::Action>);
static_assert(morpho_effects.size() == std::variant_size_v<morpho_blue::Effect>);
static_assert(compound_effects.size() == std::variant_size_v<compound_v3::Effect>);

}  // namespace

std::string_view native_name(const morpho_blue::Action& action) {
    return morpho_actions[action.index()];
}
std::string_view native_name(const compound_v3::Action& action) {
    return compound_actions[action.index()];
}
std::string_view native_name(const morpho_blue::Effect& effect) {
    return morpho_effects[effect.index()];
}
std::string_view native_name(const compound_v3::Effect& effect) {
    return compound_effects[effect.index()];
}

void add_native(const Book& book, JsonLine& line, const morpho_blue::Action& action) {
    add_fields(book, line, action);
}
void add_native(const Book& book, JsonLine& line, const compound_v3::Action& action) {
    add_fields(book, line, action);
}
void add_native(const Book& book, JsonLine& line, const morpho_blue::Effect& effect) {
    add_fields(book, line, effect);
}
void add_native(const Book& book, JsonLine& line, const compound_v3::Effect& effect) {
    add_fields(book, line, effect);
}

}  // namespace breakwater
