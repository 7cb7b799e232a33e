// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "breakwater/core/event.hpp"
#include "breakwater/io/name_index.hpp"
#include "breakwater/io/text_file.hpp"
#include "breakwater/stress/venue_wallets.hpp"

/// Files of events, "breakwater-events/1": a head, one event a line, and, in a journal, a last line
/// with the digest that the state must have in the end. Source: docs/formats.md.
namespace breakwater {

inline constexpr std::string_view events_format = "breakwater-events/1";

/// The first line.
struct JournalHead {
    std::string version;     ///< of the program that wrote it
    std::string input_hash;  ///< of the book; empty: any book
    std::string scenario;
    std::optional<std::uint64_t> seed;
    std::optional<std::uint64_t> path;
    /// Of a venue: accounts to open before the first event. GCC warns where a member without initialiser is left out.
    std::vector<Wallets> attackers = {};  // NOLINT(*-redundant-member-init)
};
/// The first line of a file alone. InputError as for a reader, but of the book.
JournalHead read_journal_head(const std::filesystem::path& path);

/// The last line of a journal.
struct JournalEnd {
    std::uint64_t events = 0;
    std::string digest;  ///< of the state after the last event
};

/// Reads a file of events against a book, which must outlive it.
class EventReader {
  public:
    /// InputError: no head, an unknown format, or a book with another input hash.
    EventReader(const std::filesystem::path& path, const Book& book);
    ~EventReader();

    /// nullopt at the end. InputError with the line: not JSON, unknown event, asset, account or
    /// key, a bad amount, a line after the end, an end that counts other events.
    std::optional<Event> next();
    /// Of the event that `next` gave last.
    [[nodiscard]] std::uint64_t line() const;
    [[nodiscard]] const JournalHead& head() const;
    /// After the last event; nullopt for a file without one, which was written by hand or cut.
    [[nodiscard]] const std::optional<JournalEnd>& end() const;

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

/// Writes a journal; it is at `path` only after `finish`.
class JournalWriter {
  public:
    /// `book` outlives the writer.
    JournalWriter(std::filesystem::path path, const Book& book, const JournalHead& head);

    void write(const Event& event);
    void finish(const std::string& digest);

  private:
    std::filesystem::path path_;
    const Book& book_;
    std::string text_;
    std::uint64_t events_ = 0;
};

}  // namespace breakwater
