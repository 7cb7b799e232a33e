// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <cstdio>
#include <memory>

#include "breakwater/core/digest.hpp"
#include "breakwater/io/atomic_output.hpp"
#include "breakwater/io/book_reader.hpp"
#include "breakwater/io/error.hpp"
#include "breakwater/io/folders.hpp"
#include "breakwater/io/scenario_file.hpp"
#include "breakwater/report/comparison_markdown.hpp"
#include "breakwater/stress/rulebook.hpp"
#include "commands.hpp"
#include "options.hpp"
#include "progress.hpp"
#include "storm_setup.hpp"

namespace breakwater {
namespace {

struct CompareOptions {
    std::string book;
    std::vector<std::string> rulebooks{"aave_v3", "breakwater"};
    std::string output;
    std::uint32_t paths = 400;
    std::uint64_t seed = 1;
    std::uint32_t threads = 0;
    bool quiet = false;
};

std::vector<PathResult> outcomes(const CompareOptions& o, const StormSetup& setup) {
    Progress bar(setup.scenario.name + ", " + setup.book->rulebook, o.paths, o.quiet);
    return run_outcomes(
        setup,
        {.paths = o.paths, .threads = o.threads, .progress = [&](std::uint32_t n) { bar.at(n); }});
}

int run_compare(const CompareOptions& o) {
    const Book book = under_rulebook(read_book(o.book), o.rulebooks.front());
    const Book other = under_rulebook(book, o.rulebooks.back());
    Digest digest;
    const auto absorb = [&digest](std::string_view text) {
        digest.absorb(std::uint64_t{text.size()});
        for (const char c : text)
            digest.absorb(static_cast<std::uint64_t>(static_cast<unsigned char>(c)));
    };
    absorb(book.input_hash);
    absorb(digest_of(other.state));
    std::vector<ScenarioComparison> found;
    for (const ScenarioLine& line : list_scenarios(share_folders("scenarios"))) {
        const Scenario scenario = read_scenario(line.path);
        if (scenario.venue.is_only) continue;
        absorb(TextFile(line.path).text());
        const StormSetup setup = setup_of(book, scenario, o.seed);
        RunResult run;
        run.paths = outcomes(o, setup);
        const auto proposed = outcomes(o, setup_of(other, scenario, o.seed));
        ReportInput input;
        input.setup = &setup;
        input.run = &run;
        input.cases.push_back(rulebook_case(proposed, &other));
        found.push_back({.scenario = line.name,
                         .horizon_seconds = scenario.horizon_seconds,
                         .comparison = comparisons_of(input).front()});
    }
    const ComparisonFacts facts{
        .book = book.name,
        .current = o.rulebooks.front(),
        .proposed = o.rulebooks.back(),
        .command = "./run compare " + shell_word(o.book) + " --paths " + std::to_string(o.paths) +
                   " --seed " + std::to_string(o.seed) + " --rulebooks " + o.rulebooks.front() +
                   "," + o.rulebooks.back() + " -o docs/comparison.md",
        .paths = o.paths,
        .seed = o.seed,
        .input_hash = digest.hex()};
    const std::string text = comparison_markdown(facts, found);
    if (o.output.empty())
        std::fputs(text.c_str(), stdout);
    else
        write_file_atomically(o.output, text);
    return 0;
}

}  // namespace

void add_compare(CLI::App& app, int& result) {
    const auto o = std::make_shared<CompareOptions>();
    CLI::App* c = app.add_subcommand(
        "compare", "Two rulebooks on the same storms of every built-in scenario, as Markdown");
    c->add_option("BOOK", o->book, "folder with market.toml and accounts.csv")->required();
    c->add_option("--rulebooks", o->rulebooks, "current and proposed")
        ->delimiter(',')
        ->expected(2)
        ->check(
            CLI::IsMember(std::vector<std::string>(rulebook_names.begin(), rulebook_names.end())))
        ->capture_default_str();
    c->add_option("--paths", o->paths, "storms of each scenario")
        ->capture_default_str()
        ->check(CLI::Range(20U, 100'000'000U));
    c->add_option("--seed", o->seed, "seed of all random numbers")->capture_default_str();
    c->add_option("--threads", o->threads, "0: all cores; changes no figure")
        ->capture_default_str()
        ->check(CLI::Range(0U, 1024U));
    c->add_option("-o,--output", o->output, "file to write; default: standard output");
    c->add_flag("--quiet", o->quiet, "print nothing but errors");
    c->callback([o, &result] { result = run_compare(*o); });
}

}  // namespace breakwater
