// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <cstdio>
#include <cstdlib>

#include "../tests/core/native_book.hpp"
#include "../tests/core/random_maker.hpp"
#include "../tests/reference/compound_v3.hpp"
#include "../tests/reference/maker.hpp"
#include "../tests/reference/morpho_blue.hpp"
#include "breakwater/core/engine.hpp"

/// Events of a Morpho, Compound or Maker market made of bytes, through the engine and the slow twin of that market; a
/// refusal for another reason, or any number that differs, stops the fuzzer.
namespace {

using namespace breakwater;

constexpr int events_max = 200;

[[noreturn]] void stop(int event, const std::string& what) {
    std::fprintf(stderr, "event %d: %s\n", event, what.c_str());
    std::abort();
}

std::string text_of(const std::optional<Error>& refused) {
    return refused ? std::string(name(*refused)) : "done";
}

template <class Twin>
void run(State state, given::Chance& chance, Event (*next)(const State&, given::Chance&)) {
    Twin twin(state);
    Planner planner;
    for (int i = 0; i < events_max && !chance.exhausted(); ++i) {
        const Event event = next(state, chance);
        const std::optional<Error> expected = twin.apply(state, event);
        const auto got = apply(state, event, planner);
        const auto refused = got ? std::nullopt : std::optional{got.error()};
        if (refused != expected)
            stop(i, "twin " + text_of(expected) + ", engine " + text_of(refused));
        if (const std::string differs = twin.difference(state); !differs.empty()) stop(i, differs);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    given::ByteChance chance({data, size});
    switch (chance.below(3)) {
        case 0:
            run<reference::MorphoTwin>(
                given::morpho_book(static_cast<morpho_blue::RateModel>(chance.below(3))), chance,
                given::random_morpho_event);
            break;
        case 1:
            run<reference::CometTwin>(given::comet_book(), chance, given::random_comet_event);
            break;
        default:
            run<reference::MakerTwin>(given::random_maker_market(chance), chance,
                                      given::random_maker_event);
    }
    return 0;
}
