// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors

/// Replays every Maker case of the conformance vectors: each integer of the state after each step must be equal, each
/// refusal must have the matching reason and change nothing. Source: docs/rules.md, MAKER-001 to MAKER-024.

#include <cstdio>
#include <string>

#include "maker_case.hpp"
#include "vectors.hpp"

namespace breakwater::conformance {
namespace {

using nlohmann::json;

std::vector<std::string> step(MakerCase& c, const json& s) {
    const auto at = static_cast<std::uint64_t>(std::stoull(s.at("timestamp").get<std::string>()));
    if (const Status poked = c.apply(at, MakerCase::poke_of(s)); !poked)
        return {"poke refused: " + std::string(name(poked.error()))};
    const Status done = c.apply(at, c.action_of(s));
    std::vector<std::string> out;
    if (s.at("ok").get<bool>()) {
        if (!done) return {"refused: " + std::string(name(done.error()))};
    } else {
        const std::string revert = s.value("revert", "");
        if (done) return {"expected refusal " + revert + ", was applied"};
        bool matches = false;
        for (const Error e : maker_errors_for(revert))
            matches |= e == done.error();
        if (!matches)
            out.push_back("expected refusal " + revert + ", got " +
                          std::string(name(done.error())));
    }
    for (auto& d : c.differences(s.at("post"), at))
        out.push_back(std::move(d));
    if (auto b = c.broken(); !b.empty()) out.push_back("invariant " + std::move(b));
    return out;
}

std::vector<std::string> run_case(const json& c) {
    MakerCase book(c);
    if (auto b = book.broken(); !b.empty()) return {"at the start: invariant " + std::move(b)};
    int k = 0;
    for (const json& s : c.at("steps")) {
        auto wrong = step(book, s);
        if (!wrong.empty()) {
            wrong.insert(wrong.begin(),
                         "step " + std::to_string(k) + " " + s.at("op").get<std::string>());
            return wrong;
        }
        ++k;
    }
    return {};
}

int run() {
    constexpr int skipped = 77;
    const Directory dir = find_directory();
    if (dir.path.empty()) {
        std::printf("SKIPPED: no conformance vectors. Set BREAKWATER_VECTORS.\n");
        return skipped;
    }
    const auto content = read(dir.path, "maker-liq2");
    if (!content) {
        std::printf("maker-liq2: missing in %s\n", dir.path.c_str());
        return dir.asked_for ? 1 : skipped;
    }
    int cases = 0;
    int failed = 0;
    for (const json& c : content->at("cases")) {
        ++cases;
        std::vector<std::string> wrong;
        try {
            wrong = run_case(c);
        } catch (const std::exception& e) {
            wrong = {std::string("cannot be replayed: ") + e.what()};
        }
        if (wrong.empty()) continue;
        if (++failed > 10) continue;
        std::printf("  %s\n", c.value("id", "?").c_str());
        for (std::size_t i = 0; i < wrong.size() && i < 8; ++i)
            std::printf("    %s\n", wrong[i].c_str());
    }
    std::printf("maker-liq2: %d cases, %d passed, %d failed\n", cases, cases - failed, failed);
    return failed == 0 && cases > 0 ? 0 : 1;
}

}  // namespace
}  // namespace breakwater::conformance

int main() {
    return breakwater::conformance::run();
}
