// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <cstdio>
#include <memory>
#include <optional>

#include "breakwater/core/digest.hpp"
#include "breakwater/io/book_kind.hpp"
#include "breakwater/io/book_reader.hpp"
#include "breakwater/io/calibrated_scenario.hpp"
#include "breakwater/io/candles_file.hpp"
#include "breakwater/io/error.hpp"
#include "breakwater/io/folders.hpp"
#include "breakwater/io/native_reader.hpp"
#include "breakwater/io/scenario_file.hpp"
#include "breakwater/io/text_figures.hpp"
#include "breakwater/io/time_text.hpp"
#include "breakwater/io/venue_reader.hpp"
#include "breakwater/report/report_json.hpp"
#include "breakwater/report/report_table.hpp"
#include "breakwater/stress/inspect.hpp"
#include "breakwater/stress/rulebook.hpp"
#include "breakwater/stress/venue_rulebook.hpp"
#include "breakwater/stress/wiring.hpp"
#include "command_stress_venue.hpp"
#include "commands.hpp"
#include "options.hpp"
#include "progress.hpp"
#include "storm_setup.hpp"
#include "stress_output.hpp"
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
    std::vector<std::string> compare;
    std::string json;
    std::string html;
    std::string journal;
    std::vector<std::string> set;
    std::uint32_t paths = 2'000;
    std::uint64_t seed = 1;
    std::uint32_t threads = 0;
    std::optional<std::uint32_t> path;
    std::string guard;
    std::uint32_t sources = 0;
    bool quiet = false;
    bool no_cascade = false;
};

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
    if (!o.guard.empty()) absorb("guard " + o.guard);
    if (o.sources != 0) absorb("sources " + std::to_string(o.sources));
    absorb(book.rulebook);
    for (const std::string& rulebook : o.compare)
        absorb(rulebook);
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
    if (!o.guard.empty()) out += " --guard " + o.guard;
    if (o.sources != 0) out += " --sources " + std::to_string(o.sources);
    if (!o.rulebook.empty()) out += " --rulebook " + o.rulebook;
    if (!o.compare.empty()) out += " --compare " + o.compare[0] + "," + o.compare[1];
    for (const std::string& s : o.set)
        out += " --set " + shell_word(s);
    return out;
}

/// `--guard on` needs something to doubt: where the book has one source each, five equal ones.
constexpr std::uint32_t sources_of_guard = 5;

/// The book as `--guard` and `--sources` want it, and the events that made it so.
std::vector<Event> guard_book(Book& book, const StressOptions& o, const Scenario& scenario) {
    if (o.guard == "on") book.is_guarded = true;
    if (o.guard == "off") book.is_guarded = false;
    const std::uint32_t sources = o.sources != 0 || o.guard != "on" ? o.sources : sources_of_guard;
    if (sources > 1) give_sources(book, sources, scenario.step_seconds);
    std::vector<Event> events = wire(book);
    if (!book.is_guarded && book.state.guard(MarketId{0}) != nullptr) {
        events.push_back({.time = book.state.now(), .market = {}, .action = SetGuard{}});
        Planner planner;
        if (!apply(book.state, events.back(), planner)) events.pop_back();
    }
    return events;
}

int run_one_path(const StressOptions& o, std::uint32_t path, const StormSetup& setup,
                 std::span<const Event> before) {
    JournalWriter writer(o.journal, *setup.book,
                         {.version = version,
                          .input_hash = setup.book->input_hash,
                          .scenario = setup.scenario.name,
                          .seed = o.seed,
                          .path = path});
    FileJournal journal(writer);
    for (const Event& event : before)
        writer.write(event);
    const auto storm = make_storm(setup);
    const PathResult r = storm->run(path, &journal);
    writer.finish(storm->final_digest());
    if (!o.quiet)
        std::printf(
            "path %u of seed %llu: bad debt %s (realised %s, unrealised %s), %u liquidations of "
            "%s\n"
            "%u events in %s, final digest %s\n",
            path, static_cast<unsigned long long>(o.seed), dollars(usd(r.bad_debt())).c_str(),
            dollars(usd(r.realised.oracle)).c_str(), dollars(usd(r.unrealised.oracle)).c_str(),
            r.liquidations, dollars(usd(r.repaid)).c_str(), r.events, o.journal.c_str(),
            storm->final_digest().c_str());
    return 0;
}

std::vector<PathResult> outcomes(const StormSetup& setup, const StressOptions& o,
                                 std::uint32_t paths, const char* what) {
    Progress bar(what, paths, o.quiet);
    return run_outcomes(
        setup,
        {.paths = paths, .threads = o.threads, .progress = [&](std::uint32_t n) { bar.at(n); }});
}

/// What a venue's storm has no use for is refused rather than passed over.
int run_venue(const StressOptions& o) {
    if (!o.compare.empty() || !o.set.empty() || !o.guard.empty() || o.sources != 0)
        throw InputError(o.book, 0,
                         "is a venue: --compare, --set, --guard and --sources are for lending markets",
                         "a scenario, --rulebook, --paths, --seed, --json, --html, --path and --journal");
    require_rulebook(o.rulebook, venue_rulebook_names, "a venue");
    VenueBook venue = read_venue(o.book);
    if (!o.rulebook.empty()) venue = under_venue_rulebook(std::move(venue), o.rulebook);
    RunFacts facts;
    facts.command = command_of(o);
    facts.commit = commit;
    facts.version = version;
    facts.input_hash = input_hash_of(o, venue.book);
    Scenario scenario = scenario_of(o, venue.book, facts.notices);
    return stress_venue(std::move(venue), std::move(scenario),
                        {.facts = std::move(facts),
                         .paths = o.paths,
                         .seed = o.seed,
                         .threads = o.threads,
                         .path = o.path,
                         .journal = o.journal,
                         .json = o.json,
                         .html = o.html,
                         .is_quiet = o.quiet});
}

/// A native market has its own rules and no other; what would change them is refused rather than passed over.
Book native_book(const StressOptions& o) {
    if (!o.compare.empty() || !o.set.empty() || !o.guard.empty() || o.sources != 0)
        throw InputError(o.book, 0,
                         "is a native market: --compare, --set, --guard and --sources are for the reserve sets of "
                         "aave_v3 and breakwater",
                         "a scenario, --paths, --seed, --json, --html, --path and --journal");
    Book book = read_native_book(o.book);
    require_rulebook(o.rulebook, std::array{std::string_view(book.rulebook)}, "this native market");
    return book;
}

Book book_of(const StressOptions& o, BookKind kind) {
    if (kind == BookKind::native) return native_book(o);
    require_rulebook(o.rulebook, rulebook_names, "a lending market");
    Book book = read_book(o.book);
    if (!o.compare.empty()) return under_rulebook(book, o.compare.front());
    if (!o.rulebook.empty()) return under_rulebook(book, o.rulebook);
    return book;
}

RunFacts facts_of(const StressOptions& o, const Book& book) {
    RunFacts facts;
    facts.command = command_of(o);
    facts.commit = commit;
    facts.version = version;
    facts.input_hash = input_hash_of(o, book);
    for (const std::string& note : book.notes)
        if (note.find("approximation") != std::string::npos) facts.notices.push_back(note);
    return facts;
}

int run_stress(const StressOptions& o) {
    const BookKind kind = kind_of(o.book);
    if (kind == BookKind::venue) return run_venue(o);
    Book book = book_of(o, kind);
    RunFacts facts = facts_of(o, book);
    const Scenario scenario = scenario_of(o, book, facts.notices);
    if (scenario.venue.is_only)
        throw InputError(scenario.name, 0, "is a storm over a derivatives venue",
                         "a venue's book, as examples/unified-venue");
    const std::vector<Event> wired = guard_book(book, o, scenario);
    const StormSetup setup = setup_of(book, scenario, o.seed);
    if (o.path) return run_one_path(o, *o.path, setup, wired);

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
    if (!o.compare.empty()) {
        proposed_book = under_rulebook(book, o.compare.back());
        proposed = outcomes(setup_of(proposed_book, scenario, o.seed), o, o.paths,
                            "the other rulebook");
        input.changes.push_back(
            {.parameter = "rulebook", .current = o.compare[0], .proposed = o.compare[1]});
        input.cases.push_back(rulebook_case(proposed, &proposed_book));
    }
    const auto inspection = inspect(book);
    if (inspection) input.wall = &inspection->wall;
    input.without_impact = calm_market;
    tell_report({.json = o.json, .html = o.html, .is_quiet = o.quiet}, report_table(input),
                [&] { return report_json(input); });
    return 0;
}

}  // namespace

void add_stress(CLI::App& app, int& result) {
    const auto o = std::make_shared<StressOptions>();
    CLI::App* c = app.add_subcommand(
        "stress", "Run thousands of storms over a book and report the bad debt they leave");
    c->add_option("BOOK", o->book, "folder with market.toml and accounts.csv; a venue also has positions.csv")
        ->required();
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
    const CLI::IsMember known(std::vector<std::string>(rulebook_names.begin(), rulebook_names.end()));
    CLI::Option* rulebook = c->add_option(
        "--rulebook", o->rulebook,
        "put the book under this rulebook; default: its own. A lending market: aave_v3, breakwater; a venue: venue, "
        "exchange_tiers, hyperliquid");
    CLI::Option* compare =
        c->add_option("--compare", o->compare,
                      "two rulebooks on the same paths, as in aave_v3,breakwater")
            ->delimiter(',')
            ->expected(2)
            ->check(known)
            ->excludes(rulebook);
    CLI::Option* set = c->add_option(
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
    compare->excludes(set)->excludes(path);
    path->needs(journal);
    journal->needs(path);
    c->add_option("--guard", o->guard,
                  "on: liquidate and open only what every price of the band allows, with five "
                  "sources for an asset that has one; off: as the protocol does; default: as in "
                  "market.toml")
        ->check(CLI::IsMember({"on", "off"}));
    c->add_option("--sources", o->sources, "equal price sources for each asset that has one")
        ->check(CLI::Range(1U, static_cast<std::uint32_t>(feeds::sources_max)));
    c->add_flag("--no-cascade", o->no_cascade, "leave out the run without price impact");
    c->add_flag("--quiet", o->quiet, "print nothing but errors");
    c->callback([o, &result] { result = run_stress(*o); });
}

}  // namespace breakwater
