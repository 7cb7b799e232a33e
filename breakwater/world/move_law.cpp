// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/world/move_law.hpp"

#include <algorithm>
#include <cmath>

#include "breakwater/core/require.hpp"
#include "breakwater/world/math.hpp"
#include "breakwater/world/random.hpp"

namespace breakwater {
namespace {

constexpr double pi = 3.14159265358979323846;
constexpr double negligible = 1e-17;
constexpr std::size_t law_cells = 1'024;
constexpr double reach = 200;  // standard deviations

/// Variance at the end of a window that a part gathers from `from` to `to` seconds before that end.
double variance_of(const MovePart& part, double from, double to) {
    const double own = part.volatility * part.exposure;
    if (part.half_life_hours <= 0) return own * own * (from - to) / seconds_per_year;
    const double speed = 2 * elementary::ln2 / (part.half_life_hours * 3'600);  // of the variance
    return own * own * (exp_(-speed * to) - exp_(-speed * from)) / (speed * seconds_per_year);
}

struct Turn {
    double sine;
    double cosine;
};

/// sin and cos by the series of a 64th of the angle and six doublings.
Turn turn_of(double angle) {
    const double h = angle / 64;
    const double q = h * h;
    double sine = h * (1 - q / 6 * (1 - q / 20 * (1 - q / 42 * (1 - q / 72))));
    double less = q / 2 * (1 - q / 12 * (1 - q / 30 * (1 - q / 56)));  // 1 − cos
    for (int i = 0; i < 6; ++i) {
        const double cosine = 1 - less;
        less = 2 * sine * sine;
        sine = 2 * sine * cosine;
    }
    return {sine, 1 - less};
}

double growth_of_jumps(double beta, const Jump& jump) {
    const double size = beta * log_(1 + jump.mean);
    return exp_(size + 0.5 * beta * beta * jump.deviation * jump.deviation) - 1;
}

}  // namespace

MoveParameters move_parameters(const PriceParameters& prices, std::size_t asset, double seconds) {
    const AssetDynamics& self = prices.assets[asset];
    const bool follows = self.base.has_value();
    const AssetDynamics& root = follows ? prices.assets[*self.base] : self;
    REQUIRE(!self.history && !root.history);
    const double exposure = follows ? self.exposure : 1;

    MoveParameters out;
    out.seconds = seconds;
    out.horizon_seconds = prices.steps * prices.step_seconds;
    out.jumps_a_year = prices.common_jump.intensity;
    out.forced_jumps = prices.forced_jumps;
    const double beta = exposure * root.beta + (follows ? self.beta : 0);
    out.jump_mean = beta * log_(1 + prices.common_jump.mean);
    out.jump_deviation = std::fabs(beta) * prices.common_jump.deviation;
    out.degrees_of_freedom = prices.degrees_of_freedom;
    out.mixing_seconds = prices.mixing_steps * prices.step_seconds;
    for (const AssetDynamics& a : prices.assets)
        out.volatility_max = std::max(out.volatility_max, a.volatility);
    out.parts.push_back({root.volatility, root.half_life_hours, exposure});
    if (follows) out.parts.push_back({self.volatility, self.half_life_hours, 1});

    // As PriceModel: a random walk is compensated so that its mean grows with its drift alone.
    if (root.half_life_hours > 0) return out;
    double growth = 0.5 * root.volatility * root.volatility;
    if (prices.degrees_of_freedom > 0) {
        const double years = out.mixing_seconds / seconds_per_year;
        const StudentMixing mixing(prices.degrees_of_freedom,
                                   std::max(out.volatility_max * std::sqrt(years), 1e-9));
        growth = mixing.log_mean_growth(root.volatility * root.volatility * years) / years;
    }
    out.drift_a_year =
        exposure *
        (root.drift - growth - out.jumps_a_year * growth_of_jumps(root.beta, prices.common_jump));
    return out;
}

MoveLaw::MoveLaw(const MoveParameters& parameters) : parameters_(parameters) {
    const MoveParameters& p = parameters_;
    REQUIRE(p.seconds >= 0);
    drift_ = p.drift_a_year * p.seconds / seconds_per_year;
    const bool mixed = p.degrees_of_freedom > 0;
    const double together = mixed ? p.mixing_seconds : p.seconds;
    for (double from = p.seconds; from > 0;) {
        const double to = std::max(0.0, from - together);
        Block block{.seconds = from - to, .variance = 0};
        for (const MovePart& part : p.parts)
            block.variance += variance_of(part, from, to);
        variance_ += block.variance;
        blocks_.push_back(block);
        from = to;
    }
    count_jumps();
    if (!mixed) return;
    const double root = std::sqrt(p.mixing_seconds / seconds_per_year);
    mixing_.emplace_back(p.degrees_of_freedom, std::max(p.volatility_max * root, 1e-9));
    for (std::size_t i = 0; i <= law_cells; ++i) {
        const double z = -normal_reach + 2 * normal_reach / law_cells * static_cast<double>(i);
        const double m = mixing_.front().multiplier(z);
        squares_.push_back(m * m);
        weights_.push_back(2 * normal_reach / law_cells * normal_density(z));
    }
    if (blocks_.size() > 1 && variance_ > 0) prepare_inversion();
}

void MoveLaw::count_jumps() {
    const double inside = std::min(1.0, parameters_.seconds / parameters_.horizon_seconds);
    const double mean =
        std::min(700.0, parameters_.jumps_a_year * parameters_.seconds / seconds_per_year);
    double mass = exp_(-mean);
    for (std::uint32_t k = 0; k < 2'000 && (k <= mean || mass > negligible); ++k) {
        jumps_.push_back(mass);
        mass *= mean / (k + 1.0);
    }
    // Each forced jump lies in the window or not.
    for (std::uint32_t j = 0; j < parameters_.forced_jumps; ++j) {
        jumps_.push_back(0);
        for (std::size_t k = jumps_.size(); k-- > 0;)
            jumps_[k] = (1 - inside) * jumps_[k] + (k > 0 ? inside * jumps_[k - 1] : 0);
    }
}

double MoveLaw::cdf(double log_move) const {
    double sum = 0;
    for (std::size_t k = 0; k < jumps_.size(); ++k) {
        const auto n = static_cast<double>(k);
        sum +=
            jumps_[k] * diffusion_cdf(log_move - drift_ - n * parameters_.jump_mean,
                                      n * parameters_.jump_deviation * parameters_.jump_deviation);
    }
    return std::clamp(sum, 0.0, 1.0);
}

double MoveLaw::diffusion_cdf(double y, double more_variance) const {
    const double variance = variance_ + more_variance;
    if (!(variance > 0)) return y >= 0 ? 1 : 0;
    if (squares_.empty() || !(variance_ > 0)) return normal_cdf(y / std::sqrt(variance));
    if (blocks_.size() > 1) return inverted(y, more_variance);
    double sum = 0;
    for (std::size_t i = 0; i < squares_.size(); ++i)
        sum += weights_[i] * normal_cdf(y / std::sqrt(variance_ * squares_[i] + more_variance));
    return sum;
}

/// E exp(−h·m²).
double MoveLaw::size_transform(double half_variance) const {
    double sum = 0;
    for (std::size_t i = 0; i < squares_.size(); ++i)
        sum += weights_[i] * exp_(-half_variance * squares_[i]);
    return sum;
}

/// The grid of the inversion reaches `reach` standard deviations of the widest normal in use.
void MoveLaw::prepare_inversion() {
    constexpr int points_max = 4'000;
    const double most = static_cast<double>(jumps_.size() - 1) * parameters_.jump_deviation *
                        parameters_.jump_deviation;
    frequency_ = pi / (reach * std::sqrt(variance_ + most));
    for (int j = 0; j < points_max; ++j) {
        const double u = (j + 0.5) * frequency_;
        double product = 1;
        double variance = -1;
        double transform = 1;
        for (const Block& block : blocks_) {
            // Blocks of one length and no reversion are alike but for rounding.
            if (std::fabs(block.variance - variance) > 1e-9 * variance_)
                transform = size_transform(0.5 * u * u * block.variance);
            variance = block.variance;
            product *= transform;
        }
        if (product < 1e-12) break;
        transforms_.push_back(product);
    }
}

/// P(x ≤ y) = ½ + 1/π ∫₀^∞ sin(uy)·φ(u)/u du for a symmetric x, by the midpoint rule, whose error is
/// what lies further out than `reach` standard deviations.
double MoveLaw::inverted(double y, double more_variance) const {
    if (std::fabs(y) * frequency_ > pi / 2) return y > 0 ? 1 : 0;
    const Turn step = turn_of(frequency_ * y);
    Turn at = turn_of(0.5 * frequency_ * y);
    double sum = 0;
    for (std::size_t j = 0; j < transforms_.size(); ++j) {
        const double n = static_cast<double>(j) + 0.5;
        const double u = n * frequency_;
        sum += at.sine * transforms_[j] * exp_(-0.5 * more_variance * u * u) / n;
        at = {at.sine * step.cosine + at.cosine * step.sine,
              at.cosine * step.cosine - at.sine * step.sine};
    }
    return 0.5 + sum / pi;
}

double MoveLaw::quantile(double p) const {
    REQUIRE(p > 0 && p < 1);
    double low = -1;
    double high = 1;
    while (cdf(low) > p && low > -700)
        low *= 2;
    while (cdf(high) < p && high < 700)
        high *= 2;
    for (int i = 0; i < 100 && high - low > 1e-13; ++i) {
        const double middle = 0.5 * (low + high);
        (cdf(middle) < p ? low : high) = middle;
    }
    return high;
}

double MoveLaw::fall(double level) const {
    return std::max(0.0, 1 - exp_(quantile(1 - level)));
}

double MoveLaw::probability_of_fall_beyond(double fall) const {
    return fall >= 1 ? 0.0 : cdf(log_(1 - fall));
}

}  // namespace breakwater
