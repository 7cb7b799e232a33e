// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/stress/inspect.hpp"

#include <algorithm>

namespace breakwater {
namespace {

/// In their order; an account may stand near the edge in several markets.
std::vector<AccountId> distinct(const std::vector<AccountId>& accounts) {
    std::vector<AccountId> out;
    for (const AccountId id : accounts)
        if (std::ranges::find(out, id) == out.end()) out.push_back(id);
    return out;
}

}  // namespace

std::expected<Inspection, std::string> inspect(const Book& book, const InspectOptions& options) {
    const auto positions = positions_of(book);
    if (!positions) return std::unexpected(positions.error());
    auto nearest = positions_of(
        book, distinct(nearest_to_edge(*positions, options.nearest, options.nearest_debt_min)));
    if (!nearest) return std::unexpected(nearest.error());

    Inspection out;
    out.options = options;
    out.solvency = solvency_of(book);
    out.accounts = positions->accounts;
    out.borrowing_power = positions->borrowing_power;
    out.health = health_histogram(*positions);
    out.wall = wall_of(book, *positions);
    out.backing = backing_of(book, *positions);
    if (book.is_native())
        out.markets = market_standings(book);
    else
        out.drains = drains_of(book, out.solvency, out.backing, options.drain);
    out.concentration = concentration_of(*positions);
    out.nearest = std::move(*nearest);
    return out;
}

}  // namespace breakwater
