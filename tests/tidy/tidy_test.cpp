// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors

/// The style of the house, checked over the whole source tree. What each check must find is planted
/// in planted_test.cpp.

#include <algorithm>

#include <gtest/gtest.h>

#include "checks.hpp"

namespace breakwater::tidy {
namespace {

const std::filesystem::path& root() {
    static const std::filesystem::path path = BREAKWATER_SOURCE_DIR;
    return path;
}

const Tree& tree() {
    static const Tree files = read_tree(root());
    return files;
}

void expect_none(const Findings& findings) {
    for (const std::string& finding : findings)
        ADD_FAILURE() << finding;
}

TEST(Tree, is_read_at_all) {
    EXPECT_GT(tree().size(), 100U);
    EXPECT_TRUE(std::ranges::any_of(
        tree(), [](const SourceFile& f) { return f.path == "breakwater/core/engine.cpp"; }));
}
TEST(Tree, includes_follow_the_floors) {
    expect_none(includes_against_the_floors(tree()));
}
TEST(Tree, only_the_engine_composes_inside_core) {
    expect_none(includes_against_the_stages(tree()));
}
TEST(Tree, every_header_is_included_somewhere) {
    expect_none(headers_included_nowhere(tree()));
}
TEST(Tree, core_is_pure) {
    expect_none(impure_words_in_core(tree()));
}
TEST(Tree, world_and_stress_call_no_inexact_function) {
    expect_none(inexact_functions(tree()));
}
TEST(Tree, every_rule_has_sentence_header_and_test) {
    expect_none(rule_codes_out_of_step(tree()));
}
TEST(Tree, every_error_has_a_text) {
    expect_none(errors_without_text(tree()));
}
TEST(Tree, has_no_tabs_and_trailing_blanks) {
    expect_none(tabs_and_trailing_blanks(tree()));
}
TEST(Tree, names_no_two_types_alike_in_one_namespace) {
    expect_none(types_named_twice(tree()));
}
TEST(Tree, has_no_long_lines) {
    expect_none(long_lines(tree()));
}
TEST(Tree, has_no_long_files) {
    expect_none(long_files(tree()));
}
TEST(Tree, every_source_names_its_licence) {
    expect_none(missing_licence_lines(tree()));
}
TEST(Tree, names_no_path_of_one_machine) {
    expect_none(absolute_paths(tree()));
}
TEST(Tree, has_no_dead_links) {
    expect_none(dead_links(tree()));
}

TEST(Tree, has_executable_commands) {
    for (const char* command : {"run", "test", ".ci/run"}) {
        const auto permissions = std::filesystem::status(root() / command).permissions();
        EXPECT_NE(permissions & std::filesystem::perms::owner_exec, std::filesystem::perms::none)
            << command;
    }
}

}  // namespace
}  // namespace breakwater::tidy
