// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <boost/multiprecision/cpp_int.hpp>

#include "breakwater/core/book.hpp"
#include "breakwater/core/event.hpp"

/// The slow twin of a Morpho Blue market: every operation over again from docs/rules.md (MORPHO-001 to MORPHO-010), in
/// integers of any width, on a state of its own. It shares the events with the engine and none of its arithmetic.
namespace breakwater::reference {

using Integer = boost::multiprecision::cpp_int;

Integer integer(uint128 v);
Integer integer(const Uint256& v);

class MorphoTwin {
  public:
    /// Begins where `state`, whose only market is a Morpho Blue one, stands.
    explicit MorphoTwin(const State& state);

    /// Nothing where the event is done; otherwise why it is refused, and then nothing has changed.
    std::optional<Error> apply(const State& /*feeds*/, const Event& event);

    /// The first number in which the engine's state differs, in words; empty where none does.
    [[nodiscard]] std::string difference(const State& state) const;


  private:
    struct Position {
        Integer supply_shares;
        Integer borrow_shares;
        Integer collateral;
    };
    struct Book {
        Integer supply_assets, supply_shares, borrow_assets, borrow_shares;
        Integer collateral, cash, price, rate_at_target;
        Integer lltv, fee;
        std::uint64_t updated = 0;
        bool has_price = false;
        std::vector<Position> positions;
    };

    void act(const morpho_blue::Supply& e);
    void act(const morpho_blue::Withdraw& e);
    void act(const morpho_blue::Borrow& e);
    void act(const morpho_blue::Repay& e);
    void act(const morpho_blue::SupplyCollateral& e);
    void act(const morpho_blue::WithdrawCollateral& e);
    void act(const morpho_blue::Liquidate& e);
    void act(const morpho_blue::Accrue& e);
    void act(const morpho_blue::ReportPrice& e);
    void act(const morpho_blue::SetFee& e);

    void accrue();
    Integer yearly_curve(const Integer& elapsed);
    [[nodiscard]] bool is_healthy(const Position& p);
    Integer kept(Integer v);
    Integer ratio_down(const Integer& a, const Integer& b, const Integer& c);
    Integer ratio_up(const Integer& a, const Integer& b, const Integer& c);
    Integer supply_shares_of(const Integer& assets, bool up);
    Integer supply_assets_of(const Integer& shares, bool up);
    Integer borrow_shares_of(const Integer& assets, bool up);
    Integer borrow_assets_of(const Integer& shares, bool up);

    Book book_;
    morpho_blue::RateModel rate_model_{};
    std::uint32_t fee_recipient_ = 0;
    AssetId loan_{};
    AssetId collateral_asset_{};
    std::uint64_t now_ = 0;
    bool too_wide_ = false;  ///< a number of this event does not fit the engine's widths
};

}  // namespace breakwater::reference
