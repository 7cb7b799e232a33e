// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/core/waterfall/socialisation.hpp"

#include <algorithm>

#include "breakwater/core/math.hpp"
#include "breakwater/core/require.hpp"
#include "breakwater/core/waterfall/shares.hpp"

namespace breakwater {

Socialisation haircut_claims(uint128 loss, std::span<const uint128> claims) {
    Checked checked;
    uint128 covered = 0;
    for (const uint128 claim : claims)
        covered = checked.add(covered, claim);
    REQUIRE(!checked.overflow());
    covered = std::min(covered, loss);
    Socialisation out{.cuts = std::vector<uint128>(claims.size()), .left = loss - covered};
    apportion(covered, claims, out.cuts);
    return out;
}

Socialisation haircut_gains(uint128 loss, std::span<const int128> variation) {
    std::vector<uint128> gains;
    gains.reserve(variation.size());
    for (const int128 v : variation)
        gains.push_back(v > 0 ? static_cast<uint128>(v) : 0);
    return haircut_claims(loss, gains);
}

}  // namespace breakwater
