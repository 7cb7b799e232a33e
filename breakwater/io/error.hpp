// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <cstdint>
#include <exception>
#include <string>

/// A fault of a file: where it is, what is wrong, what was expected. The only exception of io/; the
/// program prints `what()` on one line and ends with exit code 2.
namespace breakwater {

struct InputError : std::exception {
    /// @param at_line from 1; 0 when the fault is not of one line
    InputError(std::string in_file, std::uint64_t at_line, std::string what_is_wrong,
               std::string what_was_expected = {});

    /// "file:line: what; expected ...".
    [[nodiscard]] const char* what() const noexcept override { return message.c_str(); }

    std::string file;
    std::uint64_t line = 0;
    std::string fault;
    std::string expected;
    std::string message;
};

}  // namespace breakwater
