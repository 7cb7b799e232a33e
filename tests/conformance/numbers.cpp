// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "numbers.hpp"

#include <algorithm>
#include <stdexcept>

namespace breakwater::conformance {
namespace {

using nlohmann::json;

std::string digits_of(const json& decimal) {
    std::string s = decimal.is_string() ? decimal.get<std::string>()
                                        : std::to_string(decimal.get<std::uint64_t>());
    const bool sound =
        !s.empty() && std::ranges::all_of(s, [](char c) { return c >= '0' && c <= '9'; });
    if (!sound) throw std::runtime_error("not a number: " + s);
    return s;
}

Uint256 parse(Checked& math, const std::string& digits) {
    Uint256 v;
    for (const char c : digits)
        v = math.add_wide(math.mul_wide_by(v, 10), Uint256{static_cast<uint128>(c - '0')});
    return v;
}

}  // namespace

uint128 number(const json& decimal) {
    Checked math;
    const uint128 v = math.narrow(parse(math, digits_of(decimal)));
    if (math.overflow()) throw std::runtime_error("beyond 128 bits: " + digits_of(decimal));
    return v;
}

uint128 number_at_most(const json& decimal) {
    Checked math;
    const uint128 v = math.narrow(parse(math, digits_of(decimal)));
    return math.overflow() ? uint128_max : v;
}

Uint256 wide_number(const json& decimal) {
    Checked math;
    const Uint256 v = parse(math, digits_of(decimal));
    if (math.overflow()) throw std::runtime_error("beyond 256 bits: " + digits_of(decimal));
    return v;
}

int128 signed_number(const json& decimal) {
    const auto s = decimal.get<std::string>();
    if (s.starts_with('-')) return -static_cast<int128>(number(json(s.substr(1))));
    return static_cast<int128>(number(decimal));
}

Size size_of(const std::string& decimal) {
    Checked math;
    const uint128 v = math.narrow(parse(math, digits_of(json(decimal))));
    return math.overflow() ? Size::all() : Size::exactly({v});
}

std::string text(const Uint256& value) {
    Uint256 v = value;
    std::string out;
    do {
        const Division d = divide(v, 10);
        out += static_cast<char>('0' + static_cast<int>(d.remainder));
        v = d.quotient;
    } while (v != Uint256{});
    std::ranges::reverse(out);
    return out;
}

std::string text(uint128 v) {
    return text(Uint256{v});
}

std::string signed_text(int128 v) {
    return v < 0 ? "-" + text(static_cast<uint128>(-v)) : text(static_cast<uint128>(v));
}

void Differences::compare(const std::string& what, const json& want, const std::string& got) {
    if (want != json(got)) lines_.push_back(what + ": expected " + want.dump() + ", got " + got);
}

void Differences::compare(const std::string& what, const json& want, bool got) {
    if (want != json(got))
        lines_.push_back(what + ": expected " + want.dump() + (got ? ", got true" : ", got false"));
}

bool matches(const std::vector<Reason>& reasons, const std::string& revert, Error error) {
    const std::string name =
        revert.substr(0, revert.starts_with("Panic") ? std::string::npos : revert.find('('));
    for (const Reason& r : reasons)
        if (name == r.revert) return std::ranges::find(r.errors, error) != r.errors.end();
    return false;
}

}  // namespace breakwater::conformance
