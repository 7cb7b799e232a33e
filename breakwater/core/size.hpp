// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include "breakwater/core/units.hpp"

namespace breakwater {

/// An amount, or all there is. "All" is an enumerator, never a magic number.
struct Size {
    enum class Kind : std::uint8_t { exactly, all };
    Kind kind = Kind::exactly;
    Amount amount;

    static Size all() { return {.kind = Kind::all, .amount = {}}; }
    static Size exactly(Amount a) { return {.kind = Kind::exactly, .amount = a}; }
    [[nodiscard]] bool is_all() const { return kind == Kind::all; }
};

}  // namespace breakwater
