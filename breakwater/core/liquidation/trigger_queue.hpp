// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

/// Who must be visited when one asset side gets worse, nearest first.
///
/// A side is a single number that falls when things get worse (a unit value of collateral; the complement of one of
/// debt). A trigger fires when the number falls below its key. The triggers of the built state are one sorted array
/// with a cursor, so that coming back to it costs nothing. Later ones lie in buckets of equal width around the present
/// value: putting one in and taking one out is a few instructions, and only the bucket that the value stands in is ever
/// looked through. When the value leaves the window the buckets are laid out anew around it.
///
/// In a bucket a trigger takes 8 bytes, so that a push touches one cache line: of its key only the bucket is known and
/// in which 256th of it the key lies. It fires at the upper end of that, a little early; from the last bucket, which
/// has no end, at its beginning.
namespace breakwater {

struct Trigger {
    std::uint64_t key = 0;     ///< fires when the side's number < key
    std::uint32_t object = 0;  ///< who
    std::uint32_t serial =
        0;  ///< [less than 2^24] which of its registrations; an older one is stale
};

class TriggerQueue {
  public:
    /// The state that rewind() comes back to. Ties are broken by object, so that the order is total.
    /// `stride` [2^-16]: how far the value is expected to move; buckets are 2^-8 to 2^-7 of it wide.
    void build(std::vector<Trigger> triggers, std::uint64_t value, std::uint32_t stride);
    void rewind();

    void push(const Trigger& trigger);
    /// A push with this key will come soon.
    [[gnu::always_inline]] void fetch(std::uint64_t key) const {
        __builtin_prefetch(&chunks_[bucket_of(key)], 1);
    }
    /// Takes out every trigger with key > `value`, and of those that were pushed some that are not far below.
    void drain_above(std::uint64_t value, std::vector<Trigger>& fired);
    /// Highest key or a little more, 0 if there is none: no number is below 0.
    [[nodiscard]] std::uint64_t key_max() const;
    [[nodiscard]] std::size_t memory_bytes() const;

  private:
    static constexpr std::size_t bucket_count = 512;
    static constexpr std::uint32_t none = ~std::uint32_t{0};

    struct Entry {
        std::uint32_t object;
        std::uint32_t serial_and_part;  ///< part: 256th of the bucket, from its upper end
    };
    /// Part of a bucket: one cache line.
    struct alignas(64) Chunk {
        std::array<Entry, 7> entries{};
        std::uint32_t count = 0;
        std::uint32_t next = none;
    };

    [[nodiscard]] std::size_t bucket_of(std::uint64_t key) const {
        if (key >= top_) return 0;
        return std::min<std::size_t>((top_ - key - 1) >> shift_, bucket_count - 1);
    }
    [[nodiscard]] std::uint64_t key_of(std::size_t bucket, Entry entry) const;
    [[nodiscard]] std::size_t bucket_first() const;
    void put(const Trigger& trigger);
    void spill(std::size_t bucket);
    void drain_bucket(std::size_t bucket, std::uint64_t value, std::vector<Trigger>& fired);
    void lay_out(std::uint64_t value);

    std::vector<Trigger> built_;
    std::size_t cursor_ = 0;
    std::uint64_t built_value_ = 0;

    std::vector<Chunk> chunks_;  ///< the first of each bucket, then what did not fit there
    std::uint32_t free_ = none;  ///< list of unused chunks
    std::uint32_t count_ = 0;    ///< triggers in buckets
    std::uint64_t top_ = 0;      ///< bucket k ends 2^shift_·k below; the last has no end
    unsigned shift_ = 0;
    std::array<std::uint64_t, bucket_count / 64> used_{};  ///< bit k: bucket k is not empty
};

}  // namespace breakwater
