// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <algorithm>
#include <cstdio>
#include <map>
#include <memory>

#include "breakwater/io/atomic_output.hpp"
#include "breakwater/io/option_chain_file.hpp"
#include "breakwater/report/surface_report.hpp"
#include "commands.hpp"

namespace breakwater {
namespace {

struct SurfaceOptions {
    std::vector<std::string> files;
    double range = 0.16;
    std::string stickiness = "strike";
    std::string json;
    bool quiet = false;
};

int run_surface(const SurfaceOptions& o) {
    RiskGrid grid = own_grid(o.range);
    if (o.stickiness == "moneyness") grid.stickiness = Stickiness::moneyness;
    SurfaceReport report;
    std::map<std::string, VolatilitySurface> last;
    for (const std::string& path : o.files) {
        SurfaceReport::Snapshot snapshot{.file = read_option_chains(path), .studies = {}};
        for (const OptionChain& chain : snapshot.file.chains) {
            const auto before = last.find(chain.currency);
            snapshot.studies.push_back(
                study_chain(chain, before == last.end() ? nullptr : &before->second, grid));
            last[chain.currency] = snapshot.studies.back().surface;
        }
        report.snapshots.push_back(std::move(snapshot));
    }
    if (o.json == "-") {
        std::printf("%s\n", surface_json(report).c_str());
        return 0;
    }
    if (!o.json.empty()) write_file_atomically(o.json, surface_json(report) + "\n");
    if (!o.quiet) std::fputs(surface_table(report).c_str(), stdout);
    return 0;
}

}  // namespace

void add_surface(CLI::App& app, int& result) {
    const auto o = std::make_shared<SurfaceOptions>();
    CLI::App* c = app.add_subcommand(
        "surface", "Volatility surface without arbitrage of an option chain, and its margin");
    c->add_option("files", o->files, "snapshots of option chains, in the order of time: CSV")
        ->required();
    c->add_option("--range", o->range, "edge of the price moves of the margin grid")
        ->capture_default_str()
        ->check(CLI::Range(0.01, 0.9));
    c->add_option("--sticky", o->stickiness, "what keeps its volatility in a move")
        ->capture_default_str()
        ->check(CLI::IsMember({"strike", "moneyness"}));
    c->add_option("--json", o->json, "write JSON; - for standard output");
    c->add_flag("--quiet", o->quiet, "print nothing but errors");
    c->callback([o, &result] { result = run_surface(*o); });
}

}  // namespace breakwater
