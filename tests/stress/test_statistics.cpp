// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <algorithm>
#include <iostream>
#include <limits>
#include <map>

#include <gtest/gtest.h>

#include "breakwater/stress/intervals.hpp"
#include "breakwater/stress/statistics.hpp"
#include "draws.hpp"

namespace breakwater {
namespace {

using test::Draws;
using test::losses;
using test::micro;
using test::seed;

// Log-uniform over all 64 bits, one in four zero.
std::uint64_t any_size(Draws& draws) {
    if (draws.uniform() < 0.25) return 0;
    return draws.bits() >> (draws.bits() % 64);
}

TEST(LossMoments, Agree_with_the_distribution_of_the_same_paths) {
    Draws draws(seed);
    const auto paths = losses(draws, 5000, 0.3);
    LossMoments moments;
    for (const MicroUsd loss : paths)
        moments.add(loss);
    const Distribution d(paths);
    EXPECT_EQ(moments.mean().value, d.mean().value);
    EXPECT_NEAR(moments.mean().low / d.mean().low, 1, 1e-6);
    EXPECT_NEAR(moments.mean().high / d.mean().high, 1, 1e-6);
    EXPECT_EQ(moments.probability_of_loss(), d.probability_of_loss());
}

TEST(LossMoments, Merge_to_the_same_bits_in_any_order_and_grouping) {
    Draws draws(seed);
    std::vector<LossMoments> parts(7);
    LossMoments whole;
    for (int i = 0; i < 3000; ++i) {
        const auto loss = static_cast<MicroUsd>(draws.bits() >> 3U);
        parts[draws.bits() % 7].add(loss);
        whole.add(loss);
    }
    parts[3].add_zeros(11);
    whole.add_zeros(11);
    LossMoments left, right;
    for (const LossMoments& part : parts)
        left.merge(part);
    for (std::size_t i = parts.size(); i-- > 0;) {
        LossMoments pair = parts[i];
        pair.merge(right);
        right = pair;
    }
    EXPECT_EQ(left, whole);
    EXPECT_EQ(right, whole);
    EXPECT_EQ(left.mean(), right.mean());
}

TEST(LossMoments, Hold_the_squares_of_the_largest_losses_of_many_paths) {
    LossMoments moments;
    for (int i = 0; i < 1000; ++i)
        moments.add(std::numeric_limits<MicroUsd>::max());
    for (int doubling = 0; doubling < 17; ++doubling) {
        const LossMoments copy = moments;
        moments.merge(copy);  // 1.3e8 paths
    }
    EXPECT_NEAR(moments.mean().value / 9.223372036854775807e12, 1, 1e-12);
    EXPECT_LT(moments.mean().high - moments.mean().low, 1e6) << "equal losses have no spread";
}

TEST(Histogram, Is_exact_below_256_and_within_a_half_percent_above) {
    Draws draws(seed);
    std::cout << "seed " << seed << "\n";
    for (int i = 0; i < 20'000; ++i) {
        const std::uint64_t value = any_size(draws);
        Histogram one, wide;
        one.add(value);
        EXPECT_EQ(one.quantile(0.5), static_cast<double>(value)) << "clamped to what was seen";
        wide.add(value, 3);
        wide.add(0);
        wide.add(std::numeric_limits<std::uint64_t>::max());
        const double found = wide.quantile(0.5);
        if (value < 256) {
            EXPECT_EQ(found, static_cast<double>(value));
        } else {
            EXPECT_NEAR(found / static_cast<double>(value), 1, 0.004) << value;
        }
    }
}

TEST(Histogram, Has_bins_at_most_one_percent_wide_up_to_the_largest_integer) {
    // Two values that differ by 1 % are told apart: the second falls into another bin.
    for (double base = 256; base < 9e18; base *= 1.0137) {
        const auto value = static_cast<std::uint64_t>(base);
        const std::uint64_t more = value + value / 100 + 1;
        Histogram h;
        h.add(value, 2);
        h.add(more, 2);
        h.add(1);
        h.add(std::numeric_limits<std::uint64_t>::max());
        EXPECT_LT(h.quantile(0.5), h.quantile(0.6)) << value;
    }
}

TEST(Histogram, Quantiles_are_within_half_a_percent_of_the_exact_ones) {
    Draws draws(seed);
    std::vector<std::uint64_t> values;
    Histogram h;
    for (int i = 0; i < 20'000; ++i) {
        const auto price = static_cast<std::uint64_t>(
            1e6 * std::exp(0.3 * (draws.uniform() + draws.uniform() - 1)));
        const std::uint64_t value = i % 2 == 0 ? price : any_size(draws);
        values.push_back(value);
        h.add(value);
    }
    std::sort(values.begin(), values.end());
    for (const double level : {0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 1.0}) {
        const auto exact = static_cast<double>(values[quantile_rank(values.size(), level) - 1]);
        EXPECT_NEAR(h.quantile(level), exact, 0.005 * exact) << level;
    }
    EXPECT_EQ(h.smallest(), values.front());
    EXPECT_EQ(h.largest(), values.back());
}

TEST(Histogram, Merges_to_the_same_content_in_any_order) {
    Draws draws(seed);
    std::vector<Histogram> parts(5);
    Histogram whole;
    for (int i = 0; i < 3000; ++i) {
        const std::uint64_t value = any_size(draws);
        parts[draws.bits() % 5].add(value);
        whole.add(value);
    }
    Histogram forward, backward;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        forward.merge(parts[i]);
        backward.merge(parts[parts.size() - 1 - i]);
    }
    forward.merge(Histogram{});
    EXPECT_EQ(forward, whole);
    EXPECT_EQ(backward, whole);
}

TEST(Histogram, Of_nothing_or_of_zeros_is_zero_and_takes_no_memory) {
    Histogram h;
    EXPECT_EQ(h.quantile(0.5), 0);
    h.add(0, 1000);
    EXPECT_EQ(h.quantile(0.95), 0);
    EXPECT_EQ(h.count(), 1000U);
    EXPECT_EQ(h.memory_bytes(), 0U);
    h.add(std::numeric_limits<std::uint64_t>::max());
    h.add(1);
    EXPECT_LE(h.memory_bytes(), 60'000U);
}

TEST(QuantileBands, Follow_a_fan_over_steps_and_merge_by_step) {
    Draws draws(seed);
    constexpr std::size_t steps = 24;
    QuantileBands left(steps), right(steps), whole(steps);
    std::vector<std::vector<std::uint64_t>> values(steps);
    for (int path = 0; path < 2000; ++path) {
        double price = 1e6;
        for (std::size_t step = 0; step < steps; ++step) {
            price *= 0.97 + 0.06 * draws.uniform();
            const auto value = static_cast<std::uint64_t>(price);
            (path % 3 == 0 ? left : right).add(step, value);
            whole.add(step, value);
            values[step].push_back(value);
        }
    }
    right.merge(left);
    EXPECT_EQ(right, whole);
    for (std::size_t step = 0; step < steps; ++step) {
        std::sort(values[step].begin(), values[step].end());
        const QuantileBands::Band band = whole.band(step);
        EXPECT_TRUE(std::is_sorted(band.begin(), band.end()));
        for (std::size_t i = 0; i < band.size(); ++i) {
            const auto exact =
                static_cast<double>(values[step][quantile_rank(2000, band_levels[i]) - 1]);
            EXPECT_NEAR(band[i] / exact, 1, 0.004);
        }
        EXPECT_LT(whole.at(step).memory_bytes(), 2'000U) << "prices need a few octaves";
    }
}

TEST(AccountLosses, Agree_with_a_map_and_do_not_depend_on_order_or_grouping) {
    Draws draws(seed);
    std::map<std::uint32_t, AccountLoss> exact;
    std::vector<AccountLosses> parts(4);
    for (int i = 0; i < 20'000; ++i) {
        const auto id = static_cast<std::uint32_t>(draws.bits() % 3000 * (draws.bits() % 3 + 1));
        const auto loss = static_cast<MicroUsd>(draws.bits() >> (4 + draws.bits() % 50));
        parts[draws.bits() % 4].add(AccountId{id}, loss);
        if (loss == 0) continue;
        AccountLoss& entry = exact[id];
        entry.account = AccountId{id};
        entry.paths += 1;
        entry.sum += loss;
        const auto cents = static_cast<uint128>(loss / 10'000);
        entry.squares += cents * cents;
    }
    AccountLosses forward, backward;
    for (std::size_t i = 0; i < 4; ++i)
        forward.merge(parts[i]);
    for (std::size_t i = 4; i-- > 0;)
        backward.merge(parts[i]);
    std::vector<AccountLoss> expected;
    for (const auto& [id, loss] : exact)
        expected.push_back(loss);
    EXPECT_EQ(forward.all(), expected);
    EXPECT_EQ(backward.all(), expected);
    EXPECT_EQ(forward.top(25), backward.top(25));
    EXPECT_EQ(forward.top(1'000'000).size(), expected.size());
}

TEST(AccountLosses, Give_each_account_the_interval_of_its_losses_path_by_path) {
    Draws draws(seed);
    constexpr std::size_t accounts = 5;
    constexpr std::size_t paths = 1'000;
    std::vector<std::vector<MicroUsd>> columns;
    AccountLosses on_line;
    for (std::size_t a = 0; a < accounts; ++a) {
        columns.push_back(losses(draws, paths, 0.1 * static_cast<double>(a + 1)));
        for (const MicroUsd loss : columns.back())
            on_line.add(AccountId{static_cast<std::uint32_t>(a)}, loss);
    }
    for (const AccountLoss& loss : on_line.all()) {
        const Distribution d(columns[index(loss.account)]);
        const Estimate mean = loss.moments(paths).mean();
        EXPECT_DOUBLE_EQ(mean.value, d.mean().value);
        EXPECT_NEAR((mean.high - mean.low) / (d.mean().high - d.mean().low), 1, 1e-5);  // squares are cut to cents
        EXPECT_EQ(loss.moments(paths).probability_of_loss(), d.probability_of_loss());
    }
}

TEST(OnlineDistribution, Agrees_with_the_distribution_of_the_same_paths) {
    Draws draws(seed);
    const auto paths = losses(draws, 5'000, 0.4);
    OnlineDistribution left, right, whole;
    std::vector<MicroUsd> in_cents;
    for (std::size_t i = 0; i < paths.size(); ++i) {
        const auto cents = static_cast<std::uint64_t>(paths[i] / 10'000);
        in_cents.push_back(static_cast<MicroUsd>(cents) * 10'000);
        (i % 3 == 0 ? left : right).add(cents);
        whole.add(cents);
    }
    right.merge(left);
    EXPECT_EQ(right, whole);
    const Distribution d(in_cents);
    const Estimate mean = whole.mean(0.01);
    EXPECT_NEAR(mean.value / d.mean().value, 1, 1e-12);
    EXPECT_NEAR(mean.low / d.mean().low, 1, 1e-9);
    EXPECT_NEAR(mean.high / d.mean().high, 1, 1e-9);
    EXPECT_EQ(whole.probability_above_zero(), d.probability_of_loss());
    for (const double level : {0.05, 0.5, 0.7, 0.95, 0.99}) {
        const Estimate exact = d.quantile(level);
        const Estimate q = whole.quantile(level, 0.01);
        EXPECT_EQ(q.supported, exact.supported);
        EXPECT_NEAR(q.value, exact.value, 0.004 * exact.value) << level;
        EXPECT_LE(q.low, exact.low) << "binning never narrows the interval";
        EXPECT_GE(q.high, exact.high);
        EXPECT_NEAR(q.low, exact.low, 0.008 * exact.low) << level;
        EXPECT_NEAR(q.high, exact.high, 0.008 * exact.high) << level;
    }
    EXPECT_FALSE(whole.quantile(0.999, 0.01).supported) << "five paths lie beyond";
}

TEST(OnlineDistribution, Of_equal_paths_has_no_spread_and_of_none_no_figure) {
    OnlineDistribution same;
    for (int i = 0; i < 100; ++i)
        same.add(123'456'789);
    EXPECT_EQ(same.mean(1e-6).low, same.mean(1e-6).high);
    EXPECT_NEAR(same.mean(1e-6).value, 123.456789, 1e-9);
    EXPECT_EQ(same.quantile(0.5, 1).low, 123'456'789) << "a bin ends where its values do";
    EXPECT_EQ(same.quantile(0.5, 1).high, 123'456'789);
    EXPECT_FALSE(OnlineDistribution{}.mean(1).supported);
    EXPECT_FALSE(OnlineDistribution{}.quantile(0.5, 1).supported);
}

TEST(AccountLosses, Top_lists_the_largest_first_and_the_lower_id_among_equals) {
    AccountLosses account_losses;
    account_losses.add(AccountId{9}, micro(50));
    account_losses.add(AccountId{7}, micro(100));
    account_losses.add(AccountId{3}, micro(50));
    account_losses.add(AccountId{9}, micro(50));
    account_losses.add(AccountId{5}, 0);
    const auto top = account_losses.top(3);
    ASSERT_EQ(top.size(), 3U);
    EXPECT_EQ(top[0].account, AccountId{7});
    EXPECT_EQ(top[1].account, AccountId{9});
    EXPECT_EQ(top[1].paths, 2U);
    EXPECT_EQ(top[2].account, AccountId{3});
    EXPECT_DOUBLE_EQ(top[0].moments(1000).mean().value, 0.1);
    EXPECT_EQ(account_losses.all().size(), 3U) << "a loss of zero leaves no trace";
    EXPECT_TRUE(AccountLosses{}.top(5).empty());
}

}  // namespace
}  // namespace breakwater
