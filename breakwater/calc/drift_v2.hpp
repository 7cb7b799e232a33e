// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <optional>

#include "breakwater/calc/input.hpp"
#include "breakwater/core/rulebooks/drift_v2.hpp"

/// What the files of Drift functions read and write alike.
namespace breakwater::calc {

[[noreturn]] void fail_arithmetic(Input& in);
drift_v2::MarginType margin_type_of(Input& in);  ///< "Initial", "Fill", "Maintenance"

/// {key: digits}, or the refusal of what the program could not compute either.
template <class T>
nlohmann::json answer(Input& in, const char* key, const std::optional<T>& value) {
    if (!value) fail_arithmetic(in);
    if constexpr (std::numeric_limits<T>::is_signed || T(-1) < T(0))
        return {{key, decimal(static_cast<int128>(*value))}};
    else
        return {{key, decimal(static_cast<uint128>(*value))}};
}

}  // namespace breakwater::calc
