// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include <gtest/gtest.h>

#include "breakwater/core/margin/arrays.hpp"
#include "chance.hpp"

namespace breakwater {
namespace {

using Losses = std::vector<std::int64_t>;

Losses negated(Losses v) {
    for (std::int64_t& x : v)
        x = -x;
    return v;
}

TEST(Arrays, MARGIN_018_spans_published_example_requires_6620) {
    // Long one S&P future, short one December 410 call; gains and losses for each, as published.
    const Losses future{0,     0,     3330,  3330,  -3330,  -3330,  6670, 6670,
                        -6670, -6670, 10000, 10000, -10000, -10000, 7000, -7000};
    const Losses short_call{-460, 610,  -2640, -1730, 1270, 2340, -5210, -4540,
                            2540, 3430, -8060, -7640, 3380, 3990, -3130, 1500};
    RiskArrays arrays(16, 2);
    arrays.publish(0, negated(future), {});
    arrays.publish(1, short_call, {});  // what the short gains, a long loses
    const std::vector<HeldLots> held{{.contract = 0, .lots = 1}, {.contract = 1, .lots = -1}};
    const PortfolioMargin margin = portfolio_margin(arrays, held);
    EXPECT_TRUE(margin.scan == 6'620);
    EXPECT_EQ(margin.scenario,
              12U);  // the thirteenth: price down by the whole range, volatility up
    EXPECT_TRUE(margin.requirement() == uint128{6'620} * ppm_one);
}

TEST(Arrays, MARGIN_018_a_book_that_gains_in_every_scenario_needs_nothing) {
    RiskArrays arrays(3, 1);
    arrays.publish(0, Losses{-5, -1, -9}, {});
    const std::vector<HeldLots> held{{.contract = 0, .lots = 4}};
    EXPECT_TRUE(portfolio_margin(arrays, held).requirement() == 0);
}

TEST(Arrays, MARGIN_018_collateral_that_falls_in_the_same_scenario_adds_to_the_loss) {
    // Scenarios: price down, price down and collateral off its peg.
    RiskArrays arrays(2, 2);
    arrays.publish(0, Losses{100, 100}, {});  // a lot of the perpetual
    arrays.publish(1, Losses{0, 35}, {});     // a unit of collateral
    const std::vector<HeldLots> held{{.contract = 0, .lots = 2}, {.contract = 1, .lots = 10}};
    const PortfolioMargin margin = portfolio_margin(arrays, held);
    EXPECT_TRUE(margin.scan == 550);
    EXPECT_EQ(margin.scenario, 1U);
}

TEST(Arrays, MARGIN_019_a_hedge_in_another_expiry_pays_the_roll) {
    RiskArrays arrays(1, 3);
    arrays.publish(0, Losses{0}, {.delta = 1'000, .expiry = 0});
    arrays.publish(1, Losses{0}, {.delta = 1'000, .expiry = 1});
    arrays.publish(2, Losses{0}, {.delta = 500, .expiry = 1});
    arrays.set_roll(0, 10'000);
    arrays.set_roll(1, 20'000);
    const auto requirement = [&](std::vector<HeldLots> held) {
        return portfolio_margin(arrays, held).requirement();
    };
    EXPECT_TRUE(requirement({{.contract = 0, .lots = 3}, {.contract = 1, .lots = -3}}) ==
                3'000 * 10'000 + 3'000 * 20'000);
    EXPECT_TRUE(requirement({{.contract = 1, .lots = 3}, {.contract = 2, .lots = -6}}) == 0);
}

TEST(Arrays, MARGIN_019_short_options_have_a_minimum_that_no_hedge_removes) {
    RiskArrays arrays(1, 2);
    arrays.publish(0, Losses{50}, {.short_minimum = 20});
    arrays.publish(1, Losses{50}, {.short_minimum = 20});
    const auto requirement = [&](std::vector<HeldLots> held) {
        return portfolio_margin(arrays, held).requirement();
    };
    EXPECT_TRUE(requirement({{.contract = 0, .lots = -3}, {.contract = 1, .lots = 3}}) ==
                60 * ppm_one);
    EXPECT_TRUE(requirement({{.contract = 0, .lots = 3}, {.contract = 1, .lots = -3}}) ==
                60 * ppm_one);
    EXPECT_TRUE(requirement({{.contract = 0, .lots = 3}}) == 150 * ppm_one);
}

/// A book whose figures have up to `figure_bits` and whose lots up to `lot_bits`.
struct Book {
    RiskArrays arrays;
    std::vector<HeldLots> positions;
    std::vector<std::uint32_t> first{0};

    Book(given::Chance& chance, std::size_t scenarios, unsigned figure_bits, unsigned lot_bits)
        : arrays(scenarios, 50) {
        const auto signed_wide = [&](unsigned bits) {
            const auto size = static_cast<std::int64_t>(chance.wide(bits));
            return chance.one_in(2) ? size : -size;
        };
        for (std::uint32_t c = 0; c < arrays.contracts(); ++c) {
            Losses losses(scenarios);
            for (std::int64_t& loss : losses)
                loss = signed_wide(figure_bits);
            arrays.publish(c, losses,
                           {.delta = signed_wide(figure_bits),
                            .short_minimum = static_cast<std::int64_t>(chance.wide(figure_bits)),
                            .expiry = static_cast<std::uint32_t>(chance.below(expiries_max))});
        }
        for (std::uint32_t e = 0; e < expiries_max; ++e)
            arrays.set_roll(e, static_cast<std::uint32_t>(chance.below(ppm_one + 1)));
        for (std::uint32_t a = 0; a < 40; ++a) {
            for (std::uint64_t n = chance.below(60); n > 0; --n)
                positions.push_back({.contract = static_cast<std::uint32_t>(chance.below(50)),
                                     .account = a,
                                     .lots = signed_wide(lot_bits)});
            first.push_back(static_cast<std::uint32_t>(positions.size()));
        }
    }

    [[nodiscard]] std::size_t accounts() const { return first.size() - 1; }
    [[nodiscard]] std::span<const HeldLots> of(std::size_t account) const {
        return std::span(positions).subspan(first[account], first[account + 1] - first[account]);
    }
};

/// From the sentence in docs/rules.md, scenario by scenario.
uint128 requirement_slowly(const RiskArrays& arrays, std::span<const HeldLots> held) {
    int128 scan = 0;
    for (std::size_t s = 0; s < arrays.scenarios(); ++s) {
        int128 loss = 0;
        for (const HeldLots& p : held)
            loss += int128{p.lots} * arrays.losses(p.contract)[s];
        scan = std::max(scan, loss);
    }
    int128 scaled = scan * ppm_one;
    for (std::uint32_t e = 0; e < expiries_max; ++e) {
        int128 delta = 0;
        for (const HeldLots& p : held)
            if (arrays.terms(p.contract).expiry == e)
                delta += int128{p.lots} * arrays.terms(p.contract).delta;
        scaled += (delta < 0 ? -delta : delta) * arrays.roll()[e];
    }
    int128 least = 0;
    for (const HeldLots& p : held)
        if (p.lots < 0) least -= int128{p.lots} * arrays.terms(p.contract).short_minimum;
    return static_cast<uint128>(std::max(scaled, least * ppm_one));
}

TEST(Arrays, MARGIN_018_narrow_wide_and_naive_sums_agree_at_every_width) {
    struct Size {
        unsigned figure_bits;
        unsigned lot_bits;
    };
    given::SeededChance chance(12);
    // Sums that fit 64 bits, that do so for some accounts only, and that never do.
    for (const Size size : {Size{30, 20}, Size{40, 18}, Size{52, 40}}) {
        for (const std::size_t scenarios : {1U, 8U, 9U, 16U, 24U, 31U, 35U, 40U}) {
            const Book book(chance, scenarios, size.figure_bits, size.lot_bits);
            std::vector<PortfolioMargin> margins(book.accounts());
            portfolio_margins(book.arrays, book.positions, book.first, margins);
            for (std::size_t a = 0; a < book.accounts(); ++a) {
                EXPECT_TRUE(margins[a] == portfolio_margin(book.arrays, book.of(a))) << a;
                EXPECT_TRUE(margins[a].requirement() == requirement_slowly(book.arrays, book.of(a)))
                    << a;
            }
        }
    }
}

TEST(Arrays, MARGIN_018_the_largest_portfolio_in_range_is_exact) {
    RiskArrays arrays(1, 1);
    arrays.publish(0, Losses{figure_max}, {.delta = figure_max, .short_minimum = 0, .expiry = 0});
    arrays.set_roll(0, ppm_one);
    const std::vector<HeldLots> held(portfolio_positions_max,
                                     {.contract = 0, .lots = std::int64_t{1} << 40U});
    const PortfolioMargin margin = portfolio_margin(arrays, held);
    EXPECT_TRUE(margin.scan == int128{1} << 105U);
    EXPECT_TRUE(margin.requirement() == (uint128{1} << 106U) * ppm_one);
}

TEST(Grids, MARGIN_017_spans_sixteen_in_the_published_order) {
    const auto grid = span_grid(150'000);
    EXPECT_EQ(grid[0], (GridScenario{.move = 0, .volatility = 1'000'000}));
    EXPECT_EQ(grid[3], (GridScenario{.move = 50'000, .volatility = -1'000'000}));
    EXPECT_EQ(grid[4], (GridScenario{.move = -50'000, .volatility = 1'000'000}));
    EXPECT_EQ(grid[10], (GridScenario{.move = 150'000, .volatility = 1'000'000}));
    EXPECT_EQ(grid[13], (GridScenario{.move = -150'000, .volatility = -1'000'000}));
    EXPECT_EQ(grid[14], (GridScenario{.move = 450'000, .cover = 330'000}));
    EXPECT_EQ(grid[15], (GridScenario{.move = -450'000, .cover = 330'000}));
}

TEST(Grids, MARGIN_017_deribits_nine_moves_three_volatilities_and_eight_extended_moves) {
    const auto grid = deribit_grid(160'000);
    EXPECT_EQ(grid[0], (GridScenario{.move = -160'000, .volatility = -1'000'000}));
    EXPECT_EQ(grid[5], (GridScenario{.move = -120'000, .volatility = 1'000'000}));
    EXPECT_EQ(grid[13], (GridScenario{.move = 0}));
    EXPECT_EQ(grid[26], (GridScenario{.move = 160'000, .volatility = 1'000'000}));
    EXPECT_EQ(grid[27], (GridScenario{.move = -660'000}));
    EXPECT_EQ(grid[34], (GridScenario{.move = 5'000'000}));
}

TEST(Grids, MARGIN_017_ours_moves_collateral_with_the_positions_and_alone) {
    const auto grid = breakwater_grid(300'000, {.beta = 500'000, .depeg = 350'000});
    EXPECT_EQ(grid[0],
              (GridScenario{.move = -300'000, .volatility = -1'000'000, .collateral = -150'000}));
    EXPECT_EQ(grid[3],
              (GridScenario{.move = -300'000, .volatility = 1'000'000, .collateral = -500'000}));
    EXPECT_EQ(grid[15], (GridScenario{.move = 0, .volatility = 1'000'000, .collateral = -350'000}));
    EXPECT_EQ(grid[34],
              (GridScenario{.move = 1'500'000, .volatility = 1'000'000, .collateral = 750'000}));
    for (const GridScenario& s : grid) {
        EXPECT_GE(s.move, -1'000'000);
        EXPECT_GE(s.collateral, -1'000'000);
        EXPECT_EQ(s.cover, ppm_one);
        EXPECT_EQ(std::ranges::count(grid, s), 1);
    }
}

TEST(Grids, MARGIN_017_no_price_falls_by_more_than_it_has) {
    for (const GridScenario& s : breakwater_grid(600'000, {.beta = 1'500'000, .depeg = 900'000})) {
        EXPECT_GE(s.move, -1'000'000);
        EXPECT_GE(s.collateral, -1'000'000);
    }
}

}  // namespace
}  // namespace breakwater
