// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "breakwater/core/units.hpp"
#include "breakwater/world/liquidity.hpp"
#include "breakwater/world/route.hpp"

/// Who comes to liquidate, and whether it pays. A keeper buys the debt asset, repays, sells what it seizes, and takes
/// part when
///   profit(a) = a·seize·(average sale price) − a·repay·(average purchase price) − a·(bid + capital cost) − gas
/// is at least its minimum for some part a of the liquidation. Capital is finite and comes back only after a while; all
/// keepers may be out at once.
namespace breakwater {

/// [keepers] of a scenario; what has no line there has a default that changes nothing.
struct KeeperParameters {
    std::uint32_t count = 12;
    double capital_usd = 20'000'000;  ///< [USD] of each
    double outage = 0;  ///< probability that all are out in one window of the path (common mode)
    double outage_minutes = 120;  ///< [min] length of that window
    double up_probability = 1;    ///< that a keeper, on its own, works on this path
    double recycle_minutes = 20;  ///< [min] until what was spent can be spent again
    double recycle_factor = 1;    ///< multiplies recycle_minutes in the storm; about 3 in bad ones
    double min_profit_usd = 10;
    double gas_per_liquidation = 500'000;
    /// Part of the incentive that goes to the block builder or back to the venue (OEV).
    double recapture = 0;
    double capital_rate = 0;  ///< [per year] cost of the capital while it is away
    /// z of σ·√τ·z: that part of what was repaid is charged for inventory held for τ = recycle time.
    double risk_sigmas = 0;
    /// Off: all up, capital without end; what does not pay still does not happen.
    bool enabled = true;
};

/// Uniform draws in [0, 1) for one path.
struct KeeperDraws {
    double outage = 1;  ///< the common outage happens when below KeeperParameters::outage
    /// [s] start of the window: a uniform time, or that of the storm's worst move.
    double outage_start_seconds = 0;
    /// One per keeper, up when below up_probability; empty = all up. GCC warns where a member without initialiser is
    /// left out.
    std::span<const double> up = {};  // NOLINT(*-redundant-member-init)
};

/// What a venue offers. Money is at market prices before the keeper's own trades.
struct KeeperQuote {
    static constexpr double unlimited = std::numeric_limits<double>::infinity();

    Route route;                       ///< collateral to debt asset
    double repay_usd = 0;              ///< [USD] most that may be repaid now; > 0
    double seize_usd = 0;              ///< [USD] collateral for that, after the protocol's fee
    double cash_usd = unlimited;       ///< [USD] collateral that the reserve can pay out
    double fraction_min = 0;           ///< least part that may be taken (1 = all or nothing)
    double volatility = 0;             ///< [per √year] of the collateral, for risk_sigmas
    double gas_cost_usd = 0;           ///< Chain::gas_cost_usd(gas_per_liquidation)
    double gas_available = unlimited;  ///< Chain::gas_available()
};

/// Why a liquidation, or part of one, did not happen. Order is precedence.
enum class Refusal : std::uint8_t {
    none,
    outage,          ///< nobody is up
    no_block_space,  ///< the step's gas for liquidations is used up
    unprofitable,    ///< no part of it pays; the part that impact makes too dear
    no_cash,         ///< the reserve cannot pay out the collateral
    no_capital,      ///< what the keepers have is away
};
inline constexpr std::size_t refusal_count = 6;
const char* to_string(Refusal refusal);

struct KeeperDecision {
    Refusal refusal = Refusal::none;
    /// Of an accepted part below 1: unprofitable (impact), no_cash or no_capital.
    Refusal limited_by = Refusal::none;
    std::uint32_t keeper = 0;
    double fraction = 0;  ///< part of repay_usd and seize_usd
    /// Expected at `fraction`; when refused as unprofitable, the best there was.
    double profit_usd = 0;
    double spend_usd = 0;  ///< [USD] capital that leaves for the recycle time
    [[nodiscard]] bool accepted() const { return refusal == Refusal::none; }
};

/// Refusals of one reason so far. A liquidation that waits is counted at every attempt.
struct RefusalTally {
    std::uint32_t count = 0;
    double usd = 0;  ///< [USD] debt that was not repaid for this reason, cut parts included
};

/// All keepers along one path. A value; nothing is allocated after construction.
class Keepers {
  public:
    Keepers(const KeeperParameters& parameters, double step_seconds);

    void reset(const KeeperDraws& draws);
    /// Starts a step at `now` [s], once per step_seconds: capital comes back at the first step at or after its time.
    void step(double now);

    /// The richest keeper's answer. Pure: nothing moves until `record`.
    [[nodiscard]] KeeperDecision decide(const KeeperQuote& quote, const Liquidity& liquidity) const;
    /// Spends the capital of an accepted decision, or counts its refusal. The caller trades in the book.
    void record(const KeeperDecision& decision, const KeeperQuote& quote);

    [[nodiscard]] double gas_per_liquidation() const { return parameters_.gas_per_liquidation; }
    [[nodiscard]] bool any_up() const { return !parameters_.enabled || (up_count_ > 0 && !out_); }
    /// [USD] what the richest keeper that is up can spend: the most that one liquidation can cost.
    [[nodiscard]] double richest_usd() const {
        return parameters_.enabled ? free_[richest_] : std::numeric_limits<double>::infinity();
    }
    [[nodiscard]] double free_usd() const;  ///< [USD] of all keepers that are up
    [[nodiscard]] double away_usd() const;  ///< [USD] spent and not yet back
    /// [USD] expected profit of what was accepted.
    [[nodiscard]] double profit_usd() const { return profit_; }
    [[nodiscard]] std::uint32_t accepted() const { return accepted_; }
    [[nodiscard]] const RefusalTally& tally(Refusal reason) const {
        return tallies_[static_cast<std::size_t>(reason)];
    }

  private:
    void find_richest();

    KeeperParameters parameters_;
    std::size_t recycle_steps_;
    double capital_cost_ = 0;  ///< [1] capital_rate·τ
    double risk_cost_ = 0;     ///< [√year] z·√τ
    // state
    std::vector<double> free_;       ///< [USD] per keeper
    std::vector<std::uint8_t> up_;   ///< per keeper
    std::vector<double> returning_;  ///< [USD] per step of the recycle time and keeper, a ring
    std::size_t cursor_ = 0;
    std::uint32_t richest_ = 0;
    std::uint32_t up_count_ = 0;
    std::uint32_t accepted_ = 0;
    bool outage_drawn_ = false;
    bool out_ = false;
    double outage_start_ = 0;  ///< [s]
    double profit_ = 0;
    std::array<RefusalTally, refusal_count> tallies_{};
};

}  // namespace breakwater
