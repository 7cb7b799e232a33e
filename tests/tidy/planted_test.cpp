// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors

/// Each check of the tree against planted violations: what it must find, and what it must leave alone.

#include <gtest/gtest.h>

#include "checks.hpp"

namespace breakwater::tidy {
namespace {

const std::string licence =
    "// SPDX-License-Identifier: Apache-2.0\n// Copyright The Breakwater Authors\n";

using Check = Findings (*)(const Tree&);

/// How many findings `check` has in a tree of one file.
std::size_t found(Check check, std::string path, std::string text) {
    Tree tree;
    tree.emplace_back(std::move(path), std::move(text));
    return check(tree).size();
}

TEST(Planted, comments_and_literals_are_not_code) {
    const SourceFile file(
        "a.cpp",
        "int a = 1'000; // double\n/* float\n*/ char c = '\"'; auto s = \"throw\\\"try\";\n"
        "auto r = R\"x(double \")x\"; int b;\n");
    EXPECT_EQ(file.code.find("double"), std::string::npos);
    EXPECT_EQ(file.code.find("float"), std::string::npos);
    EXPECT_EQ(file.code.find("throw"), std::string::npos);
    EXPECT_NE(file.code.find("1'000"), std::string::npos);
    EXPECT_NE(file.code.find("int b;"), std::string::npos);
    EXPECT_EQ(lines_of(file.code).size(), lines_of(file.text).size());
}

TEST(Planted, an_include_of_a_higher_floor_is_found) {
    const auto count = [](const char* path, const char* text) {
        return found(includes_against_the_floors, path, text);
    };
    EXPECT_EQ(count("breakwater/core/a.cpp", "#include \"breakwater/world/b.hpp\"\n"), 1U);
    EXPECT_EQ(count("breakwater/stress/a.hpp", "#include \"breakwater/io/b.hpp\"\n"), 1U);
    EXPECT_EQ(count("breakwater/world/a.hpp", "#include \"apps/b.hpp\"\n"), 1U);
    EXPECT_EQ(count("breakwater/attic/a.hpp", ""), 1U);
    EXPECT_EQ(
        count("breakwater/io/a.cpp", "#include \"breakwater/stress/b.hpp\"\n#include <vector>\n"),
        0U);
    EXPECT_EQ(count("breakwater/core/a.cpp", "// #include \"breakwater/world/b.hpp\"\n"), 0U);
    EXPECT_EQ(count("apps/a.cpp", "#include \"breakwater/report/b.hpp\"\n"), 0U);
}

TEST(Planted, a_stage_that_knows_another_is_found) {
    const auto count = [](const std::string& path, const std::string& target) {
        return found(includes_against_the_stages, "breakwater/core/" + path,
                     "#include \"breakwater/core/" + target + "\"\n");
    };
    EXPECT_EQ(count("controls/breakers.cpp", "rulebooks/aave_v3_market.hpp"), 1U);
    EXPECT_EQ(count("waterfall/layers.cpp", "rulebooks/aave_v3.hpp"), 1U);
    EXPECT_EQ(count("rulebooks/aave_v3.cpp", "liquidation/watch.hpp"), 1U);
    EXPECT_EQ(count("digest.cpp", "engine.hpp"), 1U);
    EXPECT_EQ(count("book.hpp", "rulebooks/aave_v3.hpp"), 1U);
    EXPECT_EQ(count("engine.cpp", "rulebooks/aave_v3.hpp"), 0U);
    EXPECT_EQ(count("market.hpp", "rulebooks/aave_v3_market.hpp"), 0U);
    EXPECT_EQ(count("liquidation/opportunity.cpp", "rulebooks/aave_v3.hpp"), 0U);
}

TEST(Planted, a_header_that_only_its_own_source_includes_is_found) {
    Tree tree;
    tree.emplace_back("breakwater/core/a.hpp", "");
    tree.emplace_back("breakwater/core/a.cpp", "#include \"breakwater/core/a.hpp\"\n");
    EXPECT_EQ(headers_included_nowhere(tree).size(), 1U);
    tree.emplace_back("tests/core/test_a.cpp", "#include \"breakwater/core/a.hpp\"\n");
    EXPECT_EQ(headers_included_nowhere(tree).size(), 0U);
}

TEST(Planted, an_impure_word_in_core_is_found) {
    const auto count = [](const char* text) {
        return found(impure_words_in_core, "breakwater/core/a.cpp", text);
    };
    for (const char* text :
         {"double x;", "float f();", "void f() { throw 1; }", "try {",
          "std::unordered_map<int, int> m;", "Clock::now()", "#include <random>\n",
          "#include <thread>\n", "#include <iostream>\n", "std::mutex m;"})
        EXPECT_EQ(count(text), 1U) << text;
    EXPECT_EQ(
        count("// a double\nTime now() const; state.now(); int doubled; const char* s = \"try\";"),
        0U);
    EXPECT_EQ(found(impure_words_in_core, "breakwater/world/a.cpp", "double x;"), 0U);
}

TEST(Planted, a_function_with_machine_dependent_bits_is_found) {
    const auto count = [](const char* text) {
        return found(inexact_functions, "breakwater/world/a.cpp", text);
    };
    for (const char* text :
         {"std::exp(x)", "log (x)", "::pow(x, 2)", "sinf(x)", "std::erfc(x)", "tgammal(x)",
          "__builtin_fma(a, b, c)", "std::fma(a, b, c)", "_mm512_fmadd_pd(a, b, c)",
          "transform(v, std::cos)", "#include <random>\n"})
        EXPECT_EQ(count(text), 1U) << text;
    EXPECT_EQ(count("exp_(x); std::sqrt(x); std::floor(x); book.log(x); int log; // std::exp(x)\n"),
              0U);
    EXPECT_EQ(found(inexact_functions, "breakwater/stress/a.cpp", "std::log2(x)"), 1U);
    EXPECT_EQ(found(inexact_functions, "breakwater/report/a.cpp", "std::log2(x)"), 0U);
}

Tree rule_tree(const std::string& rules, const std::string& header, const std::string& test) {
    Tree tree;
    tree.emplace_back("docs/rules.md", rules);
    tree.emplace_back("breakwater/core/a.hpp", header);
    tree.emplace_back("tests/core/test_a.cpp", test);
    return tree;
}

TEST(Planted, a_rule_without_header_or_test_is_found_and_the_reverse) {
    const std::string rules = "| code | rule |\n|---|---|\n| MARGIN-001 | It holds. |\n";
    const std::string header = "/// Source: MARGIN-001.\n";
    const std::string test = "TEST(Margin, MARGIN_001_holds) {}\n";
    EXPECT_EQ(rule_codes_out_of_step(rule_tree(rules, header, test)), Findings{});
    EXPECT_EQ(rule_codes_out_of_step(rule_tree(rules, "", test)).size(), 1U);
    EXPECT_EQ(rule_codes_out_of_step(rule_tree(rules, header, "")).size(), 1U);
    EXPECT_EQ(rule_codes_out_of_step(rule_tree(rules, header + "// MARGIN-002\n", test)).size(),
              1U);
    EXPECT_EQ(rule_codes_out_of_step(rule_tree(rules, header, test + "// FEEDS_009_x\n")).size(),
              1U);
    EXPECT_EQ(
        rule_codes_out_of_step(rule_tree(rules + "| MARGIN-001 | Again. |\n", header, test)).size(),
        1U);
    EXPECT_EQ(rule_codes_out_of_step(
                  rule_tree(rules, header + "// AVX-512, EIP-1559, X_MARGIN_003\n", test))
                  .size(),
              0U);
    EXPECT_EQ(rule_codes_out_of_step({}).size(), 1U);
}

Tree error_tree(const std::string& enumerators, const std::string& texts) {
    Tree tree;
    tree.emplace_back("breakwater/core/error.hpp",
                      "enum class Error : int {\n" + enumerators + "};\n");
    tree.emplace_back("breakwater/core/error.cpp", texts);
    return tree;
}

TEST(Planted, an_error_without_a_text_is_found) {
    const std::string one = "a_b = 101,  // why\n";
    EXPECT_EQ(errors_without_text(error_tree(one, "Text{Error::a_b, \"a_b\",\n     \"it is so\"}")),
              Findings{});
    EXPECT_EQ(errors_without_text(error_tree(one, "")).size(), 1U);
    EXPECT_EQ(errors_without_text(error_tree(one, "Text{Error::a_b, \"a_b\", \"\"}")).size(), 1U);
    EXPECT_EQ(
        errors_without_text(error_tree(one, "Text{Error::a_b, \"a_c\", \"it is so\"}")).size(), 1U);
    const std::string both = "Text{Error::a_b, \"a_b\", \"x\"}, Text{Error::c, \"c\", \"y\"}";
    EXPECT_EQ(errors_without_text(error_tree(one + "c = 101,\n", both)).size(), 1U);
    EXPECT_EQ(errors_without_text(error_tree(one + "c = 102,\n", both)).size(), 0U);
}

TEST(Planted, tabs_blanks_and_long_lines_are_found) {
    EXPECT_EQ(found(tabs_and_trailing_blanks, "a.cpp", "int\ta;\nint b; \nint c;\n"), 2U);
    EXPECT_EQ(found(tabs_and_trailing_blanks, "docs/a.md", "text \n"), 1U);
    EXPECT_EQ(found(tabs_and_trailing_blanks, "data.csv", "a\tb \n"), 0U);
    EXPECT_EQ(found(long_lines, "a.cpp", std::string(121, 'x') + "\n"), 1U);
    EXPECT_EQ(found(long_lines, "a.cpp", std::string(120, 'x') + "\n"), 0U);
    std::string umlauts;
    for (int i = 0; i < 120; ++i)
        umlauts += "\u00e4";
    EXPECT_EQ(found(long_lines, "a.cpp", umlauts), 0U);
}

TEST(Planted, a_type_that_is_named_twice_is_found) {
    const std::string one = "namespace breakwater {\nstruct A {\n};\n}  // namespace breakwater\n";
    const std::string other =
        "namespace breakwater::other {\nstruct A;\nclass A {\n};\n}  // namespace breakwater::other\n";
    EXPECT_EQ(found(types_named_twice, "breakwater/core/a.hpp", one + other), 0U);
    EXPECT_EQ(found(types_named_twice, "breakwater/core/a.hpp", one + other + one), 1U);
    EXPECT_EQ(found(types_named_twice, "tests/core/a.hpp", one + one), 0U);
}

TEST(Planted, a_long_file_is_found) {
    std::string text;
    for (int i = 0; i < 400; ++i)
        text += "int x;\n";
    EXPECT_EQ(found(long_files, "breakwater/core/a.cpp", text), 0U);
    EXPECT_EQ(found(long_files, "breakwater/core/a.cpp", text + "int y;\n"), 1U);
    EXPECT_EQ(found(long_files, "tests/core/a.cpp", text + "int y;\n"), 0U);
}

TEST(Planted, a_missing_licence_is_found) {
    EXPECT_EQ(found(missing_licence_lines, "a.cpp", licence + "int a;\n"), 0U);
    EXPECT_EQ(found(missing_licence_lines, "a.cpp", "int a;\n"), 1U);
    EXPECT_EQ(found(missing_licence_lines, "a.cpp", "\n" + licence), 1U);
    const std::string shell = "#!/usr/bin/env bash\n# SPDX-License-Identifier: Apache-2.0\n";
    EXPECT_EQ(found(missing_licence_lines, "run", shell + "# Copyright The Breakwater Authors\n"),
              0U);
    EXPECT_EQ(found(missing_licence_lines, "run", shell), 1U);
}

TEST(Planted, a_path_of_one_machine_is_found) {
    const std::string folder = "/" + std::string("tmp") + "/";
    EXPECT_EQ(found(absolute_paths, "docs/a.md", "see " + folder + "x\n"), 1U);
    EXPECT_EQ(found(absolute_paths, "a.json", "\"" + folder + "x\"\n"), 1U);
    EXPECT_EQ(found(absolute_paths, "docs/a.md",
                    "https://example.org" + folder + "x, $dir" + folder + "x\n"),
              0U);
}

TEST(Planted, a_dead_link_is_found) {
    Tree tree;
    tree.emplace_back("README.md", "[a](docs/a.md) [b](docs/) [c](https://example.org/x)\n");
    tree.emplace_back("docs/a.md", "[up](../README.md#top) [here](#there)\n");
    EXPECT_EQ(dead_links(tree), Findings{});
    tree.emplace_back("docs/b.md", "[gone](c.md)\n");
    EXPECT_EQ(dead_links(tree).size(), 1U);
}

}  // namespace
}  // namespace breakwater::tidy
