// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/world/prices.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "breakwater/world/correlation.hpp"
#include "breakwater/world/math.hpp"
#include "breakwater/world/random.hpp"
#include "breakwater/core/simd.hpp"

namespace breakwater {

namespace {

/// rows ← factor · rows for a lower triangular factor, from the last row up so that each row is
/// read before it is overwritten; then row · sizes (if given) + drift.
struct CorrelateKernel {
    [[gnu::always_inline]] static void run(double* rows, const double* factor, const double* drift,
                                           const double* sizes, std::size_t n, std::size_t steps) {
        for (std::size_t a = n; a-- > 0;) {
            double* const row = rows + a * steps;
            const double own = factor[a * n + a];
            for (std::size_t s = 0; s < steps; ++s)
                row[s] *= own;
            for (std::size_t b = 0; b < a; ++b) {
                const double* const other = rows + b * steps;
                const double weight = factor[a * n + b];
                if (weight == 0.0) continue;
                for (std::size_t s = 0; s < steps; ++s)
                    row[s] += weight * other[s];
            }
            if (sizes != nullptr) {
                for (std::size_t s = 0; s < steps; ++s)
                    row[s] *= sizes[s];
            }
            const double shift = drift[a];
            for (std::size_t s = 0; s < steps; ++s)
                row[s] += shift;
        }
    }
};

/// E[e^(beta·J)] − 1 for a normal J.
double mean_growth(double beta, double mean, double deviation) {
    return exp_(beta * mean + 0.5 * beta * beta * deviation * deviation) - 1.0;
}

std::size_t step_of(double fraction, std::size_t steps) {
    // Below `steps` for every fraction ≤ 1 − 2^-53: the product never rounds up to an integer.
    return static_cast<std::size_t>(fraction * static_cast<double>(steps));
}

}  // namespace

std::expected<PriceModel, std::string> PriceModel::create(const PriceParameters& parameters) {
    if (auto fault = fault_in(parameters)) return std::unexpected(std::move(*fault));
    const std::size_t n = parameters.assets.size();
    PriceModel model;
    model.steps_ = parameters.steps;

    std::vector<double> identity(n * n, 0.0);
    for (std::size_t a = 0; a < n; ++a)
        identity[a * n + a] = 1.0;
    auto factor = cholesky(parameters.correlation.empty() ? identity : parameters.correlation, n);
    if (!factor) return std::unexpected(std::move(factor.error()));
    model.factor_ = std::move(*factor);

    for (std::size_t a = 0; a < n; ++a) {
        const AssetDynamics& asset = parameters.assets[a];
        if (asset.base) model.followers_.push_back({a, *asset.base, asset.exposure});
        if (!asset.history) continue;
        auto bridge = HistoryBridge::create(asset.name, parameters.histories[*asset.history],
                                            parameters.steps, parameters.step_seconds);
        if (!bridge) return std::unexpected(std::move(bridge.error()));
        model.replays_.push_back({a, std::move(*bridge)});
    }
    model.prepare_dynamics(parameters);
    return model;
}

void PriceModel::prepare_dynamics(const PriceParameters& parameters) {
    const std::size_t n = parameters.assets.size();
    const double step_years = parameters.step_seconds / seconds_per_year;
    const double years = parameters.steps * step_years;
    const auto log_jump = [years](const Jump& jump) {
        return LogJump{.mean_count = jump.intensity * years,
                       .mean = log_(1.0 + jump.mean),
                       .deviation = jump.deviation};
    };
    common_jump_ = log_jump(parameters.common_jump);
    forced_jumps_ = parameters.forced_jumps;
    has_common_jumps_ = forced_jumps_ > 0 || common_jump_.mean_count > 0.0;

    mixing_steps_ = parameters.mixing_steps;
    if (parameters.degrees_of_freedom > 0.0) {
        double volatility_max = 0.0;
        for (const AssetDynamics& a : parameters.assets) {
            volatility_max = std::max(volatility_max, a.volatility);
        }
        const double together = std::sqrt(step_years * mixing_steps_);
        mixing_.emplace(parameters.degrees_of_freedom, std::max(volatility_max * together, 1e-9));
    }
    for (std::size_t a = 0; a < n; ++a) {
        const AssetDynamics& asset = parameters.assets[a];
        const LogJump own = log_jump(asset.jump);
        const double variance = asset.volatility * asset.volatility * step_years;
        double scale = std::sqrt(variance);
        double kept = 1.0;
        double drift = 0.0;
        if (asset.history) {
            kept = 0.0;
        } else if (asset.half_life_hours > 0.0) {
            const double decay =
                parameters.step_seconds / (asset.half_life_hours * 3600.0) * 0.69314718055994530942;
            kept = exp_(-decay);
            scale *= std::sqrt((1.0 - kept * kept) / (2.0 * decay));
            if (asset.level > 0.0) drift = (1.0 - kept) * log_(asset.level / asset.start);
        } else {
            const double jumps =
                own.mean_count * mean_growth(1.0, own.mean, own.deviation) +
                common_jump_.mean_count *
                    mean_growth(asset.beta, common_jump_.mean, common_jump_.deviation);
            const double growth =
                mixing_ ? mixing_->log_mean_growth(variance * mixing_steps_) / mixing_steps_
                        : 0.5 * variance;
            drift = asset.drift * step_years - growth - jumps / parameters.steps;
        }
        for (std::size_t b = 0; b <= a; ++b)
            factor_[a * n + b] *= scale;
        start_.push_back(asset.start);
        drift_.push_back(drift);
        kept_.push_back(kept);
        beta_.push_back(asset.beta);
        own_jumps_.push_back(own);
        has_own_jumps_ = has_own_jumps_ || own.mean_count > 0.0;
    }
}

void PriceModel::generate(std::uint64_t seed, std::uint32_t path, PricePath& out) const {
    const std::size_t n = assets();
    out.steps_ = steps_;
    out.assets_ = n;
    out.prices_.resize((steps_ + std::size_t{1}) * n);
    out.shocks_.resize(std::size_t{steps_} * (n + (mixing_ ? 1 : 0)));
    out.states_.resize(n);

    draw_shocks(seed, path, out.shocks_);
    add_jumps(seed, path, out.shocks_);
    for (const Replay& replay : replays_) {
        replay.bridge.generate(seed, path, {&out.shocks_[replay.asset * steps_], steps_});
    }
    accumulate(out);
    exp_batch(out.prices_);
    double* price = out.prices_.data();
    for (std::size_t s = 0; s <= steps_; ++s) {
        for (std::size_t a = 0; a < n; ++a)
            *price++ *= start_[a];
    }
}

void PriceModel::draw_shocks(std::uint64_t seed, std::uint32_t path,
                             std::span<double> shocks) const {
    const std::size_t n = assets();
    fill_normals(seed, path, Stream::diffusion, steps_, shocks);
    double* sizes = nullptr;
    if (mixing_) {
        // The normal of a block's first step sets the size of the block.
        sizes = &shocks[n * steps_];
        for (std::size_t s = 0; s < steps_; ++s) {
            sizes[s] = s % mixing_steps_ == 0 ? mixing_->multiplier(sizes[s]) : sizes[s - 1];
        }
    }
    simd::run<CorrelateKernel>(shocks.data(), factor_.data(), drift_.data(),
                               static_cast<const double*>(sizes), n, std::size_t{steps_});
}

void PriceModel::add_jumps(std::uint64_t seed, std::uint32_t path, std::span<double> shocks) const {
    // Step 0 of a jump stream holds the count, step j + 1 the time and size of jump j.
    const std::size_t n = assets();
    if (has_common_jumps_) {
        const double u = uniform_pair(seed, path, Stream::common_jump, 0, 0)[0];
        const std::uint32_t count = forced_jumps_ + poisson_quantile(common_jump_.mean_count, u);
        for (std::uint32_t j = 0; j < count; ++j) {
            const auto [when, size] = uniform_pair(seed, path, Stream::common_jump, j + 1, 0);
            const double jump = common_jump_.mean + common_jump_.deviation * normal_quantile(size);
            const std::size_t step = step_of(when, steps_);
            for (std::size_t a = 0; a < n; ++a)
                shocks[a * steps_ + step] += beta_[a] * jump;
        }
    }
    if (!has_own_jumps_) return;
    for (std::size_t a = 0; a < n; ++a) {
        const LogJump& own = own_jumps_[a];
        if (own.mean_count == 0.0) continue;
        const auto pair = static_cast<std::uint32_t>(a);
        const double u = uniform_pair(seed, path, Stream::own_jump, 0, pair)[0];
        const std::uint32_t count = poisson_quantile(own.mean_count, u);
        for (std::uint32_t j = 0; j < count; ++j) {
            const auto [when, size] = uniform_pair(seed, path, Stream::own_jump, j + 1, pair);
            shocks[a * steps_ + step_of(when, steps_)] +=
                own.mean + own.deviation * normal_quantile(size);
        }
    }
}

void PriceModel::accumulate(PricePath& out) const {
    const std::size_t n = assets();
    double* const x = out.states_.data();
    std::fill_n(x, n, 0.0);
    std::fill_n(out.prices_.data(), n, 0.0);
    for (std::size_t s = 0; s < steps_; ++s) {
        double* const row = &out.prices_[(s + 1) * n];
        for (std::size_t a = 0; a < n; ++a) {
            x[a] = kept_[a] * x[a] + out.shocks_[a * steps_ + s];
            row[a] = x[a];
        }
        for (const Follower& f : followers_)
            row[f.asset] += f.exposure * x[f.base];
    }
}

double bridge_minimum(double x, double y, double variance, double u) {
    const double gap = x - y;
    return 0.5 * (x + y - std::sqrt(gap * gap - 2.0 * variance * log_(u)));
}

}  // namespace breakwater
