// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <gtest/gtest.h>

#include "calling.hpp"

namespace breakwater {
namespace {

struct Row {
    const char* sigma;
    const char* l;
    const char* d;
    const char* beta;
    const char* c;
    double ltv;
};

std::string input_of(const Row& row, const std::string& more = "") {
    return std::string(R"({"sigma":)") + row.sigma + R"(,"l":)" + row.l + R"(,"d":)" + row.d +
           R"(,"beta":)" + row.beta + R"(,"c":)" + row.c + more + "}";
}

TEST(SmartLtv, CALC_001_is_the_published_formula) {
    const Row table[] = {
        // sigma   l    d     beta    c      ltv
        {"0.0443", "1", "1", "0.05", "3", 0.8255526429954534},
        {"0.05", "4", "1", "0.05", "7", 0.7894570207692073},
        {"0.1", "1", "1", "0.1", "2", 0.7187307530779818},
        {"0.02", "1", "10", "0.05", "1.5", 0.8594926796630574},
        {"0.05", "1", "1", "0.05", "0", 0.95},
        // Beyond the exponential of the contract: nothing.
        {"1", "1", "1", "0.05", "10.4622", 0.0},
    };
    for (const Row& row : table) {
        const auto out = test::result_of("smart_ltv", input_of(row));
        EXPECT_NEAR(out.at("ltv").get<double>(), row.ltv, 1e-15);
        EXPECT_FALSE(out.contains("c_of_ltv"));
    }
    const auto back =
        test::result_of("smart_ltv", input_of(table[1], R"(,"ltv":0.7894570207692073)"));
    EXPECT_NEAR(back.at("c_of_ltv").get<double>(), 7, 1e-13);
}

TEST(SmartLtv, CALC_002_refuses_what_has_no_answer) {
    EXPECT_NE(test::fault_of("smart_ltv", input_of({"0.1", "0", "1", "0.05", "3", 0})).find("'l'"),
              std::string::npos);
    EXPECT_NE(test::fault_of("smart_ltv", R"({"sigma":0.1,"l":1,"d":1,"beta":0.05})").find("'c'"),
              std::string::npos);
}

}  // namespace
}  // namespace breakwater
