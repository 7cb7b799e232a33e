// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "compound_v3.hpp"

#include <algorithm>

#include "breakwater/core/require.hpp"

namespace breakwater::reference {
namespace {

const Integer factor_one("1000000000000000000");
const Integer index_one("1000000000000000");

/// Thrown inside an event; the book is put back.
struct Refused {
    Error error;
};
void demand(bool holds, Error error) {
    if (!holds) throw Refused{error};
}

Integer power_of_ten(unsigned n) {
    return boost::multiprecision::pow(Integer(10), n);
}
Integer positive(const Integer& v) {
    return v > 0 ? v : Integer(0);
}
/// "All" of a balance on one side, or what was said.
Integer amount_of(const Size& size, const Integer& all) {
    return size.is_all() ? positive(all) : integer(size.amount.raw);
}

}  // namespace

CometTwin::CometTwin(const State& state) {
    const auto& market = std::get<compound_v3::Market>(state.markets[0]);
    rules_ = market.totals[0];
    kinds_ = market.collaterals;
    book_ = {.supply_index = rules_.supply_index,
             .borrow_index = rules_.borrow_index,
             .supplied = integer(rules_.supplied),
             .borrowed = integer(rules_.borrowed),
             .cash = integer(rules_.cash.raw),
             .updated = rules_.updated,
             .paused = rules_.paused,
             .kinds = {},
             .accounts = {}};
    for (const compound_v3::Collateral& c : kinds_)
        book_.kinds.push_back({integer(c.supplied.raw), integer(c.held.raw)});
    book_.accounts.assign(rules_.accounts, {Integer(0), std::vector<Integer>(kinds_.size())});
    REQUIRE(market.positions.empty() && market.holdings.empty());
}

Integer CometTwin::within(Integer v, unsigned bits) {
    if ((abs(v) >> bits) != 0) too_wide_ = true;
    return v;
}
CometTwin::Account& CometTwin::account(AccountId id) {
    demand(index(id) < book_.accounts.size(), Error::account_unknown);
    return book_.accounts[index(id)];
}
std::size_t CometTwin::kind_of(AssetId asset) const {
    for (std::size_t i = 0; i < kinds_.size(); ++i)
        if (kinds_[i].asset == asset) return i;
    throw Refused{Error::asset_unknown};
}
Integer CometTwin::price(AssetId asset) const {
    const Integer p = feeds_->feeds[index(asset)].point;
    demand(p != 0, Error::price_missing);
    return p;
}

// COMET-001: ⌊principal · index⌋ in magnitude, on both sides.
Integer CometTwin::value_of(const Integer& principal, const Grown& at) {
    return principal * (principal >= 0 ? at.supply : at.borrow) / index_one;
}

// COMET-002.
CometTwin::Grown CometTwin::grown() {
    Grown at{book_.supply_index, book_.borrow_index};
    const Integer elapsed = now_ - book_.updated;
    if (elapsed == 0) return at;
    const Integer supply = book_.supplied * book_.supply_index / index_one;
    const Integer debt = book_.borrowed * book_.borrow_index / index_one;
    const Integer use = supply == 0 ? Integer(0) : debt * factor_one / supply;
    const auto grow = [&](const Integer& index, const compound_v3::Curve& curve) {
        const Integer low = std::min(use, Integer(curve.kink));
        const Integer high = positive(use - curve.kink);
        const Integer rate = within(
            curve.base + curve.slope_low * low / factor_one + curve.slope_high * high / factor_one,
            64);
        return within(index + index * within(rate * elapsed, 128) / factor_one, 64);
    };
    at.supply = grow(at.supply, rules_.supply_curve);
    at.borrow = grow(at.borrow, rules_.borrow_curve);
    return at;
}

void CometTwin::accrue() {
    const Grown at = grown();
    book_.supply_index = at.supply;
    book_.borrow_index = at.borrow;
    book_.updated = std::max(book_.updated, now_);
}

// COMET-009.
Integer CometTwin::reserves() {
    const Grown at = grown();
    return within(book_.cash, 126) - book_.supplied * at.supply / index_one +
           book_.borrowed * at.borrow / index_one;
}

void CometTwin::set_balance(Account& account, const Integer& balance) {
    const Integer principal =
        balance >= 0
            ? Integer(balance * index_one / book_.supply_index)
            : Integer((balance * index_one - (book_.borrow_index - 1)) / book_.borrow_index);
    book_.supplied =
        within(book_.supplied + positive(principal) - positive(account.principal), 104);
    book_.borrowed =
        within(book_.borrowed + positive(-principal) - positive(-account.principal), 104);
    account.principal = within(principal, 103);
}

// COMET-003.
bool CometTwin::stands(const Account& account, std::uint64_t compound_v3::Collateral::*factor) {
    if (account.principal >= 0) return true;
    const Integer debt = -value_of(account.principal, {book_.supply_index, book_.borrow_index});
    const Integer owed = debt * price(rules_.base) / power_of_ten(rules_.base_decimals);
    Integer worth = 0;
    for (std::size_t i = 0; i < kinds_.size() && worth < owed; ++i) {
        if (account.holds[i] == 0) continue;
        const compound_v3::Collateral& c = kinds_[i];
        const Integer value =
            within(account.holds[i] * price(c.asset) / power_of_ten(c.decimals), 128);
        worth = within(worth + within(value * (c.*factor) / factor_one, 128), 128);
    }
    return worth >= owed;
}
void CometTwin::check_borrower(const Account& account, const Integer& balance) {
    if (balance >= 0) return;
    demand(-balance >= integer(rules_.borrow_min.raw), Error::debt_below_minimum);
    demand(stands(account, &compound_v3::Collateral::borrow_factor),
           Error::collateral_insufficient);
}

// COMET-004.
void CometTwin::act(const compound_v3::Supply& e) {
    if (e.asset != rules_.base) (void)kind_of(e.asset);
    Account& a = account(e.account);
    demand((book_.paused & compound_v3::supply) == 0, Error::reserve_paused);
    if (e.asset == rules_.base) {
        accrue();
        const Integer balance = value_of(a.principal, {book_.supply_index, book_.borrow_index});
        const Integer amount = within(amount_of(e.amount, -balance), 126);
        set_balance(a, balance + amount);
        book_.cash = within(book_.cash + amount, 128);
        return;
    }
    demand(!e.amount.is_all(), Error::amount_overflow);
    const std::size_t i = kind_of(e.asset);
    const Integer amount = integer(e.amount.amount.raw);
    book_.kinds[i].supplied = within(book_.kinds[i].supplied + amount, 128);
    book_.kinds[i].held = within(book_.kinds[i].held + amount, 128);
    demand(book_.kinds[i].supplied <= integer(kinds_[i].supply_cap), Error::supply_cap_exceeded);
    a.holds[i] += amount;
}

// COMET-005.
void CometTwin::act(const compound_v3::Withdraw& e) {
    if (e.asset != rules_.base) (void)kind_of(e.asset);
    Account& a = account(e.account);
    demand((book_.paused & compound_v3::withdraw) == 0, Error::reserve_paused);
    if (e.asset == rules_.base) {
        accrue();
        const Integer balance = value_of(a.principal, {book_.supply_index, book_.borrow_index});
        const Integer amount = within(amount_of(e.amount, balance), 126);
        set_balance(a, balance - amount);
        check_borrower(a, balance - amount);
        demand(amount <= book_.cash, Error::cash_insufficient);
        book_.cash -= amount;
        return;
    }
    demand(!e.amount.is_all(), Error::amount_overflow);
    const std::size_t i = kind_of(e.asset);
    const Integer amount = integer(e.amount.amount.raw);
    demand(amount <= a.holds[i], Error::balance_insufficient);
    a.holds[i] -= amount;
    book_.kinds[i].supplied -= amount;
    book_.kinds[i].held -= amount;
    demand(stands(a, &compound_v3::Collateral::borrow_factor), Error::collateral_insufficient);
}

// COMET-006.
void CometTwin::act(const compound_v3::Transfer& e) {
    Account& to = account(e.to);
    if (e.asset != rules_.base) (void)kind_of(e.asset);
    Account& from = account(e.from);
    demand((book_.paused & compound_v3::transfer) == 0, Error::reserve_paused);
    demand(e.from != e.to, Error::transfer_to_self);
    if (e.asset == rules_.base) {
        accrue();
        const Grown at{book_.supply_index, book_.borrow_index};
        const Integer balance = value_of(from.principal, at);
        const Integer other = value_of(to.principal, at);
        const Integer amount = within(amount_of(e.amount, balance), 126);
        set_balance(from, balance - amount);
        set_balance(to, other + amount);
        check_borrower(from, balance - amount);
        return;
    }
    demand(!e.amount.is_all(), Error::amount_overflow);
    const std::size_t i = kind_of(e.asset);
    const Integer amount = integer(e.amount.amount.raw);
    demand(amount <= from.holds[i], Error::balance_insufficient);
    from.holds[i] -= amount;
    to.holds[i] += amount;
    demand(stands(from, &compound_v3::Collateral::borrow_factor), Error::collateral_insufficient);
}

// COMET-007.
void CometTwin::absorb(Account& a) {
    demand(!stands(a, &compound_v3::Collateral::liquidate_factor),
           Error::health_factor_not_below_one);
    Integer credited = 0;
    for (std::size_t i = 0; i < kinds_.size(); ++i) {
        if (a.holds[i] == 0) continue;
        const compound_v3::Collateral& c = kinds_[i];
        const Integer value = within(a.holds[i] * price(c.asset) / power_of_ten(c.decimals), 128);
        credited = within(credited + value * c.liquidation_factor / factor_one, 128);
        book_.kinds[i].supplied -= a.holds[i];
        a.holds[i] = 0;
    }
    const Integer debt = value_of(a.principal, {book_.supply_index, book_.borrow_index});
    const Integer credit =
        within(credited * power_of_ten(rules_.base_decimals) / price(rules_.base), 126);
    set_balance(a, positive(debt + credit));
}
void CometTwin::act(const compound_v3::Absorb& e) {
    for (const AccountId id : e.accounts)
        (void)account(id);
    demand((book_.paused & compound_v3::absorb) == 0, Error::reserve_paused);
    accrue();
    for (const AccountId id : e.accounts)
        absorb(account(id));
}

// COMET-008.
void CometTwin::act(const compound_v3::BuyCollateral& e) {
    const std::size_t i = kind_of(e.asset);
    demand((book_.paused & compound_v3::buy) == 0, Error::reserve_paused);
    demand(reserves() < integer(rules_.reserves_target.raw), Error::collateral_not_for_sale);
    const compound_v3::Collateral& c = kinds_[i];
    const Integer paid = integer(e.base_amount.raw);
    book_.cash = within(book_.cash + paid, 126);
    const Integer discount =
        Integer(rules_.store_front_price_factor) * (factor_one - c.liquidation_factor) / factor_one;
    const Integer asked = price(c.asset) * (factor_one - discount) / factor_one;
    const Integer worth = within(price(rules_.base) * paid * power_of_ten(c.decimals), 256);
    const Integer bought = within(worth / asked / power_of_ten(rules_.base_decimals), 128);
    demand(bought >= integer(e.collateral_min.raw), Error::slippage_exceeded);
    demand(bought <= book_.kinds[i].held - book_.kinds[i].supplied, Error::reserves_insufficient);
    book_.kinds[i].held -= bought;
}

void CometTwin::act(const compound_v3::WithdrawReserves& e) {
    const Integer amount = integer(e.amount.raw);
    demand(amount <= reserves(), Error::reserves_insufficient);
    demand(amount <= book_.cash, Error::cash_insufficient);
    book_.cash -= amount;
}

void CometTwin::act(const compound_v3::Accrue& /*e*/) {
    accrue();
}

void CometTwin::act(const compound_v3::Pause& e) {
    book_.paused = e.paused;
}

std::optional<Error> CometTwin::apply(const State& feeds, const Event& event) {
    too_wide_ = false;
    const auto* action = std::get_if<compound_v3::Action>(&event.action);
    if (action == nullptr) return std::nullopt;  // prices: the feeds' own
    const Book before = book_;
    try {
        feeds_ = &feeds;
        now_ = seconds(event.time);
        std::visit([this](const auto& e) { act(e); }, *action);
        demand(!too_wide_, Error::amount_overflow);
        return std::nullopt;
    } catch (const Refused& refused) {
        book_ = before;
        return too_wide_ ? Error::amount_overflow : refused.error;
    }
}

std::string CometTwin::difference(const State& state) const {
    const auto& market = std::get<compound_v3::Market>(state.markets[0]);
    const compound_v3::Totals& t = market.totals[0];
    std::string found;
    const auto compare = [&found](std::string_view what, const Integer& ours,
                                  const Integer& engines) {
        if (!found.empty() || ours == engines) return;
        found = std::string(what) + ": twin " + ours.str() + ", engine " + engines.str();
    };
    compare("supply index", book_.supply_index, t.supply_index);
    compare("borrow index", book_.borrow_index, t.borrow_index);
    compare("supplied", book_.supplied, integer(t.supplied));
    compare("borrowed", book_.borrowed, integer(t.borrowed));
    compare("cash", book_.cash, integer(t.cash.raw));
    compare("updated", book_.updated, t.updated);
    compare("base in custody", book_.cash, integer(state.custody[index(t.base)].held.raw));
    for (std::size_t i = 0; i < kinds_.size(); ++i) {
        const std::string which = " of collateral " + std::to_string(i);
        compare("supplied" + which, book_.kinds[i].supplied,
                integer(market.collaterals[i].supplied.raw));
        compare("held" + which, book_.kinds[i].held, integer(market.collaterals[i].held.raw));
        compare("custody" + which, book_.kinds[i].held,
                integer(state.custody[index(kinds_[i].asset)].held.raw));
    }
    for (std::size_t a = 0; a < book_.accounts.size(); ++a) {
        const std::string who = " of account " + std::to_string(a);
        const int128 principal = a < market.positions.size() ? market.positions[a].principal : 0;
        const Integer magnitude =
            integer(static_cast<uint128>(principal < 0 ? -principal : principal));
        compare("principal" + who, book_.accounts[a].principal,
                principal < 0 ? Integer(-magnitude) : magnitude);
        for (std::size_t i = 0; i < kinds_.size(); ++i) {
            const std::size_t row = a * kinds_.size() + i;
            compare("holding " + std::to_string(i) + who, book_.accounts[a].holds[i],
                    row < market.holdings.size() ? integer(market.holdings[row].amount.raw) : 0);
        }
    }
    return found;
}

}  // namespace breakwater::reference
