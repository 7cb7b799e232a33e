// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors

/// Replays every case of the conformance vectors, which the protocols' own contracts have produced: each integer of the
/// state after each step must be equal, each refusal must have the matching reason and change nothing.

#include <array>
#include <cstdio>
#include <exception>

#include "cases.hpp"
#include "vectors.hpp"

namespace breakwater::conformance {
namespace {

using nlohmann::json;

struct File {
    const char* name;
    const char* list;
    Wrong (*run)(const json&);
};
constexpr std::array files{
    File{"aave37-liquidations", "cases", aave_liquidation},
    File{"aave37-traces", "traces", aave_trace},
    File{"morpho-liquidations", "cases", morpho_liquidation},
    File{"morpho-traces", "traces", morpho_trace},
    File{"comet-absorb", "cases", comet_case},
    File{"maker-liq2", "cases", maker_case},
};

struct Tally {
    int cases = 0;
    int failed = 0;
};

void report(const std::string& id, const Wrong& wrong) {
    std::printf("  %s\n", id.c_str());
    for (std::size_t i = 0; i < wrong.size() && i < 8; ++i)
        std::printf("    %s\n", wrong[i].c_str());
}

Tally run_file(const File& file, const json& cases) {
    constexpr int shown_max = 10;
    Tally tally;
    for (const json& c : cases) {
        ++tally.cases;
        Wrong wrong;
        try {
            wrong = file.run(c);
        } catch (const std::exception& e) {
            wrong = {std::string("cannot be replayed: ") + e.what()};
        }
        if (wrong.empty()) continue;
        if (++tally.failed <= shown_max) report(c.value("id", "?"), wrong);
    }
    std::printf("%s: %d cases, %d passed, %d failed\n", file.name, tally.cases,
                tally.cases - tally.failed, tally.failed);
    return tally;
}

int run() {
    constexpr int skipped = 77;
    const Directory dir = find_directory();
    if (dir.path.empty()) {
        std::printf(
            "SKIPPED: no conformance vectors. Set BREAKWATER_VECTORS to their directory to run "
            "this test.\n");
        return skipped;
    }
    Tally all;
    for (const File& file : files) {
        const auto content = read(dir.path, file.name);
        if (!content) {
            std::printf("%s: missing in %s\n", file.name, dir.path.c_str());
            all.failed += dir.asked_for ? 1 : 0;
            continue;
        }
        const Tally t = run_file(file, content->at(file.list));
        all.cases += t.cases;
        all.failed += t.failed;
    }
    if (all.cases == 0) std::printf("no case was replayed\n");
    return all.failed == 0 && all.cases > 0 ? 0 : 1;
}

}  // namespace
}  // namespace breakwater::conformance

int main() {
    return breakwater::conformance::run();
}
