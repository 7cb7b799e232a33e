// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <cstdint>
#include <utility>

#include "breakwater/io/error.hpp"
#include "breakwater/stress/wiring.hpp"

/// A storm as the commands set it up.
namespace breakwater {

/// @throws InputError where the scenario does not fit the book
inline StormSetup setup_of(const Book& book, const Scenario& scenario, std::uint64_t seed) {
    auto setup = prepare_storm(book, scenario, seed);
    if (!setup) throw InputError(scenario.name, 0, setup.error(), "a scenario that fits the book");
    return std::move(*setup);
}

}  // namespace breakwater
