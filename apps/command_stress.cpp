// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <cstdio>
#include <memory>
#include <optional>

#include "breakwater/core/digest.hpp"
#include "breakwater/io/atomic_output.hpp"
#include "breakwater/io/book_reader.hpp"
#include "breakwater/io/calibrated_scenario.hpp"
#include "breakwater/io/candles_file.hpp"
#include "breakwater/io/error.hpp"
#include "breakwater/io/folders.hpp"
#include "breakwater/io/journal.hpp"
#include "breakwater/io/scenario_file.hpp"
#include "breakwater/io/text_figures.hpp"
#include "breakwater/io/time_text.hpp"
#include "breakwater/report/html.hpp"
#include "breakwater/report/report_json.hpp"
#include "breakwater/report/report_table.hpp"
#include "breakwater/stress/inspect.hpp"
#include "commands.hpp"
#include "options.hpp"
#include "progress.hpp"
#include "version.hpp"

namespace breakwater {
namespace {

struct StressOptions {
    std::string book;
    std::string scenario;
    std::string prices;
    std::string from;
    std::string horizon;
    std::string rulebook;
    std::string json;
    std::string html;
    std::string journal;
    std::vector<std::string> set;
    std::uint32_t paths = 2'000;
    std::uint64_t seed = 1;
    std::uint32_t threads = 0;
    std::optional<std::uint32_t> path;
    bool quiet = false;
    bool no_cascade = false;
};

StormSetup setup_of(const Book& book, const Scenario& scenario, std::uint64_t seed) {
    auto setup = prepare_storm(book, scenario, seed);
    if (!setup) throw InputError(scenario.name, 0, setup.error(), "a scenario that fits the book");
    return std::move(*setup);
}

std::int64_t time_of(const std::string& text) {
    const auto time = parse_utc(text);
    if (!time)
        throw InputError("--from", 0, "'" + text + "' is no time",
                         "a UTC time such as 2022-11-08T00:00:00Z");
    return *time;
}

Scenario scenario_of(const StressOptions& o, const Book& book, std::vector<std::string>& notices) {
    const auto path = find_scenario(o.scenario, share_folders("scenarios"));
    Scenario scenario = read_scenario(path);
    if (!o.horizon.empty()) scenario.horizon_seconds = duration_of(o.horizon);
    if (!o.prices.empty()) {
        const CandleFile candles = read_candles(o.prices);
        for (const std::string& note : candles.notes)
            notices.push_back(note);
        if (!scenario.conditional) {
            std::optional<std::int64_t> from;
            if (!o.from.empty()) from = time_of(o.from);
            for (const std::string& line :
                 calibrate_scenario(scenario, candles, from, book.state.now(), book.assets))
                notices.push_back(line);
            return scenario;
        }
        const auto start = o.from.empty() ? scenario_start(path) : time_of(o.from);
        if (!start)
            throw InputError(path.string(), 0, "--prices has no dates to go by",
                             "a scenario with a price history");
        for (const std::string& line : use_candles(scenario, candles, *start, book.assets))
            notices.push_back(line);
    }
    return scenario;
}

/// Over book, scenario, candles and settings: whatever can change a figure, besides seed and paths.
std::string input_hash_of(const StressOptions& o, const Book& book) {
    Digest d;
    const auto absorb = [&d](std::string_view text) {
        d.absorb(std::uint64_t{text.size()});
        for (const char c : text)
            d.absorb(static_cast<std::uint64_t>(static_cast<unsigned char>(c)));
    };
    absorb(book.input_hash);
    absorb(o.from);
    absorb(TextFile(find_scenario(o.scenario, share_folders("scenarios"))).text());
    if (!o.prices.empty()) absorb(TextFile(o.prices).text());
    absorb(o.horizon);
    for (const std::string& s : o.set)
        absorb(s);
    return d.hex();
}

std::string command_of(const StressOptions& o) {
    std::string out = "./run stress " + shell_word(o.book) + " --scenario " +
                      shell_word(o.scenario) + " --paths " + std::to_string(o.paths) + " --seed " +
                      std::to_string(o.seed);
    if (!o.horizon.empty()) out += " --horizon " + o.horizon;
    if (!o.prices.empty()) out += " --prices " + shell_word(o.prices);
    if (!o.from.empty()) out += " --from " + shell_word(o.from);
    for (const std::string& s : o.set)
        out += " --set " + shell_word(s);
    return out;
}

void write_output(const std::string& target, const std::string& text) {
    if (target == "-") {
        std::fwrite(text.data(), 1, text.size(), stdout);
        return;
    }
    write_file_atomically(target, text);
}

/// Every event of one path into a file that `replay` takes.
class FileJournal : public JournalPort {
  public:
    explicit FileJournal(JournalWriter& writer) : writer_(&writer) {}
    void applied(const Event& event) override { writer_->write(event); }

  private:
    JournalWriter* writer_;
};

int run_one_path(const StressOptions& o, const StormSetup& setup) {
    JournalWriter writer(o.journal, *setup.book,
                         {.version = version,
                          .input_hash = setup.book->input_hash,
                          .scenario = setup.scenario.name,
                          .seed = o.seed,
                          .path = *o.path});
    FileJournal journal(writer);
    Storm storm(setup);
    const PathResult r = storm.run(*o.path, &journal);
    writer.finish(storm.final_digest());
    if (!o.quiet)
        std::printf(
            "path %u of seed %llu: bad debt %s (realised %s, unrealised %s), %u liquidations of "
            "%s\n"
            "%u events in %s, final digest %s\n",
            *o.path, static_cast<unsigned long long>(o.seed), dollars(usd(r.bad_debt())).c_str(),
            dollars(usd(r.realised.oracle)).c_str(), dollars(usd(r.unrealised.oracle)).c_str(),
            r.liquidations, dollars(usd(r.repaid)).c_str(), r.events, o.journal.c_str(),
            storm.final_digest().c_str());
    return 0;
}

std::vector<PathResult> outcomes(const StormSetup& setup, const StressOptions& o,
                                 std::uint32_t paths, const char* what) {
    Progress bar(what, paths, o.quiet);
    return run_outcomes(
        setup,
        {.paths = paths, .threads = o.threads, .progress = [&](std::uint32_t n) { bar.at(n); }});
}

int run_stress(const StressOptions& o) {
    const Book book = read_book(o.book);
    if (!o.rulebook.empty() && o.rulebook != book.rulebook)
        throw InputError("command line", 0, "rulebook '" + o.rulebook + "' does not fit this book",
                         "'" + book.rulebook + "'");
    RunFacts facts;
    facts.command = command_of(o);
    facts.commit = commit;
    facts.version = version;
    facts.input_hash = input_hash_of(o, book);
    for (const std::string& note : book.notes)
        if (note.find("approximation") != std::string::npos) facts.notices.push_back(note);
    const Scenario scenario = scenario_of(o, book, facts.notices);
    const StormSetup setup = setup_of(book, scenario, o.seed);
    if (o.path) return run_one_path(o, setup);

    RunResult run;
    {
        Progress bar("storms", o.paths, o.quiet);
        run = run_storms(setup, {.paths = o.paths,
                                 .threads = o.threads,
                                 .progress = [&](std::uint32_t n) { bar.at(n); }});
    }
    std::vector<PathResult> calm_market;
    if (!o.no_cascade) {
        Scenario without = scenario;
        without.liquidity.enabled = false;
        const std::uint32_t paths = std::min(o.paths, std::max(100U, o.paths / 20));
        calm_market = outcomes(setup_of(book, without, o.seed), o, paths, "without price impact");
    }
    Book proposed_book = book;
    std::vector<PathResult> proposed;
    std::optional<Relevered> relevered;
    std::vector<PathResult> relevered_outcomes;
    ReportInput input;
    input.setup = &setup;
    input.run = &run;
    input.facts = facts;
    input.changes = apply_settings(proposed_book, split_settings(o.set));
    if (!o.set.empty()) {
        proposed =
            outcomes(setup_of(proposed_book, scenario, o.seed), o, o.paths, "proposed parameters");
        input.cases.push_back(unchanged_case(proposed, &proposed_book));
        auto levered = relever(book, proposed_book);
        if (!levered) throw InputError(o.book, 0, levered.error(), "a book whose accounts add up");
        relevered = std::move(*levered);
        relevered_outcomes = outcomes(setup_of(relevered->book, scenario, o.seed), o, o.paths,
                                      "borrowers lever up again");
        input.cases.push_back(relevered_case(relevered_outcomes, *relevered));
    }
    const auto inspection = inspect(book);
    if (inspection) input.wall = &inspection->wall;
    input.without_impact = calm_market;

    if (!o.quiet && o.json != "-") std::fputs(report_table(input).c_str(), stdout);
    if (o.json.empty() && o.html.empty()) return 0;
    const std::string json = report_json(input);
    if (!o.json.empty()) write_output(o.json, json + "\n");
    if (!o.html.empty()) {
        write_output(o.html, report_html(json));
        if (!o.quiet && o.json != "-") std::printf("\nreport: %s\n", o.html.c_str());
    }
    return 0;
}

}  // namespace

void add_stress(CLI::App& app, int& result) {
    const auto o = std::make_shared<StressOptions>();
    CLI::App* c = app.add_subcommand(
        "stress", "Run thousands of storms over a book and report the bad debt they leave");
    c->add_option("BOOK", o->book, "folder with market.toml and accounts.csv")->required();
    c->add_option("--scenario", o->scenario,
                  "a built-in scenario or a TOML file (see `breakwater scenarios`)")
        ->required();
    c->add_option("--paths", o->paths, "number of simulated storms")
        ->capture_default_str()
        ->check(CLI::Range(1U, 100'000'000U));
    c->add_option("--horizon", o->horizon,
                  "length of a storm, as in 24h or 7d; default: the scenario's");
    c->add_option("--seed", o->seed, "seed of all random numbers")->capture_default_str();
    c->add_option("--threads", o->threads, "0: all cores; changes no figure")
        ->capture_default_str()
        ->check(CLI::Range(0U, 1024U));
    c->add_option("--rulebook", o->rulebook, "must be the book's own in this version");
    c->add_option(
        "--set", o->set,
        "compare with other parameters on the same paths, as in WETH.lt=0.84,WETH.ltv=0.81");
    auto* prices =
        c->add_option("--prices", o->prices,
                      "candles (CSV or JSON): in the place of a historical scenario's prices; an "
                      "unconditional one is calibrated on them");
    c->add_option("--from", o->from,
                  "first time of the candles to use; default: that of the scenario")
        ->needs(prices);
    c->add_option("--json", o->json, "write the report as JSON; - for standard output");
    c->add_option("--html", o->html, "write the report as one self-contained HTML file");
    CLI::Option* path = c->add_option("--path", o->path, "run this path alone");
    CLI::Option* journal =
        c->add_option("--journal", o->journal, "with --path: its events, for `breakwater replay`");
    path->needs(journal);
    journal->needs(path);
    c->add_flag("--no-cascade", o->no_cascade, "leave out the run without price impact");
    c->add_flag("--quiet", o->quiet, "print nothing but errors");
    c->callback([o, &result] { result = run_stress(*o); });
}

}  // namespace breakwater
