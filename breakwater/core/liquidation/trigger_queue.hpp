// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

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
namespace breakwater {

struct Trigger {
    std::uint64_t key = 0;     ///< fires when the side's number < key
    std::uint32_t object = 0;  ///< who
    std::uint32_t serial = 0;  ///< which of its registrations; an older one is stale
};

class TriggerQueue {
  public:
    /// The state that rewind() comes back to. Ties are broken by object, so that the order is total.
    /// `stride` [2^-16]: how far the value is expected to move; buckets are 2^-8 to 2^-7 of it wide.
    void build(std::vector<Trigger> triggers, std::uint64_t value, std::uint32_t stride);
    void rewind();

    void push(const Trigger& trigger);
    /// Takes out every trigger with key > `value`.
    void drain_above(std::uint64_t value, std::vector<Trigger>& fired);
    /// Highest key, 0 if there is none: no number is below 0.
    [[nodiscard]] std::uint64_t key_max() const;
    [[nodiscard]] std::size_t memory_bytes() const;

  private:
    static constexpr std::size_t bucket_count = 512;
    static constexpr std::uint32_t none = ~std::uint32_t{0};

    /// Part of a bucket: two cache lines.
    struct Chunk {
        std::array<Trigger, 7> triggers;
        std::uint32_t count = 0;
        std::uint32_t next = none;
    };

    [[nodiscard]] std::size_t bucket_of(std::uint64_t key) const;
    [[nodiscard]] std::size_t bucket_first() const;
    void put(const Trigger& trigger);
    std::uint32_t new_chunk(std::uint32_t next);
    void drain_bucket(std::size_t bucket, std::uint64_t value, std::vector<Trigger>& fired);
    void lay_out(std::uint64_t value);

    std::vector<Trigger> built_;
    std::size_t cursor_ = 0;
    std::uint64_t built_value_ = 0;

    std::vector<Chunk> chunks_;
    std::uint32_t free_ = none;  ///< list of unused chunks
    std::uint32_t count_ = 0;    ///< triggers in buckets
    std::uint64_t top_ = 0;      ///< bucket k ends 2^shift_·k below; the last has no end
    unsigned shift_ = 0;
    std::array<std::uint64_t, bucket_count / 64> used_{};  ///< bit k: bucket k is not empty
    std::array<std::uint32_t, bucket_count>
        head_{};  ///< first chunk, of a bucket that is not empty
};

}  // namespace breakwater
