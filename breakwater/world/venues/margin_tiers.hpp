// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <cstddef>
#include <span>
#include <vector>

/// Maintenance margin in tiers of notional, continuous by a deduction, as at Hyperliquid ("margin
/// tiers") and Binance ("leverage brackets"):
///
///   maintenance = notional · rate_b − deduction_b,
///   deduction_b = deduction_{b−1} + floor_b (rate_b − rate_{b−1}),  deduction_0 = 0.
///
/// A notional at a floor still belongs to the tier below, where both give the same.
namespace breakwater {

struct MarginTier {
    double floor;         ///< [quote] notional from which it applies
    double rate;          ///< maintenance margin rate
    double leverage_max;  ///< as the venue states it
};

class BracketTiers {
  public:
    /// Floors rise strictly from 0. At least one tier.
    explicit BracketTiers(std::vector<MarginTier> tiers);

    [[nodiscard]] std::size_t tier_of(double notional) const;
    [[nodiscard]] const MarginTier& tier(std::size_t i) const { return tiers_[i]; }
    [[nodiscard]] double deduction(std::size_t i) const { return deductions_[i]; }
    [[nodiscard]] std::size_t size() const { return tiers_.size(); }
    [[nodiscard]] double maintenance(double notional) const;

  private:
    std::vector<MarginTier> tiers_;
    std::vector<double> deductions_;
};

/// What stands beside the position in a cross-margin account.
struct CrossAccount {
    double wallet_balance;           ///< [quote]
    double other_maintenance;        ///< [quote] of all other positions
    double other_unrealised_profit;  ///< [quote] of all other positions
};
struct TieredPosition {
    double side;   ///< +1 long, −1 short
    double size;   ///< [base] above 0
    double entry;  ///< [quote]
};
struct LiquidationPrice {
    double price;  ///< [quote]; 0 or less where no fall liquidates
    std::size_t tier;
};
/// The mark at which equity equals maintenance, in the tier in which the position then is:
///
///   LP = (WB − TMM₁ + UPNL₁ + deduction − side · size · entry) / (size · rate − side · size).
///
/// Source: Binance, "How to calculate liquidation price of USDⓈ-M futures contracts", cross, one-way.
LiquidationPrice liquidation_price(const BracketTiers& tiers, const CrossAccount& account,
                                   const TieredPosition& position);

}  // namespace breakwater
