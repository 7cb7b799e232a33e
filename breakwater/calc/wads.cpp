// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/calc/wads.hpp"

#include <array>
#include <charconv>

#include "breakwater/core/wads.hpp"

namespace breakwater::calc {

BigInteger wad_of(double number) {
    constexpr int digits_max = 100;
    std::array<char, 40> text{};
    const auto end =
        std::to_chars(text.data(), text.data() + text.size(), number, std::chars_format::scientific)
            .ptr;
    BigInteger digits;
    int exponent = static_cast<int>(wads::places);
    bool is_negative = false;
    bool is_behind_point = false;
    for (const char* c = text.data(); c != end; ++c) {
        if (*c == '-') {
            is_negative = true;
        } else if (*c == '.') {
            is_behind_point = true;
        } else if (*c == 'e') {
            int power = 0;
            std::from_chars(c[1] == '+' ? c + 2 : c + 1, end, power);
            exponent += power;
            break;
        } else {
            digits = digits * BigInteger{10} + BigInteger{*c - '0'};
            if (is_behind_point) --exponent;
        }
    }
    if (is_negative) digits = -digits;
    if (exponent > digits_max) return digits.sign() == 0 ? digits : BigInteger::lost();
    if (exponent >= 0) return digits * big_power_of_ten(static_cast<unsigned>(exponent));
    if (exponent < -digits_max) return {};
    return div_toward_zero(digits, big_power_of_ten(static_cast<unsigned>(-exponent)));
}

BigInteger wad(Input& in, std::string_view key, const Bounds& bounds) {
    return wad_of(in.number(key, bounds));
}

BigInteger wad_or(Input& in, std::string_view key, double fallback, const Bounds& bounds) {
    return wad_of(in.number_or(key, fallback, bounds));
}

std::optional<BigInteger> optional_wad(Input& in, std::string_view key, const Bounds& bounds) {
    const auto number = in.optional_number(key, bounds);
    if (!number) return std::nullopt;
    return wad_of(*number);
}

double from_wad(const Input& in, const BigInteger& value) {
    if (value.is_lost())
        in.fail_whole("leads to a number that 512 bits do not hold", "numbers of ordinary size");
    std::string text;
    BigInteger rest = value.magnitude();
    while (rest.sign() != 0)
        text.insert(text.begin(), static_cast<char>('0' + rest.take_digit()));
    if (text.empty()) return 0.0;
    text += "e-18";
    double out = 0.0;
    std::from_chars(text.data(), text.data() + text.size(), out);
    return value.sign() < 0 ? -out : out;
}

}  // namespace breakwater::calc
