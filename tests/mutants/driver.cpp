// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <cstdio>

#include "../core/native_book.hpp"
#include "../core/random_events.hpp"
#include "../core/random_feeds.hpp"
#include "../core/random_maker.hpp"
#include "../core/shadow.hpp"
#include "../core/venue_book.hpp"

namespace {

/// Random events on small native markets, under the watch of tests/core/native_book.hpp.
bool native_markets_keep_their_promises() {
    using namespace breakwater;
    constexpr std::uint64_t books = 60;
    constexpr int events = 200;
    for (std::uint64_t seed = 1; seed <= books; ++seed) {
        given::SeededChance chance(seed);
        State morpho = given::morpho_book(static_cast<morpho_blue::RateModel>(seed % 3));
        State comet = given::comet_book();
        Planner planner;
        for (int i = 0; i < events; ++i) {
            const auto a =
                given::apply_native(morpho, planner, given::random_morpho_event(morpho, chance));
            const auto b =
                given::apply_native(comet, planner, given::random_comet_event(comet, chance));
            const std::string& broken = a.broken.empty() ? b.broken : a.broken;
            if (broken.empty()) continue;
            std::printf("caught: %s (book %llu, event %d)\n", broken.c_str(),
                        static_cast<unsigned long long>(seed), i);
            return false;
        }
    }
    return true;
}

bool maker_markets_keep_their_promises() {
    using namespace breakwater;
    constexpr std::uint64_t books = 100;
    constexpr int events = 250;
    for (std::uint64_t seed = 1; seed <= books; ++seed) {
        given::SeededChance chance(seed);
        State state = given::random_maker_market(chance);
        Planner planner;
        for (int i = 0; i < events; ++i) {
            const auto outcome = given::apply_maker_watched(
                state, planner, given::random_maker_event(state, chance));
            if (outcome.broken.empty()) continue;
            std::printf("caught: %s (book %llu, event %d)\n", outcome.broken.c_str(),
                        static_cast<unsigned long long>(seed), i);
            return false;
        }
    }
    return true;
}

bool guarded_markets_keep_their_promises() {
    using namespace breakwater;
    constexpr std::uint64_t books = 60;
    constexpr int events = 250;
    for (std::uint64_t seed = 1; seed <= books; ++seed) {
        given::SeededChance chance(seed);
        State state = given::guarded_market(chance);
        Planner planner;
        for (int i = 0; i < events; ++i) {
            const auto outcome =
                given::apply_watched(state, planner, given::random_feed_event(state, chance));
            if (outcome.broken.empty()) continue;
            std::printf("caught: %s (book %llu, event %d)\n", outcome.broken.c_str(),
                        static_cast<unsigned long long>(seed), i);
            return false;
        }
    }
    return true;
}

/// Reserve sets under our own rulebook, with bands around their prices.
bool own_markets_keep_their_promises() {
    using namespace breakwater;
    constexpr std::uint64_t books = 150;
    constexpr int events = 250;
    for (std::uint64_t seed = 1; seed <= books; ++seed) {
        given::SeededChance chance(seed);
        State state = given::random_own_market(chance);
        Planner planner;
        for (int i = 0; i < events; ++i) {
            if (chance.one_in(4)) given::doubt_prices(state, chance);
            const auto outcome =
                given::apply_watched(state, planner, given::random_event(state, chance));
            if (outcome.broken.empty()) continue;
            std::printf("caught: %s (book %llu, event %d)\n", outcome.broken.c_str(),
                        static_cast<unsigned long long>(seed), i);
            return false;
        }
    }
    return true;
}

bool venues_keep_their_promises() {
    using namespace breakwater;
    constexpr std::uint64_t books = 100;
    constexpr int events = 400;
    for (std::uint64_t seed = 1; seed <= books; ++seed) {
        given::SeededChance chance(seed);
        State state = venue_given::random_venue(chance);
        Planner planner;
        for (int i = 0; i < events; ++i) {
            const auto outcome = venue_given::apply_venue_watched(
                state, planner, venue_given::random_venue_event(state, chance));
            if (outcome.broken.empty()) continue;
            std::printf("caught: %s (book %llu, event %d)\n", outcome.broken.c_str(),
                        static_cast<unsigned long long>(seed), i);
            return false;
        }
    }
    return true;
}

}  // namespace

/// A fixed random sequence under the watch of tests/core/shadow.hpp. Ends with 0 and "all promises kept", or with 1 and
/// the promise that was broken; an invariant of the engine itself aborts.
int main() {
    using namespace breakwater;
    if (!native_markets_keep_their_promises()) return 1;
    if (!maker_markets_keep_their_promises()) return 1;
    if (!guarded_markets_keep_their_promises()) return 1;
    if (!own_markets_keep_their_promises()) return 1;
    if (!venues_keep_their_promises()) return 1;
    constexpr std::uint64_t books = 250;
    constexpr int events = 250;
    for (std::uint64_t seed = 1; seed <= books; ++seed) {
        given::SeededChance chance(seed);
        State state = given::random_market(chance);
        Planner planner;
        for (int i = 0; i < events; ++i) {
            const auto outcome =
                given::apply_watched(state, planner, given::random_event(state, chance));
            if (outcome.broken.empty()) continue;
            std::printf("caught: %s (book %llu, event %d)\n", outcome.broken.c_str(),
                        static_cast<unsigned long long>(seed), i);
            return 1;
        }
    }
    std::puts("all promises kept");
    return 0;
}
