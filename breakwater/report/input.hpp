// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "breakwater/stress/relever.hpp"
#include "breakwater/stress/run.hpp"
#include "breakwater/stress/wall.hpp"

/// What a stress report is made from. Nothing in it depends on threads or on the time of its
/// making, so that neither does the report.
namespace breakwater {

/// How to make the same report again.
struct RunFacts {
    std::string command;  ///< from the folder of the program, without --threads
    std::string commit;   ///< of the program
    std::string version;
    std::string input_hash;            ///< over book, scenario and prices
    std::vector<std::string> notices;  ///< shown above everything: an approximation, a sample
};

/// One line of `--set`.
struct ParameterChange {
    std::string parameter;  ///< "WETH.lt"
    std::string current;
    std::string proposed;
};

/// A second arm on the same paths.
struct ComparisonCase {
    std::string id;  ///< "unchanged", "relevered"
    std::string label;
    std::string definition;
    std::span<const PathResult> proposed;  ///< by path number, as many as the first arm has
    const Book* book = nullptr;  ///< under the proposed parameters; absent: no borrowing power
    std::optional<Demand> demand;  ///< what borrowers did; absent: nothing
};
/// The demand case in which nobody reacts.
ComparisonCase unchanged_case(std::span<const PathResult> proposed, const Book* book);
/// The one in which borrowers use the new limits as they used the old ones. `relevered` must
/// outlive the case.
ComparisonCase relevered_case(std::span<const PathResult> proposed, const Relevered& relevered);

struct ReportInput {
    const StormSetup* setup = nullptr;  ///< never null
    const RunResult* run = nullptr;     ///< never null; at least one path
    RunFacts facts;
    const Wall* wall = nullptr;  ///< of the book; absent: no wall
    std::vector<ParameterChange> changes;
    std::vector<ComparisonCase> cases;  ///< empty: no comparison
    /// The first paths again with trades that move nothing, for the cascade amplification; may be
    /// fewer than the run has.
    std::span<const PathResult> without_impact;

    [[nodiscard]] const Book& book() const { return *setup->book; }
    [[nodiscard]] const Scenario& scenario() const { return setup->scenario; }
    [[nodiscard]] std::size_t paths() const { return run->paths.size(); }
};

}  // namespace breakwater
