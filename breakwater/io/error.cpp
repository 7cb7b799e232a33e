// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/io/error.hpp"

#include <utility>

namespace breakwater {

InputError::InputError(std::string in_file, std::uint64_t at_line, std::string what_is_wrong,
                       std::string what_was_expected)
    : file(std::move(in_file)),
      line(at_line),
      fault(std::move(what_is_wrong)),
      expected(std::move(what_was_expected)),
      message(file) {
    if (line != 0) message += ":" + std::to_string(line);
    message += ": " + fault;
    if (!expected.empty()) message += "; expected " + expected;
}

}  // namespace breakwater
