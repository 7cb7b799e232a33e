// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <cstdint>

/// Block space and its price: how many liquidations fit, what each costs, how long an oracle's transaction waits.
/// Demand for gas is normal demand × exp(noise + stress) × (normal fee / base fee), where both exponents are AR(1) with
/// one half-life, noise is Gaussian and stress jumps with |return|/σ; the base fee follows EIP-1559 block by block.
namespace breakwater {

/// Base fee of the next block, exact integers (EIP-1559). The target is half the limit; the step is at most 1/8.
/// @param base_fee [wei]  @param gas_used [gas] ≤ gas_limit  @param gas_limit [gas] of the parent block, ≥ 2
std::uint64_t next_base_fee(std::uint64_t base_fee, std::uint64_t gas_used,
                            std::uint64_t gas_limit);

/// Mean wait before service in a queue with Poisson arrivals and one server of constant service time, in service
/// times: ρ/(2·(1 − ρ)) (Pollaczek–Khinchine). A block is the server. @param load 0 ≤ ρ < 1
double md1_wait(double load);

/// [chain] of a scenario; the first four are in the file, the others have defaults that fit Ethereum.
struct ChainParameters {
    /// [gwei] in normal times: the fee at which demand meets the target.
    double base_fee_gwei = 20;
    /// [gas] per block; 30M until February 2025, then 36M, 45M, 60M.
    double gas_limit = 30'000'000;
    double congestion = 1;  ///< ≥ 1, peak multiple of the normal demand; Black Thursday about 6
    double keeper_share = 0.15;        ///< share of block gas that liquidations can win
    double priority_fee_gwei = 2;      ///< [gwei] paid on top of the base fee
    double noise = 0.25;               ///< stationary standard deviation of log demand in calm
    double half_life_minutes = 30;     ///< [min] of a disturbance of demand
    double full_at_sigmas = 4;         ///< one step's |return|/σ that alone brings the peak; > 1
    double base_fee_max_gwei = 3'000;  ///< [gwei] cap, twice the peaks of May 2021
    double seconds_per_block = 12;     ///< [s]
    bool enabled = true;               ///< off: normal fee, and block space without end
};

/// One chain along one path. A value; never allocates.
class Chain {
  public:
    Chain(const ChainParameters& parameters, double step_seconds);

    void reset();
    /// Runs the blocks of one step and opens their space to `include`.
    /// @param sigmas |return|/σ of the step, of the asset or factor that is the market's
    /// @param innovation standard normal draw
    void step(double sigmas, double innovation);

    /// After the step's last block.
    [[nodiscard]] double base_fee_gwei() const { return base_fee_; }
    /// Mean of the step, tip included.
    [[nodiscard]] double gas_price_gwei() const { return mean_fee_ + tip_; }
    [[nodiscard]] double gas_cost_usd(double gas, double ether_usd) const {
        return gas * gas_price_gwei() * 1e-9 * ether_usd;
    }
    /// [gas] that liquidations can still win in this step: keeper_share of every block, divided by how many times
    /// over the block was sold when it was full.
    [[nodiscard]] double gas_available() const { return gas_available_; }
    /// Takes the gas of one liquidation; false, and nothing taken, when it no longer fits.
    bool include(double gas);

    /// [s] what a transaction at the going fee waits beyond the half block of normal times, for oracle reports.
    [[nodiscard]] double delay_seconds() const { return delay_; }
    /// Multiple of the normal demand, at the normal fee.
    [[nodiscard]] double demand() const { return demand_; }

  private:
    ChainParameters parameters_;
    double step_seconds_;
    double kept_ = 0;         ///< AR(1) coefficient of a step
    double noise_scale_ = 0;  ///< standard deviation of a step's innovation
    double log_peak_ = 0;     ///< ln(congestion)
    double tip_ = 0;          ///< [gwei]
    // state
    double noise_ = 0;
    double stress_ = 0;
    double demand_ = 1;
    double base_fee_ = 0;  ///< [gwei]
    double mean_fee_ = 0;  ///< [gwei]
    double gas_available_ = 0;
    double delay_ = 0;
    double seconds_left_ = 0;  ///< [s] of the steps so far that have not made a block
};

}  // namespace breakwater
