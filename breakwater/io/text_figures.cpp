// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/io/text_figures.hpp"

#include <algorithm>
#include <cstdint>

namespace breakwater {

std::string fixed(double value, unsigned digits) {
    double unit = 1;
    for (unsigned i = 0; i < digits; ++i)
        unit *= 10;
    const auto scaled = static_cast<std::uint64_t>(std::clamp(value * unit + 0.5, 0.0, 9e18));
    const auto whole = static_cast<std::uint64_t>(unit);
    std::string text = std::to_string(scaled / whole);
    if (digits == 0) return text;
    const std::string rest = std::to_string(scaled % whole);
    return text + "." + std::string(digits - rest.size(), '0') + rest;
}

std::string millions(double usd) {
    return fixed(usd / 1e6, 2) + "M";
}

std::string dollars(double usd) {
    return (usd < 1e6 ? fixed(usd, 0) : millions(usd)) + " USD";
}

std::string percent(double part, double whole) {
    return (whole > 0 ? fixed(100 * part / whole, 1) : std::string("0.0")) + " %";
}

std::string percent(std::size_t part, std::size_t whole) {
    return percent(static_cast<double>(part), static_cast<double>(whole));
}

}  // namespace breakwater
