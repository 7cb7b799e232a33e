// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <cstdint>
#include <string>

#include "breakwater/core/book.hpp"

/// Fingerprint of the state, computed on request over the canonical serialised form, never over memory: where an
/// account's legs happen to lie, and legs that are empty, do not show. Two 64-bit lanes of multiply and xor-shift;
/// equal states have equal digests on every compiler and machine. It finds differences, it does not resist an attacker.
/// Source: docs/rules.md, ENGINE-004; docs/formats.md, "state digest 1".
namespace breakwater {

class Digest {
 public:
    void absorb(std::uint64_t word);
    void absorb(uint128 word) {
        absorb(static_cast<std::uint64_t>(word));
        absorb(static_cast<std::uint64_t>(word >> 64U));
    }
    [[nodiscard]] uint128 value() const { return uint128{a_} << 64U | b_; }
    /// 32 lower-case hexadecimal digits.
    [[nodiscard]] std::string hex() const;

 private:
    std::uint64_t a_ = 0x6272'6561'6b77'6174U;
    std::uint64_t b_ = 0x6572'2d64'6967'3031U;
};

std::string digest_of(const State& state);

}  // namespace breakwater
