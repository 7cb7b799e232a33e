// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <gtest/gtest.h>

#include "chance.hpp"
#include "feeds_given.hpp"

/// The band, and an asset's two feeds put together: FEEDS-015 and FEEDS-023.
namespace breakwater::feeds {
namespace {

using given::Feed;
using given::usd;

const Limits limits = limits_of(Tier::major);

TEST(FeedsBand, FEEDS_015_the_largest_doubt_decides) {
    const std::uint64_t mid = 100 * usd;
    EXPECT_EQ(band_of(mid, {}, limits), (Band{mid, mid}));
    EXPECT_EQ(band_of(mid, {.confidence = 7, .dispersion = 9, .deviation = 0}, limits),
              (Band{mid - 9, mid + 9}));
    EXPECT_EQ(band_of(mid, {.confidence = 7, .dispersion = 9, .deviation = 50}, limits),
              (Band{mid - usd / 2, mid + usd / 2}));
    EXPECT_EQ(band_of(3, {.deviation = 1}, limits), (Band{2, 4}));  // rounded up
}

TEST(FeedsBand, FEEDS_015_age_and_volatility_widen_it) {
    // 3 · 0.00083 · √1 = 0.249 %, and twice that after four minutes.
    EXPECT_EQ(ageing_up(1'000'000'000, 60, limits), 2'490'003U);
    EXPECT_EQ(ageing_up(1'000'000'000, 240, limits), 4'980'003U);
    EXPECT_EQ(ageing_up(1'000'000'000, 0, limits), 0U);
    EXPECT_EQ(band_of(1'000'000'000, {.confidence = 10, .age = 60}, limits),
              (Band{997'509'987, 1'002'490'013}));
}

TEST(FeedsBand, FEEDS_015_it_is_clipped_to_the_hard_bounds_but_never_past_the_point) {
    Limits tight = limits;
    tight.price_min = 95;
    tight.price_max = 102;
    EXPECT_EQ(band_of(100, {.confidence = 50}, tight), (Band{95, 102}));
    EXPECT_EQ(band_of(90, {.confidence = 2}, tight), (Band{90, 92}));
    EXPECT_EQ(band_of(100, {.confidence = ~std::uint64_t{0}}, limits), (Band{0, price_max}));
}

TEST(FeedsAsset, FEEDS_023_a_calm_market_is_the_usual_rule) {
    Feed feed(5);
    const Mark mark = feed.tick({2'000 * usd, 2'000 * usd, 2'000 * usd, 2'000 * usd, 2'000 * usd});
    EXPECT_EQ(mark.point.raw, 2'000 * usd);
    EXPECT_EQ(mark.lo, mark.point);
    EXPECT_EQ(mark.hi, mark.point);
    EXPECT_EQ(mark.slow, mark.point);
    EXPECT_EQ(mark.trust, Trust::normal);
    EXPECT_FALSE(mark.single_source);
}

TEST(FeedsAsset, FEEDS_023_fewer_than_three_live_sources_are_said_to_be_one) {
    for (const std::size_t n : {1U, 2U, 3U}) {
        Feed feed(n);
        for (std::size_t i = 0; i < n; ++i)
            feed.say(i, 100 * usd);
        EXPECT_EQ(feed.step().single_source, n < 3) << n;
        EXPECT_EQ(mark_of(feed.row).trust, Trust::normal);
    }
    EXPECT_EQ(mark_of({}).trust, Trust::halt_new);
}

TEST(FeedsAsset, FEEDS_023_a_jump_keeps_the_old_price_in_the_band_for_two_steps) {
    Feed feed(3);
    feed.ticks(400, {100 * usd, 100 * usd, 100 * usd});
    for (int i = 0; i < 2; ++i) {
        const Mark mark = feed.tick({90 * usd, 90 * usd, 90 * usd});
        EXPECT_EQ(mark.trust, Trust::confirm);
        EXPECT_EQ(mark.point.raw, 90 * usd);
        EXPECT_EQ(mark.hi.raw, 100 * usd);
    }
    const Mark mark = feed.tick({90 * usd, 90 * usd, 90 * usd});
    EXPECT_EQ(mark.trust, Trust::normal);
    EXPECT_EQ(mark.hi.raw, 90 * usd);
}

TEST(FeedsAsset, FEEDS_023_one_liar_changes_neither_price_nor_state) {
    Feed feed(3);
    feed.ticks(10, {100 * usd, 100 * usd, 100 * usd});
    for (const std::uint64_t lie : {1 * usd, 50 * usd, 99 * usd, 130 * usd, 5'000 * usd}) {
        const Mark mark = feed.tick({100 * usd, 100 * usd, lie});
        EXPECT_EQ(mark.point.raw, 100 * usd) << lie;
        EXPECT_EQ(mark.lo.raw, 100 * usd) << lie;
        EXPECT_EQ(mark.trust, Trust::normal) << lie;
    }
    Feed five(5);
    five.ticks(10, {100 * usd, 100 * usd, 100 * usd, 100 * usd, 100 * usd});
    EXPECT_EQ(five.tick({100 * usd, 100 * usd, 100 * usd, 100 * usd, 30 * usd}).trust,
              Trust::normal);
}

TEST(FeedsAsset, FEEDS_023_a_hard_jump_halts_until_agreement_and_then_grace) {
    Feed feed(5);
    feed.ticks(400, {100 * usd, 100 * usd, 100 * usd, 100 * usd, 100 * usd});
    EXPECT_EQ(feed.tick({70 * usd, 70 * usd, 70 * usd, 70 * usd, 70 * usd}).trust, Trust::halt_new);
    Mark mark;
    std::uint64_t waited = 0;
    for (; mark.trust != Trust::recovering; ++waited)
        mark = feed.tick({70 * usd, 70 * usd, 70 * usd, 70 * usd, 70 * usd});
    EXPECT_GE(waited, limits.agreement);
    EXPECT_LE(waited, limits.agreement + 360);
    EXPECT_EQ(feed.ticks(599, {70 * usd, 70 * usd, 70 * usd, 70 * usd, 70 * usd}).trust,
              Trust::recovering);
    EXPECT_EQ(feed.tick({70 * usd, 70 * usd, 70 * usd, 70 * usd, 70 * usd}).trust, Trust::normal);
}

TEST(FeedsAsset, FEEDS_023_an_order_of_two_persons_ends_the_halt) {
    Feed feed(5);
    feed.ticks(400, {100 * usd, 100 * usd, 100 * usd, 100 * usd, 100 * usd});
    feed.tick({70 * usd, 70 * usd, 70 * usd, 70 * usd, 70 * usd});
    feed.told.is_ordered = true;
    EXPECT_EQ(feed.tick({70 * usd, 70 * usd, 70 * usd, 70 * usd, 70 * usd}).trust,
              Trust::recovering);
    feed.told.is_ordered = false;
    EXPECT_EQ(feed.tick({70 * usd, 70 * usd, 70 * usd, 70 * usd, 70 * usd}).trust,
              Trust::recovering);
}

TEST(FeedsAsset, FEEDS_023_silence_widens_the_band_and_then_stops_liquidations) {
    Feed feed(3);
    feed.ticks(400, {100 * usd, 100 * usd, 100 * usd});
    Mark before = mark_of(feed.row);
    for (std::uint64_t age = 1; age <= 700; ++age) {
        ++feed.now;
        const Mark mark = feed.step();
        EXPECT_EQ(mark.age, age);
        EXPECT_EQ(mark.trust,
                  age <= 10 ? Trust::normal : (age <= 600 ? Trust::stale : Trust::halt_new))
            << age;
        ASSERT_LE(mark.lo, before.lo) << age;
        ASSERT_GE(mark.hi, before.hi) << age;
        const auto allowed = permitted(mark.trust, mark.age, limits).liquidations;
        EXPECT_EQ(allowed, age <= 60 ? Liquidations::certain : Liquidations::none) << age;
        before = mark;
    }
}

TEST(FeedsAsset, FEEDS_023_two_sources_on_their_providers_bound_halt) {
    Feed feed(3);
    for (Source& s : feed.sources)
        s.provider_min = usd / 10;
    feed.ticks(10, {usd / 8, usd / 8, usd / 8});
    EXPECT_LT(feed.tick({usd / 10, usd / 8, usd / 8}).trust, Trust::halt_new);
    EXPECT_EQ(feed.tick({usd / 10, usd / 10, usd / 8}).trust, Trust::halt_new);
}

TEST(FeedsAsset, FEEDS_019_a_binding_cap_widens_the_band_and_liquidates_nobody) {
    Feed feed(3);
    feed.ticks(10, {100 * usd, 100 * usd, 100 * usd});
    feed.told.uncapped = 103 * usd;
    const Mark mark = feed.tick({100 * usd, 100 * usd, 100 * usd});
    EXPECT_EQ(mark.trust, Trust::uncertain);
    EXPECT_EQ(mark.hi.raw, 103 * usd);
    EXPECT_EQ(mark.lo.raw, 100 * usd);
}

TEST(FeedsAsset, FEEDS_020_redemption_value_widens_the_band_where_it_contradicts) {
    Feed feed(3);
    feed.ticks(10, {97 * usd, 97 * usd, 97 * usd});
    feed.told.redemption = 98 * usd;
    EXPECT_EQ(feed.tick({97 * usd, 97 * usd, 97 * usd}).hi.raw, 97 * usd);
    feed.told.redemption = 100 * usd;
    EXPECT_EQ(feed.tick({97 * usd, 97 * usd, 97 * usd}).hi.raw, 100 * usd);
    feed.told.redemption_limits.blocking_max = 5;
    EXPECT_EQ(feed.ticks(5, {97 * usd, 97 * usd, 97 * usd}).hi.raw, 97 * usd);
}

TEST(FeedsBand, FEEDS_015_doubt_by_age_begins_where_the_deviation_ends) {
    Feed feed(3);
    feed.limits.quiet = 100;
    feed.limits.opening_age_max = feed.limits.liquidation_age_max = 1'000;
    for (Source& s : feed.sources) s.deviation = 50;
    feed.tick({100 * usd, 100 * usd, 100 * usd});
    feed.now += 100;
    EXPECT_EQ(feed.step().hi.raw, 100 * usd + usd / 2);
    feed.now += 60;
    EXPECT_EQ(feed.step().hi.raw, 100 * usd + usd / 2 + ageing_up(100 * usd, 60, feed.limits));
    for (Source& s : feed.sources) s.deviation = 0;  // nothing answers for the silence
    EXPECT_EQ(feed.step().hi.raw, 100 * usd + ageing_up(100 * usd, 160, feed.limits));
}

/// Two machines hear the same; one is stepped every second, the other where it has news or is due.
TEST(FeedsAsset, FEEDS_043_steps_that_are_not_due_show_nothing_that_is_left_out) {
    std::size_t skipped = 0;
    std::size_t shown = 0;
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        breakwater::given::SeededChance chance(seed);
        Feed always(3 + chance.below(3));
        always.limits = limits_of(static_cast<Tier>(chance.below(4)));
        always.limits.quiet = static_cast<std::uint32_t>(chance.below(300));
        always.limits.opening_age_max = 150;
        always.limits.liquidation_age_max = 400;
        always.limits.slow_rate = 30;
        for (Source& s : always.sources) s.deviation = chance.below(60);
        Feed lazy = always;
        std::uint64_t price = 100 * usd;
        for (int second = 0; second < 3'000; ++second) {
            ++always.now;
            ++lazy.now;
            bool has_news = false;
            if (chance.one_in(40)) price = price / 1'000 * (990 + chance.below(21));
            if (chance.one_in(900)) price = price / 100 * (80 + chance.below(41));
            for (std::size_t k = 0; k < always.sources.size(); ++k) {
                if (!chance.one_in(60)) continue;
                always.say(k, int128{price});
                lazy.say(k, int128{price});
                has_news = true;
            }
            const Mark expected = always.step();
            if (has_news || lazy.now >= lazy.row.due_at) {
                if (lazy.row.due_at > lazy.row.slow.updated_at + 1)  // as a tick does
                    move_slowly(lazy.row.slow, lazy.row.mid, lazy.limits, Time{lazy.now - 1});
                lazy.step();
            } else {
                ++skipped;
            }
            const Mark mark = mark_of(lazy.row);
            ASSERT_EQ(mark.point, expected.point) << second;
            ASSERT_EQ(mark.lo, expected.lo) << second;
            ASSERT_EQ(mark.hi, expected.hi) << second;
            ASSERT_EQ(mark.slow, expected.slow) << second;
            ASSERT_EQ(mark.trust, expected.trust) << second;
            ASSERT_EQ(lazy.row.live, always.row.live) << second;
            ++shown;
        }
    }
    EXPECT_GT(skipped, 4'000U);
    EXPECT_EQ(shown, 120'000U);
}

}  // namespace
}  // namespace breakwater::feeds
