// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <span>
#include <string>

#include "breakwater/core/event.hpp"
#include "breakwater/stress/path_result.hpp"

/// What a run needs of a storm over a lending market, whatever its rulebook is.
namespace breakwater {

/// Receives every event applied on a path; apps/ writes them to a file.
class JournalPort {
  public:
    JournalPort() = default;
    JournalPort(const JournalPort&) = delete;
    JournalPort& operator=(const JournalPort&) = delete;
    virtual ~JournalPort() = default;
    virtual void applied(const Event& event) = 0;
};

/// A worker: its own state, its own world. One per thread.
class PathRunner {
  public:
    PathRunner() = default;
    PathRunner(const PathRunner&) = delete;
    PathRunner& operator=(const PathRunner&) = delete;
    virtual ~PathRunner() = default;

    /// Runs the path and puts everything back. Losses by account and the course are valid until the next run.
    virtual PathResult run(std::uint32_t path, JournalPort* journal = nullptr) = 0;

    [[nodiscard]] virtual std::span<const PathLoss> losses() const = 0;
    [[nodiscard]] virtual const PathSeries& series() const = 0;
    /// By AssetId, at the end of the last path.
    [[nodiscard]] virtual std::span<const ReserveEnd> reserves_at_end() const = 0;
    /// By layer, of the last path.
    [[nodiscard]] virtual std::span<const LayerOutcome> layers() const = 0;
    /// By AssetId, of the last path; none without a guard.
    [[nodiscard]] virtual std::span<const FeedOutcome> feeds() const = 0;
    /// Digest of the state as the last path left it; computed only for journaled paths.
    [[nodiscard]] virtual const std::string& final_digest() const = 0;
    [[nodiscard]] virtual std::size_t memory_bytes() const = 0;
};

}  // namespace breakwater
