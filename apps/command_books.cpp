// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <chrono>
#include <cstdio>
#include <memory>

#include "breakwater/io/atomic_output.hpp"
#include "breakwater/io/book_kind.hpp"
#include "breakwater/io/book_reader.hpp"
#include "breakwater/io/book_statistics.hpp"
#include "breakwater/io/book_writer.hpp"
#include "breakwater/io/check.hpp"
#include "breakwater/io/comet_generator.hpp"
#include "breakwater/io/error.hpp"
#include "breakwater/io/folders.hpp"
#include "breakwater/io/generator.hpp"
#include "breakwater/io/import_aave.hpp"
#include "breakwater/io/import_crvusd.hpp"
#include "breakwater/io/morpho_generator.hpp"
#include "breakwater/io/native_check.hpp"
#include "breakwater/io/native_reader.hpp"
#include "breakwater/io/scenario_file.hpp"
#include "breakwater/io/time_text.hpp"
#include "breakwater/io/venue_check.hpp"
#include "breakwater/io/venue_generator.hpp"
#include "breakwater/io/venue_reader.hpp"
#include "breakwater/io/venue_writer.hpp"
#include "breakwater/report/inspect_json.hpp"
#include "breakwater/report/inspect_table.hpp"
#include "breakwater/report/venue_report.hpp"
#include "commands.hpp"
#include "options.hpp"

namespace breakwater {
namespace {

struct BookOptions {
    std::string book;
    std::string json;
    std::string output;
    std::string market;
    std::string as_of;
    std::string amounts = "tokens";
    std::string balances = "underlying";
    std::string format;
    std::vector<std::string> files;
    std::uint32_t accounts = 20'000;
    std::uint64_t seed = 1;
    bool quiet = false;
    bool force = false;
    bool is_venue = false;  ///< --venue
    std::string rulebook;   ///< of a native market

    [[nodiscard]] Existing existing() const { return force ? Existing::replace : Existing::refuse; }
};

void print_notes(const Book& book, bool quiet) {
    if (quiet) return;
    for (const std::string& note : book.notes)
        std::printf("note: %s\n", note.c_str());
}

int run_inspect_venue(const BookOptions& o) {
    const VenueBook venue = read_venue(o.book);
    const auto inspection = inspect_venue(venue);
    if (!inspection) throw InputError(o.book, 0, inspection.error(), "a venue that can be valued");
    if (o.json != "-" && !o.quiet) {
        print_notes(venue.book, false);
        std::fputs(venue_table(venue, *inspection).c_str(), stdout);
    }
    if (o.json.empty()) return 0;
    const std::string json = venue_json(venue, *inspection) + "\n";
    if (o.json == "-")
        std::fputs(json.c_str(), stdout);
    else
        write_file_atomically(o.json, json);
    return 0;
}

int run_inspect(const BookOptions& o) {
    if (kind_of(o.book) == BookKind::venue) return run_inspect_venue(o);
    const Book book =
        kind_of(o.book) == BookKind::native ? read_native_book(o.book) : read_book(o.book);
    const auto inspection = inspect(book);
    if (!inspection) throw InputError(o.book, 0, inspection.error(), "a book that can be valued");
    if (o.json != "-" && !o.quiet) {
        print_notes(book, false);
        std::fputs(inspect_table(book, *inspection).c_str(), stdout);
    }
    if (o.json == "-") std::printf("%s\n", inspect_json(book, *inspection).c_str());
    if (!o.json.empty() && o.json != "-")
        write_file_atomically(o.json, inspect_json(book, *inspection) + "\n");
    return 0;
}

std::filesystem::path example(const char* name) {
    for (const auto& folder : share_folders("examples"))
        if (std::filesystem::exists(folder / name / market_file_name))
            return folder / name / market_file_name;
    fail("the built-in market is not installed", "--market FILE");
}

int run_generate_venue(const BookOptions& o) {
    const auto market = o.market.empty() ? example("unified-venue") : std::filesystem::path(o.market);
    const VenueBook venue = generate_venue(read_venue_market(market), o.accounts, o.seed);
    write_venue(venue, o.output, o.existing());
    const auto inspection = inspect_venue(venue);
    if (!inspection) fail(inspection.error(), "a venue that can be valued");
    if (!o.quiet)
        std::printf("%swritten to %s\n", venue_table(venue, *inspection).c_str(), o.output.c_str());
    return 0;
}

/// The market.toml as it is, and borrowers for it.
int run_generate_native(const BookOptions& o) {
    const bool is_comet = o.rulebook == "compound_v3";
    const auto market = o.market.empty() ? example(is_comet ? "compound-v3" : "morpho-blue")
                                         : std::filesystem::path(o.market);
    const TextFile text(market);
    const NativeFile file = parse_native(text);
    if (file.book.rulebook != o.rulebook)
        throw InputError(text.name(), 0, "is a market of " + file.book.rulebook, o.rulebook);
    const std::string accounts = is_comet ? generate_comet_accounts(file, o.accounts, o.seed)
                                          : generate_morpho_accounts(file, o.accounts, o.seed);
    FolderInTheMaking output(o.output, o.existing(), {market_file_name, accounts_file_name});
    output.write(market_file_name, text.text());
    output.write(accounts_file_name, accounts);
    output.commit();
    if (!o.quiet) std::printf("%u borrowers written to %s\n", o.accounts, o.output.c_str());
    return 0;
}

int run_generate(const BookOptions& o) {
    if (o.is_venue) return run_generate_venue(o);
    if (!o.rulebook.empty()) return run_generate_native(o);
    const auto market = o.market.empty() ? example("aave-v3-ethereum") : std::filesystem::path(o.market);
    const Book book = generate_book(read_market(market), o.accounts, o.seed);
    write_book(book, o.output, o.existing());
    if (!o.quiet)
        std::printf("%swritten to %s\n", to_text(statistics_of(book)).c_str(), o.output.c_str());
    return 0;
}

Time as_of(const BookOptions& o) {
    if (o.as_of.empty())
        fail("import " + o.format + " needs the time of the data", "--as-of 2025-06-12T06:00:00Z");
    const auto time = parse_utc(o.as_of);
    if (!time) fail("'" + o.as_of + "' is no time", "ISO 8601 in UTC, as in 2025-06-12T06:00:00Z");
    return Time{static_cast<std::uint64_t>(*time)};
}

UsersOptions users_options(const BookOptions& o) {
    return {.amounts = o.amounts == "atomic" ? AmountUnit::atomic : AmountUnit::tokens,
            .balances = o.balances == "scaled" ? BalanceKind::scaled : BalanceKind::underlying};
}

Book imported(const BookOptions& o) {
    const auto need = [&](std::size_t n, const char* what) {
        if (o.files.size() < n) fail("import " + o.format + " needs more files", what);
    };
    if (o.format == "aave-config") {
        need(1, "the configuration JSON");
        return import_aave_configuration(o.files[0], as_of(o));
    }
    if (o.format == "aave-users") {
        need(2, "the users CSV and the configuration JSON");
        return import_aave_users(o.files[0], o.files[1], as_of(o), users_options(o));
    }
    if (o.format == "crvusd") {
        need(2, "the borrowers CSV and a metadata JSON for each market");
        const std::vector<std::filesystem::path> metadata(o.files.begin() + 1, o.files.end());
        return import_crvusd(o.files[0], metadata);
    }
    if (o.format == "csv") {
        need(2, "the users CSV and a market.toml");
        return import_plain(o.files[0], o.files[1], users_options(o));
    }
    fail("unknown format '" + o.format + "'", "aave-config, aave-users, crvusd or csv");
}

int run_import(const BookOptions& o) {
    const Book book = imported(o);
    write_book(book, o.output, o.existing());
    print_notes(book, o.quiet);
    if (!o.quiet)
        std::printf("%zu assets, %zu accounts written to %s\n", book.assets.size(),
                    book.accounts.size() - 1, o.output.c_str());
    return 0;
}

int run_check(const BookOptions& o) {
    const Time now{static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch())
            .count())};
    const auto show = [&](const auto& report) {
        if (o.json == "-") {
            std::printf("%s\n", to_json(report).c_str());
        } else {
            if (!o.json.empty()) write_file_atomically(o.json, to_json(report) + "\n");
            if (!o.quiet) std::fputs(to_text(report).c_str(), stdout);
        }
        return 0;
    };
    switch (kind_of(o.book)) {
        case BookKind::venue:
            return show(check_venue(o.book, now));
        case BookKind::native:
            return show(check_native(o.book, now));
        case BookKind::lending:
            break;
    }
    return show(check_book(o.book, now));
}

int list_all_scenarios() {
    const auto folders = share_folders("scenarios");
    const auto lines = list_scenarios(folders);
    std::size_t width = 0;
    for (const ScenarioLine& l : lines)
        width = std::max(width, l.name.size());
    for (const ScenarioLine& l : lines)
        std::printf("%-*s  %s\n", static_cast<int>(width), l.name.c_str(), l.title.c_str());
    return lines.empty() ? 1 : 0;
}

void add_book_argument(CLI::App* c, BookOptions& o) {
    c->add_option("BOOK", o.book, "folder with market.toml, accounts.csv, of a venue also positions.csv")
        ->required();
    c->add_option("--json", o.json, "write JSON; - for standard output");
    c->add_flag("--quiet", o.quiet, "print nothing but errors");
}

void add_output(CLI::App* c, BookOptions& o) {
    c->add_option("-o,--output", o.output, "folder to make")->required();
    c->add_flag("--force", o.force, "replace a book that is already there");
    c->add_flag("--quiet", o.quiet, "print nothing but errors");
}

}  // namespace

void add_inspect(CLI::App& app, int& result) {
    const auto o = std::make_shared<BookOptions>();
    CLI::App* c = app.add_subcommand(
        "inspect",
        "The book as it stands: solvency or margin, liquidation wall, nearest accounts");
    add_book_argument(c, *o);
    c->callback([o, &result] { result = run_inspect(*o); });
}

void add_generate(CLI::App& app, int& result) {
    const auto o = std::make_shared<BookOptions>();
    CLI::App* c = app.add_subcommand("generate", "A synthetic book with the shape of a real one");
    c->add_option("--accounts", o->accounts, "number of accounts")
        ->capture_default_str()
        ->check(CLI::Range(generated_accounts_min, 50'000'000U));
    c->add_option("--seed", o->seed, "seed of all random numbers")->capture_default_str();
    c->add_flag("--venue", o->is_venue, "a derivatives venue: perpetuals, futures, options and loans");
    c->add_option("--rulebook", o->rulebook, "a native lending market of this rulebook")
        ->check(CLI::IsMember({"morpho_blue", "compound_v3"}));
    c->add_option("--market", o->market,
                  "market.toml to fill; default: the built-in Aave v3 Ethereum market, venue, or native market");
    add_output(c, *o);
    c->callback([o, &result] { result = run_generate(*o); });
}

void add_import(CLI::App& app, int& result) {
    const auto o = std::make_shared<BookOptions>();
    CLI::App* c = app.add_subcommand(
        "import", "Real books and parameters: aave-config, aave-users, crvusd, csv");
    c->add_option("FORMAT", o->format,
                  "aave-config JSON | aave-users CSV JSON | crvusd CSV JSON... | csv CSV TOML")
        ->required();
    c->add_option("FILES", o->files, "what the format needs, in this order")->required();
    c->add_option("--as-of", o->as_of, "time of the data (aave-config, aave-users)");
    c->add_option("--amounts", o->amounts, "tokens or atomic (aave-users, csv)")
        ->capture_default_str()
        ->check(CLI::IsMember({"tokens", "atomic"}));
    c->add_option("--balances", o->balances, "underlying or scaled (aave-users, csv)")
        ->capture_default_str()
        ->check(CLI::IsMember({"underlying", "scaled"}));
    add_output(c, *o);
    c->callback([o, &result] { result = run_import(*o); });
}

void add_check(CLI::App& app, int& result) {
    const auto o = std::make_shared<BookOptions>();
    CLI::App* c =
        app.add_subcommand("check", "Do the sums agree, how old are the data, what is covered");
    add_book_argument(c, *o);
    c->callback([o, &result] { result = run_check(*o); });
}

void add_lists(CLI::App& app, int& result) {
    app.add_subcommand("scenarios", "The built-in scenarios, one line each")->callback([&result] {
        result = list_all_scenarios();
    });
    app.add_subcommand("rulebooks", "The rulebooks, one line each")->callback([] {
        std::printf(
            "aave_v3         Aave v3.7: exact to the unit, replayed against the contracts' own vectors\n"
            "breakwater      our own, on the same reserves: prices in doubt, target health, no worse loan-to-value\n"
            "morpho_blue     Morpho Blue: exact to the share; books of isolated markets, from file to report\n"
            "compound_v3     Compound v3 (Comet): exact to the unit; a market from book file to report\n"
            "maker           Maker (Liquidations 2.0): exact to the rad, in the engine only; no book file yet\n"
            "venue           our own derivatives venue with loans: perpetuals, futures, options in one account\n"
            "exchange_tiers  Binance's brackets for a venue's margin; exchanges' prices, fund, queue in calc\n"
            "hyperliquid     its tiers for a venue's margin; liquidation, mark, funding in calc\n"
            "deribit_pm      Deribit's portfolio and standard margin in calc; the extended table is unofficial\n"
            "dydx_v4         dYdX v4: margin, funding, liquidation in calc, exact to the quote quantum\n"
            "drift_v2        Drift v2: margin, liquidation, bankruptcy, guards in calc, exact to the unit\n"
            "aave_v4         Aave v4: liquidation sizes as functions of calc, transcribed; unverified\n"
            "euler_v2        Euler v2: liquidation sizes as functions of calc, transcribed; unverified\n");
    });
}

}  // namespace breakwater
