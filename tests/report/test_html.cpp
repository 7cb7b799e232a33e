// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "breakwater/report/html.hpp"
#include "breakwater/report/report_json.hpp"
#include "small_run.hpp"

namespace breakwater::test {
namespace {

constexpr std::string_view open = R"(<script type="application/json" id="breakwater-report">)";

std::string embedded(const std::string& page) {
    const std::size_t begin = page.find(open) + open.size();
    return page.substr(begin, page.find("</script>", begin) - begin);
}

TEST(Html, holds_the_report_and_nothing_of_the_network) {
    const std::string page = report_html(R"({"format":"breakwater-report/1"})");
    EXPECT_EQ(embedded(page), R"({"format":"breakwater-report/1"})");
    EXPECT_TRUE(page.starts_with("<!doctype html>"));
    EXPECT_EQ(page.find(" src=\"http"), std::string::npos);
    EXPECT_NE(page.find("default-src 'none'"), std::string::npos);
}

TEST(Html, a_hostile_name_cannot_end_the_element) {
    const std::string evil = "</script><script>alert(1)</script><!--";
    const SmallReport r({.name = evil, .whale_name = evil + "\xff"}, true, 200,
                        [](std::uint32_t p) { return with_loss(p); });
    const std::string json = report_json(r.input());
    const std::string page = report_html(json);
    const std::string inside = embedded(page);
    EXPECT_EQ(inside.find('<'), std::string::npos);
    EXPECT_EQ(nlohmann::json::parse(inside), nlohmann::json::parse(json))
        << "the escape changes nothing";
    EXPECT_EQ(nlohmann::json::parse(inside)["run"]["book"], evil);
    EXPECT_EQ(page.find("alert(1)</script>"), std::string::npos);
}

}  // namespace
}  // namespace breakwater::test
