// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "breakwater/world/history.hpp"
#include "breakwater/world/mixing.hpp"

/// Price paths of N assets on a grid of steps. Every asset a has a state x_a = ln(price / start):
///   random walk  x += drift − ½σ²dt − compensator of random jumps + σ√dt·m·z + jumps,
///                so that E[S_T] = start · e^(drift·T)
///   reverting    x += (1 − k)(ln(level / start) − x) + σ_k·m·z + jumps, k = 2^(−step / half-life),
///                the exact discrete Ornstein-Uhlenbeck process
///   history      a published path (history.hpp) with σ√dt·m·z as its noise
/// and price_a = start_a · exp(x_a + exposure_a · x_base): a wrapped or staked token is its base
/// with exposure 1 and a small reverting noise; an asset without history follows another's history
/// with exposure = its beta.
/// z: normals correlated by a Cholesky factor. m: 1, or the common size of Student-t shocks
/// (mixing.hpp). Jumps: Merton, log-normal, of one asset (compound Poisson) or of all (beta times a
/// common log jump), at the uniform times of a Poisson process or in forced number. Forced jumps
/// are the storm itself and are not compensated in the drift; neither are jumps of reverting
/// assets, nor the convexity of base and exposure.
namespace breakwater {

/// [s] 365 days, as in Aave's and Compound's rates
inline constexpr double seconds_per_year = 31'536'000.0;

/// A log-normal jump: ln(1 + mean) + deviation · normal.
struct Jump {
    double intensity = 0;  ///< [1/year]
    double mean = 0;       ///< median relative move, −0.135 = down 13.5 %
    double deviation = 0;  ///< standard deviation of the log jump
};

struct AssetDynamics {
    std::string name;       ///< for error messages
    double start = 1;       ///< [USD]
    double volatility = 0;  ///< [1/√year] of the log price; with base or history, of its own noise
    double drift = 0;       ///< [1/year] random walks only
    double half_life_hours = 0;  ///< 0: random walk; else reverting
    double level = 0;            ///< [USD] what a reverting price returns to; 0: its start
    double beta = 0;             ///< own log jump = beta · common log jump
    Jump jump = {};              ///< own jumps
    /// Asset it follows, itself without base.
    std::optional<std::size_t> base = std::nullopt;
    double exposure = 1;  ///< to the base
    /// Row of PriceParameters::histories it replays.
    std::optional<std::size_t> history = std::nullopt;
};

struct PriceParameters {
    std::uint32_t steps = 288;
    double step_seconds = 300;
    std::vector<AssetDynamics> assets;
    /// Of the shocks z, assets × assets, row-major; empty: independent.
    std::vector<double> correlation;
    Jump common_jump = {};           ///< hits every asset by its beta
    std::uint32_t forced_jumps = 0;  ///< common jumps that occur for certain, at uniform times
    double degrees_of_freedom = 0;   ///< of Student-t shocks, > 2; 0: normal shocks
    std::uint32_t mixing_steps = 1;  ///< steps that share one m: the interval at which ν was fitted
    std::vector<std::vector<HistoryPoint>> histories;
};

/// What is wrong with the parameters, as a sentence that names the asset; nullopt if nothing.
/// Correlation and histories are checked by PriceModel::create.
std::optional<std::string> fault_in(const PriceParameters& parameters);

/// One path: (steps + 1) × assets prices in USD, row 0 = start. Keeps its memory from path to path:
/// one per worker.
class PricePath {
  public:
    [[nodiscard]] std::span<const double> row(std::size_t step) const {
        return {&prices_[step * assets_], assets_};
    }
    [[nodiscard]] double price(std::size_t step, std::size_t asset) const {
        return prices_[step * assets_ + asset];
    }
    [[nodiscard]] std::span<const double> matrix() const {
        return prices_;
    }  ///< row-major [step][asset]
    [[nodiscard]] std::size_t steps() const { return steps_; }
    [[nodiscard]] std::size_t assets() const { return assets_; }

  private:
    friend class PriceModel;
    std::size_t steps_ = 0;
    std::size_t assets_ = 0;
    std::vector<double> prices_;  // [step][asset]
    std::vector<double> shocks_;  // [asset][step], then a row of mixing normals
    std::vector<double> states_;  // x of each asset at the current step
};

/// Parameters, checked once and prepared; then immutable and shared by all threads.
class PriceModel {
  public:
    static std::expected<PriceModel, std::string> create(const PriceParameters& parameters);

    /// The path with this number, the same bits whoever asks.
    void generate(std::uint64_t seed, std::uint32_t path, PricePath& out) const;

    [[nodiscard]] std::uint32_t steps() const { return steps_; }
    [[nodiscard]] std::size_t assets() const { return start_.size(); }

  private:
    struct LogJump {
        double mean_count = 0;  // over the horizon
        double mean = 0;
        double deviation = 0;
    };
    struct Follower {
        std::size_t asset;
        std::size_t base;
        double exposure;
    };
    struct Replay {
        std::size_t asset = 0;
        HistoryBridge bridge;
    };

    void prepare_dynamics(const PriceParameters& parameters);
    void draw_shocks(std::uint64_t seed, std::uint32_t path, std::span<double> shocks) const;
    void add_jumps(std::uint64_t seed, std::uint32_t path, std::span<double> shocks) const;
    void accumulate(PricePath& out) const;

    std::uint32_t steps_ = 0;
    std::vector<double> start_;
    std::vector<double> factor_;  // Cholesky factor, rows scaled by the volatility of a step
    std::vector<double> drift_;   // of ln price per step
    std::vector<double>
        kept_;  // of x per step: 1 random walk, < 1 reverting, 0 replay (the row holds levels)
    std::vector<double> beta_;
    LogJump common_jump_;
    std::uint32_t forced_jumps_ = 0;
    std::vector<LogJump> own_jumps_;
    bool has_common_jumps_ = false;
    bool has_own_jumps_ = false;
    std::optional<StudentMixing> mixing_;
    std::uint32_t mixing_steps_ = 1;
    std::vector<Follower> followers_;
    std::vector<Replay> replays_;
};

/// Exact draw of the minimum of a Brownian bridge from x to y with this variance over the whole
/// interval (σ²·dt), by inversion of u in (0, 1): P(min ≤ m) = exp(−2 (x − m)(y − m) / variance).
/// In log price, so that a barrier is seen as if prices were watched without pause; 5-minute steps
/// alone miss 9 % of the −10 % hits of a day.
double bridge_minimum(double x, double y, double variance, double u);

}  // namespace breakwater
