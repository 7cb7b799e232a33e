// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "breakwater/core/liquidation/cushion.hpp"
#include "breakwater/core/require.hpp"

/// Accounts that the watch keeps one by one: in one array a header and the legs, a header and the legs, ...
/// A serial says which registration of a sleeper counts; going back to the built state costs what was touched.
namespace breakwater {

class Sleepers {
  public:
    using Row = std::uint32_t;  ///< offset of the header
    static constexpr std::size_t legs_max = 127;
    static constexpr Row rows_max = 0x7FFF'FFF0U;
    static constexpr std::uint32_t accounts_max = 0x7FFF'FFFFU;
    static constexpr std::uint32_t awake = 0xFF'FFFFU;  ///< serial of one who does not sleep

    struct Kind {
        bool is_once_of_pair = false;  ///< the legs are those of a pair of assets and carry the slop
        bool is_steady = false;        ///< the doubt about the weights is small enough to decide by them
    };
    Row append(std::uint32_t account, std::span<const PackedLeg> legs, Kind kind) {
        REQUIRE(words_.size() + legs.size() < rows_max);
        const auto row = static_cast<Row>(words_.size());
        words_.push_back({header(account, legs.size()) | (kind.is_once_of_pair ? pair_bit : 0) |
                          (kind.is_steady ? steady_bit : 0)});
        words_.insert(words_.end(), legs.begin(), legs.end());
        return row;
    }
    /// Other legs, not more than before, for one who came after build().
    void replace(Row row, std::span<const PackedLeg> legs, bool is_steady) {
        words_[row].word = header(account(row), legs.size()) | (is_steady ? steady_bit : 0);
        std::copy(legs.begin(), legs.end(), words_.begin() + row + 1);
    }

    [[nodiscard]] std::uint32_t account(Row row) const {
        return static_cast<std::uint32_t>(words_[row].word >> 32U) & accounts_max;
    }
    [[nodiscard]] std::uint32_t serial(Row row) const {
        return static_cast<std::uint32_t>(words_[row].word >> 8U) & awake;
    }
    [[nodiscard]] bool is_once_of_pair(Row row) const { return (words_[row].word & pair_bit) != 0; }
    [[nodiscard]] bool is_steady(Row row) const { return (words_[row].word & steady_bit) != 0; }
    [[nodiscard]] std::span<const PackedLeg> legs(Row row) const {
        return std::span{words_}.subspan(row + std::size_t{1}, words_[row].word & legs_max);
    }
    [[nodiscard]] const void* address(Row row) const { return &words_[row]; }
    [[nodiscard]] Row end() const { return static_cast<Row>(words_.size()); }

    void set_serial(Row row, std::uint32_t serial) {
        std::uint64_t& word = words_[row].word;
        if (is_built(row) && (word & serial_bits) == 0) touched_.push_back(row);
        word = (word & ~serial_bits) | std::uint64_t{serial} << 8U;
    }

    void clear() {
        words_.clear();
        touched_.clear();
        built_ = 0;
    }
    /// Those who are here, all with serial 0, are the state that rewind() comes back to.
    void mark_built() { built_ = words_.size(); }
    [[nodiscard]] bool is_built(Row row) const { return row < built_; }
    void rewind() {
        words_.resize(built_);
        for (const Row row : touched_)
            words_[row].word &= ~serial_bits;
        touched_.clear();
    }

    [[nodiscard]] std::size_t memory_bytes() const {
        return words_.capacity() * sizeof(words_[0]) + touched_.capacity() * sizeof(touched_[0]);
    }

  private:
    // `is_steady` in bit 63, account in 32 to 62, serial in 8 to 31, `is_once_of_pair` in 7, number of legs below.
    static constexpr std::uint64_t steady_bit = std::uint64_t{1} << 63U;
    static constexpr std::uint64_t serial_bits = std::uint64_t{awake} << 8U;
    static constexpr std::uint64_t pair_bit = 0x80;

    static constexpr std::uint64_t header(std::uint32_t account, std::size_t legs) {
        return std::uint64_t{account} << 32U | legs;
    }

    std::vector<PackedLeg> words_;
    std::size_t built_ = 0;
    std::vector<Row> touched_;
};

}  // namespace breakwater
