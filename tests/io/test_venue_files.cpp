// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <gtest/gtest.h>

#include "breakwater/core/digest.hpp"
#include "breakwater/core/invariants.hpp"
#include "breakwater/core/rulebooks/venue_margin.hpp"
#include "breakwater/io/venue_reader.hpp"
#include "breakwater/io/venue_writer.hpp"
#include "small_venue.hpp"

namespace breakwater {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace)

class VenueFiles : public testing::Test {
  protected:
    VenueBook read(std::string_view market = venue_market,
                   std::string_view accounts = venue_accounts,
                   std::string_view positions = venue_positions) {
        return read_venue(write_small_venue(folder_, market, accounts, positions));
    }
    TemporaryFolder folder_;
};

TEST_F(VenueFiles, a_book_keeps_the_promises_of_a_state) {
    const VenueBook v = read();
    EXPECT_FALSE(check_state(v.book.state).has_value());
    const venue::Market& m = v.market();
    EXPECT_EQ(m.terms.size(), 8U);
    EXPECT_EQ(v.book.contract_names[4], "BTC-27FEB26-50000-C");
    EXPECT_EQ(m.contracts[0].open_interest, 700);
    EXPECT_EQ(m.set().clusters, 2U);
    EXPECT_EQ(m.accounts[5].parent, 3U);
}

TEST_F(VenueFiles, what_is_written_reads_back_as_the_same_state) {
    const VenueBook v = read();
    TemporaryFolder other;
    write_venue(v, other.path() / "copy");
    const VenueBook again = read_venue(other.path() / "copy");
    EXPECT_EQ(digest_of(again.book.state), digest_of(v.book.state));
    EXPECT_EQ(positions_text(again), positions_text(v));
    EXPECT_EQ(venue_market_text(again), venue_market_text(v));
}

}  // namespace
}  // namespace breakwater
