// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "breakwater/world/prices.hpp"

/// How far does one asset's price move within a given time? The law of the log move x over a window
/// of T seconds that starts at a random moment of a path of prices.hpp:
///   x = drift + Σ exposure·(diffusion) + Σ of K jumps, K ~ Poisson(λT) + Binomial(forced, T/horizon)
/// Given K and the sizes m of the Student-t mixing, x is normal, so
///   P(x ≤ y) = Σ_k P(K = k) · E_m Φ((y − drift − k·μ)/√(Σ v_i·m_i² + k·δ²)),
/// a closed form but for the sum over k and, with Student-t shocks, one integral over m. Where a
/// window spans several sizes m_i, the product of their characteristic functions is inverted
/// instead (Gil-Pelaez 1951). Source: Merton 1976 for the mixture over K; docs/buffer.md.
///
/// Two simplifications, the same in the closed form and in the draws: the first size m starts with
/// the window, and a jump of a reverting price is counted whole.
namespace breakwater {

/// One source of the diffusion: the asset itself, or what it follows.
struct MovePart {
    double volatility = 0;       ///< [1/√year]
    double half_life_hours = 0;  ///< 0: random walk; else reverting to where it stands
    double exposure = 1;
};

struct MoveParameters {
    double seconds = 0;       ///< T
    double drift_a_year = 0;  ///< [1/year] of the log price, compensations included
    std::vector<MovePart> parts;
    double jumps_a_year = 0;  ///< λ
    std::uint32_t forced_jumps = 0;
    double horizon_seconds = 86'400;  ///< in which the forced ones fall
    double jump_mean = 0;             ///< μ of the log jump, beta included
    double jump_deviation = 0;        ///< δ
    double degrees_of_freedom = 0;    ///< 0: no mixing
    double mixing_seconds = 300;      ///< that share one m
    double volatility_max = 0;        ///< [1/√year] of all assets of the model: cuts the mixing
};

/// Of one asset of a model. History has no law: the asset and its base must have none.
MoveParameters move_parameters(const PriceParameters& prices, std::size_t asset, double seconds);

class MoveLaw {
  public:
    explicit MoveLaw(const MoveParameters& parameters);

    [[nodiscard]] double cdf(double log_move) const;  ///< P(x ≤ log_move)
    [[nodiscard]] double quantile(double p) const;    ///< of x, for p in (0, 1); by bisection
    /// 1 − e^x at the quantile 1 − level of x: the fall that is not exceeded with this probability;
    /// at least 0.
    [[nodiscard]] double fall(double level) const;
    [[nodiscard]] double probability_of_fall_beyond(double fall) const;  ///< P(1 − e^x > fall)

    /// One x by simulation: the diffusion in steps, the jumps one by one. A function of its
    /// arguments, as all draws.
    [[nodiscard]] double draw(std::uint64_t seed, std::uint32_t path, std::uint32_t asset) const;

  private:
    struct Block {
        double seconds;
        double variance;  ///< of x at the end of the window, at m = 1
    };
    [[nodiscard]] double diffusion_cdf(double y, double more_variance) const;
    [[nodiscard]] double inverted(double y, double more_variance) const;
    [[nodiscard]] double size_transform(double half_variance) const;
    void count_jumps();
    void prepare_inversion();
    [[nodiscard]] double drawn_jumps(std::uint64_t seed, std::uint32_t path,
                                     std::uint32_t asset) const;

    MoveParameters parameters_;
    double drift_ = 0;     // over the window
    double variance_ = 0;  // at m = 1
    std::vector<Block> blocks_;
    std::vector<double> jumps_;    // P(K = k)
    std::vector<double> squares_;  // m² on a grid of the mixing normal
    std::vector<double> weights_;
    std::vector<StudentMixing> mixing_;  // none or one
    double frequency_ = 0;               // grid of the inversion, for several blocks
    std::vector<double> transforms_;     // φ of the diffusion at (j + ½)·frequency_
};

}  // namespace breakwater
