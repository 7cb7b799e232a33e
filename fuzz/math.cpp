// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/core/math.hpp"

#include <cstdlib>
#include <cstring>

#include <boost/multiprecision/cpp_int.hpp>

/// libFuzzer over the divisions: quotient, remainder and the overflow flag against 1,024 bits (MATH-001).
namespace {

using namespace breakwater;
using Wide = boost::multiprecision::number<boost::multiprecision::cpp_int_backend<
    1024, 1024, boost::multiprecision::unsigned_magnitude, boost::multiprecision::unchecked, void>>;

Wide wide(uint128 v) {
    return (Wide(static_cast<std::uint64_t>(v >> 64U)) << 64) | static_cast<std::uint64_t>(v);
}
Wide wide(const Uint256& v) {
    return (wide(v.high()) << 128) | wide(v.low());
}

void need(bool holds) {
    if (!holds) std::abort();
}

template <class Operation>
void same(const Wide& exact, Operation operation) {
    Checked math;
    const uint128 got = operation(math);
    const bool fits = exact < (Wide(1) << 128);
    need(math.overflow() == !fits);
    if (fits) need(wide(got) == exact);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    uint128 words[3] = {};
    std::memcpy(words, data, size < sizeof words ? size : sizeof words);
    const uint128 a = words[0];
    const uint128 b = words[1];
    const uint128 c = words[2] == 0 ? 1 : words[2];
    const Wide product = wide(a) * wide(b);
    same(product / wide(c), [&](Checked& m) { return m.mul_div_down(a, b, c); });
    same((product + wide(c) - 1) / wide(c), [&](Checked& m) { return m.mul_div_up(a, b, c); });
    same((product + wide(c) / 2) / wide(c), [&](Checked& m) { return m.mul_div_half_up(a, b, c); });
    same(product / wide(ray), [&](Checked& m) { return m.ray_mul_down(a, b); });
    same((product + wide(ray) / 2) / wide(ray),
         [&](Checked& m) { return m.ray_mul_half_up(a, b); });
    const Uint256 dividend{a, b};
    const Division d = divide(dividend, c);
    need(wide(d.quotient) == wide(dividend) / wide(c));
    need(wide(d.remainder) == wide(dividend) % wide(c));
    return 0;
}
