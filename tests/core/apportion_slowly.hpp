// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <cstddef>
#include <vector>

#include "breakwater/core/big_integer.hpp"

/// The splits of docs/rules.md in O(n²), unit by unit, in 512 bits: WATERFALL-010.
namespace breakwater::reference {

/// Quotas rounded down; then each unit that is left goes to whoever's quota was cut most and has not had one.
inline std::vector<uint128> apportion_slowly(uint128 total, const std::vector<uint128>& weights) {
    BigInteger sum;
    for (const uint128 w : weights)
        sum = sum + BigInteger::of_unsigned(w);
    std::vector<uint128> parts(weights.size());
    std::vector<BigInteger> cut(weights.size());
    uint128 left = total;
    for (std::size_t i = 0; i < weights.size() && total != 0; ++i) {
        const BigInteger product =
            BigInteger::of_unsigned(total) * BigInteger::of_unsigned(weights[i]);
        const BigInteger quota = div_down(product, sum);
        cut[i] = product - quota * sum;
        bool fits = false;
        parts[i] = quota.low(fits).low();
        left -= parts[i];
    }
    for (; left > 0; --left) {
        std::size_t most = 0;
        for (std::size_t i = 1; i < cut.size(); ++i)
            if (cut[most] < cut[i]) most = i;
        ++parts[most];
        cut[most] = 0;
    }
    return parts;
}

}  // namespace breakwater::reference
