// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <cstdio>
#include <cstdlib>

#include <gtest/gtest.h>

#include "breakwater/core/feeds/guard.hpp"
#include "chance.hpp"
#include "feeds_given.hpp"
#include "rounds.hpp"

/// FEEDS-027: liars of less than half the weight cannot have anybody liquidated who is healthy at every price that the
/// honest sources name. BREAKWATER_FEEDS_CASES and BREAKWATER_FEEDS_SEED give more cases and others.
namespace breakwater::feeds {
namespace {

using breakwater::given::SeededChance;
using given::Feed;

std::uint64_t from_environment(const char* name, std::uint64_t fallback) {
    const char* text = std::getenv(name);  // NOLINT(concurrency-mt-unsafe)
    return text != nullptr ? std::strtoull(text, nullptr, 10) : fallback;
}

/// An asset whose first sources lie.
struct Contest {
    Feed feed;
    std::size_t liars = 0;
    std::uint64_t truth = 0;
};

Contest contest(SeededChance& chance) {
    const std::size_t n = 1 + chance.below(8);
    Contest out{.feed = Feed(n), .liars = chance.below((n + 1) / 2 + 1)};
    out.feed.limits = limits_of(static_cast<Tier>(chance.below(4)));
    for (Source& s : out.feed.sources)
        s = {.weight = 1 + chance.below(chance.one_in(3) ? 1'000 : 3),
             .deviation = chance.below(60)};
    out.truth = 1'000'000 + static_cast<std::uint64_t>(chance.wide(50));
    return out;
}

int128 lie(SeededChance& chance, std::uint64_t truth, std::uint64_t mid) {
    switch (chance.below(8)) {
        case 0:
            return -static_cast<int128>(chance.wide(90));
        case 1:
            return static_cast<int128>(chance.wide(62));
        case 2:
            return truth * 10;
        case 3:
            return static_cast<int128>(truth * (65 + chance.below(70)) / 100);
        case 4:
            return static_cast<int128>(mid + mid / 100);  // just inside the outlier limit
        case 5:
            return static_cast<int128>(mid - mid / 100);
        default:
            return static_cast<int128>(truth * (9'800 + chance.below(400)) / 10'000);
    }
}

void play(Contest& c, SeededChance& chance) {
    Feed& f = c.feed;
    f.now += chance.below(chance.one_in(5) ? 200 : 15);
    c.truth =
        c.truth * (chance.one_in(4) ? 700 + chance.below(600) : 990 + chance.below(20)) / 1'000;
    const std::uint64_t honest_width = chance.one_in(4) ? 1'000 : 10;
    for (std::size_t i = 0; i < f.sources.size(); ++i) {
        if (i < c.liars) {
            f.say(i, lie(chance, c.truth, f.row.mid), chance.one_in(3) ? c.truth / 2 : 0);
        } else if (!chance.one_in(4)) {
            const std::uint64_t noise =
                c.truth * (20'000 - honest_width + chance.below(2 * honest_width + 1));
            f.say(i, noise / 20'000, c.truth / 10'000);
        }
    }
    f.step();
}

/// What the honest sources say, or nothing where the liars have half of the weight.
struct Honest {
    std::uint64_t lo = ~std::uint64_t{0};
    std::uint64_t hi = 0;
    bool prevail = false;
};

Honest honest_of(const Contest& c) {
    const Feed& f = c.feed;
    Honest out;
    std::vector<Quote> weights;  // the index stands where the price would
    for (std::size_t i = 0; i < f.sources.size(); ++i)
        if (is_live(f.sources[i], f.rows[i], f.limits, Time{f.now}))
            weights.push_back({i, f.sources[i].weight});
    cap_weights(weights);
    std::uint64_t lying = 0;
    std::uint64_t total = 0;
    for (const Quote& q : weights) {
        total += q.weight;
        if (q.price < c.liars) {
            lying += q.weight;
            continue;
        }
        out.lo = std::min(out.lo, f.rows[q.price].price);
        out.hi = std::max(out.hi, f.rows[q.price].price);
    }
    out.prevail = total != 0 && 2 * lying < total;
    return out;
}

/// The account at the honest prices instead of the band.
Mark at_honest(Mark mark, const Honest& honest) {
    mark.lo = {honest.lo};
    mark.hi = {honest.hi};
    return mark;
}

struct Count {
    std::uint64_t cases = 0;
    std::uint64_t healthy = 0;
    std::uint64_t liquidated = 0;  ///< accounts that the honest prices do not protect
};

/// One account close to its limit, at the band and at what the honest say.
void judge(const Contest& a, const Contest& b, SeededChance& chance, Count& count) {
    const Honest honest_a = honest_of(a);
    const Honest honest_b = honest_of(b);
    if (!honest_a.prevail || !honest_b.prevail) return;
    for (const auto& [c, honest] : {std::pair{&a, honest_a}, std::pair{&b, honest_b}}) {
        ASSERT_GE(c->feed.row.mid, honest.lo);
        ASSERT_LE(c->feed.row.mid, honest.hi);
        ASSERT_LE(c->feed.row.lo, c->feed.row.mid);
        ASSERT_GE(c->feed.row.hi, c->feed.row.mid);
    }
    const uint128 collateral = 1'000'000'000'000'000'000U;
    const uint128 limit = collateral * honest_a.lo / honest_b.hi * 80 / 100;
    const uint128 debt = limit * (9'500 + chance.below(700)) / 10'000;
    const Mark mark_a = mark_of(a.feed.row);
    const Mark mark_b = mark_of(b.feed.row);
    const std::array<Holding, 2> account{
        Holding{.side = Side::collateral,
                .decimals = 18,
                .threshold = 8'000,
                .amount = {collateral},
                .mark = mark_a},
        Holding{.side = Side::debt, .decimals = 18, .amount = {debt}, .mark = mark_b}};
    auto honest_account = account;
    honest_account[0].mark = at_honest(mark_a, honest_a);
    honest_account[1].mark = at_honest(mark_b, honest_b);
    ++count.cases;
    const bool is_healthy = standing_of(honest_account) == Standing::healthy;
    count.healthy += is_healthy ? 1 : 0;
    // Whatever the state of trust allows.
    const bool is_liquidated = standing_of(account) == Standing::liquidatable;
    count.liquidated += is_liquidated ? 1 : 0;
    ASSERT_FALSE(is_healthy && is_liquidated);
}

TEST(FeedsAdversarial, FEEDS_027_nobody_healthy_at_every_honest_price_is_liquidated) {
    const std::uint64_t cases = from_environment("BREAKWATER_FEEDS_CASES", breakwater::given::rounds(100'000U));
    const std::uint64_t seed = from_environment("BREAKWATER_FEEDS_SEED", 1);
    Count count;
    for (std::uint64_t n = 0; count.cases < cases; ++n) {
        SeededChance chance(seed * 1'000'000'007U + n);
        Contest collateral = contest(chance);
        Contest debt = contest(chance);
        debt.feed.now = collateral.feed.now;
        for (std::uint64_t steps = 2 + chance.below(4); steps > 0; --steps) {
            play(collateral, chance);
            play(debt, chance);
            judge(collateral, debt, chance, count);
            ASSERT_FALSE(HasFatalFailure())
                << "BREAKWATER_FEEDS_SEED=" << seed << ", sequence " << n;
        }
    }
    std::printf("cases %llu, healthy at every honest price %llu, liquidatable %llu\n",
                static_cast<unsigned long long>(count.cases),        // NOLINT(google-runtime-int)
                static_cast<unsigned long long>(count.healthy),      // NOLINT(google-runtime-int)
                static_cast<unsigned long long>(count.liquidated));  // NOLINT(google-runtime-int)
    // Neither side of the promise is empty.
    EXPECT_GT(count.healthy, cases / 10);
    EXPECT_GT(count.liquidated, cases / 100);
}

TEST(FeedsAdversarial, FEEDS_027_half_of_the_weight_is_needed_and_is_enough) {
    Feed two_of_five(5);
    two_of_five.say_all({65, 65, 100, 100, 101});
    EXPECT_EQ(two_of_five.seen().mid, 100U);
    Feed three_of_five(5);
    three_of_five.say_all({65, 65, 65, 100, 101});
    EXPECT_EQ(three_of_five.seen().mid, 65U);
    Feed two_of_four(4);
    two_of_four.say_all({60, 60, 100, 100});
    EXPECT_EQ(two_of_four.seen().mid, 80U);
}

}  // namespace
}  // namespace breakwater::feeds
