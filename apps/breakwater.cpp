// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors

/// One binary with subcommands: parsing and wiring only.

#include <cstdio>

#include <CLI/CLI.hpp>

#include "breakwater/io/error.hpp"
#include "commands.hpp"
#include "version.hpp"

namespace breakwater {
namespace {

int run(int argc, char** argv) {
    CLI::App app{"Breakwater: how much bad debt does a storm leave in this book, why, and what would prevent it?"};
    app.name("breakwater");
    app.set_version_flag("--version", std::string("breakwater ") + version + " (" + commit + ")");
    app.require_subcommand(1);
    app.footer("Each command has its own --help. Exit code 0 only on success, 2 on bad input.");

    int result = 0;
    add_stress(app, result);
    add_compare(app, result);
    add_inspect(app, result);
    add_buffer(app, result);
    add_replay(app, result);
    add_generate(app, result);
    add_import(app, result);
    add_check(app, result);
    add_calc(app, result);
    add_margin(app, result);
    add_surface(app, result);
    add_lists(app, result);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& e) {
        const int code = app.exit(e);
        return code == 0 ? 0 : 2;
    }
    return result;
}

}  // namespace
}  // namespace breakwater

int main(int argc, char** argv) {
    try {
        return breakwater::run(argc, argv);
    } catch (const breakwater::InputError& e) {
        std::fprintf(stderr, "breakwater: %s\n", e.what());
        return 2;
    } catch (const std::exception& e) {
        std::fprintf(stderr, "breakwater: %s\n", e.what());
        return 1;
    }
}
