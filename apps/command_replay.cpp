// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <cstdio>
#include <memory>

#include "breakwater/core/digest.hpp"
#include "breakwater/core/engine.hpp"
#include "breakwater/io/book_reader.hpp"
#include "breakwater/io/error.hpp"
#include "breakwater/io/event_lines.hpp"
#include "breakwater/io/journal.hpp"
#include "breakwater/io/venue_reader.hpp"
#include "breakwater/stress/rulebook.hpp"
#include "commands.hpp"

namespace breakwater {
namespace {

struct ReplayOptions {
    std::string book;
    std::string events;
    std::string rulebook;
    bool quiet = false;
};

/// Applies the events in their order; the exit code is 0 when a journal's own digest agrees, or there is none.
int run_replay(const ReplayOptions& o) {
    const bool is_venue = kind_of(o.book) == BookKind::venue;
    if (is_venue && !o.rulebook.empty())
        throw InputError("command line", 0, "--rulebook for a venue", "a book of a reserve set");
    Book book = is_venue ? read_venue(o.book).book : read_book(o.book);
    if (!o.rulebook.empty()) book = under_rulebook(book, o.rulebook);
    EventReader reader(o.events, book);
    Planner planner;
    std::uint64_t refused = 0;
    while (const auto event = reader.next()) {
        const std::uint64_t number = book.state.clock.events;
        const auto done = apply(book.state, *event, planner);
        if (!done) {
            ++refused;
            std::printf("%s\n", refusal_line(number, event->time, done.error()).c_str());
            continue;
        }
        if (o.quiet) continue;
        for (const Effect& effect : (*done)->effects)
            std::printf("%s\n", effect_line(book, number, event->time, effect).c_str());
    }
    const std::string digest = digest_of(book.state);
    std::printf("{\"digest\":\"%s\",\"events\":%llu,\"refused\":%llu}\n", digest.c_str(),
                static_cast<unsigned long long>(book.state.clock.events),
                static_cast<unsigned long long>(refused));
    if (const auto& end = reader.end(); end && end->digest != digest) {
        std::fprintf(stderr, "breakwater: %s says the digest must be %s\n", o.events.c_str(),
                     end->digest.c_str());
        return 1;
    }
    return 0;
}

}  // namespace

void add_replay(CLI::App& app, int& result) {
    const auto o = std::make_shared<ReplayOptions>();
    CLI::App* c = app.add_subcommand(
        "replay", "Apply events from a file; prints effects as JSON lines and the state digest");
    c->add_option("BOOK", o->book, "folder with market.toml and accounts.csv")->required();
    c->add_option("EVENTS", o->events,
                  "JSON lines: events, or a journal of `stress --path I --journal F`")
        ->required();
    c->add_option("--rulebook", o->rulebook, "that the journal was written under; default: the book's")
        ->check(CLI::IsMember(
            std::vector<std::string>(rulebook_names.begin(), rulebook_names.end())));
    c->add_flag("--quiet", o->quiet, "print refusals and the digest only");
    c->callback([o, &result] { result = run_replay(*o); });
}

}  // namespace breakwater
