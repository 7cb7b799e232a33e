// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/report/answer.hpp"

#include <algorithm>

#include "breakwater/report/comparison.hpp"

namespace breakwater {

std::string title_of(const ReportInput& input) {
    return input.book().name + " under " + input.scenario().name;
}

std::string question_of(const ReportInput& input) {
    const std::string horizon = horizon_text(input.scenario());
    const std::string book =
        input.book().name + " of " + time_text(input.book().state.now()).substr(0, 10);
    if (!input.changes.empty()) {
        std::string changes;
        for (const ParameterChange& c : input.changes)
            changes +=
                (changes.empty() ? "" : ", ") + c.parameter + " " + c.current + " → " + c.proposed;
        return "What does " + changes + " change for " + book + " over " + horizon + " of " +
               input.scenario().name + "? The figure is that of the current parameters.";
    }
    return "How much bad debt do " + horizon + " of " + input.scenario().name + " leave in " +
           book + "?";
}

std::string headline_definition(const Figures& figures) {
    const Figure& headline = figures.headline();
    std::string out = headline.definition + " " + figures.loss;
    if (headline.id != figures.distribution.back().id)
        out += " The expected shortfall 99 % is not supported (" +
               reason_text(figures.distribution.back().estimate.reason) + ").";
    return out;
}

std::vector<Figure> beside_headline(const ReportInput& input, const Figures& figures) {
    std::vector<Figure> out = figures.beside();
    if (input.cases.empty()) return out;
    // Two stay beside two differences for each demand case: six in all.
    out.resize(std::min<std::size_t>(out.size(), 2));
    for (const Comparison& comparison : comparisons_of(input)) {
        const auto difference = [&](const std::string& id) -> const ComparisonRow& {
            return *std::ranges::find(comparison.rows, id, &ComparisonRow::id);
        };
        const ComparisonRow& shortfall = difference("expected_shortfall_99");
        const ComparisonRow& of_loss =
            shortfall.difference.supported ? shortfall : difference("mean");
        std::string lower = comparison.label;
        lower.front() = static_cast<char>(lower.front() | ' ');  // the labels begin with a letter
        const std::string suffix = comparison.id == "unchanged" ? "" : "_" + comparison.id;
        for (const ComparisonRow* row : {&of_loss, &difference("probability_of_loss")})
            out.push_back({"difference_" + row->id + suffix,
                           "Change, " + lower + ": " + row->label,
                           row->difference_unit(), row->difference,
                           "Paired on the same paths. " + comparison.definition});
    }
    return out;
}

std::vector<DataAge> data_of(const ReportInput& input) {
    const Time as_of = input.book().state.now();
    std::vector<DataAge> out{{"Book, parameters and prices", as_of, input.book().source},
                             {"Depth, as the book states it", as_of, "market.toml"}};
    const Scenario& scenario = input.scenario();
    if (!scenario.calibrated_on.empty())
        out.push_back({"Price model, last candle",
                       Time{static_cast<std::uint64_t>(scenario.calibrated_until)},
                       scenario.calibrated_on});
    return out;
}

}  // namespace breakwater
