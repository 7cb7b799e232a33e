// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <cstdio>
#include <string>

#include <gtest/gtest.h>

#include "breakwater/io/option_chain_file.hpp"
#include "breakwater/stress/chain_study.hpp"
#include "small_book.hpp"

namespace breakwater {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace)

const std::string header =
    "timestamp,instrument_name,option_type,strike,expiry_datetime,bid_price,ask_price,"
    "futures_price,open_interest,currency,index_price\n";
const std::string good =
    "2026-02-06T04:30:12.5+00:00,BTC-20FEB26-52000-P,put,52000.0,2026-02-20T08:00:00+00:00,0.01,"
    "0.011,64777.01,21.2,BTC,64817.22\n";

TEST(OptionChains, SURFACE_006_a_row_is_read) {
    const TemporaryFolder folder;
    const OptionChainFile file = read_option_chains(folder.write("chain.csv", header + good));
    EXPECT_EQ(file.rows, 1U);
    EXPECT_TRUE(file.refused.empty());
    ASSERT_EQ(file.chains.size(), 1U);
    const OptionChain& chain = file.chains[0];
    EXPECT_EQ(chain.currency, "BTC");
    EXPECT_EQ(chain.as_of, 1'770'352'212);
    EXPECT_EQ(chain.index, 64'817.22);
    ASSERT_EQ(chain.options.size(), 1U);
    const QuotedOption& q = chain.options[0];
    EXPECT_EQ(q.kind, OptionKind::put);
    EXPECT_EQ(q.strike, 52'000.0);
    EXPECT_EQ(q.expiry, 1'771'574'400);
    EXPECT_EQ(q.forward, 64'777.01);
    EXPECT_EQ(q.bid, 0.01);
    EXPECT_EQ(q.ask, 0.011);
    EXPECT_EQ(q.open_interest, 21.2);
}

TEST(OptionChains, SURFACE_006_a_bad_row_is_told_with_line_and_reason_and_the_others_are_used) {
    struct Row {
        std::string from;
        std::string to;
        std::string reason;
    };
    const Row table[] = {
        {"put,", "pat,", "option_type is 'pat', not call or put"},
        {"-P,", "-C,", "option_type differs from the end of 'BTC-20FEB26-52000-C'"},
        {"52000.0,", "-1,", "strike is '-1'; expected a number above 0, at most 1e9"},
        {"52000.0,", "1e10,", "strike is '1e10'; expected a number above 0, at most 1e9"},
        {"64777.01,", "x,", "futures_price is 'x'; expected a number above 0, at most 1e9"},
        {"64777.01,", ",", "futures_price is empty and no call and put imply it"},
        {"64817.22", "0", "index_price is '0'; expected a number above 0, at most 1e9"},
        {",0.01,", ",nan,", "bid_price is 'nan'; expected empty or a number from 0 to 1e9"},
        {",0.01,", ",0.02,", "bid_price is above ask_price"},
        {"2026-02-20T", "2026-02-30T",
         "expiry_datetime is '2026-02-30T08:00:00+00:00'; expected a time in UTC"},
        {"2026-02-20T", "2026-02-05T", "expiry_datetime is not after timestamp"},
        {"2026-02-06T", "2026-02-07T", "timestamp differs from the first row's of BTC"},
        {"BTC,", ",", "currency is empty"},
        {"21.2,BTC", "BTC", "the row has another number of fields than the header"},
        {"BTC-20FEB26-52000-P", "good-P", "a second row of 'good-P'"},
    };
    for (const Row& row : table) {
        const TemporaryFolder folder;
        std::string first = good;
        first.replace(first.find("BTC-20FEB26-52000"), 17, "good");
        std::string bad = good;
        bad.replace(bad.find(row.from), row.from.size(), row.to);
        const OptionChainFile file =
            read_option_chains(folder.write("chain.csv", header + first + bad));
        ASSERT_EQ(file.refused.size(), 1U) << row.reason;
        EXPECT_EQ(file.refused[0].line, 3U);
        EXPECT_EQ(file.refused[0].reason, row.reason);
        EXPECT_EQ(file.rows, 2U);
        EXPECT_EQ(file.chains.at(0).options.size(), 1U);
    }
}

TEST(OptionChains, SURFACE_006_a_file_without_a_column_or_a_row_is_refused) {
    const TemporaryFolder folder;
    const auto fault = [&](const std::string& text) {
        const auto path = folder.write("chain.csv", text);
        return fault_of([&] { read_option_chains(path); });
    };
    EXPECT_NE(fault("timestamp,strike\n").find("no column instrument_name"), std::string::npos);
    EXPECT_NE(fault(header).find("no rows"), std::string::npos);
    EXPECT_NE(fault(header + "1,2\n").find(":2: the row has another number"), std::string::npos);
}

/// What was measured on the real chains, less a point or two: docs/surface.md.
struct Snapshot {
    const char* file;
    std::uint64_t rows;
    std::uint64_t forwards_implied;
    double inside[2];  ///< BTC, ETH
};

class RealChain : public testing::TestWithParam<Snapshot> {};

TEST_P(RealChain, SURFACE_003_is_fitted_without_arbitrage_inside_its_quotes) {
    const Snapshot& s = GetParam();
    NEED_DATA(packed, std::string("deribit_option_snapshots/deribit_options_snapshot_") + s.file +
                          ".csv.gz");
    const TemporaryFolder folder;
    const OptionChainFile file = read_option_chains(unpacked(packed, folder));
    EXPECT_EQ(file.rows, s.rows);
    EXPECT_EQ(file.forwards_implied, s.forwards_implied);
    ASSERT_EQ(file.chains.size(), 2U);
    for (std::size_t i = 0; i < 2; ++i) {
        const ChainStudy study = study_chain(file.chains[i], nullptr, own_grid());
        EXPECT_GE(study.durrleman.nearest.value, 0.0);
        EXPECT_GE(study.calendar.nearest.value, 0.0);
        for (std::size_t e = 0; e < study.surface.smiles.size(); ++e) {
            EXPECT_TRUE(is_free_of_butterflies(study.surface.smiles[e].svi));
            if (e != 0) {
                EXPECT_TRUE(is_free_of_calendars(study.surface.smiles[e - 1].svi,
                                                 study.surface.smiles[e].svi));
            }
        }
        EXPECT_LE(study.parity_error, 1e-12);
        const double inside =
            static_cast<double>(study.quotes.inside) / static_cast<double>(study.quotes.two_sided);
        EXPECT_GE(inside, s.inside[i]) << study.currency;
        EXPECT_LT(study.held.requirement, study.held.value);
        EXPECT_GT(study.sold.requirement, study.held.requirement);
        EXPECT_LT(study.sold.requirement, study.sold.alone);
        std::printf("%s %s: %llu of %llu quotes inside (%.1f %%), held %.1fM, sold %.1fM USD\n",
                    s.file, study.currency.c_str(),
                    static_cast<unsigned long long>(study.quotes.inside),
                    static_cast<unsigned long long>(study.quotes.two_sided), 100.0 * inside,
                    study.held.requirement / 1e6, study.sold.requirement / 1e6);
    }
}

INSTANTIATE_TEST_SUITE_P(Deribit, RealChain,
                         testing::Values(Snapshot{"20251230T173115Z", 1304, 0, {0.97, 0.91}},
                                         Snapshot{"20260205T212937Z", 1840, 0, {0.91, 0.86}},
                                         Snapshot{"20260206T043012Z", 1884, 0, {0.92, 0.99}},
                                         Snapshot{"20260710T065250Z", 1590, 226, {0.95, 0.96}}));

}  // namespace
}  // namespace breakwater
