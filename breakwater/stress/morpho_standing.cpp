// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <algorithm>
#include <cmath>

#include "breakwater/core/require.hpp"
#include "breakwater/core/rulebooks/morpho_blue_rate.hpp"
#include "breakwater/stress/amounts.hpp"
#include "breakwater/stress/morpho_view.hpp"
#include "breakwater/stress/native_standings.hpp"

namespace breakwater::morpho_blue {
namespace {

/// Adds what an account holds in one market; whether it owes anything.
bool add_market(const Book& book, std::size_t m, AccountId account, Positions& out,
                breakwater::Position& row) {
    const Market& market = market_of(book.state, m);
    if (index(account) >= market.positions.size()) return false;
    const Position& p = market.positions[index(account)];
    const Totals t = grown(market.totals[0], book.state.now());
    const double loan_usd = usd_per_atom(book, t.loan);
    const double lltv = static_cast<double>(t.lltv) * 1e-18;
    const double collateral = to_double(p.collateral.raw) * worth_of_collateral(t) * loan_usd;
    Checked math;
    const double debt =
        to_double(assets_up(math, p.borrow_shares, t.borrow_assets, t.borrow_shares).raw) *
        loan_usd;
    row.borrowing_power += collateral * lltv;
    out.borrowing_power += collateral * lltv;
    if (collateral > 0 || debt > 0) {
        const auto bps = static_cast<std::uint16_t>(std::floor(lltv * bps_one + 0.5));
        if (collateral > 0)
            out.legs.push_back(
                {.asset = t.collateral_asset, .threshold = bps, .collateral = collateral});
        if (debt > 0) out.legs.push_back({.asset = t.loan, .debt = debt});
    }
    row.collateral += collateral;
    row.debt += debt;
    if (!(debt > 0)) return false;
    row.unhealthy |= !is_healthy(math, t, p);
    const double health = collateral * lltv / debt;
    row.health = row.count == 0 ? health : std::min(row.health, health);
    row.count = 1;  // seen; the number of legs is set at the end
    return true;
}

void close(breakwater::Position& row, const Positions& out) {
    row.count = static_cast<std::uint16_t>(out.legs.size() - row.first);
}

breakwater::Position open(AccountId account, const Positions& out) {
    return {.account = account, .first = static_cast<std::uint32_t>(out.legs.size())};
}

Positions positions(const Book& book) {
    Positions out;
    out.accounts = book.accounts.size() - 1;
    for (std::size_t m = 0; m < book.state.markets.size(); ++m) {
        const auto n = market_of(book.state, m).positions.size();
        for (std::uint32_t i = 0; i < n; ++i) {
            breakwater::Position row = open(AccountId{i}, out);
            const bool owes = add_market(book, m, AccountId{i}, out, row);
            close(row, out);
            if (owes)
                out.borrowers.push_back(row);
            else
                out.legs.resize(row.first);
        }
    }
    return out;
}

Positions positions(const Book& book, std::span<const AccountId> accounts) {
    Positions out;
    out.accounts = book.accounts.size() - 1;
    for (const AccountId account : accounts) {
        breakwater::Position row = open(account, out);
        for (std::size_t m = 0; m < book.state.markets.size(); ++m)
            add_market(book, m, account, out, row);
        close(row, out);
        out.borrowers.push_back(row);
    }
    return out;
}

Solvency solvency(const Book& book) {
    Solvency out;
    for (std::size_t a = 0; a < book.assets.size(); ++a) {
        ReserveStanding r{.asset = AssetId{static_cast<std::uint8_t>(a)},
                          .price = static_cast<double>(book.state.feeds[a].point) * 1e-8};
        const double per_atom = usd_per_atom(book, r.asset);
        for (std::size_t m = 0; m < book.state.markets.size(); ++m) {
            const Totals t = grown(market_of(book.state, m).totals[0], book.state.now());
            if (t.loan != r.asset) continue;
            Checked math;
            const double borrowed = to_double(t.borrow_assets.raw) * per_atom;
            const double rate = to_double(rate_of(math, t, 0).borrow.raw) * 1e-18 *
                                static_cast<double>(seconds_per_year);
            r.borrow_rate += rate * borrowed;
            r.supplied += to_double(t.supply_assets.raw) * per_atom;
            r.borrowed += borrowed;
            r.cash += to_double(t.cash.raw) * per_atom;
        }
        if (r.borrowed > 0) r.borrow_rate /= r.borrowed;
        r.uncovered = r.supplied - r.borrowed - r.cash;
        const double all = r.borrowed + r.cash;
        r.utilisation = all > 0 ? r.borrowed / all : 0;
        r.supply_rate = r.borrow_rate * r.utilisation;
        out.supplied += r.supplied;
        out.borrowed += r.borrowed;
        out.cash += r.cash;
        out.reserves.push_back(r);
    }
    return out;
}

std::vector<MarketStanding> standings(const Book& book) {
    std::vector<MarketStanding> out;
    for (std::size_t m = 0; m < book.markets.size(); ++m) {
        const Market& market = market_of(book.state, m);
        const Totals t = grown(market.totals[0], book.state.now());
        const double loan_usd = usd_per_atom(book, t.loan);
        const double atoms =
            to_double(power_of_ten(book.assets[index(t.collateral_asset)].decimals)) /
            to_double(power_of_ten(book.assets[index(t.loan)].decimals));
        const double worth = worth_of_collateral(t);
        Checked math;
        MarketStanding row{.name = book.markets[m].name,
                           .loan = t.loan,
                           .collateral = t.collateral_asset,
                           .lltv = static_cast<double>(t.lltv) * 1e-18,
                           .bonus = bonus_of(t),
                           .price = worth * atoms,
                           .is_fixed = book.markets[m].is_fixed,
                           .supplied = to_double(t.supply_assets.raw) * loan_usd,
                           .borrowed = to_double(t.borrow_assets.raw) * loan_usd,
                           .collateral_usd = to_double(t.collateral.raw) * worth * loan_usd,
                           .borrow_rate = to_double(rate_of(math, t, 0).borrow.raw) * 1e-18 *
                                          static_cast<double>(seconds_per_year)};
        row.utilisation = row.supplied > 0 ? row.borrowed / row.supplied : 0;
        for (const Position& p : market.positions)
            row.borrowers += p.borrow_shares.is_zero() ? 0U : 1U;
        out.push_back(row);
    }
    return out;
}

double least_bonus(const Book& book, AssetId collateral) {
    double least = 0;
    for (std::size_t m = 0; m < book.state.markets.size(); ++m) {
        const Totals& t = market_of(book.state, m).totals[0];
        if (t.collateral_asset != collateral) continue;
        const double bonus = bonus_of(t);
        least = least > 0 ? std::min(least, bonus) : bonus;
    }
    return least;
}

}  // namespace

const ProtocolStanding protocol_standing{.markets = standings,
                                         .borrowers = [](const Book& book) { return positions(book); },
                                         .of = [](const Book& book, std::span<const AccountId> accounts) {
                                             return positions(book, accounts);
                                         },
                                         .solvency = solvency,
                                         .least_bonus = least_bonus};

}  // namespace breakwater::morpho_blue
