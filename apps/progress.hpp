// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>

/// A bar with the time that is left, on stderr and only where that is a terminal, at most ten times a second.
namespace breakwater {

class Progress {
  public:
    Progress(std::string what, std::uint32_t total, bool quiet);
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;
    ~Progress();

    /// May be called by any thread.
    void at(std::uint32_t done);

  private:
    void draw(std::uint32_t done);

    std::string what_;
    std::uint32_t total_;
    bool shown_;
    std::chrono::steady_clock::time_point start_;
    std::chrono::steady_clock::time_point last_;
    std::mutex mutex_;
};

}  // namespace breakwater
