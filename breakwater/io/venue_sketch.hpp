// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

/// Who trades on a synthetic venue, how large and how close to the edge, before any contract is
/// chosen. The figures are those of docs/generate.md, "Venues".
namespace breakwater {

enum class TraderRole : std::uint8_t {
    perpetual,  ///< perpetuals on dollars or other collateral, cross
    inverse,    ///< coin-settled perpetuals on that coin
    isolated,   ///< one perpetual in an account of its own, which belongs to the trader before
    options,    ///< bought, written against collateral, or hedged with a future
    borrower,   ///< dollars borrowed against coins, some with a perpetual beside
    basis,      ///< coins held long against a perpetual sold, partly with borrowed dollars
    lender,     ///< dollars that earn interest
    linked,     ///< one of a cluster in one thin perpetual
};
inline constexpr std::size_t trader_role_count = 8;

struct TraderShare {
    std::string_view name;
    double of_accounts = 0;  ///< 0: a cluster, by number
    double median = 0;       ///< [USD] of position, loan or deposit
};
inline constexpr std::array<TraderShare, trader_role_count> trader_shares{{
    {.name = "perpetual", .of_accounts = 0.50, .median = 9'000},
    {.name = "inverse", .of_accounts = 0.06, .median = 20'000},
    {.name = "isolated", .of_accounts = 0.08, .median = 3'000},
    {.name = "options", .of_accounts = 0.10, .median = 15'000},
    {.name = "borrower", .of_accounts = 0.14, .median = 15'000},
    {.name = "basis", .of_accounts = 0.03, .median = 60'000},
    {.name = "lender", .of_accounts = 0.09, .median = 20'000},
    {.name = "linked", .of_accounts = 0, .median = 60'000},
}};

struct TraderSketch {
    TraderRole role{};
    std::uint32_t cluster = 0;
    double size = 0;      ///< [USD]
    double leverage = 0;  ///< size over equity that is aimed at
    double cushion = 0;   ///< equity over maintenance margin, at least
};

/// One of each trader, in the order of accounts; the last ones are linked, in two clusters.
std::vector<TraderSketch> sketch_traders(std::uint32_t traders, std::uint64_t seed);

/// Draw `draw` of trader `trader`, uniform on (0, 1); below `first_free_draw` they are the sketch's.
double trader_draw(std::uint64_t seed, std::uint32_t trader, std::uint32_t draw);
inline constexpr std::uint32_t first_free_draw = 8;

}  // namespace breakwater
