// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <cstddef>

namespace breakwater {

/// Counts in the type in which a table's rows are named: `for (const std::uint8_t k : each_number<std::uint8_t>(n))`.
/// Counted is in a size, so that the loop ends where the table is as large as the type allows.
template <class Number>
class NumberRange {
  public:
    class Iterator {
      public:
        constexpr explicit Iterator(std::size_t at) : at_(at) {}
        constexpr Number operator*() const { return static_cast<Number>(at_); }
        constexpr Iterator& operator++() {
            ++at_;
            return *this;
        }
        constexpr bool operator==(const Iterator&) const = default;

      private:
        std::size_t at_;
    };

    constexpr explicit NumberRange(std::size_t count) : count_(count) {}
    [[nodiscard]] constexpr Iterator begin() const { return Iterator{0}; }
    [[nodiscard]] constexpr Iterator end() const { return Iterator{count_}; }

  private:
    std::size_t count_;
};

/// 0 … count − 1. The table has at most as many rows as Number has values.
template <class Number>
constexpr NumberRange<Number> each_number(std::size_t count) {
    return NumberRange<Number>(count);
}

}  // namespace breakwater
