// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <algorithm>
#include <cmath>

#include "breakwater/core/require.hpp"
#include "breakwater/core/rulebooks/compound_v3.hpp"
#include "breakwater/stress/comet_view.hpp"
#include "breakwater/stress/native_standings.hpp"
#include "breakwater/world/prices.hpp"

namespace breakwater::compound_v3 {
namespace {

class Reader {
  public:
    explicit Reader(const Book& book) : book_(book), market_(market_of(book.state)) {
        desk_.begin(book.state, market_, book.state.now(), scratch_);
    }

    [[nodiscard]] bool owes(AccountId id) const {
        return index(id) < market_.positions.size() && market_.positions[index(id)].principal < 0;
    }

    void add(AccountId id, Positions& out) {
        breakwater::Position row{.account = id,
                                 .first = static_cast<std::uint32_t>(out.legs.size())};
        const Totals& t = market_.totals[0];
        const Position p =
            index(id) < market_.positions.size() ? market_.positions[index(id)] : Position{};
        double capacity = 0;
        for (std::uint32_t i = 0; i < t.assets; ++i) {
            if (!p.holds(i)) continue;
            const Collateral& c = market_.collaterals[i];
            const double value = to_double(market_.holdings[holding_row(t, id, i)].amount.raw) *
                                 usd_per_atom(book_, c.asset);
            const auto bps = static_cast<std::uint16_t>(std::lround(of_wad(c.liquidate_factor) * bps_one));
            out.legs.push_back({.asset = c.asset, .threshold = bps, .collateral = value});
            row.collateral += value;
            row.borrowing_power += value * of_wad(c.borrow_factor);
            capacity += value * of_wad(c.liquidate_factor);
        }
        if (p.principal < 0) {
            row.debt = present(static_cast<uint128>(-p.principal), t.borrow_index) *
                       usd_per_atom(book_, t.base);
            out.legs.push_back({.asset = t.base, .debt = row.debt});
            row.health = capacity / row.debt;
            const auto found = is_liquidatable(desk_, id);
            REQUIRE(found.has_value());  // every asset of a book has a price
            row.unhealthy = *found;
        }
        row.count = static_cast<std::uint16_t>(out.legs.size() - row.first);
        out.borrowing_power += row.borrowing_power;
        out.borrowers.push_back(row);
    }

  private:
    const Book& book_;
    const Market& market_;
    Desk desk_;
    Transition scratch_;
};

Positions positions(const Book& book) {
    Positions out;
    out.accounts = book.accounts.size() - 1;
    Reader reader(book);
    for (std::uint32_t i = 0; i < market_of(book.state).positions.size(); ++i) {
        if (reader.owes(AccountId{i})) {
            reader.add(AccountId{i}, out);
            continue;
        }
        Positions aside;  // of those without debt only the borrowing power counts
        reader.add(AccountId{i}, aside);
        out.borrowing_power += aside.borrowing_power;
    }
    return out;
}

Positions positions(const Book& book, std::span<const AccountId> accounts) {
    Positions out;
    out.accounts = book.accounts.size() - 1;
    Reader reader(book);
    for (const AccountId id : accounts)
        reader.add(id, out);
    return out;
}

Solvency solvency(const Book& book) {
    const Totals& t = market_of(book.state).totals[0];
    Solvency out;
    for (std::size_t a = 0; a < book.assets.size(); ++a) {
        ReserveStanding r{.asset = AssetId{static_cast<std::uint8_t>(a)},
                          .price = static_cast<double>(book.state.feeds[a].point) * 1e-8};
        if (r.asset == t.base) {
            const double per_atom = usd_per_atom(book, t.base);
            Checked math;
            const uint128 used = utilization_down(math, t);
            r.supplied = present(t.supplied, t.supply_index) * per_atom;
            r.borrowed = present(t.borrowed, t.borrow_index) * per_atom;
            r.cash = to_double(t.cash.raw) * per_atom;
            r.uncovered = r.supplied - r.borrowed - r.cash;
            r.deficit = std::max(0.0, r.uncovered);
            r.utilisation = r.borrowed + r.cash > 0 ? r.borrowed / (r.borrowed + r.cash) : 0;
            r.borrow_rate = of_wad(rate_at(math, t.borrow_curve, used)) * seconds_per_year;
            r.supply_rate = of_wad(rate_at(math, t.supply_curve, used)) * seconds_per_year;
            out.supplied = r.supplied;
            out.borrowed = r.borrowed;
            out.cash = r.cash;
            out.deficit = r.deficit;
        }
        out.reserves.push_back(r);
    }
    return out;
}

std::vector<MarketStanding> standings(const Book& book) {
    const Market& market = market_of(book.state);
    const Totals& t = market.totals[0];
    const ReserveStanding base = solvency(book).reserves[index(t.base)];
    std::vector<MarketStanding> out;
    for (std::uint32_t i = 0; i < t.assets; ++i) {
        const Collateral& c = market.collaterals[i];
        const double price = static_cast<double>(book.state.feeds[index(c.asset)].point) * 1e-8;
        MarketStanding row{
            .name = book.markets[0].name,
            .loan = t.base,
            .collateral = c.asset,
            .lltv = of_wad(c.liquidate_factor),
            .bonus = store_front_discount(t, c),
            .price = price / base.price,
            .is_fixed = false,
            .supplied = base.supplied,
            .borrowed = base.borrowed,
            .utilisation = base.utilisation,
            .collateral_usd = to_double(c.supplied.raw) * usd_per_atom(book, c.asset),
            .borrow_rate = base.borrow_rate};
        for (const Position& p : market.positions)
            row.borrowers += p.principal < 0 && p.holds(i) ? 1U : 0U;
        out.push_back(row);
    }
    return out;
}

double least_bonus(const Book& book, AssetId collateral) {
    for (const MarketStanding& row : standings(book))
        if (row.collateral == collateral) return row.bonus;
    return 0;
}

}  // namespace

const ProtocolStanding protocol_standing{.markets = standings,
                                         .borrowers = [](const Book& book) { return positions(book); },
                                         .of = [](const Book& book, std::span<const AccountId> accounts) {
                                             return positions(book, accounts);
                                         },
                                         .solvency = solvency,
                                         .least_bonus = least_bonus};

}  // namespace breakwater::compound_v3
