// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors

/// The whole job: generated book, flash-crash, oracle, gas, impact and exact settlement on. CPU seconds, because other
/// work shares the machine. The baseline is bench/numpy_baseline.py: a vectorised book without any of those.
/// Source of the figures asked for: docs/performance.md.

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <numeric>

#include "breakwater/io/book_reader.hpp"
#include "breakwater/io/folders.hpp"
#include "breakwater/io/generator.hpp"
#include "breakwater/io/scenario_file.hpp"
#include "breakwater/stress/run.hpp"
#include "figures.hpp"

namespace breakwater::bench {
namespace {

struct Options {
    bool json = false;
    std::uint32_t paths = 10'000;
    std::uint32_t accounts = 10'000;
};

std::filesystem::path in_share(const char* folder, const char* file) {
    for (const auto& f : share_folders(folder))
        if (std::filesystem::exists(f / file)) return f / file;
    std::fprintf(stderr, "%s/%s not found\n", folder, file);
    std::exit(1);
}

double sum(const std::vector<double>& v) {
    return std::accumulate(v.begin(), v.end(), 0.0);
}

void main_job(const StormSetup& setup, const Options& o) {
    const double before = cpu_seconds();
    const RunResult run = run_storms(setup, {.paths = o.paths, .threads = 1, .progress = {}});
    const double cpu = cpu_seconds() - before;
    double liquidations = 0;
    double loss = 0;
    for (const PathResult& p : run.paths) {
        liquidations += p.liquidations;
        loss += usd(p.bad_debt());
    }
    char text[256];
    std::snprintf(text, sizeof text,
                  "%u accounts x %u steps x %u paths, flash-crash, seed 1, 1 thread; %.1f "
                  "liquidations a path, mean bad debt %.0f USD",
                  o.accounts, setup.steps(), o.paths, liquidations / o.paths, loss / o.paths);
    print({"main_job_cpu_s", cpu, "s", "bench/numpy_baseline.py", text}, o.json);
    print({"main_job_liquidations_per_path", liquidations / o.paths, "1", "at least 150", text},
          o.json);
    print({"liquidations_per_cpu_s", liquidations / cpu, "1/s", "the whole job's time", text},
          o.json);
}

/// 2 · cpu(1 thread) / cpu(2 threads) · mean / max busy time of the threads.
void scaling(const StormSetup& setup, const Options& o) {
    const std::uint32_t paths = std::max(200U, o.paths / 5);
    const RunResult one = run_storms(setup, {.paths = paths, .threads = 1, .progress = {}});
    const RunResult two = run_storms(setup, {.paths = paths, .threads = 2, .progress = {}});
    const auto& busy = two.effort.thread_seconds;
    const double longest = *std::max_element(busy.begin(), busy.end());
    const double balance = sum(busy) / static_cast<double>(busy.size()) / longest;
    const double value =
        static_cast<double>(busy.size()) * sum(one.effort.thread_seconds) / sum(busy) * balance;
    char text[256];
    double load = 0;
    if (getloadavg(&load, 1) != 1) load = 0;
    std::snprintf(
        text, sizeof text,
        "%u paths; CPU %.2f s on one thread, %.2f s on %zu, mean/max busy %.3f, load %.1f", paths,
        sum(one.effort.thread_seconds), sum(busy), busy.size(), balance, load);
    print({"scaling_2", value, "x", "one thread", text}, o.json);
}

}  // namespace
}  // namespace breakwater::bench

int main(int argc, char** argv) {
    using namespace breakwater;
    bench::Options o;
    for (int i = 1; i < argc; ++i) {
        if (std::strcmp(argv[i], "--json") == 0) o.json = true;
        if (std::strcmp(argv[i], "--paths") == 0 && i + 1 < argc)
            o.paths = static_cast<std::uint32_t>(std::atoi(argv[++i]));
        if (std::strcmp(argv[i], "--accounts") == 0 && i + 1 < argc)
            o.accounts = static_cast<std::uint32_t>(std::atoi(argv[++i]));
    }
    const Book book = generate_book(
        read_market(bench::in_share("examples", "aave-v3-ethereum/market.toml")), o.accounts, 1);
    const auto setup =
        prepare_storm(book, read_scenario(bench::in_share("scenarios", "flash-crash.toml")), 1);
    if (!setup) {
        std::fprintf(stderr, "%s\n", setup.error().c_str());
        return 1;
    }
    bench::main_job(*setup, o);
    bench::scaling(*setup, o);
    return 0;
}
