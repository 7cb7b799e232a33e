// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors

/// Margin of positions: the check of accounts of perpetuals, and portfolio margin from risk arrays, each beside the
/// straightforward version in floats and the one that divides 128-bit integers, in the same process and on the same
/// book. The integer versions must give the same figures, or the run fails.
/// Source of the figures asked for: docs/performance.md.

#include <cmath>
#include <cstring>
#include <random>

#include "breakwater/core/margin/arrays.hpp"
#include "breakwater/core/math.hpp"
#include "figures.hpp"

namespace breakwater::bench {
namespace {

/// CPU seconds of one run, the median of several.
template <class Run>
double time_of(int times, Run&& run) {
    std::vector<double> seconds;
    for (int i = 0; i < times; ++i) {
        const double before = cpu_seconds();
        run(i);
        seconds.push_back(cpu_seconds() - before);
    }
    return median(seconds);
}

std::string text(const char* format, double a, double b = 0) {
    char out[160];
    std::snprintf(out, sizeof out, format, a, b);
    return out;
}

// ---- accounts of perpetuals

constexpr std::size_t held_by_each = 8;

struct Perpetuals {
    std::vector<MarkedContract> contracts;
    std::vector<std::vector<TierBound>> bounds;
    std::vector<HeldLots> positions;  ///< eight an account
    std::vector<std::int64_t> cash;   ///< [1e-8 USD]

    Perpetuals(std::uint32_t accounts, std::uint32_t listed) {
        std::mt19937_64 random(1);
        for (std::uint32_t c = 0; c < listed; ++c) {
            const auto million = uint128{100'000'000} * 1'000'000;
            bounds.push_back(
                {{0, 10'000}, {million, 20'000}, {5 * million, 50'000}, {20 * million, 100'000}});
            contracts.push_back({.mark = static_cast<std::int64_t>(1 + random() % 10'000'000'000),
                                 .tiers = *MarginTiers::of(bounds.back())});
        }
        for (std::uint32_t a = 0; a < accounts; ++a) {
            cash.push_back(static_cast<std::int64_t>(random() % 1'000'000'000'000'000));
            for (std::size_t k = 0; k < held_by_each; ++k) {
                const auto lots = static_cast<std::int64_t>(random() % (2ULL << (random() % 18)));
                positions.push_back({.contract = static_cast<std::uint32_t>(random() % listed),
                                     .account = a,
                                     .lots = random() % 2 == 0 ? lots : -lots});
            }
        }
    }
    [[nodiscard]] std::span<const HeldLots> of(std::size_t account) const {
        return std::span(positions).subspan(account * held_by_each, held_by_each);
    }
    /// Prices move between rounds, so that no round can be spared.
    void move(int round) {
        for (MarkedContract& c : contracts)
            c.mark += c.mark / 1'000 * (round % 2 == 0 ? 1 : -1) + 1;
    }
};

/// Money in 1e-8 USD, each product divided back and rounded against the holder, as ledgers commonly do.
bool stands_by_division(const Perpetuals& book, std::size_t account) {
    int128 equity = book.cash[account];
    uint128 requirement = 0;
    for (const HeldLots& p : book.of(account)) {
        const int128 value = int128{p.lots} * book.contracts[p.contract].mark;
        equity += value;
        const auto notional = static_cast<uint128>(value < 0 ? -value : value);
        const auto& bounds = book.bounds[p.contract];
        uint128 scaled = 0;
        for (std::size_t k = 0; k < bounds.size() && notional > bounds[k].lower; ++k) {
            const uint128 upper =
                k + 1 == bounds.size() ? notional : std::min(notional, bounds[k + 1].lower);
            scaled += (upper - bounds[k].lower) * bounds[k].rate;
        }
        requirement += requirement_up(scaled);
    }
    return equity >= static_cast<int128>(requirement);
}

struct FloatTier {
    double lower, rate, deduction;
};
struct FloatContract {
    double mark;
    std::vector<FloatTier> tiers;
};
bool stands_in_floats(const Perpetuals& book, const std::vector<FloatContract>& contracts,
                      std::size_t account) {
    auto equity = static_cast<double>(book.cash[account]);
    double requirement = 0;
    for (const HeldLots& p : book.of(account)) {
        const FloatContract& c = contracts[p.contract];
        const double value = static_cast<double>(p.lots) * c.mark;
        const double notional = std::abs(value);
        std::size_t k = 0;
        while (k + 1 < c.tiers.size() && c.tiers[k + 1].lower <= notional)
            ++k;
        equity += value;
        requirement += c.tiers[k].rate * notional - c.tiers[k].deduction;
    }
    return equity >= requirement;
}

std::vector<FloatContract> in_floats(const Perpetuals& book) {
    std::vector<FloatContract> out;
    for (std::size_t c = 0; c < book.contracts.size(); ++c) {
        FloatContract f{static_cast<double>(book.contracts[c].mark), {}};
        FloatTier before{0, 0, 0};
        for (const TierBound& b : book.bounds[c]) {
            const auto lower = static_cast<double>(b.lower);
            const double rate = b.rate * 1e-6;
            before = {lower, rate, before.deduction + lower * (rate - before.rate)};
            f.tiers.push_back(before);
        }
        out.push_back(std::move(f));
    }
    return out;
}

bool margin_checks(std::uint32_t accounts, bool json) {
    Perpetuals book(accounts, 200);
    std::size_t standing = 0;
    const auto stands = [&](std::size_t a) {
        return standing_of(book.cash[a], book.of(a), book.contracts)->holds();
    };
    const auto round = [&](auto&& check) {
        return time_of(15, [&](int i) {
            book.move(i);
            for (std::size_t a = 0; a < accounts; ++a)
                standing += check(a) ? 1U : 0U;
        });
    };
    const double ours = round(stands);
    const double divided = round([&](std::size_t a) { return stands_by_division(book, a); });
    const auto floats = in_floats(book);
    const double floating = round([&](std::size_t a) { return stands_in_floats(book, floats, a); });
    std::size_t apart = 0;
    for (std::size_t a = 0; a < accounts; ++a)
        apart += stands(a) != stands_by_division(book, a) ? 1U : 0U;
    print({"margin_checks_per_s", accounts / ours, "1/s",
           text("floats %.3g/s, 128-bit divisions %.3g/s", accounts / floating, accounts / divided),
           text("%.0f accounts x 8 positions, 200 contracts, 4 tiers each, 1 thread; %.1f %% stand",
                accounts, 100.0 * static_cast<double>(standing) / (45.0 * accounts))},
          json);
    // Rounding up eight times may fell an account that stands by less than 8e-8 USD; in this book there is none.
    if (apart != 0) std::fprintf(stderr, "%zu accounts judged differently\n", apart);
    return apart == 0;
}

// ---- portfolios of options

struct Portfolios {
    RiskArrays arrays;
    std::vector<double> floats;  ///< the same losses
    std::vector<HeldLots> positions;
    std::vector<std::uint32_t> first{0};

    Portfolios(std::uint32_t accounts, std::uint32_t positions_each, std::uint32_t listed,
               std::size_t scenarios)
        : arrays(scenarios, listed) {
        std::mt19937_64 random(2);
        constexpr std::uint64_t loss_max = 2'000'000'000'000;  // 20,000 USD a lot
        for (std::uint32_t c = 0; c < listed; ++c) {
            std::vector<std::int64_t> losses(scenarios);
            for (std::int64_t& loss : losses) {
                loss = static_cast<std::int64_t>(random() % loss_max) - std::int64_t{loss_max / 2};
                floats.push_back(static_cast<double>(loss));
            }
            arrays.publish(c, losses,
                           {.delta = static_cast<std::int64_t>(random() % loss_max),
                            .short_minimum = std::int64_t{loss_max / 100},
                            .expiry = static_cast<std::uint32_t>(random() % 12)});
        }
        for (std::uint32_t e = 0; e < 12; ++e)
            arrays.set_roll(e, 10'000 + 5'000 * e);
        for (std::uint32_t a = 0; a < accounts; ++a) {
            for (std::uint32_t k = 0; k < positions_each; ++k)
                positions.push_back({.contract = static_cast<std::uint32_t>(random() % listed),
                                     .account = a,
                                     .lots = static_cast<std::int64_t>(random() % 201) - 100});
            first.push_back(static_cast<std::uint32_t>(positions.size()));
        }
    }
    [[nodiscard]] std::size_t accounts() const { return first.size() - 1; }
    [[nodiscard]] std::span<const HeldLots> of(std::size_t account) const {
        return std::span(positions).subspan(first[account], first[account + 1] - first[account]);
    }
};

/// Scenario by scenario, position by position; no contingencies.
double scan_in_floats(const Portfolios& book, std::size_t account) {
    double most = 0;
    const std::size_t scenarios = book.arrays.scenarios();
    for (std::size_t s = 0; s < scenarios; ++s) {
        double loss = 0;
        for (const HeldLots& p : book.of(account))
            loss += static_cast<double>(p.lots) * book.floats[p.contract * scenarios + s];
        most = std::max(most, loss);
    }
    return most;
}

bool portfolio_margin_of(std::uint32_t accounts, std::uint32_t each, const char* name, bool json) {
    const Portfolios book(accounts, each, 4'000, 35);
    std::vector<PortfolioMargin> margins(book.accounts());
    std::vector<PortfolioMargin> exact(book.accounts());
    std::vector<double> floating(book.accounts());
    const double ours = time_of(
        15, [&](int) { portfolio_margins(book.arrays, book.positions, book.first, margins); });
    const double wide = time_of(3, [&](int) {
        for (std::size_t a = 0; a < book.accounts(); ++a)
            exact[a] = portfolio_margin(book.arrays, book.of(a));
    });
    const double in_doubles = time_of(3, [&](int) {
        for (std::size_t a = 0; a < book.accounts(); ++a)
            floating[a] = scan_in_floats(book, a);
    });
    print({name, 1e3 * ours, "ms",
           text("floats %.0f ms without contingencies, 128-bit sums %.0f ms", 1e3 * in_doubles,
                1e3 * wide),
           text("%.0f accounts x %.0f positions of 16 bytes", accounts, each) +
               ", 4,000 contracts x 35 scenarios, requirement of every account with roll and short "
               "minimum, 1 thread"},
          json);
    bool same = true;
    for (std::size_t a = 0; a < book.accounts(); ++a)
        same = same && margins[a] == exact[a] &&
               std::abs(static_cast<double>(exact[a].scan) - floating[a]) <= 1e-9 * floating[a];
    if (!same) std::fprintf(stderr, "%s: not the same margins\n", name);
    return same;
}

}  // namespace
}  // namespace breakwater::bench

int main(int argc, char** argv) {
    using namespace breakwater::bench;
    const bool json = argc > 1 && std::strcmp(argv[1], "--json") == 0;
    bool same = margin_checks(100'000, json);
    same = portfolio_margin_of(10'000, 100, "portfolio_margin_ms", json) && same;
    same = portfolio_margin_of(250, 4'000, "portfolio_margin_250_accounts_ms", json) && same;
    return same ? 0 : 1;
}
