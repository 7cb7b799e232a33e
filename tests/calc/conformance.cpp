// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors

/// Runs every case of derivatives_analytic through `calc`, by the name of its group. A number agrees
/// where |x − e| ≤ rel_tol · max(|e|, 1e-6 of the largest input); keys that begin with check_ are
/// not compared. Cases that are not official are counted apart. Source: docs/rules.md, CALC-001.

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <string>

#include "../conformance/vectors.hpp"
#include "breakwater/calc/function.hpp"

namespace breakwater::conformance {
namespace {

using nlohmann::json;

/// Largest magnitude among the numbers of an input.
double largest(const json& value) {
    if (value.is_number()) return std::fabs(value.get<double>());
    double out = 0.0;
    if (value.is_structured())
        for (const json& inner : value)
            out = std::max(out, largest(inner));
    return out;
}

struct Comparison {
    double rel_tol;
    double scale;  ///< smallest magnitude against which an error is measured
    std::string first_difference;

    void expect(const json& want, const json& got, const std::string& path) {
        if (!first_difference.empty()) return;
        if (want.is_object()) {
            for (const auto& [key, value] : want.items()) {
                if (key.starts_with("check_")) continue;
                if (!got.is_object() || !got.contains(key))
                    return differ(path + "." + key, value, json("missing"));
                expect(value, got.at(key), path + "." + key);
            }
        } else if (want.is_array()) {
            if (!got.is_array() || got.size() != want.size()) return differ(path, want, got);
            for (std::size_t i = 0; i < want.size(); ++i)
                expect(want[i], got[i], path + "[" + std::to_string(i) + "]");
        } else if (want.is_number()) {
            const double e = want.get<double>();
            const bool agrees = got.is_number() && std::fabs(got.get<double>() - e) <=
                                                       rel_tol * std::max(std::fabs(e), scale);
            if (!agrees) differ(path, want, got);
        } else if (want != got) {
            differ(path, want, got);
        }
    }

  private:
    void differ(const std::string& path, const json& want, const json& got) {
        first_difference = path + ": expected " + want.dump() + ", got " + got.dump();
    }
};

/// What is wrong with a case; empty when nothing is.
std::string fault_of(const json& c) {
    const auto* function = calc::find_function(c.at("group").get<std::string>());
    if (function == nullptr) return "no such function";
    try {
        const json got = calc::call(*function, c.at("input"), "input");
        Comparison comparison{.rel_tol = c.at("rel_tol").get<double>(),
                              .scale = 1e-6 * largest(c.at("input")),
                              .first_difference = {}};
        comparison.expect(c.at("expected"), got, "");
        return comparison.first_difference;
    } catch (const std::exception& e) {
        return e.what();
    }
}

struct Tally {
    int cases = 0;
    int failed = 0;
};

void print(const std::string& what, const Tally& t) {
    std::printf("%s: %d cases, %d passed, %d failed\n", what.c_str(), t.cases, t.cases - t.failed,
                t.failed);
}

int run() {
    constexpr int skipped = 77;
    const std::string file = "derivatives_analytic";
    const Directory dir = find_directory();
    if (dir.path.empty()) {
        std::printf(
            "SKIPPED: no conformance vectors. Set BREAKWATER_VECTORS to their directory to run "
            "this test.\n");
        return skipped;
    }
    const auto content = read(dir.path, file);
    if (!content) {
        std::printf("%s: missing in %s\n", file.c_str(), dir.path.c_str());
        return dir.asked_for ? 1 : skipped;
    }
    std::map<std::string, Tally> groups;
    Tally official;
    Tally unofficial;
    for (const json& c : content->at("cases")) {
        const std::string fault = fault_of(c);
        const bool is_official = !c.value("provenance", "").starts_with("UNOFFICIAL");
        for (Tally* t :
             {&groups[c.at("group").get<std::string>()], is_official ? &official : &unofficial}) {
            ++t->cases;
            t->failed += fault.empty() ? 0 : 1;
        }
        if (!fault.empty())
            std::printf("  %s\n    %s\n", c.value("id", "?").c_str(), fault.c_str());
    }
    for (const auto& [group, tally] : groups)
        print("  " + group, tally);
    print(file, official);
    print(file + ", not official", unofficial);
    return official.failed == 0 && unofficial.failed == 0 && official.cases > 0 ? 0 : 1;
}

}  // namespace
}  // namespace breakwater::conformance

int main() {
    return breakwater::conformance::run();
}
