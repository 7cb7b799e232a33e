// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <functional>

#include "breakwater/report/input.hpp"
#include "small_book.hpp"

/// Runs whose outcome is known: the report is checked against figures that were put in.
namespace breakwater::test {

/// One hour of a calm market in steps of five minutes.
Scenario small_scenario(bool conditional = true);

/// As if `outcome(path)` had come out of `paths` paths; the loss is the whale's, owed in USDC.
RunResult made_run(const StormSetup& setup, std::uint32_t paths,
                   const std::function<PathResult(std::uint32_t)>& outcome);

/// A path that ends with this much bad debt [whole USD], realised.
PathResult with_loss(MicroUsd whole_usd);

/// Every tenth path ends with as many USD as its number plus one, the others with none.
PathResult tenth(std::uint32_t path);

/// A book, its storm and a run, with everything a report may show.
struct SmallReport {
    Book book;
    StormSetup setup;
    RunResult run;
    Wall wall;

    SmallReport(const SmallBookOptions& options, bool conditional, std::uint32_t paths,
                const std::function<PathResult(std::uint32_t)>& outcome);
    SmallReport(const SmallReport&) = delete;
    SmallReport& operator=(const SmallReport&) = delete;
    ~SmallReport() = default;

    [[nodiscard]] ReportInput input() const;
};

}  // namespace breakwater::test
