// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <algorithm>
#include <bit>
#include <cmath>
#include <iostream>
#include <limits>

#include <gtest/gtest.h>

#include "breakwater/stress/estimates.hpp"
#include "breakwater/stress/intervals.hpp"
#include "breakwater/stress/paired.hpp"
#include "breakwater/world/math.hpp"
#include "draws.hpp"

namespace breakwater {
namespace {

using test::covers;
using test::Draws;
using test::losses;
using test::micro;
using test::seed;

std::vector<MicroUsd> one_to(std::int64_t n) {  // 1, 2, ... n USD
    std::vector<MicroUsd> result;
    for (std::int64_t i = 1; i <= n; ++i)
        result.push_back(i * 1'000'000);
    return result;
}

TEST(Distribution, Figures_of_one_to_a_thousand_are_the_closed_ones) {
    const Distribution d(one_to(1000));
    EXPECT_DOUBLE_EQ(d.mean().value, 500.5);
    EXPECT_NEAR((d.mean().high - d.mean().value) / (1.96234 * 288.8194 / std::sqrt(1000)), 1, 1e-4);
    EXPECT_DOUBLE_EQ(d.quantile(0.95).value, 950);
    EXPECT_DOUBLE_EQ(d.expected_shortfall(0.95).value, 975.5) << "the mean of 951 ... 1000";
    EXPECT_DOUBLE_EQ(d.probability_of_loss().value, 1);
    EXPECT_EQ(d.largest(), 1'000'000'000);
    EXPECT_TRUE(d.mean().reason.empty());
}

TEST(Distribution, Expected_shortfall_takes_a_part_of_the_path_at_the_quantile) {
    // 150 paths at 99 %: the worst 1.5, that is 150 and half of 149.
    EXPECT_NEAR(Distribution(one_to(150)).expected_shortfall(0.99).value, (150 + 0.5 * 149) / 1.5,
                1e-12);
}

TEST(Distribution, Figures_do_not_depend_on_the_order_of_the_paths) {
    Draws draws(seed);
    std::vector<MicroUsd> paths = losses(draws, 5000, 0.3);
    const Distribution forward(paths);
    std::reverse(paths.begin(), paths.end());
    std::rotate(paths.begin(), paths.begin() + 1234, paths.end());
    const Distribution shuffled(paths);
    EXPECT_EQ(forward.mean(), shuffled.mean());
    EXPECT_EQ(forward.quantile(0.95), shuffled.quantile(0.95));
    EXPECT_EQ(forward.expected_shortfall(0.95), shuffled.expected_shortfall(0.95));
}

TEST(Distribution, Quantile_is_supported_by_twenty_paths_beyond_it_and_not_by_nineteen) {
    const auto beyond = [](std::int64_t paths_beyond) { return one_to(paths_beyond * 100); };
    EXPECT_FALSE(Distribution(beyond(19)).quantile(0.99).supported);
    EXPECT_TRUE(Distribution(beyond(20)).quantile(0.99).supported);
    EXPECT_TRUE(Distribution(beyond(21)).quantile(0.99).supported);
    EXPECT_EQ(Distribution(beyond(19)).quantile(0.99).reason,
              "not supported by 1900 paths: rests on 19 losses, 20 are needed");
    EXPECT_FALSE(Distribution(one_to(10'000)).quantile(0.999).supported) << "practice: 10 losses";
    EXPECT_TRUE(Distribution(one_to(20'000)).quantile(0.999).supported);
    EXPECT_FALSE(Distribution(beyond(19)).quantile(0.01).supported) << "low levels alike";
}

TEST(Distribution, Mean_and_shortfall_are_supported_by_twenty_losses_and_not_by_nineteen) {
    for (const std::size_t count : {19U, 20U, 21U}) {
        std::vector<MicroUsd> paths(10'000, 0);
        for (std::size_t i = 0; i < count; ++i)
            paths[i * 7] = micro(100 + static_cast<double>(i));
        const Distribution d(paths);
        EXPECT_EQ(d.mean().supported, count >= 20);
        EXPECT_EQ(d.expected_shortfall(0.95).supported, count >= 20);
        EXPECT_TRUE(d.quantile(0.95).supported) << "that it is zero rests on all paths";
        EXPECT_EQ(d.quantile(0.95).value, 0);
        EXPECT_TRUE(d.probability_of_loss().supported);
    }
}

TEST(Distribution, No_loss_at_all_bounds_the_probability_and_refuses_the_rest) {
    const Distribution d(std::vector<MicroUsd>(2000, 0));
    const Estimate p = d.probability_of_loss();
    EXPECT_EQ(p.value, 0);
    EXPECT_EQ(p.low, 0);
    EXPECT_LT(p.high, 3.0 / 2000);
    EXPECT_EQ(p.reason, "0 in 2000 paths: one-sided bound, below 3/N");
    EXPECT_EQ(d.mean().reason, "no loss in 2000 paths");
    EXPECT_FALSE(d.mean().supported);
    EXPECT_FALSE(d.expected_shortfall(0.99).supported);
    EXPECT_TRUE(d.quantile(0.99).supported);
    EXPECT_EQ(d.quantile(0.99).high, 0);
    EXPECT_TRUE(d.exceedance().empty());
}

TEST(Distribution, One_path_or_none_supports_nothing_but_its_own_probability) {
    const Distribution one(std::vector<MicroUsd>{5'000'000});
    EXPECT_EQ(one.mean().value, 5);
    EXPECT_FALSE(one.mean().supported);
    EXPECT_FALSE(one.quantile(0.5).supported);
    EXPECT_FALSE(one.expected_shortfall(0.95).supported);
    EXPECT_TRUE(std::isfinite(one.expected_shortfall(0.95).high));
    EXPECT_EQ(one.probability_of_loss().high, 1);
    EXPECT_NEAR(one.probability_of_loss().low, 0.025, 1e-12);
    ASSERT_EQ(one.exceedance().size(), 1U);

    const Distribution none(std::vector<MicroUsd>{});
    EXPECT_FALSE(none.mean().supported);
    EXPECT_FALSE(none.quantile(0.5).supported);
    EXPECT_FALSE(none.expected_shortfall(0.5).supported);
    EXPECT_FALSE(none.probability_of_loss().supported);
    EXPECT_TRUE(none.exceedance().empty());
}

TEST(Distribution, Equal_losses_have_intervals_of_no_width) {
    const Distribution d(std::vector<MicroUsd>(1000, 7'000'000));
    for (const Estimate& e : {d.mean(), d.quantile(0.9), d.expected_shortfall(0.9)}) {
        EXPECT_TRUE(e.supported);
        EXPECT_EQ(e.value, 7);
        EXPECT_EQ(e.low, 7);
        EXPECT_EQ(e.high, 7);
    }
    ASSERT_EQ(d.exceedance().size(), 1U);
    EXPECT_EQ(d.exceedance()[0].paths, 1000U);
}

TEST(Distribution, Largest_integers_do_not_overflow) {
    const MicroUsd most = std::numeric_limits<MicroUsd>::max();
    std::vector<MicroUsd> paths(100, most);
    paths[0] = -most;
    const Distribution d(paths);
    EXPECT_NEAR(d.mean().value / (0.98 * 9.223372036854775807e12), 1, 1e-12);
    EXPECT_NEAR(d.expected_shortfall(0.5).value / 9.223372036854775807e12, 1, 1e-12);
}

TEST(Distribution, Heavy_tails_are_said_and_light_ones_are_not) {
    Draws draws(seed);
    std::cout << "seed " << seed << "\n";
    std::vector<MicroUsd> light, pareto, one_path(1000, 1'000'000);
    for (int i = 0; i < 10'000; ++i) {
        light.push_back(micro(draws.exponential()));
        pareto.push_back(micro(std::pow(draws.uniform(), -1 / 1.3)));
    }
    one_path[0] = 1'000'000'000;
    EXPECT_EQ(Distribution(light).mean().reason, "");
    EXPECT_NE(Distribution(pareto).mean().reason.find("heavy tail"), std::string::npos);
    EXPECT_EQ(Distribution(one_path).mean().reason,
              "one path carries 50 % of the sum: the interval may be too narrow");
}

TEST(Distribution, Exceedance_curve_falls_from_the_first_loss_to_the_largest_inside_its_band) {
    Draws draws(seed);
    const std::vector<MicroUsd> paths = losses(draws, 10'000, 0.4);
    const Distribution d(paths);
    const auto curve = d.exceedance();
    ASSERT_GE(curve.size(), 40U);
    ASSERT_LE(curve.size(), 65U);
    EXPECT_EQ(curve.front().probability, d.probability_of_loss());
    EXPECT_EQ(curve.back().loss, usd(d.largest()));
    EXPECT_EQ(curve.back().paths, 1U);
    for (std::size_t i = 0; i < curve.size(); ++i) {
        const auto reached = std::count_if(
            paths.begin(), paths.end(), [&](MicroUsd loss) { return usd(loss) >= curve[i].loss; });
        EXPECT_EQ(curve[i].paths, static_cast<std::uint64_t>(reached));
        EXPECT_GT(curve[i].probability.value, curve[i].probability.low);
        EXPECT_LT(curve[i].probability.value, curve[i].probability.high);
        if (i == 0) continue;
        EXPECT_GT(curve[i].loss, curve[i - 1].loss);
        EXPECT_LT(curve[i].probability.value, curve[i - 1].probability.value);
    }
}

TEST(Distribution, V12_normal_VaR_and_shortfall_are_inside_their_intervals_and_near) {
    Draws draws(seed);
    std::cout << "seed " << seed << "\n";
    std::vector<MicroUsd> paths;
    for (int i = 0; i < 1'000'000; ++i)
        paths.push_back(micro(normal_quantile(draws.uniform())));
    const Distribution d(paths);
    struct Case {
        double level, var, es;
    };
    for (const Case& c : {Case{0.95, 1.6448536269514722, 2.0627128075074257},
                          Case{0.99, 2.3263478740408408, 2.665214220345805},
                          Case{0.999, 3.090232306167813, 3.367090077063992}}) {
        const Estimate var = d.quantile(c.level, 0.999);
        const Estimate es = d.expected_shortfall(c.level, 0.999);
        EXPECT_TRUE(covers(var, c.var)) << c.level;
        EXPECT_TRUE(covers(es, c.es)) << c.level;
        EXPECT_LT(var.high - var.low, 0.04 * c.var);
        EXPECT_LT(es.high - es.low, 0.04 * c.es);
    }
}

TEST(Distribution, Intervals_of_95_percent_cover_the_truth_in_about_95_of_100_runs) {
    Draws draws(seed);
    std::cout << "seed " << seed << "\n";
    constexpr int runs = 2000;
    constexpr double p = 0.2;  // of a loss; exponential of mean 1,000, so P(L > x) = p e^(-x/1000)
    const double quantile = 1000 * std::log(p / 0.05);
    int quantiles = 0, shortfalls = 0, means = 0, probabilities = 0, too_high = 0, too_low = 0;
    for (int run = 0; run < runs; ++run) {
        const Distribution d(losses(draws, 1000, p));
        const Estimate q = d.quantile(0.95);
        quantiles += covers(q, quantile);
        too_high += q.low > quantile;
        too_low += q.high < quantile;
        shortfalls += covers(d.expected_shortfall(0.95), quantile + 1000);
        means += covers(d.mean(), 1000 * p);
        probabilities += covers(d.probability_of_loss(), p);
    }
    std::cout << "coverage: quantile " << quantiles << ", shortfall " << shortfalls << ", mean "
              << means << ", probability " << probabilities << " of " << runs << "\n";
    for (const int covered : {quantiles, means, probabilities}) {
        EXPECT_GE(covered, runs * 93 / 100);
        EXPECT_LE(covered, runs * 97 / 100);
    }
    // The shortfall of 50 paths is skewed and its interval symmetric: a little short.
    EXPECT_GE(shortfalls, runs * 91 / 100);
    EXPECT_LE(shortfalls, runs * 97 / 100);
    EXPECT_LE(too_high, runs * 4 / 100);
    EXPECT_LE(too_low, runs * 4 / 100);
}

TEST(PairedDifference, The_same_losses_give_zero_and_cannot_tell) {
    Draws draws(seed);
    const auto paths = losses(draws, 2000, 0.3);
    const PairedDifference same = paired_difference(paths, paths);
    EXPECT_EQ(same.differing, 0U);
    EXPECT_EQ(same.mean.value, 0);
    EXPECT_EQ(same.mean.reason,
              "not supported by 2000 paths: rests on 0 differing paths, 20 are needed");
    EXPECT_EQ(same.probability.value, 0);
    EXPECT_LT(same.probability.low, 0);
    EXPECT_GT(same.probability.high, 0);
    EXPECT_EQ(same.expected_shortfall.value, 0);
    EXPECT_EQ(same.overall, PairedVerdict::cannot_tell);
}

TEST(PairedDifference, A_tenth_less_on_every_path_is_better_where_separate_intervals_overlap) {
    Draws draws(seed);
    const auto current = losses(draws, 2000, 0.3);
    std::vector<MicroUsd> proposed = current;
    for (MicroUsd& loss : proposed)
        loss -= loss / 10;
    const PairedDifference d = paired_difference(current, proposed);
    EXPECT_EQ(verdict(d.mean), PairedVerdict::better);
    EXPECT_EQ(verdict(d.expected_shortfall), PairedVerdict::better);
    EXPECT_EQ(verdict(d.probability), PairedVerdict::cannot_tell) << "no path changed sides";
    EXPECT_EQ(d.overall, PairedVerdict::better);
    const Distribution a(current), b(proposed);
    EXPECT_NEAR(d.mean.value, b.mean().value - a.mean().value, 1e-9);
    EXPECT_NEAR(d.expected_shortfall.value,
                b.expected_shortfall(0.95).value - a.expected_shortfall(0.95).value, 1e-6);
    EXPECT_GT(b.mean().high, a.mean().low) << "the case would not need pairs otherwise";
    const PairedDifference back = paired_difference(proposed, current);
    EXPECT_EQ(back.overall, PairedVerdict::worse);
    EXPECT_DOUBLE_EQ(back.mean.low, -d.mean.high);
}

TEST(PairedDifference, Nineteen_differing_paths_cannot_tell_and_twenty_can) {
    for (const std::size_t differing : {19U, 20U, 21U}) {
        std::vector<MicroUsd> current(5000, 0), proposed(5000, 0);
        for (std::size_t i = 0; i < 100; ++i)
            current[i] = proposed[i] = micro(1000);
        for (std::size_t i = 0; i < differing; ++i)
            proposed[i] = micro(1100);
        const PairedDifference d = paired_difference(current, proposed);
        EXPECT_EQ(d.mean.supported, differing >= 20);
        EXPECT_EQ(verdict(d.mean), differing >= 20 ? PairedVerdict::worse : PairedVerdict::cannot_tell);
    }
}

TEST(PairedDifference, Figures_that_disagree_cannot_tell) {
    // The proposal takes the many small losses away and makes the few large ones larger.
    std::vector<MicroUsd> current(10'000, 0), proposed(10'000, 0);
    for (std::size_t i = 0; i < 1000; ++i)
        current[i] = micro(10);
    for (std::size_t i = 0; i < 50; ++i) {
        current[i] = micro(5000 + static_cast<double>(i));
        proposed[i] = micro(9000 + static_cast<double>(i));
    }
    const PairedDifference d = paired_difference(current, proposed, 0.99);
    EXPECT_EQ(verdict(d.probability), PairedVerdict::better);
    EXPECT_EQ(verdict(d.mean), PairedVerdict::worse);
    EXPECT_EQ(d.overall, PairedVerdict::cannot_tell);
    EXPECT_EQ(d.only_current, 950U);
    EXPECT_EQ(d.only_proposed, 0U);
}

TEST(PairedDifference, Interval_of_the_probability_is_the_published_one) {
    // 48 pairs, 26 lose only under proposed and 4 only under current: (26 - 4)/(48 + 2) = 0.44 ±
    // 1.96 · 0.09448809. Source: the example of ci.prop.ps in the documentation of the R package
    // statpsych.
    std::vector<MicroUsd> current, proposed;
    const auto pairs = [&](int count, MicroUsd now, MicroUsd then) {
        current.insert(current.end(), static_cast<std::size_t>(count), now);
        proposed.insert(proposed.end(), static_cast<std::size_t>(count), then);
    };
    pairs(12, 0, 0);
    pairs(4, 1, 0);
    pairs(26, 0, 1);
    pairs(6, 1, 1);
    const Estimate p = paired_difference(current, proposed).probability;
    EXPECT_NEAR(p.value, 22.0 / 48, 1e-15);
    EXPECT_NEAR(p.low, 0.2548067, 1e-7);
    EXPECT_NEAR(p.high, 0.6251933, 1e-7);
}

TEST(PairedDifference, Intervals_of_95_percent_cover_the_truth_in_about_95_of_100_runs) {
    Draws draws(seed + 1);
    std::cout << "seed " << seed + 1 << "\n";
    constexpr int runs = 2000;
    // Current: exponential of mean 1,000 with probability 0.3. Proposed: of these a tenth vanish,
    // the rest are scaled by 0.8, each further loss with probability 0.02 being new, so its law is
    // exponential of mean 800 or 1,000.
    int means = 0, probabilities = 0, ratios = 0;
    const double kept = 0.3 * 0.9;
    const double new_loss = 0.7 * 0.02;
    const double mean = kept * 800 + new_loss * 1000 - 300;
    for (int run = 0; run < runs; ++run) {
        const auto current = losses(draws, 1000, 0.3);
        std::vector<MicroUsd> proposed = current;
        for (MicroUsd& loss : proposed) {
            if (loss == 0) {
                if (draws.uniform() < 0.02) loss = micro(1000 * draws.exponential());
            } else {
                loss = draws.uniform() < 0.1 ? 0 : loss / 10 * 8;
            }
        }
        const PairedDifference d = paired_difference(current, proposed);
        means += covers(d.mean, mean);
        probabilities += covers(d.probability, kept + new_loss - 0.3);
        ratios += covers(cascade_amplification(proposed, current), 1 + mean / 300);
    }
    std::cout << "coverage: mean " << means << ", probability " << probabilities << ", ratio "
              << ratios << " of " << runs << "\n";
    for (const int covered : {means, probabilities, ratios}) {
        EXPECT_GE(covered, runs * 93 / 100);
        EXPECT_LE(covered, runs * 97 / 100);
    }
}

TEST(PairedDifference, Interval_of_the_shortfall_covers_the_truth_in_about_95_of_100_runs) {
    Draws draws(seed + 2);
    std::cout << "seed " << seed + 2 << "\n";
    constexpr int runs = 2000;
    // Exponential of mean 1,000, proposed multiplied by 0.6 or 1.2 with equal chance. ES of the
    // mixture by its quantile.
    double low = 0, high = 1e5;
    for (int i = 0; i < 100; ++i) {
        const double x = 0.5 * (low + high);
        (0.5 * std::exp(-x / 600) + 0.5 * std::exp(-x / 1200) > 0.05 ? low : high) = x;
    }
    const double v = low;
    const double es = v + (300 * std::exp(-v / 600) + 600 * std::exp(-v / 1200)) / 0.05;
    const double truth = es - (1000 * std::log(20) + 1000);
    int covered = 0;
    for (int run = 0; run < runs; ++run) {
        const auto current = losses(draws, 2000, 1);
        std::vector<MicroUsd> proposed = current;
        for (MicroUsd& loss : proposed)
            loss = loss / 10 * (draws.uniform() < 0.5 ? 6 : 12);
        covered += covers(paired_difference(current, proposed).expected_shortfall, truth);
    }
    std::cout << "coverage: shortfall " << covered << " of " << runs << "\n";
    EXPECT_GE(covered, runs * 92 / 100);
    EXPECT_LE(covered, runs * 97 / 100);
}

TEST(PairedDifference, Of_runs_over_different_numbers_of_paths_is_our_own_fault) {
    EXPECT_DEATH(paired_difference(one_to(3), one_to(4)), "current.size\\(\\) == proposed.size");
    EXPECT_DEATH(cascade_amplification(one_to(3), one_to(4)), "with_impact.size\\(\\) ==");
}

TEST(CascadeAmplification, Is_the_ratio_of_the_means_and_certain_when_every_path_has_it) {
    Draws draws(seed);
    auto without = losses(draws, 1000, 0.5);
    for (MicroUsd& loss : without)
        loss -= loss % 2;
    auto with = without;
    for (MicroUsd& loss : with)
        loss = loss / 2 * 3;
    const Estimate e = cascade_amplification(with, without);
    EXPECT_TRUE(e.supported);
    EXPECT_DOUBLE_EQ(e.value, 1.5);
    EXPECT_NEAR(e.high - e.low, 0, 1e-9);
}

// a = (1, 3), b = (2, 4) in turn: ratio 4/6, residuals a − 2/3·b = ∓1/3, their variance n/(n − 1)/9.
TEST(RatioOfMeans, Has_the_interval_of_the_delta_method) {
    std::vector<MicroUsd> a, b;
    for (int i = 0; i < 500; ++i) {
        a.push_back(micro(i % 2 == 0 ? 1 : 3));
        b.push_back(micro(i % 2 == 0 ? 2 : 4));
    }
    const Estimate e = ratio_of_means(a, b, "paths");
    EXPECT_DOUBLE_EQ(e.value, 2.0 / 3);
    const double half = two_sided_t(0.95, 500) * std::sqrt(500.0 / 499 / 9 / 500) / 3;
    EXPECT_NEAR(e.high - e.value, half, 1e-12);
    EXPECT_NEAR(e.value - e.low, half, 1e-12);
    EXPECT_FALSE(ratio_of_means(a, std::vector<MicroUsd>(500), "paths").supported);
}

TEST(CascadeAmplification, Is_refused_without_losses_or_with_fewer_than_twenty) {
    const std::vector<MicroUsd> none(100, 0);
    std::vector<MicroUsd> some(100, 0);
    for (std::size_t i = 0; i < 19; ++i)
        some[i] = micro(10);
    EXPECT_EQ(cascade_amplification(none, none).reason, "no loss in 100 paths");
    EXPECT_EQ(cascade_amplification(some, none).reason,
              "no ratio: without impact there is no loss");
    EXPECT_FALSE(cascade_amplification(some, some).supported);
    some[19] = micro(10);
    EXPECT_TRUE(cascade_amplification(some, some).supported);
}

// The digest was taken with GCC 12, -O2; any compiler, level and processor must give it.
TEST(Estimates, Have_the_same_bits_on_every_machine) {
    Draws draws(seed);
    std::vector<MicroUsd> current, proposed;
    for (int i = 0; i < 10'000;
         ++i) {  // integers only: nothing of the standard library's arithmetic
        const std::uint64_t bits = draws.bits();
        current.push_back(bits % 3 == 0 ? static_cast<MicroUsd>(bits >> (24 + bits % 20)) : 0);
        proposed.push_back(draws.bits() % 5 == 0 ? 0 : current.back() / 9 * 8);
    }
    std::uint64_t digest = 0xcbf29ce484222325U;
    const auto mix = [&](const Estimate& e) {
        for (const double x : {e.value, e.low, e.high}) {
            digest = (digest ^ std::bit_cast<std::uint64_t>(x)) * 0x100000001b3U;
            digest ^= digest >> 29U;
        }
    };
    const Distribution d(current);
    for (const double confidence : {0.9, 0.95, 0.99, 0.999}) {
        mix(d.mean(confidence));
        mix(d.probability_of_loss(confidence));
        for (const double level : {0.5, 0.95, 0.99}) {
            mix(d.quantile(level, confidence));
            mix(d.expected_shortfall(level, confidence));
        }
        for (const ExceedancePoint& point : d.exceedance(confidence))
            mix(point.probability);
        const PairedDifference pairs = paired_difference(current, proposed, 0.95, confidence);
        mix(pairs.mean);
        mix(pairs.probability);
        mix(pairs.expected_shortfall);
        mix(cascade_amplification(current, proposed, confidence));
    }
    EXPECT_EQ(digest, 0x38512c7c96fdc60cU) << std::hex << digest;
}

}  // namespace
}  // namespace breakwater
