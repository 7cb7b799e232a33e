// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <filesystem>

#include <gtest/gtest.h>

#include "breakwater/core/digest.hpp"
#include "breakwater/core/invariants.hpp"
#include "breakwater/io/book_reader.hpp"
#include "breakwater/io/generator.hpp"
#include "breakwater/stress/rulebook.hpp"
#include "breakwater/stress/run.hpp"
#include "breakwater/stress/storm.hpp"
#include "crash_paths.hpp"

namespace breakwater {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace): paths

Book small_book(std::uint32_t accounts = 600) {
    return generate_book(read_market(std::filesystem::path(BREAKWATER_SOURCE_DIR) / "examples" /
                                     "aave-v3-ethereum" / "market.toml"),
                         accounts, 7);
}

TEST(StressStorm, a_crash_liquidates_and_every_path_differs) {
    const Book book = small_book();
    const auto setup = prepare_storm(book, crash(), 3);
    ASSERT_TRUE(setup.has_value()) << setup.error();
    Storm storm(*setup);
    const PathResult a = storm.run(0);
    const PathResult b = storm.run(1);
    EXPECT_GT(a.liquidations, 5U);
    EXPECT_GT(a.repaid, 0);
    EXPECT_GT(a.seized, a.repaid) << "keepers are paid a bonus";
    EXPECT_NE(a.repaid, b.repaid);
}

TEST(StressStorm, the_same_bits_at_any_thread_count) {
    const Book book = small_book();
    const auto setup = prepare_storm(book, crash(), 11);
    ASSERT_TRUE(setup.has_value());
    const RunResult one = run_storms(*setup, {.paths = 40, .threads = 1, .progress = {}});
    for (const std::uint32_t threads : {2U, 3U}) {
        const RunResult other =
            run_storms(*setup, {.paths = 40, .threads = threads, .progress = {}});
        for (std::size_t p = 0; p < 40; ++p)
            ASSERT_TRUE(same(one.paths[p], other.paths[p])) << "path " << p;
        EXPECT_EQ(one.accounts.all(), other.accounts.all());
        EXPECT_EQ(one.liquidated, other.liquidated);
        EXPECT_EQ(one.backlog, other.backlog);
        EXPECT_EQ(one.price, other.price);
        EXPECT_EQ(one.worst, other.worst);
        EXPECT_EQ(one.worst_series.price, other.worst_series.price);
    }
}

TEST(StressStorm, any_path_replays_alone_and_its_journal_ends_in_the_same_digest) {
    const Book book = small_book();
    const auto setup = prepare_storm(book, crash(), 5);
    ASSERT_TRUE(setup.has_value());
    const RunResult all = run_storms(*setup, {.paths = 12, .threads = 2, .progress = {}});
    for (const std::uint32_t path : {0U, 5U, 11U}) {
        Storm storm(*setup);  // a fresh worker, as another process would have
        Replayer replay(book.state);
        const PathResult alone = storm.run(path, &replay);
        EXPECT_TRUE(same(all.paths[path], alone)) << "path " << path;
        EXPECT_EQ(replay.events, alone.events);
        EXPECT_EQ(digest_of(replay.state), storm.final_digest());
        EXPECT_FALSE(check_state(replay.state).has_value());
    }
}

TEST(StressStorm, a_worker_that_has_run_other_paths_gives_the_same) {
    const Book book = small_book();
    const auto setup = prepare_storm(book, crash(), 5);
    ASSERT_TRUE(setup.has_value());
    Storm fresh(*setup);
    Storm used(*setup);
    for (std::uint32_t p = 0; p < 6; ++p)
        used.run(p);
    EXPECT_TRUE(same(fresh.run(9), used.run(9)));
}

TEST(StressStorm, without_moves_nothing_happens) {
    const Book book = small_book(200);
    Scenario s = crash();
    s.price.jump.forced = 0;
    for (auto& rule : s.price.rules)
        rule.volatility = 0;
    const auto setup = prepare_storm(book, s, 1);
    ASSERT_TRUE(setup.has_value());
    Storm storm(*setup);
    const PathResult r = storm.run(0);
    EXPECT_EQ(r.liquidations, 0U);
    EXPECT_EQ(r.bad_debt(), 0);
}

TEST(StressStorm, without_keepers_everything_waits_and_nothing_is_repaid) {
    const Book book = small_book();
    Scenario s = crash();
    s.keepers.outage = 1;
    s.keepers.outage_minutes = 1e9;
    s.keepers.up_probability = 0;
    const auto setup = prepare_storm(book, s, 3);
    ASSERT_TRUE(setup.has_value());
    Storm storm(*setup);
    const PathResult r = storm.run(0);
    Scenario with = crash();
    const auto helped = prepare_storm(book, with, 3);
    Storm other(*helped);
    ASSERT_GT(other.run(0).liquidations, 0U);
    EXPECT_EQ(r.liquidations, 0U);
    EXPECT_GT(r.backlog_peak, 0);
}

TEST(StressStorm, price_impact_never_makes_the_mean_fall_smaller) {
    const Book book = small_book();
    Scenario off = crash();
    off.liquidity.enabled = false;
    const auto with = prepare_storm(book, crash(), 21);
    const auto without = prepare_storm(book, off, 21);
    ASSERT_TRUE(with.has_value());
    ASSERT_TRUE(without.has_value());
    MicroUsd repaid_with = 0;
    MicroUsd repaid_without = 0;
    for (const PathResult& p : run_outcomes(*with, {.paths = 30, .threads = 2, .progress = {}}))
        repaid_with += p.repaid;
    for (const PathResult& p : run_outcomes(*without, {.paths = 30, .threads = 2, .progress = {}}))
        repaid_without += p.repaid;
    EXPECT_GE(repaid_with, repaid_without)
        << "sales that press on the price bring more accounts to the edge";
}

TEST(StressStorm, WATERFALL_003_a_layer_pays_what_it_covers_and_no_more) {
    Book book = small_book();
    Scenario s = crash();
    s.price.jump.mean = -0.45;
    const auto bare = prepare_storm(book, s, 2);
    ASSERT_TRUE(bare.has_value());
    MicroUsd realised = 0;
    for (const PathResult& p : run_outcomes(*bare, {.paths = 20, .threads = 2, .progress = {}})) {
        EXPECT_EQ(p.covered, 0) << "no layer is invented";
        realised += p.realised.oracle;
    }
    ASSERT_GT(realised, 0) << "the crash must leave a loss for this test to mean something";
    for (std::uint64_t a = 0; a < book.assets.size(); ++a) {
        book.state.layers.push_back(
            {.cover = {uint128{1} << 100U}, .paid = {}, .asset = a});
        book.layer_names.emplace_back("all");
    }
    const auto covered = prepare_storm(book, s, 2);
    ASSERT_TRUE(covered.has_value());
    for (const PathResult& p : run_outcomes(*covered, {.paths = 20, .threads = 2, .progress = {}}))
        EXPECT_NEAR(static_cast<double>(p.covered), static_cast<double>(p.realised.oracle), 1e3)
            << "[1e-6 USD]";
}

/// Every debt asset with a last layer that all its suppliers share.
Book socialised(Book book) {
    for (std::size_t a = 0; a < book.assets.size(); ++a) {
        book.state.layers.push_back({.cover = {}, .paid = {}, .asset = a, .kind = LayerKind::socialisation});
        book.layer_names.push_back("suppliers of " + book.assets[a].symbol);
    }
    return book;
}

TEST(StressStorm, WATERFALL_018_suppliers_share_what_is_realised_and_nobody_else) {
    const Book plain = small_book();
    const Book shared = socialised(plain);
    Scenario deep = crash();
    deep.price.jump.mean = -0.7;
    const auto setup = prepare_storm(shared, deep, 3);
    const auto without = prepare_storm(plain, deep, 3);
    ASSERT_TRUE(setup.has_value() && without.has_value());
    Storm storm(*setup);
    Storm other(*without);
    MicroUsd realised = 0;
    MicroUsd covered = 0;
    for (std::uint32_t p = 0; p < 4; ++p) {
        Replayer replay(shared.state);
        const PathResult is = storm.run(p, &replay);
        EXPECT_EQ(digest_of(replay.state), storm.final_digest());
        EXPECT_FALSE(check_state(replay.state).has_value());
        EXPECT_TRUE(same(Storm(*setup).run(p), is)) << "a worker that has run other paths gives the same";
        realised += is.realised.oracle;
        covered += is.covered;
        EXPECT_EQ(other.run(p).covered, 0);
    }
    EXPECT_GT(realised, 0);
    EXPECT_NEAR(static_cast<double>(covered), static_cast<double>(realised), 1e-3 * static_cast<double>(realised));
}

TEST(StressStorm, BREAKWATER_005_under_our_own_rulebook_no_liquidation_raises_loan_to_value) {
    const Book book = small_book();
    const Book own = under_rulebook(book, "breakwater");
    EXPECT_EQ(under_rulebook(own, "aave_v3").rulebook, "aave_v3");
    Scenario s = crash();
    s.price.jump.mean = -0.45;
    std::uint32_t raised = 0;
    std::uint32_t liquidations = 0;
    for (const auto* which : {&book, &own}) {
        const auto setup = prepare_storm(*which, s, 3);
        ASSERT_TRUE(setup.has_value());
        for (const PathResult& p :
             run_outcomes(*setup, {.paths = 20, .threads = 2, .progress = {}})) {
            if (which == &book) {
                raised += p.ltv_raised;
                continue;
            }
            EXPECT_EQ(p.ltv_raised, 0U);
            EXPECT_LE(p.turned_away_left, p.stuck);
            liquidations += p.liquidations;
        }
    }
    EXPECT_GT(raised, 0U) << "the protocol does it, or this test means nothing";
    EXPECT_GT(liquidations, 0U);
}

TEST(StressStorm, BREAKWATER_001_a_journal_under_our_own_rulebook_ends_in_the_same_digest) {
    const Book own = under_rulebook(small_book(), "breakwater");
    const auto setup = prepare_storm(own, crash(), 5);
    ASSERT_TRUE(setup.has_value());
    Replayer replayer(own.state);
    Storm storm(*setup);
    storm.run(3, &replayer);
    EXPECT_GT(replayer.events, 0U);
    EXPECT_EQ(digest_of(replayer.state), storm.final_digest());
}

TEST(StressStorm, a_scenario_without_a_rule_for_an_asset_is_refused_by_name) {
    const Book book = small_book(100);
    Scenario s = crash();
    s.price.rules.pop_back();
    const auto setup = prepare_storm(book, s, 1);
    ASSERT_FALSE(setup.has_value());
    EXPECT_NE(setup.error().find("WBTC"), std::string::npos) << setup.error();
}

}  // namespace
}  // namespace breakwater
