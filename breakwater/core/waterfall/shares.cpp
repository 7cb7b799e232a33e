// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/core/waterfall/shares.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "breakwater/core/math.hpp"
#include "breakwater/core/require.hpp"

namespace breakwater {
namespace {

struct Remainder {
    uint128 left;
    std::size_t row;
};

bool comes_first(const Remainder& a, const Remainder& b) {
    return a.left != b.left ? a.left > b.left : a.row < b.row;
}

uint128 sum_of(std::span<const uint128> weights) {
    Checked checked;
    uint128 sum = 0;
    for (const uint128 w : weights)
        sum = checked.add(sum, w);
    REQUIRE(!checked.overflow());
    return sum;
}

}  // namespace

void apportion(uint128 total, std::span<const uint128> weights, std::span<uint128> parts) {
    REQUIRE(weights.size() == parts.size());
    const uint128 sum = sum_of(weights);
    if (total != 0) REQUIRE(sum != 0);
    std::vector<Remainder> remainders;
    remainders.reserve(weights.size());
    uint128 left = total;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        parts[i] = 0;
        if (total == 0 || weights[i] == 0) continue;
        const Division quota = divide(mul_wide(total, weights[i]), sum);
        parts[i] = quota.quotient.low();
        left -= parts[i];
        if (quota.remainder != 0) remainders.push_back({quota.remainder, i});
    }
    // Σ remainders = left · Σ weights, so fewer units are left than there are remainders.
    REQUIRE(left <= remainders.size());
    const auto end = remainders.begin() + static_cast<std::ptrdiff_t>(left);
    if (end != remainders.end())
        std::nth_element(remainders.begin(), end, remainders.end(), comes_first);
    for (auto r = remainders.begin(); r != end; ++r)
        ++parts[r->row];
}

}  // namespace breakwater
