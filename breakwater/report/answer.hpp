// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <string>
#include <vector>

#include "breakwater/report/figures.hpp"

/// The sentences of the six lines that stand for the whole report.
namespace breakwater {

/// "Aave v3 Ethereum core under flash-crash"
std::string title_of(const ReportInput& input);
/// The question in one sentence; of a comparison, which parameters it asks about.
std::string question_of(const ReportInput& input);
/// The definition of the headline with the measure, the price basis and the time in it.
std::string headline_definition(const Figures& figures);

/// What stands beside the headline: four figures at most, P(loss > 0) among them; of a comparison
/// the paired differences of loss and of P(loss > 0).
std::vector<Figure> beside_headline(const ReportInput& input, const Figures& figures);

struct DataAge {
    std::string what;
    Time as_of{};
    std::string source;
};
std::vector<DataAge> data_of(const ReportInput& input);

}  // namespace breakwater
