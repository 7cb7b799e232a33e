// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <cstdio>
#include <cstdlib>

#include "../tests/core/random_events.hpp"
#include "../tests/core/shadow.hpp"

/// libFuzzer over sequences of events: the bytes choose a small market and then one event after
/// another, and every event runs under the watch of tests/core/shadow.hpp. A crash replays with the
/// file that libFuzzer writes:
///   fuzz_events crash-...
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace breakwater;
    constexpr int events_max = 200;
    given::ByteChance chance({data, size});
    State state = given::random_market(chance);
    Planner planner;
    for (int i = 0; i < events_max && !chance.exhausted(); ++i) {
        const Event event = given::random_event(state, chance);
        const auto outcome = given::apply_watched(state, planner, event);
        if (outcome.broken.empty()) continue;
        std::fprintf(stderr, "event %d of kind %zu: %s\n", i, event.action.index(),
                     outcome.broken.c_str());
        std::abort();
    }
    return 0;
}
