// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <cstring>

#include <gtest/gtest.h>

#include "breakwater/core/engine.hpp"
#include "breakwater/core/sourced_feeds.hpp"
#include "breakwater/io/book_reader.hpp"
#include "breakwater/io/book_writer.hpp"
#include "breakwater/io/event_lines.hpp"
#include "breakwater/io/journal.hpp"
#include "breakwater/io/scenario_file.hpp"
#include "breakwater/stress/wiring.hpp"
#include "small_book.hpp"

/// Books, journals and scenarios with several sources of a price: docs/formats.md.
namespace breakwater {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace)

constexpr AssetId weth{0};

/// The small market with three sources for WETH and the guard on.
std::string sourced_market() {
    std::string text = small_market;
    const auto insert = [&text](const std::string& after, const std::string& what) {
        const std::size_t at = text.find(after);
        ASSERT_NE(at, std::string::npos) << after;
        text.insert(at + after.size(), what);
    };
    insert("rulebook = \"aave_v3\"\n", "guard = true\n");
    const std::size_t feed = text.find("[asset.feed]");
    const std::size_t next = text.find("[[asset]]", feed);
    EXPECT_LT(feed, next);
    text.insert(next, R"(tier = "major"
cadence = 60
price_min = "1"
[[asset.feed.source]]
name = "a"
deviation = 10
heartbeat = 60
latency = 2
[[asset.feed.source]]
name = "b"
weight = 2
deviation = 10
heartbeat = 60
latency = 2
[[asset.feed.source]]
name = "c"
deviation = 10
heartbeat = 60
latency = 2
provider_min = "0.5"

)");
    return text;
}

class SourcesFiles : public testing::Test {
  protected:
    SourcesFiles() {
        write_small(folder_);
        folder_.write("market.toml", sourced_market());
        book_ = read_book(folder_.path());
    }
    TemporaryFolder folder_;
    Book book_;
};

TEST_F(SourcesFiles, a_book_with_sources_is_wired_and_guarded) {
    EXPECT_TRUE(book_.state.has_sources(weth));
    EXPECT_FALSE(book_.state.has_sources(AssetId{2}));
    EXPECT_NE(book_.state.guard(MarketId{0}), nullptr);
    EXPECT_EQ(mark_of(book_.state.feeds[0]).trust, Trust::normal);
    EXPECT_EQ(book_.state.feeds[0].point, 276'213'000'000U);
    EXPECT_EQ(book_.state.wirings[0].limits.opening_age_max, 120U);
    EXPECT_EQ(book_.state.sources[1].weight, 2U);
    EXPECT_EQ(book_.state.sources[2].provider_min, 50'000'000U);
}

TEST_F(SourcesFiles, a_book_with_sources_is_written_and_read_back) {
    folder_.write("market.toml", market_text(book_, {}));
    const Book again = read_book(folder_.path());
    EXPECT_TRUE(again.is_guarded);
    EXPECT_EQ(market_text(again, {}), market_text(book_, {}));
    EXPECT_EQ(digest_of(again.state), digest_of(book_.state));
    ASSERT_EQ(again.assets[0].sources.size(), 3U);
    EXPECT_EQ(again.assets[0].sources[1].name, "b");
    // The limits of every tier at any cadence, and what a market sets itself.
    for (const auto tier : {feeds::Tier::major, feeds::Tier::liquid, feeds::Tier::long_tail, feeds::Tier::pegged})
        for (const std::uint32_t cadence : {1U, 7U, 30U, 31U, 60U, 3'600U, 86'400U}) {
            Book other = book_;
            feeds::Limits& limits = other.assets[0].wiring.limits;
            limits = feeds::at_cadence(feeds::limits_of(tier), cadence);
            limits.quiet = cadence - 1;
            limits.price_max = 9'000'000 * std::uint64_t{100'000'000};
            folder_.write("market.toml", market_text(other, {}));
            const feeds::Limits read = read_book(folder_.path()).assets[0].wiring.limits;
            EXPECT_EQ(std::memcmp(&read, &limits, sizeof read), 0) << "cadence " << cadence;
        }
}

TEST_F(SourcesFiles, events_of_sources_read_back_as_they_were_written) {
    const std::uint64_t now = book_.state.clock.now + 60;
    SetFeed feed = feed_event(book_, weth);
    feed.notice = Notice::announced;
    const std::vector<Action> actions{
        ReportSources{{{weth, 0, {276'000'000'000, 1'000'000, now, 1}},
                       {weth, 1, {-5, 0, now, 1}},
                       {weth, 2, {int128{1} << 90U, 0, now, 1}}}},
        feed,
        DirectFeed{.asset = weth, .is_alarmed = true, .is_ordered = false, .is_backed = true},
        SetGuard{GuardRow{.is_on = 1, .valuation_move_max = 20, .notice_seconds = 60}},
        SetParameters{weth, aave_market(book_.state).parameters[0], Notice::forced}};
    const fs::path path = folder_.path() / "journal.jsonl";
    JournalWriter writer(path, book_, {});
    State live = book_.state;
    Planner planner;
    for (const Action& action : actions) {
        const Event event{Time{now}, MarketId{0}, action};
        writer.write(event);
        EXPECT_TRUE(apply(live, event, planner).has_value()) << event_line(book_, event);
    }
    writer.finish(digest_of(live));

    EventReader reader(path, book_);
    State replayed = book_.state;
    std::size_t i = 0;
    while (const auto event = reader.next()) {
        EXPECT_EQ(event_line(book_, *event),
                  event_line(book_, Event{Time{now}, MarketId{0}, actions[i++]}));
        EXPECT_TRUE(apply(replayed, *event, planner).has_value());
    }
    EXPECT_EQ(i, actions.size());
    EXPECT_EQ(digest_of(replayed), digest_of(live));
}

TEST_F(SourcesFiles, effects_of_sources_have_lines) {
    State state = book_.state;
    Planner planner;
    const std::uint64_t now = state.clock.now + 60;
    const auto done = apply(
        state, {Time{now}, MarketId{0}, ReportSources{{{weth, 0, {0, 0, now, 1}}}}}, planner);
    ASSERT_TRUE(done.has_value());
    std::string lines;
    for (const Effect& effect : (*done)->effects)
        lines += effect_line(book_, 1, Time{now}, effect);
    EXPECT_NE(lines.find("\"refusal\":\"non_positive\""), std::string::npos) << lines;
    EXPECT_NE(lines.find("\"trust\":\"normal\""), std::string::npos) << lines;
}

TEST(IncidentFiles, every_incident_reads_and_fits_its_book) {
    std::size_t count = 0;
    for (const auto& entry : fs::directory_iterator(project_folder("scenarios") / "incidents")) {
        if (entry.path().extension() != ".toml") continue;
        const Scenario scenario = read_scenario(entry.path());
        EXPECT_EQ(scenario.name, entry.path().stem().string());
        const fs::path books = entry.path().parent_path() / "books";
        read_book(books / scenario.name);
        const bool has_own_arm = fs::exists(books / (scenario.name + "-on"));
        if (has_own_arm) read_book(books / (scenario.name + "-on"));
        EXPECT_TRUE(has_own_arm || !scenario.faults.empty() || !scenario.changes.empty());
        ++count;
    }
    EXPECT_EQ(count, 10U);
}

}  // namespace
}  // namespace breakwater
