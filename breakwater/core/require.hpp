// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

/// REQUIRE(x): a fault of our own code, never of the input. On in every build; stops the process with file, line and
/// the sentence that did not hold, because a wrong book that goes on is worse than one that stands still.
namespace breakwater {
[[noreturn]] void require_failed(const char* sentence, const char* file, int line);
}

#define REQUIRE(sentence)                                                       \
    (__builtin_expect(static_cast<bool>(sentence), true)                        \
         ? static_cast<void>(0)                                                 \
         : ::breakwater::require_failed(#sentence, __FILE__, __LINE__))
