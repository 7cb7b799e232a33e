// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <gtest/gtest.h>

#include "breakwater/core/digest.hpp"
#include "breakwater/core/invariants.hpp"
#include "breakwater/io/venue_check.hpp"
#include "breakwater/io/venue_generator.hpp"
#include "breakwater/io/venue_reader.hpp"
#include "breakwater/io/venue_writer.hpp"
#include "breakwater/stress/venue_inspect.hpp"
#include "files.hpp"

namespace breakwater {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace)

fs::path example() {
    return project_folder("examples") / "unified-venue";
}

class GeneratedVenue : public testing::TestWithParam<std::uint64_t> {};

TEST_P(GeneratedVenue, has_the_shape_that_docs_generate_promises) {
    const std::uint32_t accounts = 4'000;
    const VenueBook v = generate_venue(read_venue_market(example()), accounts, GetParam());
    EXPECT_FALSE(check_state(v.book.state).has_value());
    const auto i = inspect_venue(v);
    ASSERT_TRUE(i.has_value());
    EXPECT_EQ(i->accounts, accounts);
    EXPECT_EQ(i->negative, 0U);
    EXPECT_LT(i->below_maintenance, accounts / 500);
    EXPECT_NEAR(static_cast<double>(i->borrowers) / accounts, 0.19, 0.04);
    EXPECT_NEAR(static_cast<double>(i->isolated) / accounts, 0.075, 0.015);
    EXPECT_EQ(i->linked, 3'974U / 250 + 3'974U / 525);
    // Leverage: median of about 4, a tenth above 10.
    EXPECT_GT(i->leverage[4], 2.5);
    EXPECT_LT(i->leverage[4], 6.0);
    EXPECT_GT(i->leverage[8], 7.0);
    // Some stand just above their maintenance margin.
    EXPECT_GT(i->margin[2].accounts + i->margin[3].accounts, accounts / 200);
    EXPECT_GT(i->fund, 0);
    EXPECT_GT(i->vault, 0);
}

INSTANTIATE_TEST_SUITE_P(Seeds, GeneratedVenue, testing::Values(1, 2, 3));

TEST(VenueExample, is_what_the_generator_makes_and_has_this_digest) {
    const VenueBook v = read_venue(example());
    const VenueBook generated = generate_venue(read_venue_market(example()), 10'000, 1);
    EXPECT_EQ(venue_accounts_text(generated), text_of(example() / "accounts.csv"));
    EXPECT_EQ(positions_text(generated), text_of(example() / "positions.csv"));
    EXPECT_EQ(digest_of(generated.book.state), digest_of(v.book.state));
    EXPECT_EQ(digest_of(v.book.state), "4ba75fcf986dc640f4d0d871c02f841f");
    std::size_t options = 0;
    for (const venue::Terms& t : v.market().terms)
        options += t.is_option() ? 1U : 0U;
    EXPECT_EQ(options, 108U);
    EXPECT_LE(options, 120U);
}

TEST(VenueExample, comes_through_the_writer_unchanged) {
    const VenueBook v = read_venue(example());
    TemporaryFolder folder;
    write_venue(v, folder.path() / "copy");
    EXPECT_EQ(digest_of(read_venue(folder.path() / "copy").book.state), digest_of(v.book.state));
}

TEST(VenueExample, check_finds_the_linked_accounts_and_no_sum_that_fails) {
    const VenueCheck report = check_venue(example());
    const std::string text = to_text(report);
    EXPECT_NE(text.find("longs are shorts to the lot in each of 119 contracts"), std::string::npos)
        << text;
    EXPECT_NE(text.find("linked accounts hold"), std::string::npos) << text;
    EXPECT_EQ(to_json(report).substr(0, 49),
              R"({"format":"breakwater-check/1","kind":"venue","na)");
}

TEST(VenueGenerator, refuses_what_it_cannot_fill) {
    EXPECT_EQ(fault_of([] { return generate_venue(read_venue_market(example()), 50, 1); }),
              "generate: 50 accounts; expected at least 126");
    VenueFile market = read_venue_market(example());
    market.liquidators.clear();
    EXPECT_EQ(fault_of([&] { return generate_venue(std::move(market), 1'000, 1); }),
              "generate: the market names no liquidators; expected accounts that hold what is left "
              "between longs and shorts");
}

}  // namespace
}  // namespace breakwater
