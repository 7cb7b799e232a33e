// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/core/feeds_invariants.hpp"
#include "breakwater/core/sourced_feeds.hpp"
#include "given.hpp"
#include "random_feeds.hpp"

/// Assets with several sources inside the engine: docs/rules.md, FEEDS-028 to FEEDS-038.
namespace breakwater::given {
namespace {

class Sources : public Given {
  protected:
    Sources() { given(feed_of(weth, 5, 2'000'00000000, now)); }

    /// A minute later each of weth's sources says its price, in dollars.
    When minute(std::initializer_list<std::uint64_t> dollars) {
        now += 60;
        ReportSources tick;
        std::uint8_t k = 0;
        for (const std::uint64_t usd : dollars)
            tick.reports.push_back(report(k++, static_cast<int128>(usd) * 100'000'000));
        return when(tick);
    }
    SourceReport report(std::uint8_t source, int128 price) {
        return {.asset = weth, .source = source, .report = {price, 0, now, ++sequence_}};
    }
    [[nodiscard]] Mark mark() const { return mark_of(state.feeds[index(weth)]); }
    [[nodiscard]] std::uint64_t refused(std::size_t source, feeds::Refusal why) const {
        return state.source_rows[feeds::source_row(weth, source)].refused[static_cast<std::size_t>(why)];
    }

  private:
    std::uint64_t sequence_ = 1;
};

TEST_F(Sources, FEEDS_029_readers_see_the_weighted_median_of_all_sources) {
    EXPECT_EQ(mark().trust, Trust::normal);
    minute({2'001, 2'002, 2'003, 2'004, 2'005}).happens();
    EXPECT_EQ(mark().point, 2'003_usd);
    EXPECT_EQ(mark().trust, Trust::normal);
    EXPECT_FALSE(check_feeds(state).has_value());
}

TEST_F(Sources, FEEDS_029_no_price_is_reported_past_the_sources) {
    std::vector<Price> prices(assets);
    prices[index(weth)] = 1_usd;
    when(ReportPrices{prices}).is_refused(Error::asset_has_sources);
}

TEST_F(Sources, FEEDS_035_one_venue_that_prints_off_moves_nothing) {
    minute({2'000, 2'000, 2'000, 2'000, 2'600}).happens();
    EXPECT_EQ(mark().point, 2'000_usd);
    EXPECT_EQ(mark().trust, Trust::normal);
}

TEST_F(Sources, FEEDS_030_a_report_outside_the_bounds_is_counted_and_not_believed) {
    now += 60;
    const auto absurd = int128{price_max} * 2;
    ReportSources tick{{report(0, 0), report(1, -5), report(2, absurd), report(3, 200'000'000'000)}};
    EXPECT_EQ(when(tick).happens().all<ReportRefused>().size(), 3U);
    EXPECT_EQ(refused(0, feeds::Refusal::non_positive), 1U);
    EXPECT_EQ(refused(1, feeds::Refusal::non_positive), 1U);
    EXPECT_EQ(refused(2, feeds::Refusal::out_of_bounds), 1U);
    EXPECT_EQ(mark().point, 2'000_usd);
}

TEST_F(Sources, FEEDS_032_a_report_seen_before_is_counted_and_not_believed) {
    now += 60;
    const SourceReport once = report(0, 199'000'000'000);
    when(ReportSources{{once, once}}).happens();
    EXPECT_EQ(refused(0, feeds::Refusal::duplicate), 1U);
}

TEST_F(Sources, FEEDS_031_an_unknown_source_refuses_the_whole_tick) {
    now += 60;
    when(ReportSources{{report(5, 1)}}).is_refused(Error::source_unknown);
    when(ReportSources{{{.asset = usdc, .source = 0, .report = {}}}}).is_refused(Error::source_unknown);
}

TEST_F(Sources, FEEDS_033_a_price_that_is_too_old_to_open_on_is_stale) {
    now += 200;
    when(ReportSources{}).happens();
    EXPECT_EQ(mark().trust, Trust::stale);
    EXPECT_GT(mark().hi, mark().point);
}

TEST_F(Sources, FEEDS_034_the_slow_price_stays_behind_a_jump) {
    minute({2'600, 2'600, 2'600, 2'600, 2'600}).happens();
    EXPECT_EQ(mark().point, 2'600_usd);
    EXPECT_LE(mark().slow.raw, 2'040_usd .raw);
}

TEST_F(Sources, FEEDS_036_the_band_holds_the_old_price_after_a_jump) {
    minute({1'800, 1'800, 1'800, 1'800, 1'800}).happens();
    EXPECT_EQ(mark().trust, Trust::confirm);
    EXPECT_EQ(mark().hi, 2'000_usd);
    EXPECT_LE(mark().lo, 1'800_usd);
}

TEST_F(Sources, FEEDS_028_ratios_are_priced_in_their_base) {
    SetFeed feed = feed_of(wsteth, 3, 2'400'00000000, now);
    feed.wiring.base = 1 + index(weth);
    feed.wiring.ratio_sources = 0b111;
    for (feeds::Report& r : feed.reports) r.price = 120'000'000;
    when(feed).happens();
    EXPECT_EQ(state.feeds[index(wsteth)].point, 2'400'00000000U);
    minute({2'100, 2'100, 2'100, 2'100, 2'100}).happens();
    EXPECT_EQ(state.feeds[index(wsteth)].point, 2'520'00000000U);
}

TEST_F(Sources, FEEDS_038_a_cap_that_binds_raises_doubt_and_widens_the_band) {
    SetFeed feed = feed_of(wsteth, 3, 2'400'00000000, now);
    feed.wiring.base = 1 + index(weth);
    feed.wiring.ratio_sources = 0b111;
    feed.wiring.snapshot = {wad + wad / 10};
    feed.wiring.snapshot_at = now;
    for (feeds::Report& r : feed.reports) r.price = 120'000'000;
    when(feed).happens();
    EXPECT_EQ(state.feeds[index(wsteth)].point, 2'200'00000000U);
    EXPECT_GE(state.feeds[index(wsteth)].hi, 2'400'00000000U);
    EXPECT_EQ(mark_of(state.feeds[index(wsteth)]).trust, Trust::uncertain);
}

TEST_F(Sources, FEEDS_028_what_makes_no_feed_is_refused) {
    SetFeed feed = feed_of(wsteth, 3, 2'400'00000000, now);
    feed.wiring.sources = 2;
    when(feed).is_refused(Error::wiring_invalid);
    feed.wiring.sources = 3;
    feed.sources[1].weight = 0;
    when(feed).is_refused(Error::wiring_invalid);
    feed.sources[1].weight = 1;
    feed.wiring.base = 1 + index(wsteth);
    when(feed).is_refused(Error::wiring_invalid);
    feed.wiring.base = 0;
    for (feeds::Report& r : feed.reports) r.price = 0;
    when(feed).is_refused(Error::wiring_invalid);
}

TEST_F(Sources, FEEDS_028_without_sources_an_asset_goes_back_to_one) {
    when(SetFeed{.asset = weth, .wiring = {}, .sources = {}, .reports = {}}).happens();
    EXPECT_EQ(mark().trust, Trust::single_source);
    price(weth, 1'500_usd);
    EXPECT_EQ(mark().point, 1'500_usd);
}

TEST_F(Sources, FEEDS_028_limits_stretch_with_the_cadence_of_the_sources) {
    const auto limits = feeds::at_cadence(feeds::limits_of(feeds::Tier::major), 300);
    EXPECT_EQ(limits.opening_age_max, 600U);
    EXPECT_EQ(limits.liquidation_age_max, 1'200U);
    EXPECT_EQ(limits.downtime_max, 600U);
    EXPECT_EQ(feeds::at_cadence(feeds::limits_of(feeds::Tier::major), 1).opening_age_max, 10U);
}

TEST_F(Sources, FEEDS_021_two_persons_release_what_an_alarm_has_halted) {
    when(DirectFeed{.asset = weth, .is_alarmed = true}).happens();
    EXPECT_EQ(mark().trust, Trust::halt_new);
    now += 60;
    when(DirectFeed{.asset = weth, .is_ordered = true}).happens();
    EXPECT_EQ(mark().trust, Trust::recovering);
}

}  // namespace
}  // namespace breakwater::given
