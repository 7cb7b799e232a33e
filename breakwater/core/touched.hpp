// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <bit>
#include <cstdint>
#include <vector>

#include "breakwater/core/require.hpp"

namespace breakwater {

/// Copies of touched rows of one table, in the order of first touch. References stay valid until
/// `clear`. A few rows are found by looking at them all; where there are more, an index finds them.
template <class Row>
class Touched {
  public:
    explicit Touched(std::size_t rows_max) { entries_.reserve(rows_max); }

    struct Entry {
        std::uint32_t row = 0;
        Row copy;
    };

    void clear() {
        // From its home to the end of its run: what the index holds is little of it.
        const std::size_t last = places_.size() - 1;
        if (entries_.size() > few)
            for (const Entry& e : entries_)
                for (std::size_t p = home(e.row); places_[p] != 0; p = (p + 1) & last)
                    places_[p] = 0;
        entries_.clear();
    }
    [[nodiscard]] const Row* find(std::uint32_t row) const {
        const std::size_t at = place_of(row);
        return at < entries_.size() ? &entries_[at].copy : nullptr;
    }
    Row& touch(std::uint32_t row, const Row& stored) {
        if (const std::size_t at = place_of(row); at < entries_.size()) return entries_[at].copy;
        REQUIRE(entries_.size() < entries_.capacity());  // growing would move what others hold
        entries_.push_back({.row = row, .copy = stored});
        if (entries_.size() > few) note_places();
        return entries_.back().copy;
    }
    [[nodiscard]] const std::vector<Entry>& entries() const { return entries_; }

  private:
    static constexpr std::size_t few = 24;

    /// entries_.size() where the row is not here.
    [[nodiscard]] std::size_t place_of(std::uint32_t row) const {
        if (entries_.size() > few) {
            for (std::size_t p = home(row); places_[p] != 0; p = (p + 1) & (places_.size() - 1))
                if (entries_[places_[p] - 1].row == row) return places_[p] - 1;
            return entries_.size();
        }
        for (std::size_t i = 0; i < entries_.size(); ++i)
            if (entries_[i].row == row) return i;
        return entries_.size();
    }
    [[nodiscard]] std::size_t home(std::uint32_t row) const {
        return (row * 0x9e37'79b9U >> 8U) & (places_.size() - 1);
    }
    /// The last entry into the index; all of them when there is a first time for it.
    void note_places() {
        if (places_.empty()) places_.resize(2 * std::bit_ceil(entries_.capacity()));
        const std::size_t first = entries_.size() == few + 1 ? 0 : entries_.size() - 1;
        for (std::size_t i = first; i < entries_.size(); ++i) {
            std::size_t p = home(entries_[i].row);
            while (places_[p] != 0)
                p = (p + 1) & (places_.size() - 1);
            places_[p] = static_cast<std::uint32_t>(i + 1);
        }
    }

    std::vector<Entry> entries_;
    std::vector<std::uint32_t> places_;  ///< open addressing: entry + 1
};

/// The same for tables of which one event touches hundreds of rows: found by number, not by looking.
template <class Row>
class TouchedMany {
  public:
    explicit TouchedMany(std::size_t rows_max) : place_(rows_max, nowhere) {
        REQUIRE(rows_max <= nowhere);
    }

    using Entry = Touched<Row>::Entry;

    void clear() {
        for (const Entry& e : entries_)
            place_[e.row] = nowhere;
        entries_.clear();
    }
    [[nodiscard]] const Row* find(std::uint32_t row) const {
        return place_[row] == nowhere ? nullptr : &entries_[place_[row]].copy;
    }
    /// The reference is valid until the next row is touched.
    Row& touch(std::uint32_t row, const Row& stored) {
        if (place_[row] == nowhere) {
            place_[row] = static_cast<std::uint16_t>(entries_.size());
            entries_.push_back({.row = row, .copy = stored});
        }
        return entries_[place_[row]].copy;
    }
    [[nodiscard]] const std::vector<Entry>& entries() const { return entries_; }

  private:
    static constexpr std::uint16_t nowhere = 0xffff;
    std::vector<Entry> entries_;
    std::vector<std::uint16_t> place_;
};

}  // namespace breakwater
