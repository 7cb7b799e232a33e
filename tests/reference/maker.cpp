// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "maker.hpp"

#include <algorithm>

#include "breakwater/core/require.hpp"

namespace breakwater::reference {
namespace {

const Integer one_wad("1000000000000000000");
const Integer one_ray("1000000000000000000000000000");

/// Thrown inside an event; the book is put back.
struct Refused {
    Error error;
};
void demand(bool holds, Error error) {
    if (!holds) throw Refused{error};
}

Integer to_wad(Amount atoms, const maker::IlkParameters& terms) {
    return integer(atoms.raw) * boost::multiprecision::pow(Integer(10), 18U - terms.decimals);
}

/// xⁿ in ray, half up at each product (MAKER-005).
Integer power(Integer x, std::uint64_t n, bool& too_wide) {
    const auto product = [&too_wide](const Integer& a, const Integer& b) {
        const Integer v = (a * b + one_ray / 2) / one_ray;
        too_wide = too_wide || (v >> 128) != 0;
        return v;
    };
    Integer z = n % 2 == 0 ? one_ray : x;
    for (n /= 2; n != 0; n /= 2) {
        x = product(x, x);
        if (n % 2 != 0) z = product(z, x);
    }
    return z;
}

}  // namespace

MakerTwin::MakerTwin(const State& state) {
    const auto& m = std::get<maker::Market>(state.markets[0]);
    rules_ = m.system_parameters[0];
    const maker::System& s = m.system[0];
    REQUIRE(s.eras == 0);
    book_.debt = integer(s.debt), book_.vice = integer(s.vice);
    book_.dirt = integer(s.dirt), book_.queued = integer(s.queued);
    book_.dai.resize(rules_.accounts), book_.sin.resize(rules_.accounts);
    for (std::uint32_t a = 0; a < rules_.accounts && a < m.accounts.size(); ++a) {
        book_.dai[a] = integer(m.accounts[a].dai);
        book_.sin[a] = integer(m.accounts[a].sin);
    }
    for (std::size_t i = 0; i < m.ilks.size(); ++i) {
        const maker::Ilk& from = m.ilks[i];
        REQUIRE(from.count == 0);
        Ilk to;
        to.art = integer(from.debt.raw), to.rate = integer(from.rate.raw);
        to.spot = integer(from.spot.raw), to.price = integer(from.price.raw);
        to.gem = integer(from.auctioned.raw), to.dirt = integer(from.dirt);
        to.chost = integer(from.chost), to.rho = from.rho, to.kicks = from.kicks;
        to.terms = m.parameters[i];
        for (std::uint32_t a = 0; a < rules_.accounts; ++a) {
            const std::uint32_t row = m.row(a, maker::IlkId{static_cast<std::uint8_t>(i)});
            if (row >= m.vaults.size()) continue;
            const maker::Vault& v = m.vaults[row];
            to.vaults[a] = {integer(v.locked.raw), integer(v.debt.raw), integer(v.free.raw)};
        }
        book_.ilks.push_back(std::move(to));
    }
    for (const Custody& c : state.custody)
        book_.custody.push_back(integer(c.held.raw));
}

Integer MakerTwin::within(Integer v, unsigned bits) {
    if (v < 0 || (v >> bits) != 0) too_wide_ = true;
    return v;
}

// MAKER-002.
void MakerTwin::act(const maker::Join& e) {
    Ilk& ilk = ilk_of(e.ilk);
    Vault& v = ilk.vaults[index(e.account)];
    v.gem = within(v.gem + within(to_wad(e.amount, ilk.terms), 128), 128);
    Integer& held = book_.custody[index(ilk.terms.asset)];
    held = within(held + integer(e.amount.raw), 128);
}
void MakerTwin::act(const maker::Exit& e) {
    Ilk& ilk = ilk_of(e.ilk);
    Vault& v = ilk.vaults[index(e.account)];
    const Integer amount = within(to_wad(e.amount, ilk.terms), 128);
    demand(v.gem >= amount, Error::balance_insufficient);
    v.gem -= amount;
    book_.custody[index(ilk.terms.asset)] -= integer(e.amount.raw);
}
void MakerTwin::move(std::uint32_t from, std::uint32_t to, const Integer& amount) {
    demand(book_.dai[from] >= amount, Error::balance_insufficient);
    book_.dai[from] -= amount;
    book_.dai[to] = within(book_.dai[to] + amount, 256);
}
void MakerTwin::act(const maker::Move& e) {
    move(index(e.from), index(e.to), integer(e.amount));
}

// MAKER-003.
void MakerTwin::act(const maker::Adjust& e) {
    Ilk& ilk = ilk_of(e.ilk);
    Vault& v = ilk.vaults[index(e.account)];
    demand(ilk.rate != 0, Error::ilk_not_open);
    const Integer dink = integer(e.lock.raw) - integer(e.free.raw);
    const Integer dart = integer(e.draw.raw) - integer(e.wipe.raw);
    demand(v.ink + dink >= 0 && v.art + dart >= 0, Error::balance_insufficient);
    (void)within(v.ink + integer(e.lock.raw), 128);
    (void)within(ilk.art + integer(e.draw.raw), 128);
    v.ink = within(v.ink + dink, 128);
    v.art = within(v.art + dart, 128);
    ilk.art = within(ilk.art + dart, 128);
    (void)within(book_.debt + integer(e.draw.raw) * ilk.rate, 256);
    book_.debt = within(book_.debt + dart * ilk.rate, 256);
    const Integer tab = v.art * ilk.rate;
    if (dart > 0)
        demand(ilk.art * ilk.rate <= integer(ilk.terms.line) && book_.debt <= integer(rules_.line),
               Error::borrow_cap_exceeded);
    if (dart > 0 || dink < 0) demand(tab <= v.ink * ilk.spot, Error::collateral_insufficient);
    demand(v.art == 0 || tab >= integer(ilk.terms.dust), Error::debt_below_minimum);
    demand(v.gem - dink >= 0, Error::balance_insufficient);
    (void)within(v.gem + integer(e.free.raw), 128);
    v.gem = within(v.gem - dink, 128);
    Integer& dai = book_.dai[index(e.account)];
    (void)within(dai + integer(e.draw.raw) * ilk.rate, 256);
    dai += dart * ilk.rate;
    demand(dai >= 0, Error::balance_insufficient);
}

// MAKER-004.
Integer MakerTwin::feed_of(const Ilk& ilk) {
    const Integer in_ray = within(ilk.price * 1'000'000'000, 128);
    return within(in_ray * one_ray / integer(rules_.par.raw), 128);
}
void MakerTwin::act(const maker::Poke& e) {
    Ilk& ilk = ilk_of(e.ilk);
    ilk.price = integer(e.price.raw);
    ilk.spot = within(feed_of(ilk) * one_ray / integer(ilk.terms.liquidation_ratio.raw), 128);
}

// MAKER-005.
void MakerTwin::act(const maker::Drip& e) {
    Ilk& ilk = ilk_of(e.ilk);
    demand(now_ >= ilk.rho, Error::time_before_state);
    const Integer growth = integer(rules_.base.raw) + integer(ilk.terms.duty.raw);
    const Integer rate = within(power(growth, now_ - ilk.rho, too_wide_) * ilk.rate / one_ray, 128);
    const Integer fees = (rate - ilk.rate) * ilk.art;
    Integer& surplus = book_.dai[index(rules_.vow)];
    demand(surplus + fees >= 0, Error::surplus_insufficient);
    surplus = within(surplus + fees, 256);
    book_.debt = within(book_.debt + fees, 256);
    ilk.rate = rate;
    ilk.rho = now_;
}

// MAKER-006.
void MakerTwin::act(const maker::SetIlk& e) {
    const maker::IlkParameters& p = e.parameters;
    const Ilk& before = ilk_of(e.ilk);
    demand(integer(p.chop.raw) >= one_wad && p.liquidation_ratio.raw != 0 && p.decimals <= 18,
           Error::parameters_invalid);
    demand(p.curve != maker::Curve::stairstep || p.step != 0, Error::parameters_invalid);
    demand(p.curve == maker::Curve::linear || integer(p.cut.raw) <= one_ray,
           Error::parameters_invalid);
    demand(p.asset == before.terms.asset && p.decimals == before.terms.decimals,
           Error::parameters_invalid);
    act(maker::Drip{e.ilk});
    ilk_of(e.ilk).terms = p;
}
void MakerTwin::act(const maker::UpdateChost& e) {
    Ilk& ilk = ilk_of(e.ilk);
    ilk.chost = integer(ilk.terms.dust) * integer(ilk.terms.chop.raw) / one_wad;
}

void MakerTwin::suck(std::uint32_t to, const Integer& amount) {
    book_.sin[index(rules_.vow)] += amount;
    book_.dai[to] += amount;
    book_.vice += amount;
    book_.debt += amount;
}
Integer MakerTwin::starting_price(const Ilk& ilk) {
    const Integer top = within(feed_of(ilk) * integer(ilk.terms.buf.raw) / one_ray, 128);
    demand(top != 0, Error::price_missing);
    return top;
}

// MAKER-010 and MAKER-014.
void MakerTwin::act(const maker::Bark& e) {
    Ilk& ilk = ilk_of(e.ilk);
    Vault& v = ilk.vaults[index(e.borrower)];
    demand(ilk.spot != 0 && v.ink * ilk.spot < v.art * ilk.rate,
           Error::health_factor_not_below_one);
    const Integer room = std::min(Integer(integer(rules_.hole) - book_.dirt),
                                  Integer(integer(ilk.terms.hole) - ilk.dirt));
    demand(room > 0, Error::liquidation_limit_hit);
    const Integer chop = integer(ilk.terms.chop.raw);
    const Integer dust = integer(ilk.terms.dust);
    Integer dart = std::min(v.art, Integer(within(room * one_wad, 256) / ilk.rate / chop));
    if (dart < v.art) {
        if ((v.art - dart) * ilk.rate < dust)
            dart = v.art;
        else
            demand(dart * ilk.rate >= dust, Error::auction_dusty);
    }
    const Integer dink = within(v.ink * dart / v.art, 128);
    demand(dink > 0, Error::auction_empty);
    const Integer due = dart * ilk.rate;
    const Integer tab = within(due * chop / one_wad, 256);
    demand(tab != 0, Error::auction_empty);
    v.ink -= dink, v.art -= dart;
    ilk.art -= dart;
    ilk.gem += dink;
    book_.sin[index(rules_.vow)] += due;
    book_.vice += due;
    book_.eras[now_] += due;
    book_.queued += due;
    book_.dirt += tab, ilk.dirt += tab;

    demand(ilk.terms.stopped < maker::Stopped::new_auctions, Error::auctions_stopped);
    const Integer top = starting_price(ilk);
    const std::uint32_t number = ++ilk.kicks;
    ilk.active.push_back(number);
    ilk.sales[number] = {tab, dink, top, now_, index(e.borrower)};
    suck(index(e.keeper), integer(ilk.terms.tip) + tab * integer(ilk.terms.chip.raw) / one_wad);
}

// MAKER-011 and MAKER-012.
MakerTwin::Asking MakerTwin::asking(const Ilk& ilk, const Sale& sale) {
    const maker::IlkParameters& p = ilk.terms;
    const std::uint64_t age = now_ - sale.tic;
    Integer factor = 0;
    if (p.curve == maker::Curve::linear) {
        if (age < p.tau) factor = Integer(p.tau - age) * one_ray / p.tau;
    } else {
        const std::uint64_t steps = p.curve == maker::Curve::stairstep ? age / p.step : age;
        factor = power(integer(p.cut.raw), steps, too_wide_);
    }
    const Integer price = sale.top * factor / one_ray;
    return {price, age > p.tail || price * one_ray / sale.top < integer(p.cusp.raw)};
}
MakerTwin::Sale& MakerTwin::running(Ilk& ilk, std::uint32_t number) {
    const auto it = ilk.sales.find(number);
    demand(it != ilk.sales.end(), Error::auction_not_running);
    return it->second;
}
void MakerTwin::end(Ilk& ilk, std::uint32_t number) {
    const auto place = std::ranges::find(ilk.active, number);
    *place = ilk.active.back();
    ilk.active.pop_back();
    ilk.sales.erase(number);
}

// MAKER-013, MAKER-015 and MAKER-016.
void MakerTwin::act(const maker::Take& e) {
    Ilk& ilk = ilk_of(e.ilk);
    demand(ilk.terms.stopped < maker::Stopped::takes, Error::auctions_stopped);
    Sale& sale = running(ilk, e.sale);
    const Asking now = asking(ilk, sale);
    demand(!now.is_void, Error::auction_needs_reset);
    demand(!e.price_max || integer(e.price_max->raw) >= now.price, Error::slippage_exceeded);
    Integer slice = std::min(sale.lot, integer(e.amount_max.raw));
    Integer owe = slice * now.price;
    if (owe > sale.tab) {
        owe = sale.tab;
        slice = owe / now.price;
    } else if (owe < sale.tab && slice < sale.lot && sale.tab - owe < ilk.chost) {
        demand(sale.tab > ilk.chost, Error::partial_purchase_refused);
        owe = sale.tab - ilk.chost;
        slice = owe / now.price;
    }
    ilk.gem -= slice;
    Vault& buyer = ilk.vaults[index(e.buyer)];
    buyer.gem = within(buyer.gem + slice, 128);
    move(index(e.buyer), index(rules_.vow), owe);
    const Integer tab = sale.tab - owe;
    const Integer lot = sale.lot - slice;
    const Integer dug = lot == 0 ? sale.tab : owe;
    book_.dirt -= dug, ilk.dirt -= dug;
    sale.tab = tab, sale.lot = lot;
    if (lot != 0 && tab != 0) return;
    ilk.gem -= lot;
    ilk.vaults[sale.usr].gem += lot;
    end(ilk, e.sale);
}
void MakerTwin::act(const maker::Redo& e) {
    Ilk& ilk = ilk_of(e.ilk);
    demand(ilk.terms.stopped < maker::Stopped::resets, Error::auctions_stopped);
    Sale& sale = running(ilk, e.sale);
    demand(asking(ilk, sale).is_void, Error::auction_still_runs);
    sale.top = starting_price(ilk);
    sale.tic = now_;
    if (sale.tab >= ilk.chost && sale.lot * feed_of(ilk) >= ilk.chost)
        suck(index(e.keeper),
             integer(ilk.terms.tip) + sale.tab * integer(ilk.terms.chip.raw) / one_wad);
}

// MAKER-017 and MAKER-018.
void MakerTwin::act(const maker::Flog& e) {
    const std::uint64_t era = seconds(e.era);
    demand(era <= now_ && now_ - era >= rules_.wait, Error::wait_not_finished);
    const auto queued = book_.eras.find(era);
    if (queued == book_.eras.end()) return;
    book_.queued -= queued->second;
    queued->second = 0;
}
void MakerTwin::act(const maker::Heal& e) {
    const Integer amount = integer(e.amount);
    Integer& dai = book_.dai[index(rules_.vow)];
    Integer& sin = book_.sin[index(rules_.vow)];
    demand(amount <= dai, Error::surplus_insufficient);
    demand(amount <= sin - book_.queued, Error::unqueued_debt_insufficient);
    dai -= amount, sin -= amount;
    book_.vice -= amount, book_.debt -= amount;
}

std::optional<Error> MakerTwin::apply(const State& /*feeds*/, const Event& event) {
    too_wide_ = false;
    const Book before = book_;
    try {
        now_ = seconds(event.time);
        std::visit(
            [this](const auto& e) {
                const auto known = [this](AccountId a) {
                    demand(index(a) < rules_.accounts, Error::account_unknown);
                };
                if constexpr (requires { e.ilk; })
                    demand(maker::index(e.ilk) < book_.ilks.size(), Error::ilk_not_open);
                if constexpr (requires { e.account; }) known(e.account);
                if constexpr (requires { e.from; }) known(e.from), known(e.to);
                if constexpr (requires { e.borrower; }) known(e.borrower);
                if constexpr (requires { e.keeper; }) known(e.keeper);
                if constexpr (requires { e.buyer; }) known(e.buyer);
                act(e);
            },
            std::get<maker::Action>(event.action));
        demand(!too_wide_, Error::amount_overflow);
        return std::nullopt;
    } catch (const Refused& refused) {
        book_ = before;
        return too_wide_ ? Error::amount_overflow : refused.error;
    }
}

std::string MakerTwin::difference(const State& state) const {
    const auto& m = std::get<maker::Market>(state.markets[0]);
    std::string found;
    const auto compare = [&found](std::string_view what, const Integer& ours,
                                  const Integer& engines) {
        if (!found.empty() || ours == engines) return;
        found = std::string(what) + ": twin " + ours.str() + ", engine " + engines.str();
    };
    compare("debt", book_.debt, integer(m.system[0].debt));
    compare("vice", book_.vice, integer(m.system[0].vice));
    compare("Dirt", book_.dirt, integer(m.system[0].dirt));
    compare("queued sin", book_.queued, integer(m.system[0].queued));
    compare("eras", book_.eras.size(), m.system[0].eras);
    std::size_t row = 0;
    for (const auto& [era, amount] : book_.eras) {
        compare("era", era, m.queue[row].era);
        compare("sin of an era", amount, integer(m.queue[row++].amount));
    }
    for (std::size_t a = 0; a < book_.dai.size(); ++a) {
        const maker::Account account = a < m.accounts.size() ? m.accounts[a] : maker::Account{};
        compare("dai of account " + std::to_string(a), book_.dai[a], integer(account.dai));
        compare("sin of account " + std::to_string(a), book_.sin[a], integer(account.sin));
    }
    for (std::size_t i = 0; i < book_.ilks.size(); ++i) {
        const maker::IlkId id{static_cast<std::uint8_t>(i)};
        const Ilk& ours = book_.ilks[i];
        const maker::Ilk& engines = m.ilks[i];
        const std::string which = " of ilk " + std::to_string(i);
        compare("Art" + which, ours.art, integer(engines.debt.raw));
        compare("rate" + which, ours.rate, integer(engines.rate.raw));
        compare("spot" + which, ours.spot, integer(engines.spot.raw));
        compare("gem of the clip" + which, ours.gem, integer(engines.auctioned.raw));
        compare("dirt" + which, ours.dirt, integer(engines.dirt));
        compare("chost" + which, ours.chost, integer(engines.chost));
        compare("kicks" + which, ours.kicks, engines.kicks);
        compare("rho" + which, ours.rho, engines.rho);
        compare("auctions" + which, ours.active.size(), engines.count);
        for (std::uint32_t place = 0; found.empty() && place < ours.active.size(); ++place) {
            const std::uint32_t number = ours.active[place];
            compare("active" + which, number, m.active[m.row(place, id)].sale);
            const maker::Sale& sale = m.sales[m.row(number - 1, id)];
            compare("tab" + which, ours.sales.at(number).tab, integer(sale.tab));
            compare("lot" + which, ours.sales.at(number).lot, integer(sale.lot.raw));
            compare("top" + which, ours.sales.at(number).top, integer(sale.top.raw));
            compare("tic" + which, ours.sales.at(number).tic, sale.tic);
            compare("usr" + which, ours.sales.at(number).usr, index(sale.usr));
        }
        for (const auto& [a, vault] : ours.vaults) {
            const std::uint32_t at = m.row(a, id);
            const maker::Vault v = at < m.vaults.size() ? m.vaults[at] : maker::Vault{};
            const std::string who = which + ", account " + std::to_string(a);
            compare("ink" + who, vault.ink, integer(v.locked.raw));
            compare("art" + who, vault.art, integer(v.debt.raw));
            compare("gem" + who, vault.gem, integer(v.free.raw));
        }
    }
    for (std::size_t a = 0; a < book_.custody.size(); ++a)
        compare("custody", book_.custody[a], integer(state.custody[a].held.raw));
    return found;
}

}  // namespace breakwater::reference
