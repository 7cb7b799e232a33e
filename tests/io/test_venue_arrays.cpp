// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "breakwater/core/margin/grids.hpp"
#include "breakwater/io/venue_reader.hpp"
#include "breakwater/stress/venue_arrays.hpp"
#include "files.hpp"

namespace breakwater {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace)

class VenueArrays : public testing::Test {
  protected:
    VenueBook v_ = read_venue(project_folder("examples") / "unified-venue");

    [[nodiscard]] venue::ContractId named(std::string_view name) const {
        const auto& names = v_.book.contract_names;
        const auto at = std::ranges::find(names, name);
        EXPECT_NE(at, names.end()) << name;
        return venue::ContractId{static_cast<std::uint16_t>(at - names.begin())};
    }
    [[nodiscard]] const venue::RiskArray& array(std::string_view name) const {
        return v_.market().arrays[venue::index(named(name))];
    }
    /// [1e-8 USD] a relative move of one lot's coins at this price.
    [[nodiscard]] double moved(std::string_view name, double usd, std::int32_t move) const {
        return v_.contracts[venue::index(named(name))].lot() * usd * move * 1e-6 * 1e8;
    }
};

TEST_F(VenueArrays, VENUE_015_a_future_loses_what_the_price_moves) {
    const auto grid = breakwater_grid(60'000, {});
    const venue::RiskArray& a = array("BTC-27MAR26");
    ASSERT_EQ(a.count, grid.size());
    for (std::size_t k = 0; k < grid.size(); ++k)
        EXPECT_NEAR(static_cast<double>(a.values[k]), -moved("BTC-27MAR26", 89'559.5, grid[k].move),
                    1.5);
    EXPECT_NEAR(static_cast<double>(a.delta), moved("BTC-27MAR26", 89'559.5, 1'000'000), 1.5);
    EXPECT_EQ(a.short_minimum, 0);
}

TEST_F(VenueArrays, VENUE_015_a_call_less_a_put_is_the_forward) {
    // Linear: C − P = F − K, so what a move changes is F · move.
    const auto eth = breakwater_grid(80'000, {});
    for (std::size_t k = 0; k < eth.size(); ++k)
        EXPECT_NEAR(static_cast<double>(array("ETH-27MAR26-3000-C").values[k] -
                                        array("ETH-27MAR26-3000-P").values[k]),
                    -moved("ETH-27MAR26-3000-C", 3'004.22, eth[k].move), 4.0);
    // In coins: value · (1 + move) less the value after is −K · move.
    const auto btc = breakwater_grid(60'000, {});
    for (std::size_t k = 0; k < btc.size(); ++k)
        EXPECT_NEAR(static_cast<double>(array("BTC-30JAN26-90000-C").values[k] -
                                        array("BTC-30JAN26-90000-P").values[k]),
                    -moved("BTC-30JAN26-90000-C", 90'000, btc[k].move), 4.0);
}

TEST_F(VenueArrays, VENUE_015_collateral_moves_in_the_same_scenarios) {
    const venue::Market& m = v_.market();
    const auto collateral = [&](std::uint8_t asset) {
        return m.arrays[m.array_row(AssetId{asset})];
    };
    const auto btc = breakwater_grid(60'000, {.beta = 1'000'000, .depeg = 0});
    const auto wbeth = breakwater_grid(80'000, {.beta = 1'000'000, .depeg = 40'000});
    for (std::size_t k = 0; k < btc.size(); ++k) {
        EXPECT_EQ(collateral(0).values[k], 0) << "USDC";
        EXPECT_EQ(collateral(3).values[k], std::max(-btc[k].collateral, -1'000'000)) << "BTC";
        EXPECT_EQ(collateral(5).values[k], std::max(-wbeth[k].collateral, -1'000'000)) << "WBETH";
    }
}

TEST_F(VenueArrays, SURFACE_007_an_option_without_a_mark_has_that_of_its_smile) {
    // Bid 0.0395 and offered 0.0405 coins in the chain that the smile was fitted to.
    const venue::Contract& c = v_.market().contracts[venue::index(named("BTC-30JAN26-90000-C"))];
    EXPECT_GE(c.mark, 395);
    EXPECT_LE(c.mark, 405);
    EXPECT_EQ(c.mark_value, c.mark * 1'000 << 10U);  // 0.1 coins at 0.0001 coins, 2^10 grains
}

TEST_F(VenueArrays, VENUE_015_rolls_rise_with_time_and_never_cross_underlyings) {
    EXPECT_EQ(array("BTC-30JAN26-90000-C").roll, 10'000U);
    EXPECT_EQ(array("BTC-26JUN26-90000-C").roll, 36'494U);
    EXPECT_EQ(array("BTC-27MAR26").expiry, array("BTC-27MAR26-90000-C").expiry);
    EXPECT_NE(array("BTC-27MAR26").expiry, array("ETH-27MAR26").expiry);
    EXPECT_NE(array("BTC-27MAR26").expiry, array("BTC-30JAN26").expiry);
}

}  // namespace
}  // namespace breakwater
