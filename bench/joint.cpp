// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors

/// The joint stress: loans, perpetuals, futures and options of examples/unified-venue in one book,
/// every change an event of the engine with its invariants on. CPU seconds of one thread: the worker
/// once, the paths scaled to 10,000.
/// Source of the figures asked for: docs/performance.md.

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <vector>

#include "breakwater/io/folders.hpp"
#include "breakwater/io/scenario_file.hpp"
#include "breakwater/io/venue_reader.hpp"
#include "breakwater/stress/venue_storm.hpp"
#include "figures.hpp"

namespace breakwater::bench {
namespace {

constexpr std::uint32_t paths_asked = 10'000;

std::filesystem::path in_share(const char* folder, const char* file) {
    for (const auto& f : share_folders(folder))
        if (std::filesystem::exists(f / file)) return f / file;
    std::fprintf(stderr, "%s/%s not found\n", folder, file);
    std::exit(1);
}

void joint(const char* name, const char* scenario, std::uint32_t paths, bool json) {
    Scenario storm =
        read_scenario(in_share("scenarios", (std::string(scenario) + ".toml").c_str()));
    storm.venue.counterparties = 64;
    auto setup =
        prepare_venue_storm(read_venue(in_share("examples", "unified-venue")), std::move(storm), 1);
    if (!setup) {
        std::fprintf(stderr, "%s\n", setup.error().c_str());
        std::exit(1);
    }
    setup->with_queue = false;  // what the queue would have done is for reports
    const double start = cpu_seconds();
    VenueStorm worker(*setup);
    const double made = cpu_seconds();
    std::vector<VenuePathResult> run;
    run.reserve(paths);
    for (std::uint32_t p = 0; p < paths; ++p)
        run.push_back(worker.run(p));
    const double cpu = made - start + (cpu_seconds() - made) * paths_asked / paths;
    double events = 0;
    double looks = 0;
    double liquidations = 0;
    for (const VenuePathResult& p : run) {
        events += p.events;
        looks += p.looks;
        liquidations += p.liquidations;
    }
    char text[320];
    std::snprintf(
        text, sizeof text,
        "%u accounts, %zu contracts, %u steps, %s, seed 1, 1 thread, 64 counterparties: %u paths "
        "measured, scaled to 10,000; a path: %.0f events, %.0f looks, %.1f liquidations",
        setup->venue.market().set().accounts, setup->venue.contracts.size(), setup->steps(),
        scenario, paths, events / paths, looks / paths, liquidations / paths);
    print({name, cpu, "s", "at most 60", text}, json);
}

}  // namespace
}  // namespace breakwater::bench

int main(int argc, char** argv) {
    using namespace breakwater::bench;
    bool json = false;
    std::uint32_t paths = 200;
    const char* only = nullptr;
    for (int i = 1; i < argc; ++i) {
        if (std::strcmp(argv[i], "--json") == 0) json = true;
        if (std::strcmp(argv[i], "--paths") == 0 && i + 1 < argc)
            paths = static_cast<std::uint32_t>(std::strtoul(argv[++i], nullptr, 10));
        if (std::strcmp(argv[i], "--scenario") == 0 && i + 1 < argc) only = argv[++i];
    }
    if (only != nullptr) {
        joint("joint_stress_cpu_s", only, paths, json);
        return 0;
    }
    joint("joint_stress_cpu_s", "flash-crash", paths, json);
    joint("joint_stress_today_cpu_s", "today", paths, json);
    return 0;
}
