// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <string>
#include <vector>

#include "breakwater/stress/margin_backtest.hpp"

/// The back-test of margins as a table for a terminal and as JSON.
namespace breakwater {

struct MarginReport {
    std::string source;  ///< the price file
    std::string symbol;
    std::string from;  ///< first and last opening, UTC
    std::string to;
    double step_seconds = 0;
    std::uint64_t gaps = 0;  ///< steps left out because the candles do not join
    double level = 0.99;
    bool is_long = true;

    struct Row {
        std::string model;
        std::string tools;  ///< "none", "floor, buffer"
        MarginBacktest result;
    };
    std::vector<Row> rows;
};

std::string margin_table(const MarginReport& report);
std::string margin_json(const MarginReport& report);

}  // namespace breakwater
