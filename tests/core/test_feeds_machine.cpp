// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <array>
#include <string_view>

#include <gtest/gtest.h>

#include "breakwater/core/feeds/machine.hpp"

/// Six states of trust: FEEDS-018, FEEDS-021, FEEDS-022 and FEEDS-024.
namespace breakwater::feeds {
namespace {

constexpr std::uint64_t start = 1'700'000'000;
constexpr std::array all_states{Trust::normal,     Trust::confirm, Trust::uncertain,
                                Trust::recovering, Trust::stale,   Trust::halt_new};

struct Input {
    std::string_view name;
    bool Signs::*sign;
};
constexpr std::array<Input, 12> inputs{{
    {"hard_jump", &Signs::is_hard_jump},
    {"lost", &Signs::is_lost},
    {"on_bound", &Signs::is_on_bound},
    {"alarmed", &Signs::is_alarmed},
    {"aged", &Signs::is_aged},
    {"down", &Signs::was_down},
    {"dispersed", &Signs::is_dispersed},
    {"unconfident", &Signs::is_unconfident},
    {"few_sources", &Signs::has_few_sources},
    {"capped", &Signs::is_capped},
    {"jump", &Signs::is_jump},
    {"ordered", &Signs::is_ordered},
}};

Signs only(std::string_view name) {
    Signs out;
    for (const Input& i : inputs)
        if (i.name == name) out.*i.sign = true;
    return out;
}

/// In `state` since `start`, disturbed until then, with grace where the state has one.
MachineRow in(Trust state) {
    MachineRow out;
    out.state = static_cast<std::uint64_t>(state);
    out.since = start;
    out.disturbed_at = start;
    out.observed_at = start;
    if (state == Trust::recovering) out.grace_until = start + 600;
    if (state == Trust::confirm) out.confirm_left = 2;
    return out;
}

const Limits limits = limits_of(Tier::major);

Trust after(Trust state, const Signs& signs, std::uint64_t seconds = 1) {
    return trust_of(step(in(state), signs, limits, Time{start + seconds}));
}

/// One step of a second in each state with one sign each: what follows.
TEST(FeedsMachine, FEEDS_021_the_table_of_transitions) {
    struct Row {
        std::string_view sign;
        std::array<std::string_view, 6> next;
    };
    constexpr std::string_view n = "normal";
    constexpr std::string_view c = "confirm";
    constexpr std::string_view u = "uncertain";
    constexpr std::string_view r = "recovering";
    constexpr std::string_view s = "stale";
    constexpr std::string_view h = "halt_new";
    constexpr std::array<Row, 13> table{{
        //               normal confirm uncertain recovering stale halt_new
        {"hard_jump", {h, h, h, h, h, h}},
        {"lost", {h, h, h, h, h, h}},
        {"on_bound", {h, h, h, h, h, h}},
        {"alarmed", {h, h, h, h, h, h}},
        {"aged", {s, s, s, s, s, h}},
        {"down", {r, r, r, r, u, h}},
        {"dispersed", {u, u, u, r, u, h}},
        {"unconfident", {u, u, u, r, u, h}},
        {"few_sources", {u, u, u, r, s, h}},
        {"capped", {u, u, u, r, u, h}},
        {"jump", {c, c, u, r, u, h}},
        {"ordered", {n, c, u, r, u, r}},
        {"", {n, c, u, r, u, h}},
    }};
    for (const Row& row : table)
        for (std::size_t i = 0; i < all_states.size(); ++i)
            EXPECT_EQ(name(after(all_states[i], only(row.sign))), row.next[i])
                << name(all_states[i]) << " + " << row.sign;
}

TEST(FeedsMachine, FEEDS_021_a_stricter_state_is_entered_at_once) {
    for (const Trust state : all_states)
        for (const Input& i : inputs) {
            const Trust alone = after(Trust::normal, only(i.name));
            if (alone > state) {
                EXPECT_EQ(after(state, only(i.name)), alone) << i.name;
            }
        }
}

/// No dead end: from each state, after each pair of signs, quiet alone leads back to normal, within grace and two
/// times of agreement.
TEST(FeedsMachine, FEEDS_021_quiet_leads_back_to_normal_from_everywhere) {
    for (const Trust state : all_states)
        for (const Input& one : inputs)
            for (const Input& two : inputs) {
                MachineRow row = in(state);
                std::uint64_t now = start + 10;
                row = step(row, only(one.name), limits, Time{now});
                row = step(row, only(two.name), limits, Time{now += 10});
                const std::uint64_t end = now + limits.grace + 2 * limits.agreement + 20;
                while (now < end)
                    row = step(row, {}, limits, Time{now += 10});
                ASSERT_EQ(trust_of(row), Trust::normal)
                    << name(state) << ", " << one.name << ", " << two.name;
            }
}

TEST(FeedsMachine, FEEDS_021_confirm_lasts_two_steps_and_no_jump_prolongs_it) {
    for (const bool goes_on : {false, true}) {
        const Signs further = goes_on ? only("jump") : Signs{};
        MachineRow row = step(in(Trust::normal), only("jump"), limits, Time{start});
        EXPECT_EQ(trust_of(row), Trust::confirm);
        row = step(row, further, limits, Time{start + 1});
        EXPECT_EQ(trust_of(row), Trust::confirm);
        row = step(row, further, limits, Time{start + 2});
        EXPECT_EQ(trust_of(row), Trust::normal);
    }
}

TEST(FeedsMachine, FEEDS_021_five_minutes_of_agreement_end_uncertainty) {
    EXPECT_EQ(after(Trust::uncertain, {}, 299), Trust::uncertain);
    EXPECT_EQ(after(Trust::uncertain, {}, 300), Trust::normal);
    EXPECT_EQ(after(Trust::uncertain, only("jump"), 300), Trust::normal);
    EXPECT_EQ(after(Trust::uncertain, only("dispersed"), 300), Trust::uncertain);
}

TEST(FeedsMachine, FEEDS_021_a_long_silence_is_followed_by_grace) {
    EXPECT_EQ(after(Trust::stale, {}, 300), Trust::uncertain);
    EXPECT_EQ(after(Trust::stale, {}, 301), Trust::recovering);
    MachineRow row = step(in(Trust::stale), {}, limits, Time{start + 301});
    EXPECT_EQ(row.grace_until, start + 901);
    // A further short silence does not end the grace early.
    row = step(row, only("aged"), limits, Time{start + 400});
    EXPECT_EQ(trust_of(row), Trust::stale);
    row = step(row, {}, limits, Time{start + 410});
    EXPECT_EQ(trust_of(row), Trust::recovering);
    row = step(row, {}, limits, Time{start + 900});
    EXPECT_EQ(trust_of(row), Trust::recovering);
    row = step(row, {}, limits, Time{start + 901});
    EXPECT_EQ(trust_of(row), Trust::normal);
}

TEST(FeedsMachine, FEEDS_021_halt_new_ends_by_two_persons_or_by_agreement) {
    EXPECT_EQ(after(Trust::halt_new, {}, 299), Trust::halt_new);
    EXPECT_EQ(after(Trust::halt_new, {}, 300), Trust::recovering);
    Signs ordered = only("ordered");
    EXPECT_EQ(after(Trust::halt_new, ordered), Trust::recovering);
    ordered.is_hard_jump = true;  // the order says that the jump is true
    EXPECT_EQ(after(Trust::halt_new, ordered), Trust::recovering);
    ordered.is_lost = true;  // and cannot say that there is a price
    EXPECT_EQ(after(Trust::halt_new, ordered), Trust::halt_new);
}

TEST(FeedsMachine, FEEDS_021_grace_is_at_most_four_hours) {
    Limits generous = limits;
    generous.grace = 1'000'000;
    EXPECT_EQ(step(in(Trust::normal), only("down"), generous, Time{start}).grace_until,
              start + 4 * 3'600);
}

TEST(FeedsMachine, FEEDS_022_what_each_state_allows) {
    const auto allows = [](Trust trust) { return permitted(trust, 0, limits); };
    EXPECT_EQ(allows(Trust::normal), (Permissions{true, true, Liquidations::certain}));
    EXPECT_EQ(allows(Trust::confirm), (Permissions{false, true, Liquidations::certain}));
    EXPECT_EQ(allows(Trust::uncertain), (Permissions{false, true, Liquidations::certain}));
    EXPECT_EQ(allows(Trust::stale), (Permissions{false, true, Liquidations::certain}));
    EXPECT_EQ(allows(Trust::recovering),
              (Permissions{false, true, Liquidations::certain_insolvency}));
    EXPECT_EQ(allows(Trust::halt_new), (Permissions{false, true, Liquidations::none}));
}

/// Opening needs a fresher price than liquidating.
TEST(FeedsMachine, FEEDS_018_an_age_limit_for_each_class_of_action) {
    struct Case {
        Tier tier;
        std::uint64_t opening;
        std::uint64_t liquidation;
    };
    for (const Case& c : {Case{Tier::major, 10, 60}, Case{Tier::liquid, 15, 60},
                          Case{Tier::long_tail, 30, 120}, Case{Tier::pegged, 60, 300}}) {
        const Limits own = limits_of(c.tier);
        EXPECT_TRUE(permitted(Trust::normal, c.opening, own).opening);
        EXPECT_FALSE(permitted(Trust::normal, c.opening + 1, own).opening);
        EXPECT_EQ(permitted(Trust::stale, c.liquidation, own).liquidations, Liquidations::certain);
        EXPECT_EQ(permitted(Trust::stale, c.liquidation + 1, own).liquidations, Liquidations::none);
        EXPECT_TRUE(permitted(Trust::halt_new, ~std::uint64_t{0}, own).repaying);
    }
}

TEST(FeedsMachine, FEEDS_024_the_limits_of_the_tiers) {
    struct Case {
        Tier tier;
        std::array<std::uint32_t, 7>
            expected;  ///< sources, outlier, dispersion, jump, hard jump, confidence, grace
    };
    for (const Case& c : {Case{Tier::major, {3, 100, 100, 500, 2'500, 50, 600}},
                          Case{Tier::liquid, {3, 300, 200, 1'000, 4'000, 100, 600}},
                          Case{Tier::long_tail, {2, 500, 400, 2'000, 6'000, 200, 1'800}},
                          Case{Tier::pegged, {3, 100, 75, 200, 1'000, 50, 1'800}}}) {
        const Limits own = limits_of(c.tier);
        const std::array<std::uint32_t, 7> got{own.sources_min, own.outlier,   own.dispersion,
                                               own.jump,        own.hard_jump, own.confidence,
                                               own.grace};
        EXPECT_EQ(got, c.expected);
    }
}

}  // namespace
}  // namespace breakwater::feeds
