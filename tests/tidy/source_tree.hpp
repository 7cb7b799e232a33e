// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

/// The source tree as text, for checks that read it.
namespace breakwater::tidy {

struct SourceFile {
    std::string path;  ///< relative to the root, with /
    std::string text;
    std::string
        code;  ///< C++ only: `text` with comments and literals blanked, every line where it was

    SourceFile(std::string path, std::string text);
    [[nodiscard]] bool is_cpp() const;
    [[nodiscard]] bool is_header() const;
    /// Of shell and Python; by name, or by a first line #!.
    [[nodiscard]] bool is_script() const;
    [[nodiscard]] bool is_under(std::string_view folder) const;
};

using Tree = std::vector<SourceFile>;

/// Every text file below `root` but .git, build directories and what others made: node_modules, caches. Sorted by path.
Tree read_tree(const std::filesystem::path& root);

struct Line {
    std::size_t number;  ///< from 1
    std::string_view text;
};
std::vector<Line> lines_of(std::string_view text);

/// A run of letters, digits and underscores, and where it stands.
struct Word {
    std::string_view text;
    std::size_t offset;
    std::size_t line;
};
std::vector<Word> words_of(std::string_view code);

struct Include {
    std::string target;
    bool quoted;
    std::size_t line;
};
std::vector<Include> includes_of(const SourceFile& file);

}  // namespace breakwater::tidy
