// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/report/html.hpp"

#include "breakwater/core/require.hpp"

// Defined by page.S.in: the bytes of web/report/dist/report.html.
extern "C" {
extern const char breakwater_report_page[];      // NOLINT(modernize-avoid-c-arrays)
extern const char breakwater_report_page_end[];  // NOLINT(modernize-avoid-c-arrays)
}

namespace breakwater {
namespace {

constexpr std::string_view open = R"(<script type="application/json" id="breakwater-report">)";
constexpr std::string_view close = "</script>";

std::string_view page() {
    return {breakwater_report_page,
            static_cast<std::size_t>(breakwater_report_page_end - breakwater_report_page)};
}

}  // namespace

std::string report_html(std::string_view json) {
    const std::size_t found = page().find(open);
    REQUIRE(found != std::string_view::npos);
    const std::size_t begin = found + open.size();
    const std::size_t end = page().find(close, begin);
    REQUIRE(end != std::string_view::npos);
    REQUIRE(page().find(open, begin) == std::string_view::npos);

    std::string out;
    out.reserve(page().size() + json.size() + json.size() / 16);
    out += page().substr(0, begin);
    for (const char c : json) {
        if (c == '<')
            out += "\\u003c";
        else
            out += c;
    }
    out += page().substr(end);
    return out;
}

}  // namespace breakwater
