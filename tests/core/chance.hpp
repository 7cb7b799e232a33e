// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <span>

#include "breakwater/core/units.hpp"

/// Where a random sequence takes its choices from: a seed in tests, bytes in the fuzzer.
namespace breakwater::given {

class Chance {
  public:
    virtual ~Chance() = default;
    /// Uniform in [0, n), n > 0.
    virtual std::uint64_t below(std::uint64_t n) = 0;
    virtual bool exhausted() = 0;

    bool one_in(std::uint64_t n) { return below(n) == 0; }
    /// Bits spread evenly, so that there are as many small numbers as large ones; edges of the bits one time in four.
    uint128 wide(unsigned bits_max) {
        const auto bits = static_cast<unsigned>(below(bits_max + 1));
        if (bits == 0) return below(3);
        const uint128 top = uint128{1} << (bits - 1);
        switch (below(8)) {
            case 0:
                return top;
            case 1:
                return (top - 1) | top;
            default:
                return top |
                       (((uint128{below(1ULL << 62U)} << 62U) | below(1ULL << 62U)) & (top - 1));
        }
    }
};

class SeededChance final : public Chance {
  public:
    explicit SeededChance(std::uint64_t seed) : engine_(seed) {}
    std::uint64_t below(std::uint64_t n) override { return engine_() % n; }
    bool exhausted() override { return false; }

  private:
    std::mt19937_64 engine_;
};

/// As few bytes as the range needs; zeros when there are none left.
class ByteChance final : public Chance {
  public:
    explicit ByteChance(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}
    std::uint64_t below(std::uint64_t n) override {
        std::uint64_t word = 0;
        for (std::uint64_t range = n - 1; range != 0; range >>= 8U)
            word = word << 8U | next();
        return word % n;
    }
    bool exhausted() override { return at_ >= bytes_.size(); }

  private:
    std::uint8_t next() { return at_ < bytes_.size() ? bytes_[at_++] : std::uint8_t{0}; }

    std::span<const std::uint8_t> bytes_;
    std::size_t at_ = 0;
};

}  // namespace breakwater::given
