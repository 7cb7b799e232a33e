// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <cstdlib>
#include <map>

#include <gtest/gtest.h>

#include "breakwater/core/digest.hpp"
#include "breakwater/io/scenario_file.hpp"
#include "breakwater/stress/settlement_average.hpp"
#include "breakwater/stress/venue_run.hpp"
#include "venue_storm_book.hpp"

namespace breakwater {
namespace {

using venue_given::storm_scenario;
using venue_given::storm_venue;

VenueSetup setup_of(const Scenario& scenario, const venue_given::StormBookSize& size = {}) {
    auto setup = prepare_venue_storm(storm_venue(size), scenario, size.seed);
    if (!setup) {
        ADD_FAILURE() << setup.error();
        std::abort();
    }
    return std::move(*setup);
}

class Journal : public JournalPort {
  public:
    void applied(const Event& event) override { events.push_back(event); }
    std::vector<Event> events;
};

TEST(VenueStorm, WATCH_006_nobody_below_maintenance_is_missed) {
    for (const double fall : {-0.05, -0.2, -0.45, 0.25}) {
        for (std::uint64_t seed = 1; seed <= 2; ++seed) {
            const VenueSetup setup =
                setup_of(storm_scenario(fall), {.accounts = 300, .seed = seed});
            VenueStorm storm(setup);
            storm.look_at_everybody(true);
            std::uint32_t flagged = 0;
            for (std::uint32_t p = 0; p < 3; ++p)
                flagged += storm.run(p).flagged;
            EXPECT_EQ(storm.missed(), 0U) << "fall " << fall << " seed " << seed;
            EXPECT_GT(flagged, 0U);
        }
    }
}

TEST(VenueStorm, ENGINE_005_a_path_leaves_the_state_as_it_found_it) {
    const VenueSetup setup = setup_of(storm_scenario(-0.3));
    VenueStorm storm(setup);
    const VenuePathResult first = storm.run(0);
    EXPECT_GT(first.liquidations, 0U);
    storm.run(1);
    EXPECT_EQ(storm.run(0), first);
}

TEST(VenueStorm, ENGINE_004_the_same_figures_at_any_thread_count) {
    const VenueSetup setup = setup_of(storm_scenario(-0.3), {.accounts = 200});
    const VenueRunResult one = run_venue_storms(setup, {.paths = 12, .threads = 1, .progress = {}});
    const VenueRunResult four =
        run_venue_storms(setup, {.paths = 12, .threads = 4, .progress = {}});
    for (std::size_t p = 0; p < one.paths.size(); ++p)
        EXPECT_EQ(one.paths[p], four.paths[p]) << "path " << p;
    EXPECT_EQ(one.accounts.all(), four.accounts.all());
    EXPECT_EQ(one.liquidated, four.liquidated);
    EXPECT_EQ(one.price, four.price);
    EXPECT_EQ(one.worst, four.worst);
}

TEST(VenueStorm, VENUE_008_options_end_at_the_average_of_the_last_half_hour) {
    const VenueSetup setup = setup_of(storm_scenario(-0.1, 169), {.accounts = 60});
    const VenueBook& book = setup.venue;
    const std::uint64_t expiry = seconds(book.book.state.now()) + 7 * std::uint64_t{86'400};
    VenueStorm storm(setup);
    Journal journal;
    storm.run(0, &journal);
    std::vector<double> price(book.book.assets.size());
    std::map<std::uint64_t, std::vector<double>> at;  // prices that stood at the end of a second
    std::uint32_t least_open = 1'000'000;
    int settled = 0;
    for (std::size_t a = 0; a < price.size(); ++a)
        price[a] = static_cast<double>(book.book.state.feeds[a].point) * 1e-8;
    for (const Event& e : journal.events) {
        if (const auto* r = std::get_if<ReportPrices>(&e.action))
            for (std::size_t a = 0; a < price.size(); ++a)
                if (!r->prices[a].is_zero()) price[a] = to_double(r->prices[a].raw) * 1e-8;
        at[seconds(e.time)] = price;
        const auto* action = std::get_if<venue::Action>(&e.action);
        if (action == nullptr) continue;
        if (const auto* m = std::get_if<venue::PublishMarks>(action))
            for (const venue::MarkOf& mark : m->marks) {
                const std::uint64_t ends = book.market().terms[venue::index(mark.contract)].expiry;
                const bool is_whole = ends == 0 || seconds(e.time) + 1'800 <= ends;
                EXPECT_EQ(mark.open_part == 1'000'000U, is_whole);
                if (ends == expiry && seconds(e.time) < expiry) least_open = std::min(least_open, mark.open_part);
            }
        const auto* s = std::get_if<venue::SettleExpiry>(action);
        if (s == nullptr) continue;
        ++settled;
        const std::uint32_t u = book.contracts[venue::index(s->contract)].underlying;
        const std::size_t asset = index(book.underlyings[u].asset);
        double mean = 0;
        for (std::uint64_t t = expiry - 1'500; t <= expiry; t += 300) {
            const auto stood = std::prev(at.upper_bound(t));
            mean += stood->second[asset] / 6;
        }
        EXPECT_NEAR(static_cast<double>(s->average) * 1e-8 * static_cast<double>(book.underlyings[u].tick_e8), mean,
                    1e-8 * static_cast<double>(book.underlyings[u].tick_e8));
    }
    EXPECT_EQ(settled, 12);
    EXPECT_EQ(least_open, 166'667U);  // five minutes of thirty are left
}

TEST(SettlementAverage, fixes_the_index_by_the_time_that_it_stood) {
    SettlementAverage a(3'600, 1'800);
    a.begin(100);
    a.pass(0, 1'500, 100);
    EXPECT_FALSE(a.is_begun());
    EXPECT_EQ(a.with(120), 120);
    EXPECT_EQ(a.variance_seconds(0), 3'600);
    a.pass(1'500, 2'400, 100);  // 600 seconds of it within the window
    EXPECT_DOUBLE_EQ(a.open(), 2.0 / 3);
    EXPECT_DOUBLE_EQ(a.with(130), (600 * 100 + 1'200 * 130) / 1'800.0);
    EXPECT_DOUBLE_EQ(a.variance_seconds(1'800), 1'800);
    EXPECT_DOUBLE_EQ(a.variance_seconds(2'700), 225);  // an eighth
    a.pass(2'400, 9'000, 160);
    EXPECT_EQ(a.open(), 0);
    EXPECT_DOUBLE_EQ(a.with(1), (600 * 100 + 1'200 * 160) / 1'800.0);
    SettlementAverage late(600, 1'800);
    late.begin(50);
    EXPECT_DOUBLE_EQ(late.open(), 1.0 / 3);
    SettlementAverage never(0, 0);
    never.begin(1);
    never.pass(0, 1e9, 1);
    EXPECT_EQ(never.open(), 1);
    EXPECT_EQ(never.with(7), 7);
}

TEST(VenueStorm, VENUE_022_every_loss_is_borne_by_somebody) {
    const VenueSetup setup = setup_of(storm_scenario(-0.45));
    VenueStorm storm(setup);
    MicroUsd lost = 0;
    for (std::uint32_t p = 0; p < 5; ++p) {
        const VenuePathResult r = storm.run(p);
        lost += r.loss;
        // A micro-dollar of rounding for each part of each account.
        EXPECT_NEAR(static_cast<double>(r.loss), static_cast<double>(r.borne.sum()),
                    4.0 * (r.negative + r.deleverages) + 1);
        MicroUsd by_account = 0;
        for (const VenueLoss& l : storm.losses())
            by_account += l.amount;
        EXPECT_EQ(by_account, r.bad_debt());
    }
    EXPECT_GT(lost, 0);
}

TEST(VenueStorm, WATERFALL_011_ours_closes_less_than_the_queue_on_the_same_paths) {
    const VenueSetup setup = setup_of(storm_scenario(-0.45));
    VenueStorm storm(setup);
    MicroUsd ours = 0;
    MicroUsd queue = 0;
    for (std::uint32_t p = 0; p < 5; ++p) {
        const VenuePathResult r = storm.run(p);
        ours += r.deleveraged;
        queue += r.queue;
    }
    EXPECT_GT(ours, 0);
    EXPECT_LT(ours, queue);
}

TEST(VenueStorm, WATERFALL_011_in_october_2025_ours_closes_less_than_the_queue) {
    const Scenario october =
        read_scenario(std::string(BREAKWATER_SOURCE_DIR) + "/scenarios/october-2025.toml");
    const VenueSetup setup = setup_of(october);
    VenueStorm storm(setup);
    MicroUsd ours = 0;
    MicroUsd queue = 0;
    for (std::uint32_t p = 0; p < 3; ++p) {
        const VenuePathResult r = storm.run(p);
        ours += r.deleveraged;
        queue += r.queue;
    }
    EXPECT_GT(ours, 0);
    EXPECT_LT(ours, queue);
}

TEST(VenueStorm, every_scenario_runs_on_a_venue) {
    for (const char* name : {"march-2020", "jelly-2025", "mango-2022", "yfi-2023", "flash-crash"}) {
        Scenario scenario =
            read_scenario(std::string(BREAKWATER_SOURCE_DIR) + "/scenarios/" + name + ".toml");
        for (VenueScenario::Attack& a : scenario.venue.attacks)
            a.notional_usd /= 20;  // the book is small
        const VenueSetup setup = setup_of(scenario);
        VenueStorm storm(setup);
        storm.look_at_everybody(true);
        EXPECT_GT(storm.run(0).flagged, 0U) << name;
        EXPECT_EQ(storm.missed(), 0U) << name;
    }
}

TEST(VenueStorm, nothing_is_liquidated_while_the_venue_is_out) {
    Scenario scenario = storm_scenario(-0.3);
    scenario.venue.outages.push_back({.from = 0, .until = 86'401});
    const VenueSetup setup = setup_of(scenario);
    VenueStorm storm(setup);
    const VenuePathResult r = storm.run(0);
    EXPECT_EQ(r.liquidations, 0U);
    EXPECT_EQ(r.events, 0U);
}

TEST(VenueStorm, a_calm_day_costs_nobody_anything) {
    Scenario scenario = storm_scenario(0);
    for (PriceScenario::Rule& rule : scenario.price.rules)
        rule.volatility = 0.01;
    const VenueSetup setup = setup_of(scenario);
    VenueStorm storm(setup);
    EXPECT_EQ(storm.run(0).bad_debt(), 0);
}

TEST(VenueStorm, a_depeg_that_only_the_venue_sees_costs_those_who_borrow_against_it) {
    Scenario scenario = storm_scenario(0);
    VenueSetup calm = setup_of(scenario);
    scenario.faults.push_back(
        {.symbol = "USDe",
         .source = std::nullopt,
         .fault = {.kind = FeedFault::Kind::scaled, .value = 0.65, .from = 3'600, .until = 6'000}});
    VenueSetup spoiled = setup_of(scenario);
    EXPECT_GT(VenueStorm(spoiled).run(0).flagged, VenueStorm(calm).run(0).flagged);
}

TEST(VenueStorm, a_journal_of_a_path_leads_to_its_digest) {
    const VenueSetup setup = setup_of(storm_scenario(-0.3));
    VenueStorm storm(setup);
    Journal journal;
    storm.run(2, &journal);
    State state = setup.venue.book.state;
    Planner planner;
    for (const Event& event : journal.events)
        ASSERT_TRUE(apply(state, event, planner).has_value());
    EXPECT_EQ(digest_of(state), storm.final_digest());
}

TEST(VenueStorm, attackers_have_the_positions_that_the_scenario_gives_them) {
    Scenario scenario = storm_scenario(0);
    scenario.venue.attacks.push_back({.underlying = "ETH",
                                      .wallets = 10,
                                      .is_long = true,
                                      .notional_usd = 1e6,
                                      .leverage = 5,
                                      .is_linked = true});
    const VenueBook before = storm_venue();
    const VenueSetup setup = setup_of(scenario);
    const venue::Market& m = setup.venue.market();
    EXPECT_EQ(m.set().accounts, before.market().set().accounts + 10);
    EXPECT_EQ(setup.venue.book.accounts[AccountId{m.set().accounts - 1}].substr(0, 8), "attacker");
    double notional = 0;
    for (std::uint32_t a = before.market().set().accounts; a < m.set().accounts; ++a)
        for (std::uint32_t s = 0; s < m.set().slots; ++s) {
            const venue::Position& p = m.positions[m.first_slot(AccountId{a}) + s];
            notional +=
                1e-8 * static_cast<double>(p.lots * m.contracts[venue::index(p.contract)].notional);
        }
    EXPECT_NEAR(notional, 1e6, 1e4);
}

}  // namespace
}  // namespace breakwater
