// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <array>
#include <vector>

#include "breakwater/stress/morpho_view.hpp"
#include "breakwater/stress/native_storm.hpp"

/// A storm over the isolated markets of Morpho Blue. The oracle of a market says what the feeds of its two assets say;
/// a hard-wired one never moves. A keeper liquidates any part at the market's one incentive: all debt, or where the
/// collateral pays for less than that, all collateral, and the rest is lost to the suppliers of the market at once
/// (MORPHO-008, MORPHO-009). A vault over markets, its queues and caps, is not played.
/// Source: docs/models.md, "Native lending markets".
namespace breakwater {

class MorphoStorm final : public NativeStorm {
  public:
    explicit MorphoStorm(const StormSetup& setup);

  private:
    struct Now {
        morpho_blue::Totals totals;  ///< grown up to `now_`
        double worth = 0;            ///< [1] loan atoms for an atom of collateral
        double per_share = 0;        ///< [1] loan atoms
        double kept = 1;             ///< of the health factors at the start
    };
    struct Fixed {
        double lltv = 0;
        double bonus = 0;
        double start = 0;  ///< worth / per_share at the start
    };

    void tell_prices(std::span<const Report> reports) override;
    void refresh() override;
    [[nodiscard]] double health_kept(std::uint32_t group) const override {
        return now_of_[group].kept;
    }
    std::span<const Leg> legs_of(const Borrower& borrower) override;
    bool is_unhealthy(const Borrower& borrower) override;
    [[nodiscard]] double bonus_of(const Borrower& borrower) const override {
        return fixed_[borrower.market].bonus;
    }
    [[nodiscard]] double rounding_of(const Borrower& borrower) const override;
    bool liquidate(Borrower& borrower, const Weighed& now) override;
    [[nodiscard]] Cash cash_of(AssetId asset) const override;

    void refresh(std::size_t market);
    [[nodiscard]] const morpho_blue::Position& position(const Borrower& borrower) const;
    [[nodiscard]] morpho_blue::Liquidate sized(const Borrower& borrower, double part);

    std::vector<Now> now_of_;  ///< by market
    std::vector<Fixed> fixed_;
    std::array<Leg, 2> legs_;
};

}  // namespace breakwater
