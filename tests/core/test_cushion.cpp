// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <array>
#include <cstdint>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "breakwater/core/liquidation/cushion.hpp"

namespace breakwater {
namespace {

/// A random account with unit values from 2^57 to 2^89 and weights below 2^32: nearly every Magnitude is an integer,
/// and 128 bits hold every sum exactly.
struct Sample {
    std::vector<uint128> weight;
    std::vector<PackedLeg> legs;
    std::vector<std::uint64_t> value;
    std::vector<std::uint32_t> stride;
    std::vector<std::uint64_t> keys;
    uint128 slop = 0;

    explicit Sample(std::mt19937_64& engine) {
        const auto wide = [&] { return 1 + (engine() >> (32 + engine() % 31)); };
        const std::size_t n = 1 + engine() % 6;
        value.resize(2 * n);
        stride.resize(2 * n);
        keys.resize(2 * n);
        for (unsigned side = 0; side < 2 * n; ++side) {
            const bool is_debt = side % 2 == 1;
            const uint128 unit = uint128{wide()} << 57U;
            value[side] = is_debt ? ~magnitude_up(unit).bits : magnitude_down(unit).bits;
            stride[side] = static_cast<std::uint32_t>(1 + (engine() >> (48 + engine() % 16)));
            if (engine() % 4 == 0) continue;
            const std::uint64_t w = wide() >> (is_debt ? 4 : 0);
            weight.push_back(w);
            legs.push_back(pack_leg(side, is_debt ? magnitude_up(w) : magnitude_down(w)));
        }
        slop = engine() % 3 == 0 ? 0 : uint128{wide()} << 60U;
    }

    [[nodiscard]] Cover cover(unsigned doubt_bits) {
        return share_cushion(legs, {value, stride}, magnitude_up(slop), doubt_bits, keys);
    }
    [[nodiscard]] bool share() { return cover(0) == Cover::some; }

    struct Sums {
        uint128 collateral = 0;
        uint128 debt = 0;
    };
    [[nodiscard]] Sums sums() const {
        Sums sums;
        for (std::size_t i = 0; i < legs.size(); ++i) {
            const std::uint64_t v = value[legs[i].side()];
            (legs[i].is_debt() ? sums.debt : sums.collateral) +=
                weight[i] * integer_up({legs[i].is_debt() ? ~v : v});
        }
        return sums;
    }

    /// Σ collateral ≥ Σ debt + slop, exactly, at the values `at(leg)`.
    template <class At>
    [[nodiscard]] bool is_covered(At&& at) const {
        uint128 collateral = 0;
        uint128 debt = slop * legs.size();
        for (std::size_t i = 0; i < legs.size(); ++i) {
            const std::uint64_t v = at(i);
            (legs[i].is_debt() ? debt : collateral) +=
                weight[i] * integer_up({legs[i].is_debt() ? ~v : v});
        }
        return collateral >= debt;
    }
};

TEST(Cushion, WATCH_002_lasts_to_the_far_corner_of_the_box) {
    std::mt19937_64 engine(21);
    int boxes = 0;
    for (int i = 0; i < 100'000; ++i) {
        Sample sample(engine);
        if (!sample.share()) continue;
        ++boxes;
        ASSERT_TRUE(
            sample.is_covered([&](std::size_t k) { return sample.value[sample.legs[k].side()]; }));
        ASSERT_TRUE(sample.is_covered([&](std::size_t k) { return sample.keys[k]; }))
            << "sample " << i;
    }
    EXPECT_GT(boxes, 10'000);
}

TEST(Cushion, puts_no_key_beyond_the_present_value) {
    std::mt19937_64 engine(22);
    for (int i = 0; i < 100'000; ++i) {
        Sample sample(engine);
        if (!sample.share()) continue;
        for (std::size_t k = 0; k < sample.legs.size(); ++k) {
            ASSERT_LE(sample.keys[k], sample.value[sample.legs[k].side()]);
        }
    }
}

TEST(Cushion, is_none_where_debt_is_not_covered) {
    std::mt19937_64 engine(23);
    for (int i = 0; i < 100'000; ++i) {
        Sample sample(engine);
        const bool covered =
            sample.is_covered([&](std::size_t k) { return sample.value[sample.legs[k].side()]; });
        if (!covered) {
            ASSERT_FALSE(sample.share()) << "sample " << i;
        }
    }
}

TEST(Cushion, WATCH_005_is_surely_none_only_where_the_sums_fall_short_by_more_than_the_doubt) {
    std::mt19937_64 engine(24);
    int sure = 0;
    int doubtful = 0;
    for (int i = 0; i < 300'000; ++i) {
        Sample sample(engine);
        const auto bits = static_cast<unsigned>(6 + engine() % 35);
        const Cover cover = sample.cover(bits);
        if (cover == Cover::some) continue;
        const auto [collateral, debt] = sample.sums();
        const uint128 most = collateral + (collateral >> (bits - 2)) + 1;  // 4ε more
        const uint128 least = debt - (debt >> (bits - 2)) - 1;
        if (cover == Cover::none) {
            ASSERT_LT(most, least) << "sample " << i;
            ++sure;
            continue;
        }
        ASSERT_EQ(sample.cover(0), Cover::doubtful);
        ++doubtful;
        // Not without need: twice the margin, and the slop, are always enough.
        const uint128 each = (std::max(collateral, debt) >> 50U) + sample.slop;
        ASSERT_LE(debt, collateral + ((collateral + debt) >> (bits - 4)) +
                            16 * (sample.legs.size() + 1) * (each + 1))
            << "sample " << i;
    }
    EXPECT_GT(sure, 10'000);
    EXPECT_GT(doubtful, 1'000);
}

TEST(Cushion, of_one_collateral_and_one_debt_is_shared_by_stride) {
    // 200 against 100, strides 3 to 1: λ = 100 / (3·200 + 100), so collateral may fall by 3/7 and debt rise by 1/7.
    const std::array<std::uint64_t, 2> value{magnitude_down(uint128{200} << 40U).bits,
                                             ~magnitude_up(uint128{100} << 40U).bits};
    const std::array<std::uint32_t, 2> stride{30'000, 10'000};
    const std::array legs{pack_leg(0, magnitude_down(1)), pack_leg(1, magnitude_up(1))};
    std::array<std::uint64_t, 2> keys{};
    ASSERT_EQ(share_cushion(legs, {value, stride}, {}, 0, keys), Cover::some);
    const auto collateral = static_cast<double>(integer_up({keys[0]})) / 0x1p40;
    const auto debt = static_cast<double>(integer_up({~keys[1]})) / 0x1p40;
    EXPECT_NEAR(collateral, 200.0 * 4 / 7, 0.02);
    EXPECT_NEAR(debt, 100.0 * 8 / 7, 0.02);
}

}  // namespace
}  // namespace breakwater
