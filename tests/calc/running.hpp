// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <array>
#include <cstdio>
#include <string>
#include <sys/wait.h>

/// The program as a user runs it.
namespace breakwater::test {

struct Ended {
    int code;            ///< −1 where it did not exit by itself
    std::string output;  ///< both streams
};

inline Ended run(const std::string& command) {
    Ended ended{.code = -1, .output = {}};
    FILE* pipe = popen((command + " 2>&1").c_str(), "r");
    if (pipe == nullptr) return ended;
    std::array<char, 4096> block{};
    for (std::size_t got = 0; (got = fread(block.data(), 1, block.size(), pipe)) > 0;)
        ended.output.append(block.data(), got);
    const int status = pclose(pipe);
    ended.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return ended;
}

}  // namespace breakwater::test
