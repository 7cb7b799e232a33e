// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <algorithm>

#include <gtest/gtest.h>

#include "breakwater/stress/venue_watch.hpp"
#include "breakwater/world/random.hpp"

namespace breakwater {
namespace {

constexpr std::uint32_t accounts = 60;
constexpr std::size_t sides = 9;

struct Slept {
    double cushion = 0;
    std::vector<VenueLeg> legs;
    std::vector<double> at;
};

class Book {
  public:
    explicit Book(std::uint64_t seed) : seed_(seed), slept_(accounts), watch_(sides, accounts) {}

    double chance() { return uniform(seed_, 0, Stream::book, 0, draw_++); }
    void put_to_sleep(std::uint32_t a) {
        Slept& s = slept_[a];
        s.cushion = 100 * chance();
        s.legs.clear();
        for (std::uint32_t side = 0; side < sides; ++side)
            if (chance() < 0.4)
                s.legs.push_back({.side = side, .weight = chance(), .stride = 0.01 + chance()});
        s.at.clear();
        for (std::size_t side = 0; side < sides; ++side)
            s.at.push_back(watch_.value(side));
        watch_.sleep(AccountId{a}, s.cushion, s.legs);
    }
    void move() {
        for (std::size_t side = 0; side < sides; ++side)
            watch_.set(side, watch_.value(side) + 20 * (chance() - 0.48));
    }
    /// By the worst that the sides have done since.
    [[nodiscard]] bool may_be_used_up(std::uint32_t a) const {
        double left = slept_[a].cushion;
        for (const VenueLeg& leg : slept_[a].legs)
            left -= leg.weight * std::max(0.0, watch_.value(leg.side) - slept_[a].at[leg.side]);
        return left <= 0;
    }
    VenueWatch& watch() { return watch_; }

  private:
    std::uint64_t seed_;
    std::uint32_t draw_ = 0;
    std::vector<Slept> slept_;
    VenueWatch watch_;
};

TEST(VenueWatch, WATCH_006_whoever_may_have_used_up_the_cushion_is_found) {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        Book book(seed);
        for (std::uint32_t a = 0; a < accounts; ++a)
            book.put_to_sleep(a);
        book.watch().finish_build();
        std::size_t visits = 0;
        for (int step = 0; step < 100; ++step) {
            book.move();
            std::vector<AccountId> found;
            book.watch().collect(found);
            EXPECT_TRUE(std::ranges::is_sorted(found));
            for (std::uint32_t a = 0; a < accounts; ++a)
                if (book.may_be_used_up(a)) {
                    EXPECT_TRUE(std::ranges::binary_search(found, AccountId{a}))
                        << "seed " << seed << " step " << step << " account " << a;
                }
            for (const AccountId a : found)
                book.put_to_sleep(index(a));
            visits += found.size();
        }
        EXPECT_LT(visits, 100U * accounts / 2) << "the watch asks nearly everybody";
    }
}

TEST(VenueWatch, WATCH_006_rewound_it_finds_the_same_again) {
    Book book(7);
    for (std::uint32_t a = 0; a < accounts; ++a)
        book.put_to_sleep(a);
    book.watch().finish_build();
    const auto course = [&] {
        std::vector<AccountId> found;
        for (int step = 1; step <= 5; ++step) {
            for (std::size_t side = 0; side < sides; ++side)
                book.watch().set(side, 10.0 * step);
            book.watch().collect(found);
            book.watch().sleep(AccountId{3}, 1,
                               std::vector<VenueLeg>{{.side = 1, .weight = 1, .stride = 1}});
        }
        book.watch().rewind();
        return found;
    };
    const std::vector<AccountId> first = course();
    EXPECT_FALSE(first.empty());
    EXPECT_EQ(course(), first);
}

}  // namespace
}  // namespace breakwater
