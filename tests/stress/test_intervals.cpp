// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "breakwater/stress/intervals.hpp"
#include "breakwater/world/math.hpp"

namespace breakwater {
namespace {

// Nothing when there is no such file; the directory named by BREAKWATER_VECTORS, else
// ../shared/vectors upwards.
std::filesystem::path closed_forms() {
    namespace fs = std::filesystem;
    if (const char* named = std::getenv("BREAKWATER_VECTORS"))
        return fs::path(named) / "closed_forms.json";
    fs::path above = fs::current_path();
    for (int level = 0; level < 8; ++level, above = above.parent_path()) {
        const fs::path file = above / "../shared/vectors/closed_forms.json";
        if (fs::exists(file)) return file;
    }
    return {};
}

TEST(Intervals, Binomial_law_has_the_probabilities_of_ten_fair_coins) {
    const Binomial coins(10, 0.5);
    EXPECT_NEAR(coins.equal(5), 252.0 / 1024, 1e-15);
    EXPECT_NEAR(coins.at_most(2), 56.0 / 1024, 1e-15);
    EXPECT_NEAR(coins.at_least(9), 11.0 / 1024, 1e-15);
    EXPECT_EQ(coins.at_most(10), 1.0);
    EXPECT_EQ(coins.equal(11), 0.0);
    EXPECT_EQ(coins.quantile(0.5), 5U);
}

TEST(Intervals, Binomial_law_of_a_certain_or_impossible_hit_is_one_point) {
    EXPECT_EQ(Binomial(7, 0.0).equal(0), 1.0);
    EXPECT_EQ(Binomial(7, 1.0).equal(7), 1.0);
    EXPECT_EQ(Binomial(0, 0.3).at_most(0), 1.0);
}

TEST(Intervals, Binomial_tails_of_a_million_trials_add_up_to_one) {
    for (const double p : {1e-6, 0.001, 0.5, 0.95, 0.999999}) {
        const Binomial law(1'000'000, p);
        for (const std::uint64_t k : {1U, 1'000U, 500'100U, 949'900U, 999'999U}) {
            EXPECT_NEAR(law.at_most(k - 1) + law.at_least(k), 1.0, 1e-12) << p << " " << k;
        }
    }
}

struct ExactCase {
    std::uint64_t hits, trials;
    double low, high;  // by bisection on the exact sums with 40 digits
};

TEST(Intervals, Clopper_Pearson_agrees_with_forty_digit_arithmetic) {
    const ExactCase cases[] = {
        {1, 10, 0.002528578544461784, 0.4450161170281954},
        {5, 100, 0.01643187918205216, 0.1128349111054628},
        {50, 100, 0.398321129503301, 0.601678870496699},
        {20, 2000, 0.006118657542743466, 0.01540212578356005},
        {1, 10000, 2.531777593474686e-06, 0.0005570369979470474},
        {30, 10000, 0.002024974815871133, 0.004279939087043483},
    };
    for (const ExactCase& c : cases) {
        const Interval exact = clopper_pearson(c.hits, c.trials, 0.95);
        EXPECT_NEAR(exact.low / c.low, 1, 1e-12) << c.hits << " of " << c.trials;
        EXPECT_NEAR(exact.high / c.high, 1, 1e-12) << c.hits << " of " << c.trials;
        const Interval misses = clopper_pearson(c.trials - c.hits, c.trials, 0.95);
        EXPECT_NEAR(misses.low, 1 - c.high, 1e-12) << "the interval of the misses is its mirror";
        EXPECT_NEAR(misses.high, 1 - c.low, 1e-12);
    }
}

TEST(Intervals, Clopper_Pearson_reaches_the_ends_after_no_hit_and_after_only_hits) {
    EXPECT_EQ(clopper_pearson(0, 50, 0.95).low, 0);
    EXPECT_NEAR(clopper_pearson(0, 50, 0.95).high, 1 - std::pow(0.025, 1.0 / 50), 1e-14);
    EXPECT_EQ(clopper_pearson(50, 50, 0.95).high, 1);
    EXPECT_NEAR(clopper_pearson(50, 50, 0.95).low, std::pow(0.025, 1.0 / 50), 1e-14);
    EXPECT_EQ(clopper_pearson(0, 0, 0.95).high, 1);
}

TEST(Intervals, Clopper_Pearson_wrongs_each_side_with_half_of_what_is_left) {
    for (const std::uint64_t hits : {1U, 19U, 400U, 99'999U}) {
        const Interval exact = clopper_pearson(hits, 100'000, 0.99);
        EXPECT_NEAR(Binomial(100'000, exact.low).at_least(hits), 0.005, 1e-11);
        EXPECT_NEAR(Binomial(100'000, exact.high).at_most(hits), 0.005, 1e-11);
    }
}

TEST(Intervals, Zero_hits_in_N_mean_less_than_three_in_N) {
    EXPECT_NEAR(zero_hits_upper(10'000, 0.95), 0.000299528359776612, 1e-15);
    for (const std::uint64_t n : {1U, 5U, 100U, 2'000U, 1'000'000U}) {
        EXPECT_LT(zero_hits_upper(n, 0.95), 3.0 / static_cast<double>(n));
        EXPECT_GT(zero_hits_upper(n, 0.95), n < 5 ? 0.9 : 2.2 / static_cast<double>(n));
    }
    EXPECT_EQ(zero_hits_upper(0, 0.95), 1.0);
}

TEST(Intervals, Quantile_rank_reads_the_level_as_a_decimal) {
    EXPECT_EQ(quantile_rank(20'000, 0.999), 19'980U);
    EXPECT_EQ(quantile_rank(2'000, 0.99), 1'980U);
    EXPECT_EQ(quantile_rank(19'999, 0.999), 19'980U);
    EXPECT_EQ(quantile_rank(7, 0.5), 4U);
    EXPECT_EQ(quantile_rank(1, 0.0), 1U);
    EXPECT_EQ(quantile_rank(3, 1.0), 3U);
    EXPECT_EQ(quantile_rank(0, 0.5), 0U);
    EXPECT_DOUBLE_EQ(tail_size(20'000, 0.999), 20.0);
    EXPECT_DOUBLE_EQ(tail_size(150, 0.99), 1.5);
}

TEST(Intervals, Order_statistic_ranks_cover_at_least_what_is_asked) {
    for (const std::uint64_t n : {100U, 1'000U, 2'000U, 20'000U, 100'000U}) {
        for (const double level : {0.5, 0.9, 0.95, 0.99}) {
            const auto ranks = order_statistic_ranks(n, level, 0.95);
            if (!ranks) continue;
            const Binomial below(n, level);
            const double coverage = below.at_most(ranks->high - 1) - below.at_most(ranks->low - 1);
            EXPECT_NEAR(coverage, ranks->coverage, 1e-12);
            EXPECT_GE(coverage, 0.95) << n << " " << level;
            EXPECT_LE(coverage, 0.985) << n << " " << level;
            EXPECT_LE(ranks->low, quantile_rank(n, level));
            EXPECT_GE(ranks->high, quantile_rank(n, level));
        }
    }
}

TEST(Intervals, Order_statistic_ranks_do_not_exist_where_the_tail_is_too_short) {
    EXPECT_FALSE(order_statistic_ranks(100, 0.99, 0.95));
    EXPECT_FALSE(order_statistic_ranks(1, 0.5, 0.95));
    EXPECT_FALSE(order_statistic_ranks(0, 0.5, 0.95));
    EXPECT_TRUE(order_statistic_ranks(6, 0.5, 0.95));
    EXPECT_FALSE(order_statistic_ranks(5, 0.5, 0.95)) << "5 values cover the median with 93.75 %";
}

TEST(Intervals, Order_statistic_ranks_are_those_of_V12_unless_these_cover_less_than_they_say) {
    const auto file = closed_forms();
    if (file.empty()) GTEST_SKIP() << "SKIPPED: no ../shared/vectors and BREAKWATER_VECTORS unset";
    std::ifstream in(file);
    ASSERT_TRUE(in) << file;
    int rank_cases = 0;
    int normal_cases = 0;
    const nlohmann::json forms = nlohmann::json::parse(in);
    for (const auto& c : forms["V12_normal"]) {
        const double q = c["q"];
        if (c.contains("VaR")) {
            ++normal_cases;
            const double z = normal_quantile(q);
            EXPECT_NEAR(z / c["VaR"].get<double>(), 1, 1e-12);
            EXPECT_NEAR(normal_density(z) / (1 - q) / c["ES"].get<double>(), 1, 1e-12);
            continue;
        }
        ++rank_cases;
        const std::uint64_t n = c["n"];
        const std::uint64_t low = c["order_stat_CI_ranks"][0];
        const std::uint64_t high = c["order_stat_CI_ranks"][1];
        const Binomial below(n, q);
        EXPECT_EQ(below.quantile(0.025) + 1, low);
        EXPECT_EQ(below.quantile(0.975) + 1, high);
        const double theirs = below.at_most(high - 1) - below.at_most(low - 1);
        const auto ours = order_statistic_ranks(n, q, 0.95);
        ASSERT_TRUE(ours);
        EXPECT_EQ(ours->high, high);
        EXPECT_EQ(ours->low, theirs >= 0.95 ? low : low - 1) << theirs;
        EXPECT_GE(ours->coverage, 0.95);
    }
    EXPECT_EQ(rank_cases, 2);
    EXPECT_EQ(normal_cases, 3);
}

TEST(Intervals, Student_t_quantile_agrees_with_integrated_densities) {
    EXPECT_NEAR(student_t_quantile(0.975, 19) / 2.093024054408, 1, 1e-6);
    EXPECT_NEAR(student_t_quantile(0.995, 19) / 2.860934606465, 1, 1e-5);
    EXPECT_NEAR(student_t_quantile(0.9995, 19) / 3.883405852595, 1, 1e-4);
    EXPECT_NEAR(student_t_quantile(0.975, 99) / 1.984216951586, 1, 1e-9);
    EXPECT_NEAR(student_t_quantile(0.975, 10) / 2.228138851986, 1, 1e-5);
    EXPECT_NEAR(student_t_quantile(0.975, 2) / 4.302652729749, 1, 0.01);
    EXPECT_NEAR(student_t_quantile(0.025, 19), -student_t_quantile(0.975, 19), 1e-12);
    EXPECT_NEAR(student_t_quantile(0.975, ~std::uint64_t{0}), 1.959963984540054, 1e-12);
}

}  // namespace
}  // namespace breakwater
