// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/io/name_index.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

namespace breakwater {

NameIndex::NameIndex(std::size_t accounts_expected)
    : slots_(std::bit_ceil(std::max<std::size_t>(64, 2 * accounts_expected))) {}

NameIndex NameIndex::of(const AccountNames& names) {
    NameIndex index(names.size());
    for (std::uint32_t i = 0; i < names.size(); ++i) {
        const std::uint32_t hash = hash_of(names[AccountId{i}]);
        index.slots_[index.slot_of(names, names[AccountId{i}], hash)] = {.hash = hash, .id = i};
        ++index.used_;
    }
    return index;
}

std::uint32_t NameIndex::hash_of(std::string_view name) {
    constexpr std::uint64_t multiplier = 0x9e37'79b9'7f4a'7c15U;
    std::uint64_t h = name.size() * multiplier;
    while (!name.empty()) {
        std::uint64_t word = 0;
        const std::size_t length = std::min(name.size(), sizeof word);
        std::memcpy(&word, name.data(), length);
        h = (h ^ word) * multiplier;
        h ^= h >> 32U;
        name.remove_prefix(length);
    }
    return static_cast<std::uint32_t>(h);
}

std::size_t NameIndex::slot_of(const AccountNames& names, std::string_view name,
                               std::uint32_t hash) const {
    const std::size_t mask = slots_.size() - 1;
    std::size_t at = hash & mask;
    while (slots_[at].id != empty) {
        if (slots_[at].hash == hash && names[AccountId{slots_[at].id}] == name) break;
        at = (at + 1) & mask;
    }
    return at;
}

std::optional<AccountId> NameIndex::find(const AccountNames& names, std::string_view name) const {
    const Slot& slot = slots_[slot_of(names, name, hash_of(name))];
    if (slot.id == empty) return std::nullopt;
    return AccountId{slot.id};
}

AccountId NameIndex::find_or_add(AccountNames& names, std::string_view name) {
    const std::uint32_t hash = hash_of(name);
    std::size_t at = slot_of(names, name, hash);
    if (slots_[at].id != empty) return AccountId{slots_[at].id};
    if (2 * (used_ + 1) > slots_.size()) {
        grow();
        at = slot_of(names, name, hash);
    }
    const auto id = static_cast<std::uint32_t>(names.size());
    slots_[at] = {.hash = hash, .id = id};
    ++used_;
    names.push_back(name);
    return AccountId{id};
}

void NameIndex::grow() {
    const std::vector<Slot> old = std::exchange(slots_, std::vector<Slot>(2 * slots_.size()));
    const std::size_t mask = slots_.size() - 1;
    for (const Slot& slot : old) {
        if (slot.id == empty) continue;
        std::size_t at = slot.hash & mask;
        while (slots_[at].id != empty)
            at = (at + 1) & mask;
        slots_[at] = slot;
    }
}

}  // namespace breakwater
