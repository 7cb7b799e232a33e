// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <cstdio>
#include <string_view>

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

bool reserve_sets_keep_their_promises() {
    using namespace breakwater;
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
            return false;
        }
    }
    return true;
}

struct Books {
    std::string_view kind;
    bool (*keep_their_promises)();
};
constexpr Books all_books[] = {{"native", native_markets_keep_their_promises},
                               {"maker", maker_markets_keep_their_promises},
                               {"guarded", guarded_markets_keep_their_promises},
                               {"own", own_markets_keep_their_promises},
                               {"venue", venues_keep_their_promises},
                               {"reserves", reserve_sets_keep_their_promises}};

}  // namespace

/// A fixed random sequence under the watch of tests/core/shadow.hpp, over books of one kind or of all. Ends with 0 and
/// "all promises kept", or with 1 and the promise that was broken; an invariant of the engine itself aborts.
int main(int count, char** arguments) {
    const std::string_view kind = count > 1 ? arguments[1] : "all";
    for (const Books& books : all_books)
        if ((kind == "all" || kind == books.kind) && !books.keep_their_promises()) return 1;
    std::puts("all promises kept");
    return 0;
}
