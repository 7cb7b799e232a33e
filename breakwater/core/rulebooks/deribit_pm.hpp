// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "breakwater/core/big_integer.hpp"

/// Deribit: portfolio margin of inverse futures and perpetuals as its public responses decompose,
/// and standard margin. What it publishes is exact here but for roundings against the holder; the
/// extended table of options is a third party's reading and marked so. An option's profits in the
/// scenarios come from a surface and so from outside of the core: risk arrays on `deribit_grid` of
/// margin/grids.hpp. Units: wads, 1e-18 of the base currency or of 1; a short's size is below 0.
/// Source: docs/rules.md, DERIBIT-001 to DERIBIT-006.
namespace breakwater::deribit_pm {

/// DERIBIT-001: q (1 − 1/(1 + move)) = q · move / (1 + move), down.
/// @param move [wad] above −1
BigInteger inverse_profit(const BigInteger& quantity, const BigInteger& move);

struct Parameters {
    BigInteger price_range;  ///< [wad] above 0, below 1
    std::uint32_t buckets_each_side = 4;
    BigInteger profit_offset;         ///< [wad] share of gains that counts; 0: none
    BigInteger annualised_move_risk;  ///< [wad a year] roll shock of an expiry
    BigInteger annualised_move_min;   ///< [wad] at least, and for perpetuals
    BigInteger maintenance_factor;    ///< [wad]
};

/// Positions that expire together; a perpetual has no time.
struct Expiry {
    BigInteger years;                    ///< [wad years]
    std::vector<BigInteger> quantities;  ///< [wad base] signed
};

/// [wad base] What the responses state and no formula is published for.
struct Contingencies {
    BigInteger delta_shock;
    BigInteger correlation;
    BigInteger spot_margin;
    BigInteger mmp_margin;
    BigInteger open_orders;
};

struct Margin {
    std::vector<BigInteger> moves;       ///< [wad] from −range to +range
    std::vector<BigInteger> profits;     ///< [wad base] of all positions, per move
    std::vector<BigInteger> aggregated;  ///< [wad base] gains scaled by the offset, down
    BigInteger worst_case;
    BigInteger roll_shock;
    BigInteger risk_matrix;
    BigInteger initial;
    BigInteger maintenance;
};
/// DERIBIT-002: worst case = −min over the moves of the aggregated profits, 0 at least.
/// DERIBIT-003: roll shock = Σ |net of an expiry| · max(min, annualised · years), each up.
/// DERIBIT-004: risk matrix = worst case + roll shock + delta shock + correlation; initial = that +
/// spot, market maker and open orders; maintenance = factor · risk matrix, up.
/// The extended moves (−66 % to +500 %) clamp a future's profit to that at ±range and so add
/// nothing to futures.
Margin portfolio_margin(std::span<const Expiry> expiries, const Parameters& parameters,
                        const Contingencies& contingencies);

/// DERIBIT-005: standard margin of a future: 2 % and 1 %, each plus `size` times 0.005 % a BTC or
/// 0.0004 % an ETH; amounts up.
enum class Currency : std::uint8_t { btc, eth };
struct FutureMargin {
    BigInteger initial_rate;      ///< [wad]
    BigInteger maintenance_rate;  ///< [wad]
    BigInteger initial;           ///< [wad base]
    BigInteger maintenance;       ///< [wad base]
};
FutureMargin standard_future(Currency currency, const BigInteger& size);

/// Standard margin of one short option [wad base]: a call's initial max(15 % − out of the money /
/// index, 10 %) + mark and maintenance 7.5 % + mark; a put's maintenance max(7.5 %, 7.5 % of mark) +
/// mark, its initial at least that. Up.
struct ShortOption {
    bool is_call = false;
    BigInteger index;   ///< [wad USD] above 0
    BigInteger strike;  ///< [wad USD]
    BigInteger mark;    ///< [wad base]
};
struct OptionMargin {
    BigInteger initial;
    BigInteger maintenance;
};
OptionMargin standard_option(const ShortOption& option);

/// DERIBIT-006, not official: a third party's reading of the extended table for options. Scaled by
/// factor · range/|move| · (1 + move)/(1 ± range), then nearer to zero by
/// (max(|move|/range, 1) − 1) · dampener / ((1 ± range) · index), never beyond. [wad base] down
struct ExtendedTable {
    BigInteger price_range;  ///< [wad]
    BigInteger factor;       ///< [wad]
    BigInteger dampener;     ///< [wad USD]
    BigInteger index;        ///< [wad USD]
};
BigInteger extended_profit(const BigInteger& profit, const BigInteger& move,
                           const ExtendedTable& table);

}  // namespace breakwater::deribit_pm
