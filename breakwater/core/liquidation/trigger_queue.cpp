// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/core/liquidation/trigger_queue.hpp"

#include <algorithm>
#include <bit>
#include <utility>

namespace breakwater {

namespace {

constexpr unsigned part_bits = 8;
constexpr std::uint32_t parts = 1U << part_bits;

}  // namespace

void TriggerQueue::build(std::vector<Trigger> triggers, std::uint64_t value, std::uint32_t stride) {
    built_ = std::move(triggers);
    built_.shrink_to_fit();
    std::sort(built_.begin(), built_.end(), [](const Trigger& a, const Trigger& b) {
        return a.key != b.key ? a.key > b.key : a.object < b.object;
    });
    built_value_ = value;
    shift_ = 32 + static_cast<unsigned>(std::bit_width(stride));
    rewind();
}

void TriggerQueue::rewind() {
    cursor_ = 0;
    chunks_.resize(bucket_count);
    for (std::size_t bucket = bucket_first(); bucket < bucket_count; bucket = bucket_first()) {
        chunks_[bucket] = {};
        used_[bucket / 64] &= used_[bucket / 64] - 1;
    }
    free_ = none;
    count_ = 0;
    lay_out(built_value_);
}

/// Not less than the key that was put there, and not above the bucket: the upper end of its part.
std::uint64_t TriggerQueue::key_of(std::size_t bucket, Entry entry) const {
    const std::uint64_t part = entry.serial_and_part % parts;
    return top_ - (std::uint64_t{bucket} << shift_) - (part << (shift_ - part_bits));
}

/// bucket_count when all are empty.
std::size_t TriggerQueue::bucket_first() const {
    std::size_t word = 0;
    while (word < used_.size() && used_[word] == 0)
        ++word;
    if (word == used_.size()) return bucket_count;
    return 64 * word + static_cast<std::size_t>(std::countr_zero(used_[word]));
}

/// Makes room in the first chunk of a bucket.
void TriggerQueue::spill(std::size_t bucket) {
    std::uint32_t chunk = free_;
    if (chunk == none) {
        chunk = static_cast<std::uint32_t>(chunks_.size());
        chunks_.emplace_back();
    } else {
        free_ = chunks_[chunk].next;
    }
    chunks_[chunk] = chunks_[bucket];
    chunks_[bucket].count = 0;
    chunks_[bucket].next = chunk;
}

void TriggerQueue::put(const Trigger& trigger) {
    const std::size_t bucket = bucket_of(trigger.key);
    used_[bucket / 64] |= std::uint64_t{1} << (bucket % 64);
    if (chunks_[bucket].count == chunks_[bucket].entries.size()) spill(bucket);
    const std::uint64_t below = trigger.key < top_ ? top_ - trigger.key - 1 : 0;
    const std::uint64_t part = bucket == bucket_count - 1 ? 0 : below >> (shift_ - part_bits);
    Chunk& chunk = chunks_[bucket];
    chunk.entries[chunk.count++] = {
        trigger.object, trigger.serial << part_bits | static_cast<std::uint32_t>(part % parts)};
}

void TriggerQueue::push(const Trigger& trigger) {
    if (trigger.key >= top_ && top_ != ~std::uint64_t{0}) lay_out(trigger.key);
    put(trigger);
    ++count_;
}

/// Takes out those with key > `value`. Each entry is written to both sides of the cut, and one side moves on: which one
/// it is cannot be foreseen.
void TriggerQueue::drain_bucket(std::size_t bucket, std::uint64_t value,
                                std::vector<Trigger>& fired) {
    const Chunk& first = chunks_[bucket];
    for (std::uint32_t at = static_cast<std::uint32_t>(bucket), before = at; at != none;) {
        Chunk& chunk = chunks_[at];
        if (chunk.next != none) __builtin_prefetch(&chunks_[chunk.next]);
        std::size_t out = fired.size();
        fired.resize(out + chunk.count + 1);
        std::uint32_t kept = 0;
        for (std::uint32_t i = 0; i < chunk.count; ++i) {
            const Entry entry = chunk.entries[i];
            const std::uint64_t key = key_of(bucket, entry);
            const bool fires = key > value;
            fired[out] = {key, entry.object, entry.serial_and_part >> part_bits};
            chunk.entries[kept] = entry;
            out += static_cast<std::size_t>(fires);
            kept += static_cast<std::uint32_t>(!fires);
        }
        fired.resize(out);
        chunk.count = kept;
        const std::uint32_t next = chunk.next;
        if (kept != 0 || at == bucket) {
            before = at;
        } else {
            chunks_[before].next = next;
            chunk.next = free_;
            free_ = at;
        }
        at = next;
    }
    if (first.count == 0 && first.next == none)
        used_[bucket / 64] &= ~(std::uint64_t{1} << (bucket % 64));
}

void TriggerQueue::drain_above(std::uint64_t value, std::vector<Trigger>& fired) {
    while (cursor_ < built_.size() && built_[cursor_].key > value)
        fired.push_back(built_[cursor_++]);
    const std::size_t before = fired.size();
    const std::size_t last = bucket_of(value);
    std::size_t bucket = bucket_first();
    for (; bucket < last; bucket = bucket_first())
        drain_bucket(bucket, 0, fired);
    if (bucket == last) drain_bucket(bucket, value, fired);
    count_ -= static_cast<std::uint32_t>(fired.size() - before);
    if (last == bucket_count - 1) lay_out(value);
}

/// A quarter of the window above `value`, the rest below.
void TriggerQueue::lay_out(std::uint64_t value) {
    std::vector<Trigger> all;
    for (std::size_t bucket = bucket_first(); bucket < bucket_count; bucket = bucket_first()) {
        drain_bucket(bucket, 0, all);
    }
    const std::uint64_t above = std::uint64_t{bucket_count / 4} << shift_;
    top_ = value > ~above ? ~std::uint64_t{0} : value + above;
    for (const Trigger& trigger : all)
        put(trigger);
}

std::uint64_t TriggerQueue::key_max() const {
    std::uint64_t key = cursor_ < built_.size() ? built_[cursor_].key : 0;
    if (count_ == 0) return key;
    const std::size_t first = bucket_first();
    for (auto c = static_cast<std::uint32_t>(first); c != none; c = chunks_[c].next) {
        for (std::uint32_t i = 0; i < chunks_[c].count; ++i) {
            key = std::max(key, key_of(first, chunks_[c].entries[i]));
        }
    }
    return key;
}

std::size_t TriggerQueue::memory_bytes() const {
    return sizeof(*this) + built_.capacity() * sizeof(built_[0]) +
           chunks_.capacity() * sizeof(chunks_[0]);
}

}  // namespace breakwater
