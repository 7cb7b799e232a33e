// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <vector>

#include "breakwater/core/rulebooks/compound_v3.hpp"
#include "breakwater/stress/native_storm.hpp"

/// A storm over one Compound v3 market (Comet). Who is below the liquidate factors is absorbed whole: the reserves
/// pay the debt and take all collateral at its liquidation factor; what that does not cover is lost at once
/// (COMET-007). Collateral then waits in the store front, which sells below the oracle's price while reserves are
/// under their target (COMET-008). Nobody is paid for absorbing: a keeper does it where the store front's discount on
/// what is absorbed, at the market's price, is worth the gas. What a sale brings less than was credited is lost too.
/// Source: docs/models.md, "Native lending markets".
namespace breakwater {

class CometStorm final : public NativeStorm {
  public:
    explicit CometStorm(const StormSetup& setup);

  private:
    struct Kind {
        AssetId asset{};
        double liquidate_factor = 0;
        double liquidation_factor = 0;
        double discount = 0;  ///< [1] of the store front
        double start = 0;     ///< [USD] price at the start
        double credited = 0;  ///< [USD] for what lies in the store front
    };

    void begin() override;
    void tell_prices(std::span<const Report> /*reports*/) override {}  // it reads the feeds
    void refresh() override;
    [[nodiscard]] double health_kept(std::uint32_t group) const override;
    std::span<const Leg> legs_of(const Borrower& borrower) override;
    bool is_unhealthy(const Borrower& borrower) override;
    [[nodiscard]] double bonus_of(const Borrower& borrower) const override;
    [[nodiscard]] double rounding_of(const Borrower& borrower) const override;
    bool liquidate(Borrower& borrower, const Weighed& now) override;
    void trade() override;
    void assess_stock(std::span<const double> sell) override;
    [[nodiscard]] Cash cash_of(AssetId asset) const override;

    [[nodiscard]] const compound_v3::Market& market() const {
        return std::get<compound_v3::Market>(state_.markets[0]);
    }
    [[nodiscard]] double stock(std::size_t kind) const;  ///< [whole tokens] in the store front
    [[nodiscard]] double discounted(const Kind& kind) const {
        return world_.oracle(kind.asset) * (1 - kind.discount);
    }
    bool buy(std::size_t kind);
    void book_absorbed(const Transition& done, const Weighed& now);

    compound_v3::Desk desk_;  ///< the market as it is now, with interest
    Transition scratch_;
    AssetId base_{};
    std::vector<Kind> kinds_;
    std::vector<std::uint32_t> masks_;  ///< by group: kinds of collateral
    std::vector<Leg> legs_;
    double start_base_ = 0;   ///< [USD]
    double start_index_ = 0;  ///< of borrowing, at the start
    double reserves_ = 0;     ///< [USD] at the start, 0 where negative
};

}  // namespace breakwater
