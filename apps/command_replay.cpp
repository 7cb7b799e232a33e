// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <cstdio>
#include <memory>

#include "breakwater/core/digest.hpp"
#include "breakwater/core/engine.hpp"
#include "breakwater/io/book_kind.hpp"
#include "breakwater/io/book_reader.hpp"
#include "breakwater/io/error.hpp"
#include "breakwater/io/event_lines.hpp"
#include "breakwater/io/journal.hpp"
#include "breakwater/io/native_reader.hpp"
#include "breakwater/io/venue_reader.hpp"
#include "breakwater/stress/rulebook.hpp"
#include "breakwater/stress/venue_rulebook.hpp"
#include "commands.hpp"
#include "options.hpp"

namespace breakwater {
namespace {

struct ReplayOptions {
    std::string book;
    std::string events;
    std::string rulebook;
    bool quiet = false;
};

Book book_under(const ReplayOptions& o, BookKind kind) {
    if (kind == BookKind::native) {
        Book book = read_native_book(o.book);
        require_rulebook(o.rulebook, std::array{std::string_view(book.rulebook)}, "this native market");
        return book;
    }
    if (kind == BookKind::venue) {
        require_rulebook(o.rulebook, venue_rulebook_names, "a venue");
        VenueBook venue = read_venue(o.book);
        if (!o.rulebook.empty()) venue = under_venue_rulebook(std::move(venue), o.rulebook);
        for (const Wallets& wallets : read_journal_head(o.events).attackers)
            open_wallets(venue, wallets);
        return std::move(venue.book);
    }
    require_rulebook(o.rulebook, rulebook_names, "a lending market");
    const Book book = read_book(o.book);
    return o.rulebook.empty() ? book : under_rulebook(book, o.rulebook);
}

/// Applies the events in their order; the exit code is 0 when a journal's own digest agrees, or there is none.
int run_replay(const ReplayOptions& o) {
    Book book = book_under(o, kind_of(o.book));
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
    c->add_option("--rulebook", o->rulebook, "that the journal was written under; default: the book's");
    c->add_flag("--quiet", o->quiet, "print refusals and the digest only");
    c->callback([o, &result] { result = run_replay(*o); });
}

}  // namespace breakwater
