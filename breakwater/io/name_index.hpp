// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "breakwater/stress/book.hpp"

/// Finds an account by its name: open addressing over the names where they lie, 8 bytes a slot, at
/// most half full.
namespace breakwater {

class NameIndex {
  public:
    explicit NameIndex(std::size_t accounts_expected = 0);
    /// Of all names there are.
    static NameIndex of(const AccountNames& names);

    [[nodiscard]] std::optional<AccountId> find(const AccountNames& names,
                                                std::string_view name) const;
    /// Its account; a new name is added to `names`, with the next id.
    AccountId find_or_add(AccountNames& names, std::string_view name);

  private:
    struct Slot {
        std::uint32_t hash = 0;
        std::uint32_t id = empty;
    };
    static constexpr std::uint32_t empty = 0xffff'ffffU;

    static std::uint32_t hash_of(std::string_view name);
    /// The slot of the name, or the empty one where it belongs.
    [[nodiscard]] std::size_t slot_of(const AccountNames& names, std::string_view name,
                                      std::uint32_t hash) const;
    void grow();

    std::vector<Slot> slots_;  ///< a power of two of them
    std::size_t used_ = 0;
};

}  // namespace breakwater
