// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/calc/series.hpp"

#include <cstdint>
#include <ranges>
#include <regex>
#include <string>

namespace breakwater::calc {
namespace {

constexpr std::uint64_t steps_max = 10'000'000;

struct Generator {
    std::uint64_t seed = 0;
    std::uint64_t n = 0;
    std::vector<std::pair<std::uint64_t, double>> levels;  ///< up to index: volatility
    double last_level = 0;
};

Generator parse(Input& in, const std::string& text) {
    static const std::regex form(
        R"(x=\(1103515245\*x\+12345\) mod 2\^31, seed (\d{1,9}); each z = sum of 12 u - 6; )"
        R"(r = vol\*z with vol ([.\d]+) for i<(\d{1,8}), ([.\d]+) for (\d{1,8})<=i<(\d{1,8}), )"
        R"(([.\d]+) after; n=(\d{1,8}))");
    std::smatch m;
    if (!std::regex_match(text, m, form) || m[3] != m[5])
        in.fail("generator", "is not understood",
                "\"x=(1103515245*x+12345) mod 2^31, seed S; each z = sum of 12 u - 6; r = vol*z "
                "with vol A for i<N, B for N<=i<M, C after; n=K\"");
    Generator g;
    g.seed = std::stoull(m[1]);
    g.n = std::stoull(m[8]);
    g.levels = {{std::stoull(m[3]), std::stod(m[2])}, {std::stoull(m[6]), std::stod(m[4])}};
    g.last_level = std::stod(m[7]);
    if (g.n > steps_max) in.fail("generator", "asks for " + m[8].str(), "n of at most 10000000");
    return g;
}

std::vector<double> generated(const Generator& g) {
    constexpr std::uint64_t modulus = std::uint64_t{1} << 31U;
    std::uint64_t x = g.seed;
    std::vector<double> out;
    for (std::uint64_t i = 0; i < g.n; ++i) {
        double sum = 0.0;
        for (int k = 0; k < 12; ++k) {
            x = (1'103'515'245U * x + 12'345U) % modulus;
            sum += static_cast<double>(x) / static_cast<double>(modulus);
        }
        double level = g.last_level;
        for (const auto& [end, volatility] : g.levels | std::views::reverse)
            if (i < end) level = volatility;
        out.push_back(level * (sum - 6.0));
    }
    return out;
}

}  // namespace

std::vector<double> returns_of(Input& in, std::size_t least) {
    const bool is_generated = in.has("generator");
    const std::string key = is_generated ? "generator" : "returns";
    std::vector<double> out =
        is_generated ? generated(parse(in, in.text("generator"))) : in.numbers("returns");
    if (in.has("use_first")) out.resize(in.count("use_first", 1, out.size()));
    if (out.size() < least)
        in.fail(key, "gives " + std::to_string(out.size()) + " returns",
                "at least " + std::to_string(least));
    return out;
}

void expect_words(Input& in, std::string_view key, std::string_view ours) {
    if (in.has(key) && in.text(key) != ours)
        in.fail(key, "names another method", "\"" + std::string(ours) + "\", or leave it out");
}

}  // namespace breakwater::calc
