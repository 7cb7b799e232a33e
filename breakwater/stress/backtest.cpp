// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/stress/backtest.hpp"

#include <algorithm>
#include <cmath>

#include "breakwater/world/math.hpp"

namespace breakwater {
namespace {

/// k ln p with 0 ln 0 = 0.
double weighted_log(std::uint64_t k, double p) {
    return k == 0 ? 0.0 : static_cast<double>(k) * log_(p);
}

/// ln of the likelihood of k hits in n trials at p.
double log_likelihood(std::uint64_t n, std::uint64_t k, double p) {
    return weighted_log(n - k, 1.0 - p) + weighted_log(k, p);
}

double share(std::uint64_t part, std::uint64_t whole) {
    return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
}

RatioTest one_degree(double statistic) {
    return {.statistic = statistic, .p_value = chi_square_1_tail(statistic)};
}

}  // namespace

double chi_square_1_tail(double x) {
    return 2.0 * normal_cdf(-std::sqrt(std::max(x, 0.0)));
}

double chi_square_2_tail(double x) {
    return exp_(-0.5 * std::max(x, 0.0));
}

RatioTest kupiec(std::uint64_t n, std::uint64_t exceptions, double p) {
    const double promised = log_likelihood(n, exceptions, p);
    const double seen = log_likelihood(n, exceptions, share(exceptions, n));
    return one_degree(-2.0 * (promised - seen));
}

Christoffersen christoffersen(std::span<const bool> is_exception, double p) {
    Christoffersen c;
    for (std::size_t i = 1; i < is_exception.size(); ++i) {
        if (is_exception[i - 1])
            ++(is_exception[i] ? c.n11 : c.n10);
        else
            ++(is_exception[i] ? c.n01 : c.n00);
    }
    const std::uint64_t after_quiet = c.n00 + c.n01;
    const std::uint64_t after_exception = c.n10 + c.n11;
    const std::uint64_t pairs = after_quiet + after_exception;
    const std::uint64_t hits = c.n01 + c.n11;
    const double together = log_likelihood(pairs, hits, share(hits, pairs));
    const double apart = log_likelihood(after_quiet, c.n01, share(c.n01, after_quiet)) +
                         log_likelihood(after_exception, c.n11, share(c.n11, after_exception));
    c.independence = one_degree(-2.0 * (together - apart));

    const auto exceptions = static_cast<std::uint64_t>(std::ranges::count(is_exception, true));
    c.unconditional = kupiec(is_exception.size(), exceptions, p);
    const double sum = c.unconditional.statistic + c.independence.statistic;
    c.conditional = {.statistic = sum, .p_value = chi_square_2_tail(sum)};
    return c;
}

TrafficLight traffic_light(std::uint64_t exceptions) {
    if (exceptions <= 4) return TrafficLight::green;
    return exceptions <= 9 ? TrafficLight::yellow : TrafficLight::red;
}

const char* name(TrafficLight zone) {
    switch (zone) {
        case TrafficLight::green:
            return "green";
        case TrafficLight::yellow:
            return "yellow";
        case TrafficLight::red:
            return "red";
    }
    return "red";
}

}  // namespace breakwater
