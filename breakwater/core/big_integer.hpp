// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <array>
#include <compare>
#include <cstdint>

#include "breakwater/core/math.hpp"

/// A signed integer of 512 bits and a sign, for formulas that multiply several 128-bit amounts and
/// divide once, as protocols with integers of any size do. Slow and plain: for single answers, not
/// for the money path. What does not fit is "lost", and so is all that is computed from it; the
/// caller asks once, at the end. Source: docs/rules.md, MATH-002.
namespace breakwater {

class BigInteger {
  public:
    constexpr BigInteger() = default;
    // Widening loses nothing.
    BigInteger(int128 value);  // NOLINT(google-explicit-constructor)
    // NOLINTNEXTLINE(google-explicit-constructor)
    BigInteger(int value) : BigInteger(static_cast<int128>(value)) {}
    explicit BigInteger(const Uint256& magnitude, bool is_negative = false);
    static BigInteger of_unsigned(uint128 value) { return BigInteger(Uint256{value}); }
    static BigInteger lost();

    [[nodiscard]] bool is_lost() const { return lost_; }
    /// −1, 0, 1.
    [[nodiscard]] int sign() const;
    [[nodiscard]] BigInteger magnitude() const;

    friend BigInteger operator+(const BigInteger& a, const BigInteger& b);
    friend BigInteger operator-(const BigInteger& a, const BigInteger& b);
    friend BigInteger operator*(const BigInteger& a, const BigInteger& b);
    BigInteger operator-() const;

    // Quotients; divided by 0 they are lost.
    friend BigInteger div_toward_zero(const BigInteger& a, const BigInteger& b);
    friend BigInteger div_down(const BigInteger& a, const BigInteger& b);  ///< toward −infinity
    friend BigInteger div_up(const BigInteger& a, const BigInteger& b);    ///< toward +infinity

    /// Lost values are equal to each other and above all others.
    friend std::strong_ordering operator<=>(const BigInteger& a, const BigInteger& b);
    friend bool operator==(const BigInteger& a, const BigInteger& b) { return (a <=> b) == 0; }

    /// The magnitude as unsigned 256 bits; sets `fits`.
    [[nodiscard]] Uint256 low(bool& fits) const;
    /// Decimal digit by digit: the magnitude becomes a tenth, the last digit comes back.
    unsigned take_digit();

  private:
    static constexpr std::size_t limbs = 16;
    using Limbs = std::array<std::uint32_t, limbs>;  ///< least significant first

    struct QuotientAndRest {
        Limbs quotient;
        Limbs rest;
    };
    static std::strong_ordering compare(const Limbs& a, const Limbs& b);
    static bool add(Limbs& a, const Limbs& b);  ///< false where it does not fit
    static void subtract(Limbs& a, const Limbs& b);
    static QuotientAndRest divide(const Limbs& a, const Limbs& b);
    static bool is_zero(const Limbs& a);
    /// Quotient toward zero and whether it was not exact.
    static BigInteger quotient(const BigInteger& a, const BigInteger& b, bool& is_inexact);

    Limbs magnitude_{};
    bool negative_ = false;
    bool lost_ = false;
};

/// 10^n, n ≤ 150.
BigInteger big_power_of_ten(unsigned n);

BigInteger min(const BigInteger& a, const BigInteger& b);
BigInteger max(const BigInteger& a, const BigInteger& b);

}  // namespace breakwater
