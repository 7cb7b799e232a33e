// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <cstdio>
#include <string_view>

#include "../core/native_book.hpp"
#include "../core/random_events.hpp"
#include "../core/random_feeds.hpp"
#include "../core/random_maker.hpp"
#include "../core/random_umbrella.hpp"
#include "../core/shadow.hpp"
#include "../core/venue_book.hpp"

namespace {

using namespace breakwater;

/// Random books, each with a sequence of events under a watch; false at the first promise that is broken.
bool keep_their_promises(std::uint64_t books, int events, auto&& make_book, auto&& watched_event) {
    for (std::uint64_t seed = 1; seed <= books; ++seed) {
        given::SeededChance chance(seed);
        auto book = make_book(seed, chance);
        Planner planner;
        for (int i = 0; i < events; ++i) {
            const std::string broken = watched_event(book, planner, chance);
            if (broken.empty()) continue;
            std::printf("caught: %s (book %llu, event %d)\n", broken.c_str(),
                        static_cast<unsigned long long>(seed), i);
            return false;
        }
    }
    return true;
}

/// Small native markets under the watch of tests/core/native_book.hpp.
bool native_markets() {
    struct Pair {
        State morpho;
        State comet;
    };
    return keep_their_promises(
        60, 200,
        [](std::uint64_t seed, given::Chance&) {
            return Pair{given::morpho_book(static_cast<morpho_blue::RateModel>(seed % 3)),
                        given::comet_book()};
        },
        [](Pair& book, Planner& planner, given::Chance& chance) {
            const auto a = given::apply_native(book.morpho, planner,
                                               given::random_morpho_event(book.morpho, chance));
            const auto b = given::apply_native(book.comet, planner,
                                               given::random_comet_event(book.comet, chance));
            return a.broken.empty() ? b.broken : a.broken;
        });
}

bool maker_markets() {
    return keep_their_promises(
        100, 250,
        [](std::uint64_t, given::Chance& chance) { return given::random_maker_market(chance); },
        [](State& state, Planner& planner, given::Chance& chance) {
            return given::apply_maker_watched(state, planner,
                                              given::random_maker_event(state, chance))
                .broken;
        });
}

bool guarded_markets() {
    return keep_their_promises(
        60, 250, [](std::uint64_t, given::Chance& chance) { return given::guarded_market(chance); },
        [](State& state, Planner& planner, given::Chance& chance) {
            return given::apply_watched(state, planner, given::random_feed_event(state, chance))
                .broken;
        });
}

/// The same with debts near their limit, which a fall leaves contested.
bool indebted_markets() {
    return keep_their_promises(
        8, 250, [](std::uint64_t, given::Chance& chance) { return given::guarded_market(chance, 40); },
        [](State& state, Planner& planner, given::Chance& chance) {
            return given::apply_watched(state, planner, given::random_feed_event(state, chance))
                .broken;
        });
}

/// Reserve sets under our own rulebook, with bands around their prices.
bool own_markets() {
    return keep_their_promises(
        300, 250,
        [](std::uint64_t, given::Chance& chance) { return given::random_own_market(chance); },
        [](State& state, Planner& planner, given::Chance& chance) {
            if (chance.one_in(4)) given::doubt_prices(state, chance);
            return given::apply_watched(state, planner, given::random_event(state, chance)).broken;
        });
}

bool venues() {
    return keep_their_promises(
        100, 400,
        [](std::uint64_t, given::Chance& chance) { return venue_given::random_venue(chance); },
        [](State& state, Planner& planner, given::Chance& chance) {
            return venue_given::apply_venue_watched(state, planner,
                                                    venue_given::random_venue_event(state, chance))
                .broken;
        });
}

bool reserve_sets() {
    return keep_their_promises(
        250, 250, [](std::uint64_t, given::Chance& chance) { return given::random_market(chance); },
        [](State& state, Planner& planner, given::Chance& chance) {
            return given::apply_watched(state, planner, given::random_event(state, chance)).broken;
        });
}

bool umbrellas() {
    return keep_their_promises(
        100, 150,
        [](std::uint64_t, given::Chance& chance) { return given::random_umbrella_market(chance); },
        [](State& state, Planner& planner, given::Chance& chance) {
            return given::apply_watched(state, planner, given::random_umbrella_event(state, chance))
                .broken;
        });
}

struct Books {
    std::string_view kind;
    bool (*keep_their_promises)();
};
constexpr Books all_books[] = {
    {"native", native_markets}, {"maker", maker_markets}, {"guarded", guarded_markets},
    {"indebted", indebted_markets}, {"umbrella", umbrellas},
    {"own", own_markets},       {"venue", venues},        {"reserves", reserve_sets}};

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
