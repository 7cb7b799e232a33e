// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/world/calibrate.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "breakwater/world/math.hpp"
#include "breakwater/world/prices.hpp"

namespace breakwater {

namespace {

constexpr std::size_t returns_min = 100;

std::string fault_in_candles(const CandleSeries& asset) {
    for (std::size_t i = 0; i < asset.candles.size(); ++i) {
        const Candle& c = asset.candles[i];
        const std::string candle =
            "candles of " + asset.name + ", row " + std::to_string(i + 1) + ": ";
        if (i > 0 && asset.candles[i - 1].time >= c.time) return candle + "time does not rise";
        const bool positive = c.open > 0 && c.high > 0 && c.low > 0 && c.close > 0;
        const bool finite = c.open < 1e30 && c.high < 1e30 && c.low < 1e30 && c.close < 1e30;
        if (!positive || !finite) return candle + "prices must be positive";
        if (c.low > std::min(c.open, c.close) || c.high < std::max(c.open, c.close)) {
            return candle + "open or close lies outside [low, high]";
        }
    }
    return {};
}

std::int64_t usual_interval(std::span<const CandleSeries> assets) {
    std::map<std::int64_t, std::size_t> seen;
    for (const CandleSeries& asset : assets) {
        for (std::size_t i = 1; i < asset.candles.size(); ++i) {
            ++seen[asset.candles[i].time - asset.candles[i - 1].time];
        }
    }
    const auto usual = std::max_element(
        seen.begin(), seen.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
    return usual == seen.end() ? 0 : usual->first;
}

/// Log returns by closing time that every asset has; one vector per asset, aligned.
std::vector<std::vector<double>> common_returns(std::span<const CandleSeries> assets,
                                                std::int64_t interval) {
    const std::size_t n = assets.size();
    std::map<std::int64_t, std::vector<double>> by_time;
    for (std::size_t a = 0; a < n; ++a) {
        const auto& candles = assets[a].candles;
        for (std::size_t i = 1; i < candles.size(); ++i) {
            if (candles[i].time - candles[i - 1].time != interval) continue;
            auto& row = by_time[candles[i].time];
            if (row.size() == a) row.push_back(log_(candles[i].close / candles[i - 1].close));
        }
    }
    std::vector<std::vector<double>> returns(n);
    for (const auto& [time, row] : by_time) {
        if (row.size() != n) continue;
        for (std::size_t a = 0; a < n; ++a)
            returns[a].push_back(row[a]);
    }
    return returns;
}

/// Mean log likelihood of standardised values under a Student-t of variance 1:
/// ln Γ((ν+1)/2) − ln Γ(ν/2) − ½ ln((ν−2)π) − (ν+1)/2 · mean ln(1 + x²/(ν−2)).
double student_likelihood(double nu, std::span<const double> squares) {
    double sum = 0.0;
    for (const double square : squares)
        sum += log_(1.0 + square / (nu - 2.0));
    const double mean = sum / static_cast<double>(squares.size());
    constexpr double pi = 3.14159265358979323846;
    return log_gamma(0.5 * (nu + 1.0)) - log_gamma(0.5 * nu) - 0.5 * log_((nu - 2.0) * pi) -
           0.5 * (nu + 1.0) * mean;
}

/// Golden-section search over ln(ν − 2); the likelihood has one peak in it.
double fit_degrees_of_freedom(std::span<const double> squares) {
    constexpr double golden = 0.61803398874989484820;
    double low = log_(0.1);
    double high = log_(98.0);
    const auto value = [&](double t) { return student_likelihood(2.0 + exp_(t), squares); };
    double left = high - golden * (high - low);
    double right = low + golden * (high - low);
    double at_left = value(left);
    double at_right = value(right);
    while (high - low > 1e-4) {
        if (at_left > at_right) {
            high = right;
            right = left;
            at_right = at_left;
            left = high - golden * (high - low);
            at_left = value(left);
        } else {
            low = left;
            left = right;
            at_left = at_right;
            right = low + golden * (high - low);
            at_right = value(right);
        }
    }
    return 2.0 + exp_(0.5 * (low + high));
}

double mean_product(std::span<const double> a, std::span<const double> b) {
    double sum = 0.0;
    for (std::size_t i = 0; i < a.size(); ++i)
        sum += a[i] * b[i];
    return sum / static_cast<double>(a.size());
}

}  // namespace

std::expected<Calibration, std::string> calibrate(std::span<const CandleSeries> assets) {
    for (const CandleSeries& asset : assets) {
        if (auto fault = fault_in_candles(asset); !fault.empty()) return std::unexpected(fault);
    }
    const std::int64_t interval = usual_interval(assets);
    const auto returns = common_returns(assets, interval);
    const std::size_t count = returns.empty() ? 0 : returns[0].size();
    if (count < returns_min) {
        return std::unexpected("candles: " + std::to_string(count) +
                               " returns common to all assets, needs at least " +
                               std::to_string(returns_min));
    }
    const std::size_t n = assets.size();
    Calibration result;
    result.interval_seconds = static_cast<double>(interval);
    result.returns = count;
    result.correlation.assign(n * n, 0.0);
    std::vector<double> deviation(n);
    std::vector<double> squares;
    for (std::size_t a = 0; a < n; ++a) {
        deviation[a] = std::sqrt(mean_product(returns[a], returns[a]));
        result.volatility.push_back(deviation[a] *
                                    std::sqrt(seconds_per_year / result.interval_seconds));
        result.correlation[a * n + a] = 1.0;
        if (deviation[a] == 0.0) continue;  // a price that never moves correlates with nothing
        for (const double r : returns[a]) {
            squares.push_back(r * r / (deviation[a] * deviation[a]));
        }
        for (std::size_t b = 0; b < a; ++b) {
            if (deviation[b] == 0.0) continue;
            const double rho = mean_product(returns[a], returns[b]) / (deviation[a] * deviation[b]);
            result.correlation[a * n + b] = rho;
            result.correlation[b * n + a] = rho;
        }
    }
    if (squares.empty()) return std::unexpected(std::string("candles: no price moves"));
    result.degrees_of_freedom = fit_degrees_of_freedom(squares);
    return result;
}

std::expected<std::vector<HistoryPoint>, std::string> history_from_candles(
    const CandleSeries& asset, std::int64_t from, std::int64_t seconds) {
    if (auto fault = fault_in_candles(asset); !fault.empty()) return std::unexpected(fault);
    const std::int64_t interval = usual_interval({&asset, 1});
    const auto& candles = asset.candles;
    const auto first = std::find_if(candles.begin(), candles.end(),
                                    [&](const Candle& c) { return c.time >= from; });
    if (first == candles.end() || first->time >= from + interval) {
        return std::unexpected("candles of " + asset.name + ": none at the start of the horizon");
    }
    std::vector<HistoryPoint> points;
    std::int64_t covered = first->time;
    double last_close = 0;
    for (auto c = first; c != candles.end() && covered < first->time + seconds; ++c) {
        if (c->time - covered > interval) {
            return std::unexpected("candles of " + asset.name + ": gap of " +
                                   std::to_string(c->time - covered) + " s");
        }
        if (!points.empty()) {
            points.back().high = std::max(points.back().high, c->open);
            points.back().low = std::min(points.back().low, c->open);
        }
        points.push_back({.time = static_cast<double>(c->time - first->time),
                          .price = c->open,
                          .high = c->high,
                          .low = c->low});
        covered = c->time + interval;
        last_close = c->close;
    }
    if (covered < first->time + seconds) {
        return std::unexpected("candles of " + asset.name + ": end before the horizon");
    }
    points.push_back({.time = static_cast<double>(covered - first->time),
                      .price = last_close,
                      .high = last_close,
                      .low = last_close});
    return points;
}

}  // namespace breakwater
