// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "synthetic.hpp"

#include <algorithm>
#include <cmath>
#include <random>

namespace breakwater::bench {

namespace {

enum : std::uint32_t { weth, wbtc, wsteth, link, usdc, usdt, dai, weeth };

using Dice = std::mt19937_64;

double uniform(Dice& dice) {
    return static_cast<double>(dice() >> 11U) * 0x1p-53;
}

double normal(Dice& dice) {
    double sum = -6;  // 12 uniforms: good to three sigma, and the same everywhere
    for (int i = 0; i < 12; ++i)
        sum += uniform(dice);
    return sum;
}

std::uint32_t pick_collateral(Dice& dice) {
    const double u = uniform(dice);
    if (u < 0.42) return weth;
    if (u < 0.67) return wbtc;
    if (u < 0.82) return wsteth;
    if (u < 0.90) return weeth;
    if (u < 0.95) return link;
    return usdc;
}

std::uint32_t pick_debt(Dice& dice) {
    const double u = uniform(dice);
    if (u < 0.50) return usdc;
    if (u < 0.80) return usdt;
    if (u < 0.90) return dai;
    return u < 0.97 ? weth : wbtc;
}

struct Draft {
    std::array<double, assets_max> supply{};  // [USD]
    std::array<double, assets_max> debt{};    // [USD]
    bool loop = false;
};

Draft draft_account(Dice& dice) {
    Draft draft;
    const double size = std::min(std::exp(std::log(3000.0) + 2.3 * normal(dice)), 2e8);
    const double shape = uniform(dice);
    draft.loop = shape < 0.05;
    if (draft.loop) {
        draft.supply[uniform(dice) < 0.6 ? wsteth : weeth] = 1;
        draft.debt[weth] = size;
        return draft;
    }
    const int collaterals = shape < 0.70   ? 1
                            : shape < 0.90 ? 2
                                           : 2 + static_cast<int>(2 * uniform(dice));
    const int debts = shape < 0.90 ? 1 : 1 + static_cast<int>(2.5 * uniform(dice));
    for (int i = 0; i < collaterals; ++i)
        draft.supply[pick_collateral(dice)] += 0.05 + uniform(dice);
    for (int i = 0; i < debts; ++i) {
        std::uint32_t d = pick_debt(dice);
        while (collaterals == 1 && draft.supply[d] > 0)
            d = pick_debt(dice);
        draft.debt[d] += size * (0.1 + uniform(dice));
    }
    return draft;
}

double draw_health(Dice& dice, bool loop) {
    if (loop) return 1.01 + 0.08 * uniform(dice);
    const bool near = uniform(dice) < 0.135;
    return 1.0005 +
           std::exp(near ? std::log(0.15) + 0.9 * normal(dice) : std::log(1.9) + normal(dice));
}

uint128 atomic(double usd, const Asset& asset) {
    return static_cast<uint128>(usd / asset.price *
                                static_cast<double>(power_of_ten(asset.decimals)));
}

double supply_index(std::size_t asset) {
    return 1.011 + 0.007 * static_cast<double>(asset);
}
double debt_index(std::size_t asset) {
    return 1.023 + 0.009 * static_cast<double>(asset);
}

std::uint32_t threshold_of(const Asset& asset, std::uint32_t a, bool loop) {
    return loop && (a == wsteth || a == weeth) ? 9500 : asset.threshold;
}

void grow(Step& step, std::size_t assets) {
    constexpr uint128 supply_rate = ray / 100 * 3 / 525'600;
    constexpr uint128 debt_rate = ray / 100 * 5 / 525'600;
    for (std::size_t a = 0; a < assets; ++a) {
        step.supply_index[a] += supply_rate;
        step.debt_index[a] += debt_rate;
    }
}

/// `log_price(asset, step)` is on top of the start.
template <class LogPrice>
Path make_path(const Book& book, int steps, LogPrice&& log_price) {
    Path path;
    Step step = book.start;
    for (int i = 1; i <= steps; ++i) {
        for (std::size_t a = 0; a < book.assets.size(); ++a) {
            step.price[a] = static_cast<std::uint64_t>(static_cast<double>(book.start.price[a]) *
                                                       std::exp(log_price(a, i)));
        }
        grow(step, book.assets.size());
        path.push_back(step);
    }
    return path;
}

/// Sums of correlated normals, one row a step.
std::vector<std::array<double, assets_max>> walks(const Book& book, int steps, Dice& dice) {
    std::vector<std::array<double, assets_max>> rows(static_cast<std::size_t>(steps) + 1);
    for (std::size_t i = 1; i < rows.size(); ++i) {
        const double common = normal(dice);
        for (std::size_t a = 0; a < book.assets.size(); ++a) {
            const bool stable = book.assets[a].volatility < 0.02;
            const double own = normal(dice);
            rows[i][a] =
                rows[i - 1][a] + (stable ? own : std::sqrt(0.8) * common + std::sqrt(0.2) * own);
        }
    }
    return rows;
}

}  // namespace

std::vector<Asset> storm_assets() {
    return {{"WETH", 18, 2762.13, 8300, 0.60, -0.50},
            {"WBTC", 8, 109'000, 7800, 0.50, -0.45},
            {"wstETH", 18, 3330.0, 8100, 0.01, -0.005, weth},
            {"LINK", 18, 14.8, 7100, 0.90, -0.58},
            {"USDC", 6, 1.0, 7800, 0.004, 0.002},
            {"USDT", 6, 1.0, 7800, 0.005, -0.002},
            {"DAI", 18, 1.0, 7700, 0.005, 0.004},
            {"weETH", 18, 2960.0, 7800, 0.012, -0.01, weth}};
}

Book synthetic_book(std::uint32_t accounts, std::uint64_t seed) {
    Book book;
    book.assets = storm_assets();
    for (std::size_t a = 0; a < book.assets.size(); ++a) {
        book.start.price[a] = static_cast<std::uint64_t>(book.assets[a].price * 1e8);
        book.start.supply_index[a] = ray / 1000 * static_cast<uint128>(1000 * supply_index(a));
        book.start.debt_index[a] = ray / 1000 * static_cast<uint128>(1000 * debt_index(a));
    }
    Dice dice(seed);
    book.first.push_back(0);
    for (std::uint32_t i = 0; i < accounts; ++i) {
        Draft draft = draft_account(dice);
        double capacity = 0;
        double debt = 0;
        for (std::uint32_t a = 0; a < book.assets.size(); ++a) {
            capacity += draft.supply[a] * threshold_of(book.assets[a], a, draft.loop) / bps_one;
            debt += draft.debt[a];
        }
        const double scale = draw_health(dice, draft.loop) * debt / capacity;
        for (std::uint32_t a = 0; a < book.assets.size(); ++a) {
            if (draft.supply[a] <= 0 && draft.debt[a] <= 0) continue;
            const Asset& asset = book.assets[a];
            book.legs.emplace_back(a, threshold_of(asset, a, draft.loop),
                                   atomic(draft.supply[a] * scale / supply_index(a), asset),
                                   atomic(draft.debt[a] / debt_index(a), asset));
        }
        book.first.push_back(static_cast<std::uint32_t>(book.legs.size()));
    }
    return book;
}

Standing standing_of(const Book& book, AccountId id) {
    Standing s;
    for (const Leg& leg : book.account(id)) {
        const std::size_t a = leg.asset();
        const double unit =
            book.assets[a].price / static_cast<double>(power_of_ten(book.assets[a].decimals));
        const auto supply = static_cast<double>(book.start.supply_index[a]) * 1e-27;
        const auto debt = static_cast<double>(book.start.debt_index[a]) * 1e-27;
        s.collateral +=
            static_cast<double>(leg.supply()) * supply * unit * leg.threshold() / bps_one;
        s.debt += static_cast<double>(leg.debt()) * debt * unit;
    }
    return s;
}

Below below_health(const Book& book, double limit) {
    Below below;
    double all = 0;
    for (std::uint32_t i = 0; i < book.size(); ++i) {
        const Standing s = standing_of(book, AccountId{i});
        all += s.debt;
        if (s.collateral < limit * s.debt) {
            below.debt += s.debt;
            below.accounts += 1;
        }
    }
    return {below.debt / all, below.accounts / book.size()};
}

Path calm_path(const Book& book, int steps, std::uint64_t seed) {
    Dice dice(seed);
    const auto walk = walks(book, steps, dice);
    const double root_dt = std::sqrt(1.0 / 525'600);
    return make_path(book, steps, [&](std::size_t a, int i) {
        const auto own = [&](std::size_t k) {
            return book.assets[k].volatility * root_dt * walk[static_cast<std::size_t>(i)][k];
        };
        const int leader = book.assets[a].follows;
        return own(a) + (leader >= 0 ? own(static_cast<std::size_t>(leader)) : 0.0);
    });
}

Path crash_path(const Book& book, int steps, std::uint64_t seed) {
    Dice dice(seed);
    const auto walk = walks(book, steps, dice);
    const double root_dt = std::sqrt(1.0 / 525'600);
    // Share of the final log move that is behind us: −35 % of it, back to −20 %, then all.
    const auto drift = [](double t) {
        if (t < 0.3) return 0.45 * t / 0.3;
        if (t < 0.5) return 0.45 - 0.2 * (t - 0.3) / 0.2;
        return t < 0.8 ? 0.25 + 0.85 * (t - 0.5) / 0.3 : 1.1 - 0.1 * (t - 0.8) / 0.2;
    };
    return make_path(book, steps, [&](std::size_t a, int i) {
        const double t = static_cast<double>(i) / steps;
        const auto own = [&](std::size_t k) {
            const Asset& asset = book.assets[k];
            const auto row = static_cast<std::size_t>(i);
            const double bridge = walk[row][k] - t * walk.back()[k];
            return std::log1p(asset.crash) * drift(t) + asset.volatility * 4 * root_dt * bridge;
        };
        const int leader = book.assets[a].follows;
        return own(a) + (leader >= 0 ? own(static_cast<std::size_t>(leader)) : 0.0);
    });
}

}  // namespace breakwater::bench
