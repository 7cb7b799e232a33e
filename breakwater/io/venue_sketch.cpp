// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/io/venue_sketch.hpp"

#include <algorithm>

#include "breakwater/io/generator_sketch.hpp"
#include "breakwater/world/math.hpp"
#include "breakwater/world/random.hpp"

namespace breakwater {
namespace {

enum Draw : std::uint32_t { role, size, leverage, edge, near };

constexpr double leverage_median = 5;
constexpr double leverage_deviation = 0.75;
constexpr double leverage_max = 60;
constexpr double at_the_edge = 0.03;  ///< share of traders that stand just above maintenance
constexpr double size_max = 10e6;     ///< [USD]
constexpr double accounts_a_link = 250;
constexpr double accounts_a_second_link = 525;

TraderRole role_at(double u) {
    double upto = 0;
    for (std::size_t r = 0; r < trader_role_count; ++r) {
        upto += trader_shares[r].of_accounts;
        if (u < upto) return static_cast<TraderRole>(r);
    }
    return TraderRole::perpetual;
}

}  // namespace

double trader_draw(std::uint64_t seed, std::uint32_t trader, std::uint32_t draw) {
    return uniform(seed, trader, Stream::book, 1, draw);
}

std::vector<TraderSketch> sketch_traders(std::uint32_t traders, std::uint64_t seed) {
    const auto linked = [traders](double accounts) {
        return std::max(2U, static_cast<std::uint32_t>(traders / accounts));
    };
    const std::uint32_t second = linked(accounts_a_second_link);
    const std::uint32_t first = linked(accounts_a_link);
    std::vector<TraderSketch> out(traders);
    for (std::uint32_t i = 0; i < traders; ++i) {
        TraderSketch& t = out[i];
        t.role = role_at(trader_draw(seed, i, role));
        if (i + second + first >= traders) {
            t.role = TraderRole::linked;
            t.cluster = i + second >= traders ? 2 : 1;
        }
        const bool has_owner = i != 0 && out[i - 1].role != TraderRole::isolated;
        if (t.role == TraderRole::isolated && !has_owner) t.role = TraderRole::perpetual;
        const double median = trader_shares[static_cast<std::size_t>(t.role)].median;
        const double drawn = trader_draw(seed, i, size);
        // Wallets of one owner are of one size.
        t.size = t.role == TraderRole::linked ? median * (0.7 + 0.6 * drawn)
                                              : std::min(median * generated_size(drawn), size_max);
        t.leverage = std::clamp(
            leverage_median *
                exp_(leverage_deviation * normal_quantile(trader_draw(seed, i, leverage))),
            0.5, leverage_max);
        const double u = trader_draw(seed, i, near);
        const bool is_near = trader_draw(seed, i, edge) < at_the_edge;
        t.cushion = is_near ? 1.01 + 0.49 * u : 2.2 + u;
        if (is_near) t.leverage = 1e3;  // the cushion decides
    }
    return out;
}

}  // namespace breakwater
