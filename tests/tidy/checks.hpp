// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <string>
#include <vector>

#include "source_tree.hpp"

/// The rules of the house as functions of the tree. Each returns what is wrong, one "path:line:
/// what" each; nothing when all is well.
namespace breakwater::tidy {

using Findings = std::vector<std::string>;

// check_floors.cpp
/// A folder of breakwater/ includes only itself and what stands before it: core world stress audit
/// io calc report service.
Findings includes_against_the_floors(const Tree& tree);
/// Inside core/ only the engine composes: stages do not know each other but as stated there, and
/// nobody the engine.
Findings includes_against_the_stages(const Tree& tree);
/// A header that no other file includes, its own .cpp not counted.
Findings headers_included_nowhere(const Tree& tree);

// check_words.cpp
/// Floating point, clocks, randomness, threads, streams, exceptions and unordered containers in
/// core/.
Findings impure_words_in_core(const Tree& tree);
/// Functions of libm whose last bit differs between machines, and fused multiply-add, in world/ and
/// stress/.
Findings inexact_functions(const Tree& tree);

// check_rules.cpp
/// A code of docs/rules.md that no header or no test names, one that is defined twice, and one that
/// is named but not defined there.
Findings rule_codes_out_of_step(const Tree& tree);
/// An enumerator of Error without its name and sentence in error.cpp, or with a number that is
/// taken.
Findings errors_without_text(const Tree& tree);

// check_names.cpp
/// Two types of one name in one namespace, in headers of breakwater/: whichever translation unit the linker takes a
/// template's instance from decides for both.
Findings types_named_twice(const Tree& tree);

// check_form.cpp
Findings tabs_and_trailing_blanks(const Tree& tree);
/// C++, CMake and scripts: at most 120 characters a line.
Findings long_lines(const Tree& tree);
/// breakwater/ and apps/: at most 400 lines a file.
Findings long_files(const Tree& tree);
Findings missing_licence_lines(const Tree& tree);
/// Paths that exist on one machine only.
Findings absolute_paths(const Tree& tree);
/// Relative links in Markdown that lead to no file of the tree.
Findings dead_links(const Tree& tree);

}  // namespace breakwater::tidy
