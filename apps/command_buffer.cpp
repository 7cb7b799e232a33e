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
#include "breakwater/io/text_file.hpp"
#include "breakwater/report/buffer_json.hpp"
#include "breakwater/report/buffer_table.hpp"
#include "commands.hpp"
#include "options.hpp"
#include "version.hpp"

namespace breakwater {
namespace {

struct BufferArguments {
    std::string book;
    std::string scenario = "today";
    std::string json;
    BufferOptions options;
    bool quiet = false;
};

/// Over book and scenario: whatever can change a figure, besides seed and paths.
std::string input_hash_of(const Book& book, const std::filesystem::path& scenario) {
    Digest d;
    const TextFile file(scenario);
    for (const std::string_view text : {std::string_view(book.input_hash), file.text()}) {
        d.absorb(std::uint64_t{text.size()});
        for (const char c : text)
            d.absorb(static_cast<std::uint64_t>(static_cast<unsigned char>(c)));
    }
    return d.hex();
}

int run_buffer(const BufferArguments& o) {
    const auto path = find_scenario(o.scenario, share_folders("scenarios"));
    const Scenario scenario = read_scenario(path);
    const Book book = read_book(o.book);
    const auto buffers = buffers_of(book, scenario, o.options);
    if (!buffers)
        throw InputError(path.string(), 0, buffers.error(),
                         "a scenario whose model is gbm, merton or student_t, for this book");
    BufferReport report{.book = &book, .scenario = &scenario, .buffers = &*buffers, .facts = {}};
    report.facts.command = "./run buffer " + shell_word(o.book) + " --scenario " +
                           shell_word(o.scenario) + " --paths " + std::to_string(o.options.paths) +
                           " --seed " + std::to_string(o.options.seed);
    report.facts.commit = commit;
    report.facts.version = version;
    report.facts.input_hash = input_hash_of(book, path);
    report.facts.notices = book.notes;
    if (o.json != "-" && !o.quiet) std::fputs(buffer_table(report).c_str(), stdout);
    if (o.json == "-") std::printf("%s\n", buffer_json(report).c_str());
    if (!o.json.empty() && o.json != "-") write_file_atomically(o.json, buffer_json(report) + "\n");
    return 0;
}

}  // namespace

void add_buffer(CLI::App& app, int& result) {
    const auto o = std::make_shared<BufferArguments>();
    CLI::App* c = app.add_subcommand(
        "buffer",
        "How much room an orderly liquidation of each collateral needs, and whether it has it");
    c->add_option("BOOK", o->book, "folder with market.toml and accounts.csv")->required();
    c->add_option("--scenario", o->scenario,
                  "a built-in scenario or a TOML file (see `breakwater scenarios`)")
        ->capture_default_str();
    c->add_option("--paths", o->options.paths, "simulated moves per asset")
        ->capture_default_str()
        ->check(CLI::Range(1U, 10'000'000U));
    c->add_option("--seed", o->options.seed, "seed of all random numbers")->capture_default_str();
    c->add_option("--json", o->json, "write JSON; - for standard output");
    c->add_flag("--quiet", o->quiet, "print nothing but errors");
    c->callback([o, &result] { result = run_buffer(*o); });
}

}  // namespace breakwater
