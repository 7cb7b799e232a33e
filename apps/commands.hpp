// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <CLI/CLI.hpp>

/// The subcommands. Each adds itself to the program and writes its exit code into `result` when it runs.
namespace breakwater {

void add_stress(CLI::App& app, int& result);
void add_inspect(CLI::App& app, int& result);
void add_buffer(CLI::App& app, int& result);
void add_replay(CLI::App& app, int& result);
void add_generate(CLI::App& app, int& result);
void add_import(CLI::App& app, int& result);
void add_check(CLI::App& app, int& result);
void add_calc(CLI::App& app, int& result);
void add_margin(CLI::App& app, int& result);
void add_surface(CLI::App& app, int& result);
void add_lists(CLI::App& app, int& result);  ///< scenarios, rulebooks

}  // namespace breakwater
