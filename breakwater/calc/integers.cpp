// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/calc/integers.hpp"

#include <algorithm>
#include <cstdlib>

#include "breakwater/calc/input.hpp"
#include "breakwater/io/decimal.hpp"

namespace breakwater::calc {

nlohmann::json long_integer(std::string_view digits) {
    return nlohmann::json::binary({digits.begin(), digits.end()});
}

bool is_long_integer(const nlohmann::json& value) {
    return value.is_binary();
}

std::string long_integer_text(const nlohmann::json& value) {
    const auto& bytes = value.get_binary();
    return {bytes.begin(), bytes.end()};
}

namespace {

std::optional<SignedWide> integer_of_text(std::string_view text) {
    SignedWide out;
    if (text.starts_with('-')) {
        out.negative = true;
        text.remove_prefix(1);
    }
    if (text.empty()) return std::nullopt;
    Checked checked;
    for (const char c : text) {
        if (c < '0' || c > '9') return std::nullopt;
        out.magnitude = checked.add_wide(checked.mul_wide_by(out.magnitude, 10),
                                         Uint256{static_cast<uint128>(c - '0')});
        if (checked.overflow()) return std::nullopt;
    }
    if (out.magnitude == Uint256{}) out.negative = false;
    return out;
}

}  // namespace

std::optional<SignedWide> integer_of(const nlohmann::json& value) {
    if (value.is_string()) return integer_of_text(value.get_ref<const std::string&>());
    if (is_long_integer(value)) return integer_of_text(long_integer_text(value));
    if (value.is_number_unsigned())
        return SignedWide{.negative = false, .magnitude = Uint256{value.get<std::uint64_t>()}};
    if (!value.is_number_integer()) return std::nullopt;
    const auto n = value.get<std::int64_t>();
    const int128 wide = n;
    return SignedWide{.negative = n < 0,
                      .magnitude = Uint256{static_cast<uint128>(n < 0 ? -wide : wide)}};
}

std::optional<int128> narrow(const SignedWide& value) {
    constexpr uint128 sign_bit = uint128{1} << 127U;
    if (value.magnitude.high() != 0) return std::nullopt;
    const uint128 m = value.magnitude.low();
    if (value.negative) {
        if (m > sign_bit) return std::nullopt;
        return static_cast<int128>(~m + 1U);
    }
    if (m >= sign_bit) return std::nullopt;
    return static_cast<int128>(m);
}

std::optional<double> number_of(const nlohmann::json& value) {
    if (value.is_number()) return value.get<double>();
    if (is_long_integer(value)) return std::strtod(long_integer_text(value).c_str(), nullptr);
    return std::nullopt;
}

std::string decimal(Uint256 value) {
    return format_integer(value);
}

std::string decimal(BigInteger value) {
    const bool is_negative = value.sign() < 0;
    std::string out;
    do {
        out.push_back(static_cast<char>('0' + static_cast<int>(value.take_digit())));
    } while (value.sign() != 0);
    if (is_negative) out.push_back('-');
    std::ranges::reverse(out);
    return out;
}

std::string decimal(uint128 value) {
    return decimal(Uint256{value});
}

std::string decimal(int128 value) {
    const auto bits = static_cast<uint128>(value);
    return value < 0 ? "-" + decimal(~bits + 1U) : decimal(bits);
}

}  // namespace breakwater::calc
