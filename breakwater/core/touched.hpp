// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <cstdint>
#include <vector>

#include "breakwater/core/require.hpp"

namespace breakwater {

/// Copies of touched rows of one table, in the order of first touch. References stay valid until `clear`.
template <class Row>
class Touched {
  public:
    explicit Touched(std::size_t rows_max) { entries_.reserve(rows_max); }

    struct Entry {
        std::uint32_t row = 0;
        Row copy;
    };

    void clear() { entries_.clear(); }
    [[nodiscard]] const Row* find(std::uint32_t row) const {
        for (const Entry& e : entries_)
            if (e.row == row) return &e.copy;
        return nullptr;
    }
    Row& touch(std::uint32_t row, const Row& stored) {
        for (Entry& e : entries_)
            if (e.row == row) return e.copy;
        REQUIRE(entries_.size() < entries_.capacity());  // growing would move what others hold
        entries_.push_back({.row = row, .copy = stored});
        return entries_.back().copy;
    }
    [[nodiscard]] const std::vector<Entry>& entries() const { return entries_; }

  private:
    std::vector<Entry> entries_;
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
