// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <gtest/gtest.h>

#include "breakwater/core/digest.hpp"
#include "breakwater/core/engine.hpp"
#include "breakwater/io/journal.hpp"
#include "breakwater/io/scenario_file.hpp"
#include "breakwater/io/venue_reader.hpp"
#include "breakwater/stress/venue_storm.hpp"
#include "files.hpp"

namespace breakwater {
namespace {

namespace fs = std::filesystem;

const fs::path root = BREAKWATER_SOURCE_DIR;

class ToFile : public JournalPort {
  public:
    explicit ToFile(JournalWriter& writer) : writer_(&writer) {}
    void applied(const Event& event) override { writer_->write(event); }

  private:
    JournalWriter* writer_;
};

/// One path of the example venue into a file, and that file applied to the book as it is read.
class VenueJournal : public testing::TestWithParam<const char*> {
  protected:
    void write() {
        auto setup = prepare_venue_storm(read_venue(root / "examples" / "unified-venue"),
                                         read_scenario(root / "scenarios" / (name_ + ".toml")), 1);
        ASSERT_TRUE(setup.has_value()) << setup.error();
        ASSERT_FALSE(setup->wallets.empty());
        ASSERT_FALSE(setup->before.empty());
        JournalWriter writer(path_, setup->venue.book,
                             {.version = "test",
                              .input_hash = setup->venue.book.input_hash,
                              .scenario = name_,
                              .seed = 1,
                              .path = 0,
                              .attackers = setup->wallets});
        ToFile journal(writer);
        for (const Event& event : setup->before)
            journal.applied(event);
        VenueStorm storm(*setup);
        EXPECT_GT(storm.run(0, &journal).flagged, 0U);
        digest_ = storm.final_digest();
        writer.finish(digest_);
    }
    const std::string name_ = GetParam();
    test::TemporaryFolder folder_;
    const fs::path path_ = folder_.path() / "journal.jsonl";
    std::string digest_;
};

TEST_P(VenueJournal, DJ1_of_a_scenario_with_attackers_replays_to_the_digest_of_the_path) {
    ASSERT_NO_FATAL_FAILURE(write());
    VenueBook venue = read_venue(root / "examples" / "unified-venue");
    for (const Wallets& wallets : read_journal_head(path_).attackers)
        open_wallets(venue, wallets);
    EventReader reader(path_, venue.book);
    Planner planner;
    while (const auto event = reader.next())
        ASSERT_TRUE(apply(venue.book.state, *event, planner).has_value());
    EXPECT_EQ(digest_of(venue.book.state), digest_);
    ASSERT_TRUE(reader.end().has_value());
    EXPECT_EQ(reader.end()->digest, digest_);
}

INSTANTIATE_TEST_SUITE_P(Attacks, VenueJournal,
                         testing::Values("jelly-2025", "mango-2022", "yfi-2023"));

TEST(VenueJournalHead, a_head_with_a_bad_list_of_attackers_is_refused) {
    const test::TemporaryFolder folder;
    for (const char* list :
         {"7", "[{\"wallets\":1}]", "[{\"wallets\":100001,\"linked\":true}]",
          "[{\"wallets\":99999,\"linked\":true},{\"wallets\":2,\"linked\":false}]",
          "[{\"wallets\":1,\"linked\":true,\"more\":1}]"}) {
        const fs::path path = folder.write(
            "head.jsonl", std::string(R"({"format":"breakwater-events/1","amounts":"atomic",)") +
                              "\"attackers\":" + list + "}\n");
        EXPECT_NE(test::fault_of([&] { (void)read_journal_head(path); }), "") << list;
    }
}

}  // namespace
}  // namespace breakwater
