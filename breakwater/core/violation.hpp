// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace breakwater {

/// A promise that does not hold: a fault of our own, at which the engine stops.
struct Violation {
    std::string_view rule;  ///< code in docs/rules.md
    std::uint32_t row = 0;  ///< asset or account concerned
};

}  // namespace breakwater
