// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include "breakwater/io/toml_reader.hpp"
#include "breakwater/stress/scenario.hpp"

/// [price] of a scenario file: model, rules, jump, histories. Source: docs/formats.md.
namespace breakwater {

/// Fills `out.price`; `out` must know its horizon and step.
void read_scenario_prices(TomlReader table, Scenario& out);

}  // namespace breakwater
