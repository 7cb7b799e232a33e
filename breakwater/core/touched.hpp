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

}  // namespace breakwater
