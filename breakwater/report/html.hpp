// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <string>
#include <string_view>

namespace breakwater {

/// One self-contained page: the built page of web/report, which is part of the program, with the
/// report inside. Every `<` of the JSON is written as \u003c, so that no name in it can end the
/// element that holds it.
std::string report_html(std::string_view json);

}  // namespace breakwater
