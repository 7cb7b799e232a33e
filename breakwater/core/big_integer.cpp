// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/core/big_integer.hpp"

#include <algorithm>

namespace breakwater {
namespace {

constexpr unsigned limb_bits = 32;

}  // namespace

BigInteger::BigInteger(int128 value) : negative_(value < 0) {
    auto rest = static_cast<uint128>(value);
    if (negative_) rest = ~rest + 1U;
    for (std::size_t i = 0; rest != 0; ++i, rest >>= limb_bits)
        magnitude_[i] = static_cast<std::uint32_t>(rest);
}

BigInteger::BigInteger(const Uint256& magnitude, bool is_negative) {
    for (std::size_t i = 0; i < magnitude.limb.size(); ++i) {
        magnitude_[2 * i] = static_cast<std::uint32_t>(magnitude.limb[i]);
        magnitude_[2 * i + 1] = static_cast<std::uint32_t>(magnitude.limb[i] >> limb_bits);
    }
    negative_ = is_negative && !is_zero(magnitude_);
}

BigInteger BigInteger::lost() {
    BigInteger out;
    out.lost_ = true;
    return out;
}

int BigInteger::sign() const {
    if (is_zero(magnitude_)) return 0;
    return negative_ ? -1 : 1;
}

BigInteger BigInteger::magnitude() const {
    BigInteger out = *this;
    out.negative_ = false;
    return out;
}

BigInteger BigInteger::operator-() const {
    BigInteger out = *this;
    out.negative_ = !negative_ && !is_zero(magnitude_);
    return out;
}

bool BigInteger::is_zero(const Limbs& a) {
    return std::ranges::all_of(a, [](std::uint32_t limb) { return limb == 0; });
}

std::strong_ordering BigInteger::compare(const Limbs& a, const Limbs& b) {
    for (std::size_t i = limbs; i-- > 0;)
        if (a[i] != b[i]) return a[i] <=> b[i];
    return std::strong_ordering::equal;
}

bool BigInteger::add(Limbs& a, const Limbs& b) {
    std::uint64_t carry = 0;
    for (std::size_t i = 0; i < limbs; ++i) {
        carry += std::uint64_t{a[i]} + b[i];
        a[i] = static_cast<std::uint32_t>(carry);
        carry >>= limb_bits;
    }
    return carry == 0;
}

void BigInteger::subtract(Limbs& a, const Limbs& b) {
    std::uint64_t borrow = 0;
    for (std::size_t i = 0; i < limbs; ++i) {
        const std::uint64_t difference = std::uint64_t{a[i]} - b[i] - borrow;
        a[i] = static_cast<std::uint32_t>(difference);
        borrow = (difference >> limb_bits) & 1U;
    }
}

BigInteger operator+(const BigInteger& a, const BigInteger& b) {
    if (a.lost_ || b.lost_) return BigInteger::lost();
    BigInteger out = a;
    if (a.negative_ == b.negative_) {
        out.lost_ = !BigInteger::add(out.magnitude_, b.magnitude_);
        return out;
    }
    if (BigInteger::compare(a.magnitude_, b.magnitude_) >= 0) {
        BigInteger::subtract(out.magnitude_, b.magnitude_);
    } else {
        out = b;
        BigInteger::subtract(out.magnitude_, a.magnitude_);
    }
    if (BigInteger::is_zero(out.magnitude_)) out.negative_ = false;
    return out;
}

BigInteger operator-(const BigInteger& a, const BigInteger& b) {
    return a + -b;
}

BigInteger operator*(const BigInteger& a, const BigInteger& b) {
    if (a.lost_ || b.lost_) return BigInteger::lost();
    BigInteger out;
    for (std::size_t i = 0; i < BigInteger::limbs; ++i) {
        std::uint64_t carry = 0;
        for (std::size_t j = 0; j < BigInteger::limbs; ++j) {
            // Below 2^64: (2^32 − 1)² + 2 (2^32 − 1).
            const std::uint64_t product = std::uint64_t{a.magnitude_[i]} * b.magnitude_[j] + carry;
            if (i + j >= BigInteger::limbs) {
                if (product != 0) return BigInteger::lost();
                continue;
            }
            const std::uint64_t sum = product + out.magnitude_[i + j];
            out.magnitude_[i + j] = static_cast<std::uint32_t>(sum);
            carry = sum >> limb_bits;
        }
        if (carry != 0) return BigInteger::lost();
    }
    out.negative_ = a.negative_ != b.negative_ && !BigInteger::is_zero(out.magnitude_);
    return out;
}

BigInteger::QuotientAndRest BigInteger::divide(const Limbs& a, const Limbs& b) {
    // Bit by bit. The rest stays below the divisor, so doubling it loses a bit only where the
    // divisor's own top bit is set; `spilled` keeps that bit.
    QuotientAndRest out{};
    for (std::size_t bit = limbs * limb_bits; bit-- > 0;) {
        const bool spilled = (out.rest.back() >> (limb_bits - 1)) != 0;
        for (std::size_t i = limbs; i-- > 1;)
            out.rest[i] = (out.rest[i] << 1U) | (out.rest[i - 1] >> (limb_bits - 1));
        out.rest[0] = (out.rest[0] << 1U) | ((a[bit / limb_bits] >> (bit % limb_bits)) & 1U);
        if (spilled || compare(out.rest, b) >= 0) {
            subtract(out.rest, b);
            out.quotient[bit / limb_bits] |= 1U << (bit % limb_bits);
        }
    }
    return out;
}

BigInteger BigInteger::quotient(const BigInteger& a, const BigInteger& b, bool& is_inexact) {
    if (a.lost_ || b.lost_ || is_zero(b.magnitude_)) return lost();
    const QuotientAndRest q = divide(a.magnitude_, b.magnitude_);
    is_inexact = !is_zero(q.rest);
    BigInteger out;
    out.magnitude_ = q.quotient;
    out.negative_ = a.negative_ != b.negative_ && !is_zero(q.quotient);
    return out;
}

BigInteger div_toward_zero(const BigInteger& a, const BigInteger& b) {
    bool is_inexact = false;
    return BigInteger::quotient(a, b, is_inexact);
}

BigInteger div_down(const BigInteger& a, const BigInteger& b) {
    bool is_inexact = false;
    const BigInteger q = BigInteger::quotient(a, b, is_inexact);
    return is_inexact && a.negative_ != b.negative_ ? q - 1 : q;
}

BigInteger div_up(const BigInteger& a, const BigInteger& b) {
    bool is_inexact = false;
    const BigInteger q = BigInteger::quotient(a, b, is_inexact);
    return is_inexact && a.negative_ == b.negative_ ? q + 1 : q;
}

std::strong_ordering operator<=>(const BigInteger& a, const BigInteger& b) {
    if (a.lost_ || b.lost_) return a.lost_ <=> b.lost_;
    if (a.negative_ != b.negative_) return b.negative_ <=> a.negative_;
    return a.negative_ ? BigInteger::compare(b.magnitude_, a.magnitude_)
                       : BigInteger::compare(a.magnitude_, b.magnitude_);
}

Uint256 BigInteger::low(bool& fits) const {
    Uint256 out;
    fits = !lost_;
    for (std::size_t i = 0; i < limbs; ++i) {
        if (i < 2 * out.limb.size())
            out.limb[i / 2] |= std::uint64_t{magnitude_[i]} << (limb_bits * (i % 2));
        else
            fits = fits && magnitude_[i] == 0;
    }
    return out;
}

unsigned BigInteger::take_digit() {
    std::uint64_t rest = 0;
    for (std::size_t i = limbs; i-- > 0;) {
        rest = (rest << limb_bits) | magnitude_[i];
        magnitude_[i] = static_cast<std::uint32_t>(rest / 10);
        rest %= 10;
    }
    return static_cast<unsigned>(rest);
}

BigInteger big_power_of_ten(unsigned n) {
    BigInteger out = 1;
    for (unsigned i = 0; i < n; ++i)
        out = out * 10;
    return out;
}

BigInteger min(const BigInteger& a, const BigInteger& b) {
    return b < a ? b : a;
}

BigInteger max(const BigInteger& a, const BigInteger& b) {
    return a < b ? b : a;
}

}  // namespace breakwater
