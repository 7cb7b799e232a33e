// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <cmath>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "breakwater/world/math.hpp"
#include "breakwater/world/option_batch.hpp"
#include "breakwater/world/option_chain.hpp"
#include "breakwater/world/random.hpp"
#include "breakwater/world/svi.hpp"
#include "breakwater/world/svi_fit.hpp"
#include "breakwater/world/volatility_surface.hpp"

namespace breakwater {
namespace {

/// The example of Axel Vogt in Gatheral and Jacquier (2014), 3.1: a smile that looks like one.
constexpr Svi vogt{.a = -0.0410, .b = 0.1331, .rho = 0.3060, .m = 0.3586, .s = 0.4153};

/// A smile that is free of butterflies.
constexpr Svi ordinary{.a = 0.04, .b = 0.1, .rho = -0.4, .m = 0.1, .s = 0.2};

std::vector<VolatilityQuote> quotes_of(const Svi& svi, double years, double half) {
    std::vector<VolatilityQuote> out;
    for (int i = -12; i <= 12; ++i) {
        const double k = 0.05 * i;
        const double v = std::sqrt(svi_total_variance(svi, k) / years);
        out.push_back({.k = k, .bid = v - half, .ask = v + half, .counts_middle = true});
    }
    return out;
}

ExpiryQuotes expiry_of(std::int64_t days, const Svi& svi, double half = 0.005) {
    const double years = static_cast<double>(days) / 365.0;
    return {.expiry = days * 86'400,
            .years = years,
            .forward = 100.0,
            .quotes = quotes_of(svi, years, half)};
}

TEST(Surface, SURFACE_001_a_smile_by_hand) {
    // k − m = 0.15, s = 0.2: the root is 0.25.
    const Svi svi{.a = 0.04, .b = 0.4, .rho = -0.4, .m = 0.1, .s = 0.2};
    const Variance v = svi_variance(svi, 0.25);
    EXPECT_NEAR(v.w, 0.116, 1e-15);
    EXPECT_NEAR(v.first, 0.08, 1e-15);
    EXPECT_NEAR(v.second, 1.024, 1e-14);
    const double centre = 1.0 - 0.25 * 0.08 / 0.232;
    EXPECT_NEAR(durrleman(0.25, v), centre * centre - 0.0016 * (1.0 / 0.116 + 0.25) + 0.512, 1e-14);
    EXPECT_NEAR(svi_wings(svi).left, 0.56, 1e-15);
    EXPECT_NEAR(svi_wings(svi).right, 0.24, 1e-15);
}

TEST(Surface, SURFACE_001_a_flat_smile_has_g_one) {
    const Svi flat{.a = 0.09, .b = 0.0, .rho = 0.0, .m = 0.0, .s = 1.0};
    EXPECT_EQ(least_durrleman(flat).value, 1.0);
    EXPECT_TRUE(is_free_of_butterflies(flat));
}

TEST(Surface, SURFACE_001_a_planted_butterfly_is_found) {
    const Nearest found = least_durrleman(vogt);
    EXPECT_LT(found.value, 0.0);
    EXPECT_GT(found.k, 0.5);  // the published picture: below 0 about k = 0.8
    EXPECT_LT(found.k, 1.2);
    EXPECT_FALSE(is_free_of_butterflies(vogt));
    EXPECT_TRUE(is_free_of_butterflies(ordinary));
}

TEST(Surface, SURFACE_001_g_is_the_density_of_black_prices) {
    // φ(d₂)/(K √w) · g = ∂²call/∂K²; the right side by differences.
    const auto call = [](double strike) {
        const double k = log_(strike / 100.0);
        return black76_price({.kind = OptionKind::call, .strike = strike, .years = 1.0},
                             {.forward = 100.0,
                              .volatility = std::sqrt(svi_total_variance(ordinary, k)),
                              .rate = 0.0});
    };
    for (const double strike : {60.0, 90.0, 100.0, 115.0, 160.0}) {
        const double k = log_(strike / 100.0);
        const Variance v = svi_variance(ordinary, k);
        const double d2 = -k / std::sqrt(v.w) - 0.5 * std::sqrt(v.w);
        const double density = normal_density(d2) / (strike * std::sqrt(v.w)) * durrleman(k, v);
        const double h = 0.02;
        const double second = (call(strike + h) - 2.0 * call(strike) + call(strike - h)) / (h * h);
        EXPECT_NEAR(second, density, 1e-6) << strike;
    }
}

TEST(Surface, SURFACE_001_wings_and_ranges_are_bounded) {
    Svi steep = ordinary;
    steep.a = 4.0;
    steep.b = 2.0 / (1.0 - steep.rho);
    EXPECT_FALSE(is_free_of_butterflies(steep));  // the left wing is 2
    for (const Svi& none : {Svi{.a = 0.0, .b = 0.0, .rho = 0.0, .m = 0.0, .s = 1.0},
                            Svi{.a = 0.1, .b = -0.1, .rho = 0.0, .m = 0.0, .s = 1.0},
                            Svi{.a = 0.1, .b = 0.1, .rho = 1.0, .m = 0.0, .s = 1.0},
                            Svi{.a = 0.1, .b = 0.1, .rho = 0.0, .m = 0.0, .s = 0.0}})
        EXPECT_FALSE(is_free_of_butterflies(none));
}

TEST(Surface, SURFACE_001_scaled_down_stays_free) {
    constexpr std::uint64_t seed = 20'260'206;
    int free = 0;
    for (std::uint32_t i = 0; i < 400; ++i) {
        const auto u = [&](std::uint32_t j) { return uniform(seed, i, Stream::keepers, 0, j); };
        const Svi svi{.a = 0.2 * u(0) - 0.02,
                      .b = 0.8 * u(1),
                      .rho = 1.9 * u(2) - 0.95,
                      .m = u(3) - 0.5,
                      .s = 0.05 + u(4)};
        if (!is_free_of_butterflies(svi)) continue;
        ++free;
        for (const double factor : {0.9, 0.5, 0.1, 0.001})
            EXPECT_TRUE(is_free_of_butterflies(svi_scaled(svi, factor)))
                << "seed " << seed << ", smile " << i << ", factor " << factor;
    }
    EXPECT_GT(free, 50);
}

TEST(Surface, SURFACE_002_a_planted_calendar_is_found) {
    Svi later = svi_scaled(ordinary, 1.2);
    EXPECT_TRUE(is_free_of_calendars(ordinary, later));
    EXPECT_NEAR(least_calendar_gap(ordinary, later).value, 1.0 / 6.0, 1e-9);
    EXPECT_FALSE(is_free_of_calendars(later, ordinary));
    later.m = 0.9;  // crosses
    EXPECT_FALSE(is_free_of_calendars(ordinary, later));
    later = ordinary;
    later.a += 1.0;  // above on the grid, its wings are flatter
    later.b *= 0.999;
    EXPECT_FALSE(is_free_of_calendars(ordinary, later));
}

TEST(Surface, SURFACE_003_flat_quotes_give_a_flat_smile) {
    const Svi flat{.a = 0.36 * 0.25, .b = 0.0, .rho = 0.0, .m = 0.0, .s = 1.0};
    const auto svi = fit_svi(quotes_of(flat, 0.25, 0.002), 0.25, nullptr);
    ASSERT_TRUE(svi.has_value());
    for (const double k : {-0.6, -0.3, 0.0, 0.2, 0.6})
        EXPECT_NEAR(std::sqrt(svi_total_variance(*svi, k) / 0.25), 0.6, 1e-4) << k;
}

TEST(Surface, SURFACE_003_quotes_of_a_smile_give_it_back) {
    const auto quotes = quotes_of(ordinary, 0.5, 0.005);
    const auto svi = fit_svi(quotes, 0.5, nullptr);
    ASSERT_TRUE(svi.has_value());
    EXPECT_LT(fit_error(quotes, 0.5, *svi), 1e-4);
    EXPECT_TRUE(is_free_of_butterflies(*svi));
}

TEST(Surface, SURFACE_003_quotes_with_arbitrage_give_a_smile_without) {
    const auto svi = fit_svi(quotes_of(vogt, 1.0, 0.005), 1.0, nullptr);
    ASSERT_TRUE(svi.has_value());
    EXPECT_TRUE(is_free_of_butterflies(*svi));
    // A sooner expiry whose quotes lie above the later smile stays below it.
    const auto sooner = fit_svi(quotes_of(svi_scaled(ordinary, 1.5), 0.5, 0.005), 0.5, &ordinary);
    ASSERT_TRUE(sooner.has_value());
    EXPECT_TRUE(is_free_of_calendars(*sooner, ordinary));
    EXPECT_TRUE(is_free_of_butterflies(*sooner));
}

TEST(Surface, SURFACE_003_one_wrong_quote_does_not_bend_the_smile) {
    auto quotes = quotes_of(ordinary, 0.5, 0.005);
    quotes[5].bid += 0.8;
    quotes[5].ask += 0.8;
    const auto svi = fit_svi(quotes, 0.5, nullptr);
    ASSERT_TRUE(svi.has_value());
    quotes.erase(quotes.begin() + 5);
    EXPECT_LT(fit_error(quotes, 0.5, *svi), 2e-3);
}

TEST(Surface, SURFACE_003_random_quotes_never_give_arbitrage) {
    constexpr std::uint64_t seed = 20'251'010;
    for (std::uint32_t i = 0; i < 20; ++i) {
        std::vector<ExpiryQuotes> expiries;
        for (std::uint32_t e = 0; e < 3; ++e) {
            const auto u = [&](std::uint32_t j) { return uniform(seed, i, Stream::keepers, e, j); };
            ExpiryQuotes quotes{.expiry = e, .years = 0.01 + 0.2 * e, .forward = 1.0, .quotes = {}};
            for (std::uint32_t q = 0; q < 12; ++q) {
                const double bid = 0.05 + 3.0 * u(3 * q);
                quotes.quotes.push_back({.k = 3.0 * u(3 * q + 1) - 1.5,
                                         .bid = bid,
                                         .ask = bid + 0.5 * u(3 * q + 2),
                                         .counts_middle = true});
            }
            expiries.push_back(quotes);
        }
        const VolatilitySurface surface = fit_surface(expiries, 0, nullptr);
        ASSERT_EQ(surface.smiles.size(), 3U);
        for (std::size_t e = 0; e < 3; ++e) {
            EXPECT_TRUE(is_free_of_butterflies(surface.smiles[e].svi))
                << "seed " << seed << ", surface " << i << ", expiry " << e;
            if (e > 0) {
                EXPECT_TRUE(is_free_of_calendars(surface.smiles[e - 1].svi, surface.smiles[e].svi))
                    << "seed " << seed << ", surface " << i << ", expiry " << e;
            }
        }
    }
}

TEST(Surface, SURFACE_003_four_strikes_are_too_few) {
    auto quotes = quotes_of(ordinary, 0.5, 0.005);
    quotes.resize(4);
    EXPECT_FALSE(fit_svi(quotes, 0.5, nullptr).has_value());
    quotes.push_back(quotes.back());  // the same strike again
    EXPECT_FALSE(fit_svi(quotes, 0.5, nullptr).has_value());
    quotes.push_back({.k = 0.4, .bid = 0.0, .ask = 0.9, .counts_middle = false});
    EXPECT_FALSE(fit_svi(quotes, 0.5, nullptr).has_value());
}

TEST(Surface, SURFACE_004_total_variance_is_linear_in_time) {
    VolatilitySurface surface;
    surface.smiles = {{.expiry = 1, .years = 0.5, .svi = ordinary, .fitted = 0},
                      {.expiry = 2, .years = 1.0, .svi = svi_scaled(ordinary, 2.0), .fitted = 0}};
    surface.stressed_volatility = 3.0;
    const double w = svi_total_variance(ordinary, 0.2);
    for (const double years : {0.125, 0.25, 0.5, 0.75, 1.0})
        EXPECT_NEAR(surface_variance(surface, 0.2, years).w, w * years / 0.5, 1e-15);
    EXPECT_EQ(surface_volatility(surface, 0.2, 0.0), 0.0);
    EXPECT_NEAR(surface_volatility(surface, 0.2, 2.0), 3.0, 1e-15);  // beyond the last
    surface.stressed_volatility = 0.1;  // never below the last expiry's
    EXPECT_NEAR(surface_variance(surface, 0.2, 2.0).w, 4.0 * w, 1e-15);
}

TEST(Surface, SURFACE_004_put_call_parity_holds_on_model_prices) {
    VolatilitySurface surface;
    surface.smiles = {{.expiry = 1, .years = 0.01, .svi = svi_scaled(ordinary, 0.1), .fitted = 0},
                      {.expiry = 2, .years = 1.0, .svi = ordinary, .fitted = 0}};
    surface.stressed_volatility = 1.0;
    for (const double years : {1e-9, 1e-5, 0.01, 0.3, 1.0, 5.0})
        for (double strike = 1.0; strike < 1e6; strike *= 1.7) {
            const OptionMarket market{
                .forward = 1000.0,
                .volatility = surface_volatility(surface, log_(strike / 1000.0), years),
                .rate = 0.0};
            const double call =
                black76_price({.kind = OptionKind::call, .strike = strike, .years = years}, market);
            const double put =
                black76_price({.kind = OptionKind::put, .strike = strike, .years = years}, market);
            EXPECT_NEAR(call - put, 1000.0 - strike, 1e-12 * std::fmax(1000.0, strike)) << strike;
        }
}

TEST(Surface, SURFACE_005_each_step_of_the_ladder_is_named_and_counted) {
    const Svi a = svi_scaled(ordinary, 0.1);
    const Svi b = svi_scaled(ordinary, 0.5);
    std::vector<ExpiryQuotes> expiries{expiry_of(10, a), expiry_of(50, b),
                                       expiry_of(100, ordinary)};
    const VolatilitySurface fresh = fit_surface(expiries, 0, nullptr);
    EXPECT_EQ(fresh.counts(), (std::array<std::uint64_t, 4>{3, 0, 0, 0}));

    // An hour later the quotes of the middle one have died: its last fit, a percent wider.
    for (ExpiryQuotes& e : expiries)
        e.years -= 1.0 / 24.0 / 365.0;
    std::vector<ExpiryQuotes> dead = expiries;
    dead[1].quotes.clear();
    const VolatilitySurface aged = fit_surface(dead, 3'600, &fresh);
    EXPECT_EQ(aged.counts(), (std::array<std::uint64_t, 4>{2, 1, 0, 0}));
    EXPECT_EQ(aged.listed[1].source, SmileSource::aged);
    EXPECT_NEAR(surface_volatility(aged, 0.0, expiries[1].years),
                1.01 * surface_volatility(fresh, 0.0, expiries[1].years + 1.0 / 24.0 / 365.0),
                1e-9);
    EXPECT_GE(least_durrleman(aged).nearest.value, 0.0);
    EXPECT_GE(least_calendar_gap(aged).nearest.value, 0.0);

    // A day and a second later that is too old; without a surface before there is none.
    EXPECT_EQ(fit_surface(dead, 24 * 3'600 + 1, &fresh).listed[1].source, SmileSource::neighbours);
    const VolatilitySurface between = fit_surface(dead, 3'600, nullptr);
    EXPECT_EQ(between.counts(), (std::array<std::uint64_t, 4>{2, 0, 1, 0}));
    const double share = (dead[1].years - dead[0].years) / (dead[2].years - dead[0].years);
    EXPECT_NEAR(surface_variance(between, 0.1, dead[1].years).w,
                (1.0 - share) * svi_total_variance(between.smiles[0].svi, 0.1) +
                    share * svi_total_variance(between.smiles[1].svi, 0.1),
                1e-14);

    // The last one dies, too: nothing beyond it, so the stressed volatility.
    dead[2].quotes.clear();
    const VolatilitySurface edge = fit_surface(dead, 3'600, nullptr);
    EXPECT_EQ(edge.counts(), (std::array<std::uint64_t, 4>{1, 0, 0, 2}));
    EXPECT_NEAR(surface_volatility(edge, 0.0, dead[2].years), edge.stressed_volatility, 1e-12);

    // All have died: flat, one and a half times what was highest at the money.
    dead[0].quotes.clear();
    const VolatilitySurface none = fit_surface(dead, 24 * 3'600 + 1, &fresh);
    EXPECT_EQ(none.counts(), (std::array<std::uint64_t, 4>{0, 0, 0, 3}));
    EXPECT_GE(none.stressed_volatility, 1.0);
    EXPECT_EQ(surface_volatility(none, 0.4, 0.1), none.stressed_volatility);
    EXPECT_STREQ(name(SmileSource::stressed), "stressed");
}

TEST(Surface, SURFACE_005_an_aged_smile_stays_below_the_next_one) {
    // The later smile has fallen since: the aged one may not stay above it.
    const std::vector<ExpiryQuotes> before{expiry_of(50, svi_scaled(ordinary, 0.9)),
                                           expiry_of(100, ordinary)};
    const VolatilitySurface fresh = fit_surface(before, 0, nullptr);
    std::vector<ExpiryQuotes> after{expiry_of(50, ordinary),
                                    expiry_of(100, svi_scaled(ordinary, 0.5))};
    after[0].quotes.clear();
    const VolatilitySurface aged = fit_surface(after, 60, &fresh);
    ASSERT_EQ(aged.listed[0].source, SmileSource::aged);
    EXPECT_TRUE(is_free_of_calendars(aged.smiles[0].svi, aged.smiles[1].svi));
    EXPECT_TRUE(is_free_of_butterflies(aged.smiles[0].svi));
}

TEST(Surface, SURFACE_006_a_forward_follows_from_calls_and_puts) {
    std::vector<QuotedOption> options;
    for (const double strike : {80.0, 90.0, 100.0, 110.0, 130.0})
        for (const OptionKind kind : {OptionKind::call, OptionKind::put}) {
            const double coins = black76_price({.kind = kind, .strike = strike, .years = 0.1},
                                               {.forward = 104.0, .volatility = 0.7, .rate = 0.0}) /
                                 104.0;
            options.push_back({.instrument = {},
                               .kind = kind,
                               .strike = strike,
                               .expiry = 7,
                               .forward = 0.0,
                               .bid = coins - 0.0005,
                               .ask = coins + 0.0005,
                               .open_interest = 0.0});
        }
    EXPECT_NEAR(implied_forward(options, 7), 104.0, 1e-9);
    EXPECT_EQ(implied_forward(options, 8), 0.0);
}

TEST(OptionBatch, prices_many_options_at_once_as_each_alone_to_the_bit) {
    OptionBatch batch;
    std::vector<double> alone;
    for (int k = 0; k < 2'000; ++k) {
        const double u = (k % 97) / 97.0;
        const Option option{.kind = k % 2 == 0 ? OptionKind::call : OptionKind::put,
                            .strike = 50.0 + 3 * (k % 61),
                            .years = k % 13 == 0 ? 0.0 : 0.001 + u};
        const OptionMarket market{.forward = k % 29 == 0 ? 0.0 : 10 + 400 * u * u,
                                  .volatility = k % 17 == 0 ? 0.0 : 0.01 + 5 * u,
                                  .rate = 0};
        batch.add(option, market.forward, market.volatility);
        alone.push_back(black76_price(option, market));
    }
    const auto together = batch.prices();
    for (std::size_t k = 0; k < alone.size(); ++k)
        EXPECT_EQ(together[k], alone[k]) << k;
}

}  // namespace
}  // namespace breakwater
