// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "command_stress_venue.hpp"

#include <cstdio>

#include "breakwater/io/error.hpp"
#include "breakwater/report/format.hpp"
#include "breakwater/report/venue_storm_report.hpp"
#include "progress.hpp"
#include "stress_output.hpp"
#include "version.hpp"

namespace breakwater {
namespace {

int run_one_path(const VenueSetup& setup, const VenueStress& wanted, std::uint32_t path) {
    JournalWriter writer(wanted.journal, setup.venue.book,
                         {.version = version,
                          .input_hash = setup.venue.book.input_hash,
                          .scenario = setup.scenario.name,
                          .seed = wanted.seed,
                          .path = path,
                          .attackers = setup.wallets});
    FileJournal journal(writer);
    for (const Event& event : setup.before)
        journal.applied(event);
    VenueStorm storm(setup);
    const VenuePathResult r = storm.run(path, &journal);
    writer.finish(storm.final_digest());
    if (!wanted.is_quiet)
        std::printf(
            "path %u of seed %llu: bad debt %s, %u accounts below zero, %u liquidations of %s\n"
            "%zu events in %s, final digest %s\n",
            path, static_cast<unsigned long long>(wanted.seed),
            usd_text(usd(r.bad_debt())).c_str(), r.negative, r.liquidations,
            usd_text(usd(r.liquidated)).c_str(), setup.before.size() + r.events, wanted.journal.c_str(),
            storm.final_digest().c_str());
    return 0;
}

}  // namespace

int stress_venue(VenueBook venue, Scenario scenario, const VenueStress& wanted) {
    const std::string name = scenario.name;
    auto prepared = prepare_venue_storm(std::move(venue), std::move(scenario), wanted.seed);
    if (!prepared) throw InputError(name, 0, prepared.error(), "a scenario that fits the venue");
    const VenueSetup setup = std::move(*prepared);
    if (wanted.path) return run_one_path(setup, wanted, *wanted.path);
    VenueRunResult run;
    {
        Progress bar("storms", wanted.paths, wanted.is_quiet);
        run = run_venue_storms(setup, {.paths = wanted.paths,
                                       .threads = wanted.threads,
                                       .progress = [&](std::uint32_t n) { bar.at(n); }});
    }
    VenueStormInput input{.setup = &setup, .run = &run, .facts = wanted.facts};
    input.facts.notices.insert(input.facts.notices.end(), setup.notices.begin(), setup.notices.end());
    tell_report({.json = wanted.json, .html = wanted.html, .is_quiet = wanted.is_quiet}, venue_storm_table(input),
                [&] { return venue_storm_json(input); });
    return 0;
}

}  // namespace breakwater
