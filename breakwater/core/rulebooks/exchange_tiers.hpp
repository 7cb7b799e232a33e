// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "breakwater/core/big_integer.hpp"

/// Rules of centralised exchanges: maintenance margin in brackets of notional (Binance), the prices
/// of liquidation, of bankruptcy and of the mark, what the insurance fund gains, and the rank in the
/// queue of deleveraging (BitMEX and who followed it). Exact; exchanges do not publish how they
/// round, so the one rounding of each result is ours, against the holder.
/// Units: wads, 1e-18 of a quote unit, a coin or 1. Source: docs/rules.md, EXCHANGE-001 to
/// EXCHANGE-006.
namespace breakwater::exchange_tiers {

enum class Side : std::uint8_t { long_side, short_side };

struct Bracket {
    BigInteger floor;  ///< [wad quote] notional above which it applies
    BigInteger rate;   ///< [wad] maintenance margin rate
};

/// EXCHANGE-001: maintenance = notional · rate_b − deduction_b,
/// deduction_b = deduction_{b−1} + floor_b (rate_b − rate_{b−1}): continuous where brackets meet.
/// Where rates are whole ppm and floors whole 1e-8 USD this is MarginTiers of margin/tiers.hpp.
class Brackets {
  public:
    /// nullopt unless floors rise from 0 and there is one.
    static std::optional<Brackets> of(std::vector<Bracket> brackets);

    /// A notional at a floor still belongs to the bracket below, where both give the same.
    [[nodiscard]] std::size_t at(const BigInteger& notional) const;
    [[nodiscard]] const Bracket& bracket(std::size_t i) const { return brackets_[i]; }
    [[nodiscard]] std::size_t size() const { return brackets_.size(); }
    [[nodiscard]] const BigInteger& deduction(std::size_t i) const { return deductions_[i]; }
    /// [wad] rounded up
    [[nodiscard]] BigInteger maintenance(const BigInteger& notional) const;

  private:
    std::vector<Bracket> brackets_;
    std::vector<BigInteger> deductions_;  ///< [1e-36 quote] exact
};

/// What stands beside the position in a cross-margin account. [wad quote]
struct CrossAccount {
    BigInteger wallet_balance;
    BigInteger other_maintenance;        ///< of all other positions
    BigInteger other_unrealised_profit;  ///< of all other positions
};
struct Position {
    Side side{};
    BigInteger size;   ///< [wad coins] above 0
    BigInteger entry;  ///< [wad quote]
};
struct LiquidationPrice {
    BigInteger price;  ///< [wad quote] 0 or less where no fall liquidates; up for a long
    std::size_t bracket = 0;
};
/// EXCHANGE-002: the mark at which equity equals maintenance, in the bracket in which the position
/// then is:
///   (WB − TMM + UPNL + deduction − side · size · entry) / (size · rate − side · size).
/// nullopt where no mark does, as for a long at a rate of 1.
std::optional<LiquidationPrice> liquidation_price(const Brackets& brackets,
                                                  const CrossAccount& account,
                                                  const Position& position);

/// EXCHANGE-003: the median of index · (1 + funding · hours / 8), index + average of the basis, and
/// the contract's last price. [wad quote] the first rounded down
struct MarkPrice {
    BigInteger by_funding;
    BigInteger by_basis;
    BigInteger mark;
};
struct MarkInputs {
    BigInteger index;
    BigInteger last_funding;      ///< [wad per 8 h]
    BigInteger hours_to_funding;  ///< [wad h]
    BigInteger basis_average;
    BigInteger last;
};
MarkPrice mark_price(const MarkInputs& in);

/// EXCHANGE-004: entry · (L ∓ 1) / L of a linear contract, L the leverage [wad] of 1 or more; a
/// long's up, a short's down.
BigInteger bankruptcy_price_linear(Side side, const BigInteger& entry, const BigInteger& leverage);
/// Of an inverse contract: entry · L / (L ± 1). A short needs leverage above 1.
BigInteger bankruptcy_price_inverse(Side side, const BigInteger& entry, const BigInteger& leverage);

/// EXCHANGE-005 [wad coins] What the insurance fund gains when an inverse position of `contracts`
/// quote units that it took at the bankruptcy price is closed at `executed`:
/// side · contracts · (1/bankruptcy − 1/executed), down.
BigInteger insurance_fund_flow_inverse(Side side, const BigInteger& contracts,
                                       const BigInteger& bankruptcy, const BigInteger& executed);

/// EXCHANGE-006. Values signed, a short's below 0; toward −infinity.
struct AdlRank {
    BigInteger profit;    ///< [wad] (mark − entry) / |entry|
    BigInteger leverage;  ///< [wad] |mark| / (mark − bankrupt)
    BigInteger rank;      ///< [wad] profit · leverage of winners, profit / leverage of losers
};
/// Lost where entry is 0 or the mark equals the bankruptcy value.
AdlRank adl_rank(const BigInteger& mark, const BigInteger& entry, const BigInteger& bankrupt);

}  // namespace breakwater::exchange_tiers
