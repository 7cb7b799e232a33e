// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/stress/margin_models.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "breakwater/stress/procyclicality.hpp"
#include "breakwater/world/math.hpp"
#include "breakwater/world/volatility.hpp"

namespace breakwater {
namespace {

/// Volatility of step t + 1 as known after return t, and by how much it is multiplied.
struct Forecast {
    std::vector<double> volatility;
    std::vector<double> multiplier;  ///< valid from window − 1 on
};

double mean_square(std::span<const double> returns) {
    const double r = root_mean_square(returns);
    return r * r;
}

/// α and the persistence on a grid, ω so that the long-run variance is that of the window.
Garch fit(std::span<const double> returns) {
    const double target = std::max(mean_square(returns), std::numeric_limits<double>::min());
    Garch best{.omega = 0.05 * target, .alpha = 0.05, .beta = 0.9};
    double best_loss = std::numeric_limits<double>::infinity();
    for (const double persistence : {0.90, 0.94, 0.96, 0.97, 0.98, 0.985, 0.99, 0.995})
        for (int a = 1; a <= 12; ++a) {
            const double alpha = 0.02 * a;
            const Garch g{
                .omega = target * (1.0 - persistence), .alpha = alpha, .beta = persistence - alpha};
            double v = target;
            double loss = 0.0;
            for (const double r : returns) {
                loss += log_(v) + r * r / v;
                v = g.omega + g.alpha * r * r + g.beta * v;
            }
            if (loss < best_loss) {
                best_loss = loss;
                best = g;
            }
        }
    return best;
}

std::vector<double> ewma_volatility(std::span<const double> returns, const MarginSettings& s) {
    auto out = ewma_variance(returns, s.lambda, seed_variance(returns));
    for (double& v : out)
        v = std::sqrt(v);
    return out;
}

std::vector<double> garch_volatility(std::span<const double> returns, const MarginSettings& s) {
    std::vector<double> out(returns.size(), 0.0);
    Garch model{};
    double v = 0.0;
    for (std::size_t t = s.window - 1; t < returns.size(); ++t) {
        if ((t - (s.window - 1)) % s.fit_every == 0) {
            const std::size_t seen = std::min(t + 1, s.fit_window);
            const auto past = returns.subspan(t + 1 - seen, seen);
            model = fit(past);
            v = model.next_variance(past, mean_square(past));
        } else {
            v = model.omega + model.alpha * returns[t] * returns[t] + model.beta * v;
        }
        out[t] = std::sqrt(v);
    }
    return out;
}

/// Quantile of −z (long) or z (short) of the last `window` standardised returns, after each return.
std::vector<double> standardised_quantiles(std::span<const double> returns,
                                           std::span<const double> volatility,
                                           const MarginSettings& s) {
    const double side = s.is_long ? -1.0 : 1.0;
    std::vector<double> z(returns.size(), 0.0);
    for (std::size_t t = 0; t < returns.size(); ++t) {
        const double scale = volatility[t == 0 ? 0 : t - 1];
        z[t] = scale > 0.0 ? side * returns[t] / scale : 0.0;
    }
    std::vector<double> out(returns.size(), 0.0);
    std::vector<double> sorted;
    for (std::size_t t = s.window; t < returns.size(); ++t) {
        const auto from = z.begin() + static_cast<std::ptrdiff_t>(t + 1 - s.window);
        sorted.assign(from, from + static_cast<std::ptrdiff_t>(s.window));
        const auto k = static_cast<std::ptrdiff_t>(order_statistic(s.window, s.level) - 1);
        std::ranges::nth_element(sorted, sorted.begin() + k);
        out[t] = std::max(sorted[static_cast<std::size_t>(k)], 0.0);
    }
    return out;
}

Forecast forecast(std::span<const double> returns, const MarginSettings& s) {
    Forecast out;
    out.volatility =
        s.model == MarginModel::garch ? garch_volatility(returns, s) : ewma_volatility(returns, s);
    out.multiplier = s.model == MarginModel::fhs
                         ? standardised_quantiles(returns, out.volatility, s)
                         : std::vector<double>(returns.size(), normal_quantile(s.level));
    return out;
}

/// Volatility of the last `steps` returns, after each return; of fewer where there are not so many.
std::vector<double> rolling_volatility(std::span<const double> returns, std::size_t steps) {
    // Sums of squares are all positive, so the difference of two of them loses little.
    std::vector<double> sums{0.0};
    for (const double r : returns)
        sums.push_back(sums.back() + r * r);
    std::vector<double> out;
    for (std::size_t t = 0; t < returns.size(); ++t) {
        const std::size_t n = std::min(steps, t + 1);
        out.push_back(
            std::sqrt(std::max(sums[t + 1] - sums[t + 1 - n], 0.0) / static_cast<double>(n)));
    }
    return out;
}

std::size_t steps_of(double days, const MarginSettings& s) {
    return static_cast<std::size_t>(std::max(1.0, std::round(days * s.steps_per_day)));
}

}  // namespace

const char* name(MarginModel model) {
    switch (model) {
        case MarginModel::ewma:
            return "ewma";
        case MarginModel::garch:
            return "garch";
        case MarginModel::fhs:
            return "fhs";
    }
    return "ewma";
}

MarginSeries margin_series(std::span<const double> returns, const MarginSettings& s) {
    constexpr double month = 30.0;
    constexpr double ten_years = 3'652.5;
    const Forecast f = forecast(returns, s);
    const auto monthly = rolling_volatility(returns, steps_of(month, s));
    const auto decade = rolling_volatility(returns, steps_of(ten_years, s));
    MarginSeries out{.first = s.window + 1, .margins = {}};
    double worst_month = 0.0;
    for (std::size_t t = 0; t + 1 < returns.size(); ++t) {
        if (t + 1 >= steps_of(month, s)) worst_month = std::max(worst_month, monthly[t]);
        if (t < s.window) continue;
        double margin = f.multiplier[t] * f.volatility[t];
        if (s.floor) margin = std::max(margin, f.multiplier[t] * decade[t]);
        if (s.stress_weight)
            margin = std::max(margin, 0.75 * margin + 0.25 * f.multiplier[t] * worst_month);
        out.margins.push_back(margin);
    }
    if (s.buffer)
        out.margins = buffered(
            out.margins,
            {.buffer = 0.25, .rise = 1.2, .lag = static_cast<unsigned>(steps_of(20.0, s))});
    return out;
}

}  // namespace breakwater
