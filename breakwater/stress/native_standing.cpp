// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <algorithm>

#include "breakwater/stress/native_standings.hpp"

namespace breakwater {
namespace {

bool is_comet(const Book& book) {
    return book.rulebook == "compound_v3";
}

const ProtocolStanding& standing_of(const Book& book) {
    return is_comet(book) ? compound_v3::protocol_standing : morpho_blue::protocol_standing;
}

}  // namespace

std::vector<MarketStanding> market_standings(const Book& book) {
    return standing_of(book).markets(book);
}

std::vector<MarketSupply> market_supplies(const Book& book) {
    std::vector<MarketSupply> out;
    const std::vector<MarketStanding> rows = market_standings(book);
    out.reserve(book.markets.size());
    for (std::size_t m = 0; m < book.markets.size(); ++m)
        out.push_back({.market = m, .loan = rows[m].loan, .supplied = rows[m].supplied});
    if (!is_comet(book)) return out;
    const Solvency solvency = native_solvency(book);
    out[0].reserves = std::max(0.0, -solvency.reserves[index(out[0].loan)].uncovered);
    return out;
}

Positions native_positions(const Book& book) {
    return standing_of(book).borrowers(book);
}

Positions native_positions(const Book& book, std::span<const AccountId> accounts) {
    return standing_of(book).of(book, accounts);
}

Solvency native_solvency(const Book& book) {
    return standing_of(book).solvency(book);
}

double native_bonus(const Book& book, AssetId collateral) {
    return standing_of(book).least_bonus(book, collateral);
}

}  // namespace breakwater
