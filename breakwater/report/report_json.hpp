// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <string>

#include "breakwater/report/input.hpp"

namespace breakwater {

/// The report as JSON, format breakwater-report/1: docs/report-schema.md. The same bytes for the
/// same inputs and seed, whatever the threads and the time.
std::string report_json(const ReportInput& input);

}  // namespace breakwater
